#include "policy/audience.h"

#include <algorithm>

#include "base/status.h"
#include "policy/decide.h"
#include "policy/reading.h"
#include "policy/selector.h"

namespace shield {
namespace {

using Orgs = std::vector<const OrgRecord*>;

std::vector<Rule> WarningsFor(const Terms& terms, const std::vector<Chosen>& recipients) {
  if (terms.bulletin_class == BulletinClass::kControl) return {};
  const bool reaches_someone =
      std::any_of(recipients.begin(), recipients.end(), [](const Chosen& chosen) {
        return chosen.rule != Rule::kAuthor && chosen.rule != Rule::kSourceOrg;
      });
  if (reaches_someone) return {};
  return {Rule::kEmptyAudience};
}

// The organisations from which the selector chooses, by the narrowest index it has.
Orgs SelectorOrgs(const Directory& directory, const Terms& terms) {
  Orgs orgs;
  const auto add = [&orgs](Orgs&& more) { orgs.insert(orgs.end(), more.begin(), more.end()); };
  if (!terms.targets.sectors.empty()) {
    for (const std::string& sector : terms.targets.sectors) add(directory.OrgsInSector(sector));
  } else if (!terms.targets.regions.empty()) {
    for (const std::string& region : terms.targets.regions) add(directory.OrgsInRegion(region));
  } else if (!terms.targets.communities.empty()) {
    for (const CommunityId& community : terms.targets.communities) {
      add(directory.OrgsInCommunity(community));
    }
  } else {
    add(directory.OrgsInCommunity(terms.community));
  }
  return orgs;
}

// Every organisation with a seat that could be chosen, in the directory's order.
Orgs CandidateOrgs(const Directory& directory, const Terms& terms) {
  Orgs orgs = HasSelector(terms) ? SelectorOrgs(directory, terms) : Orgs();
  const auto add = [&](const OrgId& id) {
    if (const OrgRecord* org = directory.FindOrg(id)) orgs.push_back(org);
  };
  add(terms.source);
  for (const OrgId& id : terms.targets.orgs) add(id);
  for (const MemberId& id : terms.targets.members) {
    if (const MemberRecord* member = directory.FindMember(id)) add(member->org);
  }
  for (const Permission& permission : terms.permissions) {
    if (permission.org.has_value()) add(*permission.org);
    if (!permission.member.has_value()) continue;
    if (const MemberRecord* member = directory.FindMember(*permission.member)) add(member->org);
  }
  std::sort(orgs.begin(), orgs.end());  // they lie in one array, sorted by id
  orgs.erase(std::unique(orgs.begin(), orgs.end()), orgs.end());
  return orgs;
}

}  // namespace

absl::StatusOr<Audience> ResolveAudience(const Directory& directory, const Terms& terms,
                                         absl::Time now) {
  RETURN_IF_ERROR(RefusalOf(DecidePublish(directory, terms, now)));
  const Reading delivery(directory, terms, now, Reading::Question::kDelivery);
  Audience audience;
  for (const MemberRecord& member : directory.members()) {
    const Verdict verdict =
        delivery.Of(member, directory.OrgOf(member), Reader::WithoutEntry(member.id));
    if (verdict.allowed) {
      audience.recipients.push_back({member.id, member.org, verdict.rule});
    } else {
      audience.excluded.push_back({member.id, member.org, verdict.rule});
    }
  }
  audience.warnings = WarningsFor(terms, audience.recipients);
  return audience;
}

absl::StatusOr<Recipients> ResolveRecipients(const Directory& directory, const Terms& terms,
                                             absl::Time now) {
  RETURN_IF_ERROR(RefusalOf(DecidePublish(directory, terms, now)));
  const Reading delivery(directory, terms, now, Reading::Question::kDelivery);
  Recipients result;
  for (const OrgRecord* org : CandidateOrgs(directory, terms)) {
    for (const MemberRecord& member : directory.MembersOf(org->id)) {
      if (!delivery.IsTarget(member, *org)) continue;
      const Verdict verdict = delivery.Of(member, *org, Reader::WithoutEntry(member.id));
      if (verdict.allowed) result.recipients.push_back({member.id, member.org, verdict.rule});
    }
  }
  result.warnings = WarningsFor(terms, result.recipients);
  return result;
}

}  // namespace shield
