// The newest directory this member has: fetched, verified, kept, never exchanged for an older one.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "client/connection.h"
#include "client/retry/retrier.h"
#include "client/state/state.h"
#include "policy/proof/network_file.h"
#include "policy/proof/verified_directory.h"

namespace shield {

// Thread-safe.
class DirectoryKeeper {
 public:
  // What the authority has made of the network that is pinned: told when a rotation was followed,
  // after the directory that came with it is stored.
  using RotationObserver = std::function<absl::Status(const NetworkFile& network)>;

  // Borrows all but `connection`.
  DirectoryKeeper(const NetworkFile& network, ClientState& state,
                  std::shared_ptr<Connection> connection, Retrier& retrier, Clock& clock,
                  RotationObserver on_rotation = nullptr);

  // Asks the broker and keeps what is new. Errors are those of VerifyDirectory, of the connection
  // and of the state; what is out of form is DATA_LOSS as well, with its rule: the broker served
  // it. A fork is recorded in the state with both texts. Rotations of the authority's keys are
  // followed first; their errors are those of FollowAuthority.
  absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> Sync();

  // The newest that is kept, whoever of this home fetched it. NOT_FOUND before the first Sync.
  absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> Newest();
  // The newest one, fetched first if it is older than `version`. DATA_LOSS, rule
  // DIRECTORY_WITHHELD, when the broker, which named this version, serves an older one.
  absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> AtLeast(uint64_t version);

  // OK when something may be published under `directory` at `now`. FAILED_PRECONDITION:
  // DIRECTORY_EXPIRED, or DIRECTORY_STALE without a valid freshness note.
  absl::Status CheckFresh(const VerifiedDirectory& directory, absl::Time now);
  // The same as rule codes, for readers, who are warned and not stopped.
  std::vector<std::string> Warnings(const VerifiedDirectory& directory, absl::Time now);

  // The parts of the newest directory as they came.
  absl::StatusOr<KeptDirectory> NewestParts();

 private:
  using Verified = std::shared_ptr<const VerifiedDirectory>;

  absl::StatusOr<Verified> Accept(const DirectoryAnswer& answer,
                                  const std::optional<KeptDirectory>& held);
  static absl::StatusOr<Verified> Verify(const DirectoryAnswer& answer, const NetworkFile& network,
                                         const std::optional<HeldDirectory>& held);
  absl::StatusOr<NetworkFile> FollowShown(const DirectoryAnswer& answer);
  absl::Status CheckUnchanged(const DirectoryAnswer& answer, const KeptDirectory& held);
  void Remember(Verified directory);
  // Null when what is remembered is older than `version`.
  Verified Remembered(uint64_t version);

  const NetworkFile& network_;
  ClientState& state_;
  const std::shared_ptr<Connection> connection_;
  Retrier& retrier_;
  Clock& clock_;
  const RotationObserver on_rotation_;
  Mutex mutex_;
  Verified newest_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace shield
