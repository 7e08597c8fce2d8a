#include "client/cli/extension_delta.h"

#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "client/cli/extensions.h"
#include "policy/decision.h"
#include "policy/statement.h"
#include "policy/targets.h"

namespace shield::cli {
namespace {

bool IsOwnSeat(const PlannedReader& reader) {
  return reader.rule == RuleName(Rule::kAuthor) || reader.rule == RuleName(Rule::kSourceOrg);
}

absl::Status AddServed(Client& client, const BulletinId& id, std::set<MemberId>& served) {
  ASSIGN_OR_RETURN(const std::vector<ReaderStatus> readers, client.Readers(id));
  for (const ReaderStatus& reader : readers) {
    if (!reader.told && !reader.shared_by.has_value()) served.insert(reader.member);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::set<MemberId>> ServedBySource(Client& client, const BulletinId& id) {
  std::set<MemberId> served;
  RETURN_IF_ERROR(AddServed(client, id, served));
  ASSIGN_OR_RETURN(std::vector<InboxItem> all, AllExtensionsOf(client, id));
  for (const InboxItem& extension : StandingOf(std::move(all))) {
    RETURN_IF_ERROR(AddServed(client, *extension.id, served));
  }
  return served;
}

size_t LeaveOutServed(const std::set<MemberId>& served, const PublicationPlan& plan, Draft& draft) {
  const Targets targets = TargetsOf(draft.to);
  std::vector<MemberId> leave_out;
  size_t left = 0;
  for (const PlannedReader& reader : plan.recipients) {
    if (IsOwnSeat(reader)) continue;
    if (served.contains(reader.member) && !targets.Names(reader.member)) {
      leave_out.push_back(reader.member);
    } else {
      ++left;
    }
  }
  if (left == 0 || draft.to.size() + leave_out.size() > kMaxAudienceTokens) return left;
  draft.to.reserve(draft.to.size() + leave_out.size());
  for (const MemberId& member : leave_out) draft.to.push_back(AudienceToken::NotMember(member));
  return left;
}

}  // namespace shield::cli
