// The directory the broker goes by at this moment, and who is welcome under it.
//
// One immutable snapshot, replaced whole. Whoever works with it holds a reference for the length of
// one deed and asks again for the next.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/mutex.h"
#include "broker/core/caller.h"
#include "policy/proof/directory_tree.h"
#include "policy/proof/fresh.h"
#include "policy/proof/network_file.h"
#include "policy/proof/verified_directory.h"

namespace shield::broker {

// Immutable.
struct PostedDirectory {
  std::shared_ptr<const VerifiedDirectory> verified;
  std::shared_ptr<const DirectoryTree> tree;
  std::string fresh_note;                      // signed; empty when there is none
  std::optional<FreshNote> fresh;              // its content
  std::string authority;                       // the chain of rotations that leads to `network`
  std::shared_ptr<const NetworkFile> network;  // by whose keys `verified` is signed
  uint64_t log_index = 0;

  const Directory& directory() const { return verified->directory(); }
};
using PostedDirectoryPtr = std::shared_ptr<const PostedDirectory>;

// A member who may use the broker, and the directory that says so. Both pointers live as long as
// `posted`.
struct Seat {
  PostedDirectoryPtr posted;
  const MemberRecord* member = nullptr;
  const OrgRecord* org = nullptr;

  const Directory& directory() const { return posted->directory(); }
};

// Thread-safe.
class DirectoryBoard final : public PinOracle {
 public:
  DirectoryBoard(const NetworkFile& network, Clock& clock);

  // Null while there is none.
  PostedDirectoryPtr Current() const;
  // Grows with every Post; costs nothing to ask.
  uint64_t generation() const override { return generation_.load(std::memory_order_acquire); }

  // Takes `posted` for the directory from now on. The pins of keys that were welcome under the one
  // before and are not any more.
  std::vector<Digest> Post(const PostedDirectoryPtr& posted);

  // Whether a freshness note of `issued` about `version` may go to the committer: none about it
  // that was issued later has gone before. Freshness never goes back, whatever order notes arrive
  // in.
  bool ClaimFreshness(uint64_t version, absl::Time issued);

  // Members whose only fault is suspension are admitted, because they may send reports; nobody else
  // who is not active.
  std::optional<Caller> Admit(const Digest& pin) const override;

  // The seat of an active member. UNAUTHENTICATED with the rule that says why not.
  absl::StatusOr<Seat> ActiveSeat(const Caller& caller) const;
  // The same for a member who is active, or suspended and nothing else: for reports.
  absl::StatusOr<Seat> ReportingSeat(const Caller& caller) const;

 private:
  absl::StatusOr<Seat> Find(const Digest& pin, bool suspended_too) const;

  const Digest authority_pin_;
  Clock& clock_;
  std::atomic<uint64_t> generation_{0};
  mutable Mutex mutex_;
  PostedDirectoryPtr posted_ ABSL_GUARDED_BY(mutex_);
  uint64_t claimed_version_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Time claimed_issued_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

// Why the holder of `pin` is not welcome at `now`: empty when it is an active member.
absl::string_view Unwelcome(const Directory& directory, const Digest& pin, absl::Time now);

}  // namespace shield::broker
