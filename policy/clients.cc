#include "policy/clients.h"

#include <algorithm>
#include <vector>

#include "absl/container/flat_hash_set.h"
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

using OrgIds = absl::flat_hash_set<OrgId>;

// The organisations of the persons named.
OrgIds OrgsOfPersons(const Directory& directory, const Terms& terms) {
  OrgIds orgs;
  for (const MemberId& id : terms.targets.members) {
    if (const MemberRecord* member = directory.FindMember(id)) orgs.insert(member->org);
  }
  return orgs;
}

bool IsAddressed(const Terms& terms, const OrgRecord& org, const OrgIds& of_persons) {
  const Targets& targets = terms.targets;
  if (targets.Excludes(org.id)) return false;
  if (targets.Names(org.id) || of_persons.contains(org.id)) return true;
  return HasSelector(terms) && InSelectedCommunity(terms, org) &&
         !SelectorFault(targets, org).has_value();
}

}  // namespace

ClientStanding ClientOf(const Directory& directory, const OrgRecord& provider, const OrgId& client,
                        absl::Time now) {
  const ClientStanding direct = DirectClientOf(provider, client, now);
  if (direct != ClientStanding::kNone) return direct;
  return IsClientOfClient(directory, provider, client, now) ? ClientStanding::kClientOfClient
                                                            : ClientStanding::kNone;
}

ClientsOfRecipients::ClientsOfRecipients(const Directory& directory, const Terms& terms,
                                         absl::Time now) {
  const OrgIds persons = OrgsOfPersons(directory, terms);
  std::vector<const OrgRecord*> between;  // current clients, whose own clients come next
  const auto note = [this](const OrgId& org, ClientStanding standing) {
    ClientStanding& nearest = standings_[org];
    nearest = std::max(nearest, standing);
  };
  for (const OrgRecord& provider : directory.orgs()) {
    if (provider.clients.empty() || !IsAddressed(terms, provider, persons)) continue;
    for (const ClientRelation& relation : provider.clients) {
      const bool current = relation.period.Contains(now);
      note(relation.client, current ? ClientStanding::kCurrent : ClientStanding::kPast);
      if (!current) continue;
      if (const OrgRecord* client = directory.FindOrg(relation.client)) between.push_back(client);
    }
  }
  std::sort(between.begin(), between.end());
  between.erase(std::unique(between.begin(), between.end()), between.end());
  for (const OrgRecord* client : between) {
    for (const ClientRelation& relation : client->clients) {
      if (relation.period.Contains(now)) note(relation.client, ClientStanding::kClientOfClient);
    }
  }
}

ClientStanding ClientsOfRecipients::Of(const OrgId& org) const {
  const auto found = standings_.find(org);
  return found == standings_.end() ? ClientStanding::kNone : found->second;
}

bool IsAddressed(const Directory& directory, const Terms& terms, const OrgRecord& org) {
  return IsAddressed(terms, org, OrgsOfPersons(directory, terms));
}

}  // namespace shield
