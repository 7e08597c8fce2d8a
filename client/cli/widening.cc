#include "client/cli/widening.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status.h"
#include "client/cli/published_text.h"

namespace shield::cli {

absl::StatusOr<std::set<MemberId>> HoldersOf(Client& client, const BulletinId& id) {
  ASSIGN_OR_RETURN(const std::vector<ReaderStatus> readers, client.Readers(id));
  std::set<MemberId> holders;
  for (const ReaderStatus& reader : readers) {
    if (!reader.told) holders.insert(reader.member);
  }
  return holders;
}

std::vector<BulletinId> OriginalsOf(const Draft& draft) {
  std::vector<BulletinId> originals;
  for (const DraftReference& reference : draft.refs) {
    if (reference.relation != Relation::kReplies) originals.push_back(reference.id);
  }
  return originals;
}

absl::Status ConfirmWidening(Session& session, Client& client, const Confirmation& confirmation,
                             const Draft& draft, const PublicationPlan& plan) {
  const std::vector<BulletinId> originals = OriginalsOf(draft);
  std::set<MemberId> had;
  Tlp label = Tlp::kClear;
  for (const BulletinId& id : originals) {
    ASSIGN_OR_RETURN(const InboxItem original, client.Item(id));
    label = MostRestrictive(label, original.tlp);
    ASSIGN_OR_RETURN(const std::set<MemberId> holders, HoldersOf(client, id));
    had.insert(holders.begin(), holders.end());
  }
  const auto more =
      std::count_if(plan.recipients.begin(), plan.recipients.end(),
                    [&had](const PlannedReader& reader) { return !had.contains(reader.member); });
  const bool wider_label = MostRestrictive(label, plan.tlp) != plan.tlp;
  if (more == 0 && !wider_label && plan.organisations <= kReachThatAsks) return absl::OkStatus();
  std::string reach =
      absl::StrCat(ReachSentence(plan), absl::StrFormat(" %d of them did not have it.", more));
  if (wider_label) absl::StrAppend(&reach, " It was ", TlpWithPrefix(label), ".");
  return session.Confirm(originals.front().ToHex(), reach, confirmation.id, confirmation.reason);
}

}  // namespace shield::cli
