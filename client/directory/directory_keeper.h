// The newest directory this member has: fetched, verified, kept, never exchanged for an older one.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "client/connection.h"
#include "client/retry/retrier.h"
#include "client/state/state.h"
#include "policy/proof/known_notes.h"
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
  // The newest one, fetched first if it is older than `version` or came in a folder, which shows
  // less of it than the broker does. DATA_LOSS, rule
  // DIRECTORY_WITHHELD, when the broker, which named this version, serves an older one.
  absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> AtLeast(uint64_t version);

  // The oldest from `version` on that this home has, as far as it has it. NOT_FOUND when it has
  // nothing of those.
  absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> At(uint64_t version);

  // What came in a folder, against what is held. Nothing is stored but, of two texts that cannot
  // both be true, the alarm. Errors as VerifyDirectory: DIRECTORY_FORK also for an older version of
  // which another text has been seen.
  struct Offer {
    std::shared_ptr<const VerifiedDirectory> offered;
    std::shared_ptr<const VerifiedDirectory> newest;  // of that and what is held
    std::optional<KeptDirectory> more;  // the offered one, when it shows more than what is held
    uint64_t held_version = 0;
    // By whose keys the offered one is signed. Of before a rotation that this home has followed,
    // they count for nothing but the proof of what the folder brings: `more` is empty, and it is a
    // version that was seen here, or of the log that the newest names.
    std::shared_ptr<const NetworkFile> network;
  };
  absl::StatusOr<Offer> Weigh(DirectoryAnswer carried);
  // By whose keys a folder may be signed that was made before rotations which this home has
  // followed: the network after each of them but the last, oldest first.
  absl::StatusOr<std::vector<NetworkFile>> NetworksBefore();
  // What an offer makes of the network that is pinned, once its `more` is stored.
  absl::Status Pin(const Offer& offer);

  // OK when something may be published under `directory` at `now`. FAILED_PRECONDITION:
  // DIRECTORY_EXPIRED, or DIRECTORY_STALE without a valid freshness note.
  absl::Status CheckFresh(const VerifiedDirectory& directory, absl::Time now);
  // The same as rule codes, for readers, who are warned and not stopped.
  std::vector<std::string> Warnings(const VerifiedDirectory& directory, absl::Time now);

  // A moment that has certainly passed: the latest that the authority has signed in what is held, a
  // directory or its freshness note. A wrong clock of this machine does not move it.
  absl::StatusOr<absl::Time> CertainlyPassed();

  // The parts of the newest directory as they came.
  absl::StatusOr<KeptDirectory> NewestParts();

 private:
  using Verified = std::shared_ptr<const VerifiedDirectory>;

  absl::StatusOr<Verified> Accept(const DirectoryAnswer& answer,
                                  const std::optional<KeptDirectory>& held);
  static absl::StatusOr<Verified> Verify(const DirectoryAnswer& answer, const NetworkFile& network,
                                         const std::optional<HeldDirectory>& held);
  absl::StatusOr<NetworkFile> NetworkOf(const KeptDirectory& kept) const;
  absl::StatusOr<NetworkFile> FollowShown(const DirectoryAnswer& answer);
  absl::StatusOr<NetworkFile> NetworkBefore(const DirectoryAnswer& carried,
                                            const KeptDirectory& held);
  absl::StatusOr<Offer> WeighReplaced(const DirectoryAnswer& carried, const KeptDirectory& held,
                                      NetworkFile network);
  static absl::StatusOr<Verified> Merged(DirectoryAnswer held, const DirectoryAnswer& carried,
                                         const NetworkFile& network);
  absl::Status CheckUnchanged(const DirectoryAnswer& answer, const KeptDirectory& held);
  void Remember(Verified directory);
  // Null when what is remembered is older than `version`.
  Verified Remembered(uint64_t version);
  // Null unless At gave it last and it has as many parts.
  Verified AskedForLast(uint64_t version, uint64_t parts);

  const NetworkFile& network_;
  ClientState& state_;
  const std::shared_ptr<Connection> connection_;
  Retrier& retrier_;
  Clock& clock_;
  const RotationObserver on_rotation_;
  KnownNotes known_notes_;  // of freshness: asked about with every bulletin, renewed once a day
  Mutex mutex_;
  Verified newest_ ABSL_GUARDED_BY(mutex_);
  Verified older_ ABSL_GUARDED_BY(mutex_);  // that was asked for last
};

}  // namespace shield
