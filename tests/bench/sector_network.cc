#include "tests/bench/sector_network.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "policy/corpus/fixture.h"

namespace shield::testing {
namespace {

constexpr size_t kMembersAnOrg = 20;
constexpr size_t kSectorCount = 4;
constexpr absl::string_view kSectors[kSectorCount] = {"health", "hotels-restaurants", "retail",
                                                      "stadia-arenas"};

OrgRecord Org(const OrgId& id, OrgKind kind, absl::string_view sector, const Period& period) {
  return OrgRecord{.id = id,
                   .kind = kind,
                   .community = SectorCommunity(),
                   .sectors = {std::string(sector)},
                   .regions = {"BE211"},
                   .vetting = 3,
                   .state = AccountState::kActive,
                   .period = period};
}

MemberRecord Seat(const MemberId& id, const OrgId& org, Role role, const Period& period) {
  return MemberRecord{.id = id,
                      .org = org,
                      .roles = {role},
                      .vetting = 3,
                      .state = AccountState::kActive,
                      .period = period};
}

void AddAuthority(const SectorNetworkShape& shape, DirectoryRecords& records) {
  const Period& period = shape.period;
  records.orgs.push_back(Org(SectorAuthority(), OrgKind::kAuthority, "public-sector", period));
  records.members.push_back(Seat(SectorAnalyst(), SectorAuthority(), Role::kAnalyst, period));
  if (!shape.digest_seat) return;
  records.members.push_back(Seat(SectorDigestSeat(), SectorAuthority(), Role::kDigest, period));
}

void AddReaders(const SectorNetworkShape& shape, DirectoryRecords& records) {
  for (size_t i = 0; i < shape.members; ++i) {
    const size_t org = i / kMembersAnOrg;
    if (i % kMembersAnOrg == 0) {
      records.orgs.push_back(
          Org(SectorOrg(org), OrgKind::kMember, kSectors[org % kSectorCount], shape.period));
    }
    records.members.push_back(Seat(SectorReader(i), SectorOrg(org), Role::kReader, shape.period));
  }
}

// The next `count` organisations are clients of that one.
void AddClients(size_t org, size_t count, const Period& period, std::vector<OrgRecord>& orgs) {
  for (size_t next = org + 1; next <= org + count && next < orgs.size(); ++next) {
    orgs[org].clients.push_back({orgs[next].id, period});
  }
}

}  // namespace

std::shared_ptr<const Directory> SectorNetwork(const SectorNetworkShape& shape) {
  DirectoryRecords records;
  AddAuthority(shape, records);
  AddReaders(shape, records);
  for (size_t org = 1; org < records.orgs.size(); ++org) {
    AddClients(org, shape.clients, shape.period, records.orgs);
  }
  const absl::Time middle = shape.period.from + (shape.period.until - shape.period.from) / 2;
  auto directory = MakeFixture(std::move(records), middle);
  SHIELD_CHECK(directory.ok());
  return *std::move(directory);
}

OrgId SectorAuthority() { return *OrgId::Parse("pol"); }
MemberId SectorAnalyst() { return *MemberId::Parse("analyst"); }
MemberId SectorDigestSeat() { return *MemberId::Parse("digest"); }
MemberId SectorReader(size_t number) { return *MemberId::Parse(absl::StrCat("m-", number)); }
OrgId SectorOrg(size_t number) { return *OrgId::Parse(absl::StrCat("org-", number)); }
CommunityId SectorCommunity() { return *CommunityId::Parse("c1"); }

}  // namespace shield::testing
