#include "policy/corpus/fixture.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "policy/corpus/case_time.h"
#include "policy/regions.h"

namespace shield {
namespace {

constexpr absl::Duration kUsualSpan = absl::Hours(400 * 24);

absl::StatusOr<absl::Time> TakeTime(CaseFields& fields, absl::string_view name, absl::Time usual,
                                    absl::Time t0) {
  const std::optional<std::string> text = fields.Take(name);
  if (!text.has_value()) return usual;
  if (std::optional<absl::Time> time = ParseCaseTime(*text, t0)) return *time;
  return fields.Refuse(absl::StrCat(Quoted(*text), " is no moment"));
}

absl::StatusOr<Period> TakePeriod(CaseFields& fields, absl::Time t0) {
  ASSIGN_OR_RETURN(const absl::Time from, TakeTime(fields, "from", t0 - kUsualSpan, t0));
  ASSIGN_OR_RETURN(const absl::Time until, TakeTime(fields, "until", t0 + kUsualSpan, t0));
  return Period{from, until};
}

absl::StatusOr<int> TakeVetting(CaseFields& fields) {
  ASSIGN_OR_RETURN(const std::string text, fields.Need("vetting"));
  if (std::optional<int> level = ParseVetting(text)) return *level;
  return fields.Refuse(absl::StrCat(Quoted(text), " is no vetting level"));
}

absl::StatusOr<AccountState> TakeState(CaseFields& fields) {
  const std::string word = fields.Take("state").value_or("active");
  if (std::optional<AccountState> state = ParseAccountState(word)) return *state;
  return fields.Refuse(absl::StrCat(Quoted(word), " is no state of an account"));
}

// "<id>:<from>..<until>"
absl::StatusOr<ClientRelation> ParseClient(const CaseFields& fields, absl::string_view text,
                                           absl::Time t0) {
  const std::vector<absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits(absl::string_view(":"), 1));
  const std::vector<absl::string_view> times =
      parts.size() == 2 ? std::vector<absl::string_view>(absl::StrSplit(parts[1], ".."))
                        : std::vector<absl::string_view>();
  if (times.size() != 2) {
    return fields.Refuse(absl::StrCat(Quoted(text), " is not of the form <id>:<from>..<until>"));
  }
  ASSIGN_OR_RETURN(OrgId client, AsId<OrgId>(fields, parts[0]));
  const std::optional<absl::Time> from = ParseCaseTime(times[0], t0);
  const std::optional<absl::Time> until = ParseCaseTime(times[1], t0);
  if (!from.has_value() || !until.has_value()) {
    return fields.Refuse(absl::StrCat(Quoted(text), " holds what is no moment"));
  }
  return ClientRelation{std::move(client), {*from, *until}};
}

absl::Status TakeCodes(CaseFields& fields, OrgRecord& org) {
  org.sectors = fields.TakeList("sectors");
  org.regions = fields.TakeList("regions");
  std::sort(org.sectors.begin(), org.sectors.end());
  std::sort(org.regions.begin(), org.regions.end());
  for (const std::string& sector : org.sectors) {
    if (!IsSector(sector)) return fields.Refuse(absl::StrCat(Quoted(sector), " is no sector"));
  }
  for (const std::string& region : org.regions) {
    if (!IsRegion(region)) return fields.Refuse(absl::StrCat(Quoted(region), " is no region"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<OrgRecord> ParseFixtureOrg(CaseFields fields, absl::Time t0) {
  ASSIGN_OR_RETURN(OrgId id, AsId<OrgId>(fields, fields.id()));
  ASSIGN_OR_RETURN(const std::string kind_word, fields.Need("kind"));
  const std::optional<OrgKind> kind = ParseOrgKind(kind_word);
  if (!kind.has_value()) return fields.Refuse(absl::StrCat(Quoted(kind_word), " is no kind"));
  ASSIGN_OR_RETURN(const std::string community_text, fields.Need("community"));
  ASSIGN_OR_RETURN(CommunityId community, AsId<CommunityId>(fields, community_text));
  OrgRecord org{.id = std::move(id), .kind = *kind, .community = std::move(community)};
  ASSIGN_OR_RETURN(org.vetting, TakeVetting(fields));
  ASSIGN_OR_RETURN(org.state, TakeState(fields));
  ASSIGN_OR_RETURN(org.period, TakePeriod(fields, t0));
  RETURN_IF_ERROR(TakeCodes(fields, org));
  for (const std::string& text : fields.TakeList("clients")) {
    ASSIGN_OR_RETURN(ClientRelation relation, ParseClient(fields, text, t0));
    org.clients.push_back(std::move(relation));
  }
  RETURN_IF_ERROR(fields.Finish());
  return org;
}

absl::StatusOr<MemberRecord> ParseFixtureMember(CaseFields fields, absl::Time t0) {
  ASSIGN_OR_RETURN(MemberId id, AsId<MemberId>(fields, fields.id()));
  ASSIGN_OR_RETURN(const std::string org_text, fields.Need("org"));
  ASSIGN_OR_RETURN(OrgId org, AsId<OrgId>(fields, org_text));
  MemberRecord member{.id = std::move(id), .org = std::move(org)};
  for (const std::string& word : fields.TakeList("roles")) {
    const std::optional<Role> role = ParseRole(word);
    if (!role.has_value()) return fields.Refuse(absl::StrCat(Quoted(word), " is no role"));
    member.roles.push_back(*role);
  }
  ASSIGN_OR_RETURN(member.vetting, TakeVetting(fields));
  ASSIGN_OR_RETURN(member.state, TakeState(fields));
  ASSIGN_OR_RETURN(member.period, TakePeriod(fields, t0));
  const std::string exercise = fields.Take("exercise").value_or("no");
  if (exercise != "yes" && exercise != "no") return fields.Refuse("exercise is yes or no");
  member.exercise = exercise == "yes";
  RETURN_IF_ERROR(fields.Finish());
  return member;
}

absl::StatusOr<std::shared_ptr<const Directory>> MakeFixture(DirectoryRecords records,
                                                             absl::Time t0) {
  const std::optional<Origin> network = Origin::Parse("cases.shield.example");
  DirectoryNote note{.network = *network,
                     .version = 1,
                     .issued = t0,
                     .expires = t0 + kMaxDirectoryLife,
                     .orgs = records.orgs.size()};
  if (records.keys.empty()) {
    records.keys.reserve(records.members.size());
    for (const MemberRecord& member : records.members) {
      records.keys.push_back(
          {member.id, KeyUse::kSeal, absl::StrCat("seal key of ", member.id.text())});
    }
  }
  std::map<MemberId, uint64_t> keys;
  for (const KeyRecord& key : records.keys) ++keys[key.member];
  std::map<OrgId, uint64_t> own_lines;
  for (const MemberRecord& member : records.members) own_lines[member.org] += 1 + keys[member.id];
  for (OrgRecord& org : records.orgs) org.own_lines = own_lines[org.id];
  return Directory::Create(std::move(note), std::move(records));
}

}  // namespace shield
