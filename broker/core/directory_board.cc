#include "broker/core/directory_board.h"

#include <algorithm>
#include <utility>

#include "base/status.h"
#include "broker/core/refusals.h"
#include "policy/account.h"
#include "policy/decision.h"
#include "policy/fields.h"
#include "policy/proof/verified_statement.h"

namespace shield::broker {
namespace {

// Step 3 of policy for a connection.
struct Standing {
  absl::string_view unwelcome;  // the rule, or empty for an active member
  bool may_connect = false;     // the active may, and the suspended, to report
};

Standing StandingOf(const MemberRecord& member, const OrgRecord& org, absl::Time now) {
  const std::optional<Rule> fault = AccountFault(member, org, now);
  if (!fault.has_value()) return {{}, true};
  return {RuleName(*fault), IsOnlySuspended(member, org, now)};
}

Standing StandingOf(const Directory& directory, const Digest& pin, absl::Time now) {
  const MemberRecord* member = directory.MemberByTlsPin(pin, now);
  if (member == nullptr) return {RuleName(Rule::kUnknownCaller), false};
  return StandingOf(*member, directory.OrgOf(*member), now);
}

// Whether a new directory ends the connection of who stood so before. Those who stay suspended keep
// the one they report over.
bool CutsOff(const Standing& before, const Standing& since) {
  if (!before.may_connect || since.unwelcome.empty()) return false;
  return !since.may_connect || since.unwelcome != before.unwelcome;
}

}  // namespace

absl::string_view Unwelcome(const Directory& directory, const Digest& pin, absl::Time now) {
  return StandingOf(directory, pin, now).unwelcome;
}

DirectoryBoard::DirectoryBoard(const NetworkFile& network, Clock& clock)
    : authority_pin_(network.authority_tls_pin), clock_(clock) {}

PostedDirectoryPtr DirectoryBoard::Current() const {
  MutexLock lock(mutex_);
  return posted_;
}

std::vector<Digest> DirectoryBoard::Post(const PostedDirectoryPtr& posted) {
  const Directory& after = posted->directory();
  PostedDirectoryPtr previous;
  {
    MutexLock lock(mutex_);
    previous = std::exchange(posted_, posted);
  }
  generation_.fetch_add(1, std::memory_order_release);
  std::vector<Digest> gone;
  // The pin of network.shield ends with the first directory, unless that enrols the same key.
  const absl::Time now = clock_.Now();
  if (previous == nullptr) {
    if (!Unwelcome(after, authority_pin_, now).empty()) gone.push_back(authority_pin_);
    return gone;
  }
  for (const KeyRecord& key : previous->directory().keys()) {
    if (key.use != KeyUse::kTls) continue;
    const std::optional<Digest> pin = ParseDigest(key.value);
    if (!pin.has_value()) continue;
    if (CutsOff(StandingOf(previous->directory(), *pin, now), StandingOf(after, *pin, now))) {
      gone.push_back(*pin);
    }
  }
  return gone;
}

bool DirectoryBoard::ClaimFreshness(uint64_t version, absl::Time issued) {
  MutexLock lock(mutex_);
  absl::Time newest = absl::InfinitePast();
  if (claimed_version_ == version) newest = claimed_issued_;
  if (posted_ != nullptr && posted_->fresh.has_value() && posted_->verified->version() == version) {
    newest = std::max(newest, posted_->fresh->issued);
  }
  if (issued < newest) return false;
  claimed_version_ = version;
  claimed_issued_ = issued;
  return true;
}

std::optional<Caller> DirectoryBoard::Admit(const Digest& pin) const {
  const PostedDirectoryPtr posted = Current();
  if (posted == nullptr) {
    if (pin != authority_pin_) return std::nullopt;
    return Caller{pin, std::nullopt, true, true};
  }
  const absl::StatusOr<Seat> seat = Find(pin, /*suspended_too=*/true);
  if (!seat.ok()) return std::nullopt;
  return Caller{pin, seat->member->id, false, seat->org->kind == OrgKind::kAuthority};
}

absl::StatusOr<Seat> DirectoryBoard::ActiveSeat(const Caller& caller) const {
  return Find(caller.pin, /*suspended_too=*/false);
}

absl::StatusOr<Seat> DirectoryBoard::ReportingSeat(const Caller& caller) const {
  return Find(caller.pin, /*suspended_too=*/true);
}

absl::StatusOr<Seat> DirectoryBoard::Find(const Digest& pin, bool suspended_too) const {
  PostedDirectoryPtr posted = Current();
  if (posted == nullptr) return NoDirectoryYet();
  const absl::Time now = clock_.Now();
  const MemberRecord* member = posted->directory().MemberByTlsPin(pin, now);
  if (member == nullptr) return NotWelcome("UNKNOWN_CALLER");
  const OrgRecord& org = posted->directory().OrgOf(*member);
  const Standing standing = StandingOf(*member, org, KeyTime(posted->directory(), now));
  const bool welcome = standing.unwelcome.empty() || (suspended_too && standing.may_connect);
  if (!welcome) return NotWelcome(standing.unwelcome);
  return Seat{std::move(posted), member, &org};
}

}  // namespace shield::broker
