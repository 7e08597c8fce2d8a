#include "policy/clients.h"

#include <algorithm>

#include "policy/selector.h"

namespace shield {
namespace {

// The direct relation only.
ClientStanding DirectClientOf(const OrgRecord& provider, const OrgId& client, absl::Time now) {
  ClientStanding standing = ClientStanding::kNone;
  for (const ClientRelation& relation : provider.clients) {
    if (relation.client != client) continue;
    if (relation.period.Contains(now)) return ClientStanding::kCurrent;
    standing = ClientStanding::kPast;
  }
  return standing;
}

bool IsClientOfClient(const Directory& directory, const OrgRecord& provider, const OrgId& client,
                      absl::Time now) {
  return std::any_of(provider.clients.begin(), provider.clients.end(),
                     [&](const ClientRelation& relation) {
                       if (!relation.period.Contains(now)) return false;
                       const OrgRecord* between = directory.FindOrg(relation.client);
                       return between != nullptr &&
                              DirectClientOf(*between, client, now) == ClientStanding::kCurrent;
                     });
}

}  // namespace

ClientStanding ClientOf(const Directory& directory, const OrgRecord& provider, const OrgId& client,
                        absl::Time now) {
  const ClientStanding direct = DirectClientOf(provider, client, now);
  if (direct != ClientStanding::kNone) return direct;
  return IsClientOfClient(directory, provider, client, now) ? ClientStanding::kClientOfClient
                                                            : ClientStanding::kNone;
}

ClientStanding ClientOfRecipients(const Directory& directory, const Terms& terms,
                                  const OrgId& client, absl::Time now) {
  ClientStanding nearest = ClientStanding::kNone;
  for (const OrgRecord& provider : directory.orgs()) {
    if (provider.clients.empty()) continue;
    const ClientStanding standing = ClientOf(directory, provider, client, now);
    if (standing <= nearest || !IsAddressed(directory, terms, provider)) continue;
    nearest = standing;
    if (nearest == ClientStanding::kCurrent) break;
  }
  return nearest;
}

bool IsAddressed(const Directory& directory, const Terms& terms, const OrgRecord& org) {
  const Targets& targets = terms.targets;
  if (std::binary_search(targets.not_orgs.begin(), targets.not_orgs.end(), org.id)) return false;
  if (targets.Names(org.id)) return true;
  if (HasSelector(terms) && InSelectedCommunity(terms, org) &&
      !SelectorFault(targets, org).has_value()) {
    return true;
  }
  return std::any_of(targets.members.begin(), targets.members.end(), [&](const MemberId& id) {
    const MemberRecord* member = directory.FindMember(id);
    return member != nullptr && member->org == org.id;
  });
}

}  // namespace shield
