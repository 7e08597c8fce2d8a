#include "policy/recipient_list.h"

#include "policy/account.h"
#include "policy/rule_sentence.h"

namespace shield {

Decision DecideRecipientList(const Directory& directory, const Terms& terms, const MemberId& caller,
                             absl::Time now) {
  const absl::string_view who = caller.text();
  const MemberRecord* member = directory.FindMember(caller);
  if (member == nullptr) return Deny(Rule::kUnknownCaller, terms, who);
  const OrgRecord& org = directory.OrgOf(*member);
  if (std::optional<Rule> fault = AccountFault(*member, org, now)) {
    return Deny(*fault, terms, who);
  }
  if (member->org == terms.source) {
    if (member->id == terms.author) return Allow(Rule::kAuthor, terms, who);
    if (terms.tlp != Tlp::kRed && IsAnalyst(*member, org)) {
      return Allow(Rule::kSourceOrg, terms, who);
    }
  }
  return Deny(Rule::kRecipientListPrivate, terms, who);
}

}  // namespace shield
