#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "policy/fields.h"
#include "policy/records.h"

namespace shield {
namespace {

std::string SortedList(std::vector<std::string> items) {
  std::sort(items.begin(), items.end());
  return absl::StrJoin(items, ",");
}

std::string PrintPeriod(const Period& period) {
  return absl::StrCat(" from=", PrintMoment(period.from), " until=", PrintMoment(period.until));
}

std::string PrintClients(const OrgRecord& org) {
  std::vector<std::string> clients;
  for (const ClientRelation& relation : org.clients) {
    clients.push_back(absl::StrCat(relation.client.text(), ":", PrintMoment(relation.period.from),
                                   "-", PrintMoment(relation.period.until)));
  }
  return SortedList(std::move(clients));
}

}  // namespace

bool MemberRecord::Has(Role role) const {
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

std::string PrintOrgRecord(const OrgRecord& org) {
  return absl::StrCat(
      absl::StrCat("org ", org.id.text(), " kind=", PrintOrgKind(org.kind),
                   " community=", org.community.text(), " sectors=", SortedList(org.sectors)),
      absl::StrCat(" regions=", SortedList(org.regions), " vetting=", org.vetting,
                   " state=", PrintAccountState(org.state), PrintPeriod(org.period)),
      absl::StrCat(" clients=", PrintClients(org), " members=", org.own_lines, ":",
                   PrintDigest(org.own_lines_root)));
}

std::string PrintMemberRecord(const MemberRecord& member) {
  std::vector<std::string> roles;
  for (Role role : member.roles) roles.emplace_back(PrintRole(role));
  return absl::StrCat(
      absl::StrCat("member ", member.id.text(), " org=", member.org.text(),
                   " roles=", SortedList(std::move(roles)), " vetting=", member.vetting),
      absl::StrCat(" state=", PrintAccountState(member.state), PrintPeriod(member.period),
                   " exercise=", member.exercise ? "yes" : "no"));
}

std::string PrintKeyRecord(const KeyRecord& key) {
  return absl::StrCat("key ", key.member.text(), " ", PrintKeyUse(key.use), " ", key.value,
                      PrintPeriod(key.period));
}

}  // namespace shield
