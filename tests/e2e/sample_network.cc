#include "tests/e2e/sample_network.h"

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/check.h"
#include "policy/corpus/fixture.h"
#include "policy/vocabulary.h"

namespace shield::testing {
namespace {

constexpr char kCommunity[] = "antwerp-example";  // the network's own
constexpr char kProvider[] = "stadium-bosuil";
constexpr char kClientOrg[] = "fan-club";

struct SeatRow {
  std::string id;
  std::string roles;
  int vetting = 0;
};

struct OrgRow {
  std::string id;
  std::string kind;
  std::string sectors;
  std::string regions;
  int vetting = 0;
  std::vector<SeatRow> seats;
};

std::vector<OrgRow> Table() {
  return {
      {"police-antwerp",
       "authority",
       "public-sector",
       "BE211",
       3,
       {{"analyst", "analyst", 3},
        {"night-analyst", "analyst", 3},
        {"digest-seat", "digest", 3},
        {"police-auditor", "auditor", 3}}},
      {"city-antwerp",
       "authority",
       "other,public-sector",
       "BE211",
       3,
       {{"city-analyst", "analyst", 3}, {"city-reader", "reader", 2}, {"city-low", "reader", 1}}},
      {"hotel-astrid",
       "member",
       "hotels-restaurants",
       "BE211",
       2,
       {{"astrid-manager", "reader", 3},
        {"astrid-desk", "desk", 2},
        {"astrid-trainee", "reader", 0},
        {kSampleSuspended, "reader", 2}}},
      {kProvider,
       "member",
       "major-events,stadia-arenas",
       "BE211",
       3,
       {{"bosuil-guard", "reader", 3},
        {"bosuil-desk", "desk", 3},
        {"bosuil-steward", "reader", 1},
        {kSampleRevoked, "reader", 3}}},
      {"school-zuid",
       "member",
       "education",
       "BE211",
       1,
       {{"zuid-head", "reader", 3}, {"zuid-desk", "desk", 1}, {"zuid-teacher", "reader", 1}}},
      {"hospital-noord",
       "member",
       "health",
       "BE211,BE213",
       2,
       {{"noord-security", "reader", 2}, {"noord-desk", "desk", 1}, {"noord-porter", "reader", 2}}},
      {"mall-wijnegem",
       "member",
       "commercial-centres,retail",
       "BE211",
       2,
       {{"mall-manager", "reader", 2}, {"mall-guard", "reader", 1}, {"mall-desk", "desk", 2}}},
      {"guard-firm",
       "member",
       "private-security",
       "BE",
       3,
       {{"guard-north", "reader", 3},
        {"guard-south", "reader", 2},
        {"guard-east", "reader", 1},
        {"guard-desk", "desk", 3}}},
      {"port-energy",
       "member",
       "critical-infrastructure,transport",
       "BE2",
       3,
       {{"port-officer", "reader", 3},
        {"port-desk", "desk", 2},
        {"port-pilot", "reader", 1},
        {"port-crane", "reader", 2}}},
      {"club-petrol",
       "member",
       "cinemas-theatres,night-time-economy",
       "BE212",
       1,
       {{"petrol-owner", "reader", 2}, {"petrol-door", "desk", 1}, {"petrol-bar", "reader", 0}}},
      {"cathedral",
       "member",
       "places-of-worship,visitor-attractions",
       "BE1",
       2,
       {{"cathedral-warden", "reader", 2},
        {"cathedral-desk", "desk", 2},
        {"cathedral-guide", "reader", 1},
        {"cathedral-verger", "reader", 2}}},
      {kClientOrg,
       "client",
       "other",
       "BE211",
       2,
       {{"fans-chair", "reader", 2}, {"fans-desk", "desk", 2}, {"fans-young", "reader", 0}}},
  };
}

template <typename Id>
Id IdOf(absl::string_view text) {
  const auto id = Id::Parse(text);
  SHIELD_CHECK(id.has_value());
  return *id;
}

std::vector<Role> RolesOf(absl::string_view text) {
  std::vector<Role> roles;
  for (absl::string_view word : absl::StrSplit(text, ',')) roles.push_back(*ParseRole(word));
  return roles;
}

AccountState StateOf(absl::string_view member) {
  if (member == kSampleSuspended) return AccountState::kSuspended;
  return member == kSampleRevoked ? AccountState::kRevoked : AccountState::kActive;
}

// One command for all seats of an organisation that are alike.
void EnrolSeats(RealNetwork& network, const OrgRow& org) {
  std::map<std::pair<std::string, int>, std::vector<std::string>> requests;
  for (const SeatRow& seat : org.seats) {
    network.MakeHome(seat.id);
    requests[{seat.roles, seat.vetting}].push_back(network.HomeOf(seat.id) + "/request.txt");
  }
  for (const auto& [alike, paths] : requests) {
    std::vector<std::string> command = {
        "member",   "add",       "--org",     org.id,
        "--roles",  alike.first, "--vetting", absl::StrCat(alike.second),
        "--request"};
    command.insert(command.end(), paths.begin(), paths.end());
    network.ShieldJson("authority", std::move(command));
  }
}

OrgRecord RecordOf(const OrgRow& row, const Period& period) {
  OrgRecord org{.id = IdOf<OrgId>(row.id),
                .kind = *ParseOrgKind(row.kind),
                .community = IdOf<CommunityId>(kCommunity)};
  org.sectors = absl::StrSplit(row.sectors, ',');
  org.regions = absl::StrSplit(row.regions, ',');
  org.vetting = row.vetting;
  org.state = AccountState::kActive;
  org.period = period;
  if (row.id == kProvider) org.clients.push_back({IdOf<OrgId>(kClientOrg), period});
  return org;
}

MemberRecord RecordOf(const SeatRow& row, const OrgId& org, const Period& period) {
  MemberRecord member{.id = IdOf<MemberId>(row.id), .org = org};
  member.roles = RolesOf(row.roles);
  member.vetting = row.vetting;
  member.state = StateOf(row.id);
  member.period = period;
  return member;
}

}  // namespace

void EnrolSampleNetwork(RealNetwork& network) {
  for (const OrgRow& org : Table()) {
    std::vector<std::string> more;
    if (org.id == kClientOrg) more = {"--client-of", kProvider, "--from", "2026-01-01T00:00:00Z"};
    network.AddOrg(org.id, org.kind, org.sectors, org.regions, org.vetting, more);
    EnrolSeats(network, org);
  }
  network.PublishDirectory();
  network.ShieldJson("authority",
                     {"member", "suspend", kSampleSuspended, "--reason", "vetting under review"});
  network.ShieldJson("authority",
                     {"member", "revoke", kSampleRevoked, "--reason", "left the stadium"});
  network.PublishDirectory();
}

std::shared_ptr<const Directory> SampleDirectory(absl::Time now) {
  const Period period{now - absl::Hours(24), now + absl::Hours(24 * 365)};
  DirectoryRecords records;
  for (const OrgRow& row : Table()) {
    records.orgs.push_back(RecordOf(row, period));
    const OrgId org = records.orgs.back().id;
    for (const SeatRow& seat : row.seats) records.members.push_back(RecordOf(seat, org, period));
  }
  // The authority's own seat comes with its first organisation.
  records.members.push_back(
      RecordOf(SeatRow{"vetting", "vetting", 0}, records.orgs.front().id, period));
  auto directory = MakeFixture(std::move(records), now);
  SHIELD_CHECK(directory.ok());
  return *std::move(directory);
}

std::vector<std::string> SampleMembers() {
  std::vector<std::string> members;
  for (const OrgRow& org : Table()) {
    for (const SeatRow& seat : org.seats) members.push_back(seat.id);
  }
  return members;
}

}  // namespace shield::testing
