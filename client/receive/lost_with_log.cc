#include "client/receive/lost_with_log.h"

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/receive/openings.h"

namespace shield {

absl::StatusOr<bool> WasLostWithLog(ClientState& state, const KeptEntry& kept) {
  if (!kept.carried) return false;
  ASSIGN_OR_RETURN(const InboxLog followed, state.FollowedLog());
  if (followed.since == absl::UnixEpoch()) return false;
  // What came in a folder never had a place in the inbox.
  if (kept.chain_hash != Digest{}) return true;
  ASSIGN_OR_RETURN(const Statement claimed, ReadClaimedStatement(kept.delivered.statement));
  return claimed.issued <= followed.since;
}

absl::StatusOr<bool> WasLostWithLog(ClientState& state, const Publication& published) {
  ASSIGN_OR_RETURN(const InboxLog followed, state.FollowedLog());
  if (followed.since == absl::UnixEpoch()) return false;
  // Times of directories are whole seconds: what was published in the same one may be lost too.
  return published.published < followed.since + absl::Seconds(1);
}

absl::Status LostByBroker(const BulletinId& id) {
  return WithHint(
      WithRule(absl::FailedPreconditionError(absl::StrCat(
                   "the broker has lost bulletin `", id.ToHex(),
                   "`, as the authority has said by naming another key of the log: no log holds it "
                   "any more")),
               "LOST_BY_BROKER"),
      "`shield inbox export` writes what its author signed, without a proof of the log");
}

}  // namespace shield
