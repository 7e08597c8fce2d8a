#include "client/cli/extension_delta.h"

#include <algorithm>
#include <iterator>
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

}  // namespace

absl::StatusOr<std::set<MemberId>> ServedBySource(Client& client, const BulletinId& id) {
  ASSIGN_OR_RETURN(std::set<MemberId> served, client.Served(id));
  ASSIGN_OR_RETURN(std::vector<InboxItem> all, AllExtensionsOf(client, id));
  for (const InboxItem& extension : StandingOf(std::move(all))) {
    ASSIGN_OR_RETURN(const std::set<MemberId> by_it, client.Served(*extension.id));
    served.insert(by_it.begin(), by_it.end());
  }
  return served;
}

size_t LeaveOutServed(const std::set<MemberId>& served, const PublicationPlan& plan, Draft& draft) {
  const Targets targets = TargetsOf(draft.to);
  std::vector<MemberId> leave_out;
  size_t left = 0;
  for (const PlannedReader& reader : plan.recipients) {
    const bool has_it = served.contains(reader.member) && !targets.Names(reader.member);
    if (!has_it) {
      ++left;
    } else if (!IsOwnSeat(reader)) {
      leave_out.push_back(reader.member);
    }
  }
  if (left == 0 || draft.to.size() + leave_out.size() > kMaxAudienceTokens) return left;
  draft.to.reserve(draft.to.size() + leave_out.size());
  for (const MemberId& member : leave_out) draft.to.push_back(AudienceToken::NotMember(member));
  return left;
}

std::vector<PlannedReader> Lacking(const std::set<MemberId>& served,
                                   const std::vector<PlannedReader>& readers) {
  std::vector<PlannedReader> lacking;
  std::copy_if(readers.begin(), readers.end(), std::back_inserter(lacking),
               [&served](const PlannedReader& reader) { return !served.contains(reader.member); });
  return lacking;
}

}  // namespace shield::cli
