#include "tests/policy/random_network.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "policy/corpus/fixture.h"

namespace shield::testing {
namespace {

const std::vector<std::string>& Sectors() {
  static const auto& sectors = *new std::vector<std::string>{
      "retail", "stadia-arenas", "hotels-restaurants", "private-security"};
  return sectors;
}

const std::vector<std::string>& Regions() {
  static const auto& regions =
      *new std::vector<std::string>{"BE", "BE2", "BE21", "BE211", "BE234", "ES", "EL3", "GR"};
  return regions;
}

OrgId OrgNumber(size_t number) { return *OrgId::Parse(absl::StrCat("o", number)); }
MemberId MemberNumber(size_t number) { return *MemberId::Parse(absl::StrCat("m", number)); }
CommunityId Community(bool second) { return *CommunityId::Parse(second ? "c2" : "c1"); }

}  // namespace

Period RandomNetwork::AnyPeriod() {
  static const absl::Duration kSpan = absl::Hours(48);
  switch (Below(16)) {
    case 0:
      return {Now(), Now() + kSpan};
    case 1:
      return {Now() - kSpan, Now()};
    case 2:
      return {Now() + absl::Seconds(1), Now() + kSpan};
    case 3:
      return {Now(), Now()};
    default:
      return {Now() - kSpan, Now() + kSpan};
  }
}

AccountState RandomNetwork::AnyState() {
  static const std::vector<AccountState> kWrong = {AccountState::kSuspended, AccountState::kRevoked,
                                                   AccountState::kPending};
  return OneIn(12) ? Pick(kWrong) : AccountState::kActive;
}

Tlp RandomNetwork::AnyLabel() { return kAllTlp[Below(kAllTlp.size())]; }

MemberId RandomNetwork::AnyMember(const Directory& directory) {
  const auto members = directory.members();
  if (members.empty() || OneIn(40)) return MemberNumber(999);
  return members[Below(members.size())].id;
}

OrgRecord RandomNetwork::MakeOrg(size_t number, size_t orgs) {
  OrgRecord org{.id = OrgNumber(number), .community = Community(OneIn(5))};
  const size_t kind = Below(8);
  org.kind = number == 0 || kind == 0 ? OrgKind::kAuthority
             : kind <= 2              ? OrgKind::kClient
                                      : OrgKind::kMember;
  for (const std::string& sector : Sectors()) {
    if (OneIn(3)) org.sectors.push_back(sector);
  }
  for (const std::string& region : Regions()) {
    if (OneIn(6)) org.regions.push_back(region);
  }
  org.vetting = OneIn(3) ? static_cast<int>(Below(4)) : 3;
  org.state = AnyState();
  org.period = AnyPeriod();
  for (size_t other = 0; other < orgs; ++other) {
    if (other != number && OneIn(4)) org.clients.push_back({OrgNumber(other), AnyPeriod()});
  }
  return org;
}

MemberRecord RandomNetwork::MakeMember(size_t number, const OrgRecord& org) {
  static const std::vector<Role> kRoles = {Role::kReader,  Role::kReader,  Role::kReader,
                                           Role::kAnalyst, Role::kAnalyst, Role::kDesk,
                                           Role::kDigest,  Role::kVetting, Role::kAuditor};
  MemberRecord member{.id = MemberNumber(number), .org = org.id};
  member.roles.push_back(Pick(kRoles));
  if (OneIn(5)) member.roles.push_back(Pick(kRoles));
  std::sort(member.roles.begin(), member.roles.end());
  member.vetting = OneIn(3) ? static_cast<int>(Below(4)) : 3;
  member.state = AnyState();
  member.period = AnyPeriod();
  member.exercise = OneIn(2);
  return member;
}

std::shared_ptr<const Directory> RandomNetwork::MakeDirectory() {
  DirectoryRecords records;
  const size_t orgs = 3 + Below(6);
  size_t members = 0;
  for (size_t number = 0; number < orgs; ++number) {
    records.orgs.push_back(MakeOrg(number, orgs));
    for (size_t seats = 1 + Below(5); seats > 0; --seats) {
      records.members.push_back(MakeMember(members++, records.orgs.back()));
    }
  }
  for (const MemberRecord& member : records.members) {
    if (OneIn(12)) continue;
    records.keys.push_back(
        {member.id, KeyUse::kSeal, absl::StrCat("seal key of ", member.id.text()), AnyPeriod()});
  }
  auto directory = MakeFixture(std::move(records), Now());
  SHIELD_CHECK(directory.ok());
  return *std::move(directory);
}

AudienceToken RandomNetwork::AnyToken(const Directory& directory) {
  const OrgId org = OneIn(60) ? OrgNumber(999) : OrgNumber(Below(directory.orgs().size()));
  switch (Below(16)) {
    case 0:
    case 1:
    case 2:
      return AudienceToken::Org(org);
    case 3:
    case 4:
    case 5:
      return AudienceToken::Member(AnyMember(directory));
    case 6:
      return AudienceToken::NotOrg(org);
    case 7:
      return AudienceToken::NotMember(AnyMember(directory));
    case 8:
    case 9:
      return {AudienceToken::Kind::kSector, Pick(Sectors())};
    case 10:
    case 11:
      return {AudienceToken::Kind::kRegion, Pick(Regions())};
    case 12:
      return {AudienceToken::Kind::kVetting, absl::StrCat(Below(4))};
    case 13:
      return AudienceToken::Community(OneIn(8) ? *CommunityId::Parse("c9") : Community(OneIn(2)));
    case 14:
      return OneIn(2) ? AudienceToken::Public() : AudienceToken::Hidden(Digest{});
    default:
      return OneIn(2) ? AudienceToken{AudienceToken::Kind::kSector, "unheard-of"}
                      : AudienceToken{AudienceToken::Kind::kRegion, "BE2ZZ"};
  }
}

// One that the class and label ask for, as far as the directory has whom to name.
AudienceToken RandomNetwork::FittingToken(const Directory& directory, const Terms& terms) {
  if (terms.bulletin_class == BulletinClass::kReport) {
    if (OneIn(8)) return AudienceToken::Member(AnyMember(directory));
    const auto authorities = directory.OrgsOfKind(OrgKind::kAuthority);
    return AudienceToken::Org(Pick(authorities)->id);
  }
  if (terms.tlp == Tlp::kRed || terms.bulletin_class == BulletinClass::kDirect) {
    return AudienceToken::Member(AnyMember(directory));
  }
  switch (Below(5)) {
    case 4:
      return AudienceToken::Community(terms.community);
    case 0:
      return AudienceToken::Org(OrgNumber(Below(directory.orgs().size())));
    case 1:
      return {AudienceToken::Kind::kRegion, Pick(Regions())};
    default:
      return {AudienceToken::Kind::kSector, Pick(Sectors())};
  }
}

std::vector<AudienceToken> RandomNetwork::AnyAudience(const Directory& directory,
                                                      const Terms& terms) {
  const bool fitting = !OneIn(3);
  std::vector<AudienceToken> tokens;
  for (size_t count = Below(fitting ? 3 : 5); count > 0; --count) {
    tokens.push_back(fitting ? FittingToken(directory, terms) : AnyToken(directory));
  }
  return tokens;
}

// Facts that others find out about a bulletin, now and then amiss.
void RandomNetwork::Spoil(const Directory& directory, Terms& terms) {
  static const std::vector<Relation> kRelations = {
      Relation::kExtends, Relation::kPermits, Relation::kRelabels,  Relation::kReplies,
      Relation::kShares,  Relation::kPermits, Relation::kSupersedes};
  if (OneIn(50)) terms.signature_valid = false;
  if (OneIn(50)) terms.inner_label = AnyLabel();
  if (OneIn(60)) terms.tlp = OneIn(2) ? Tlp::kUnspecified : static_cast<Tlp>(99);
  if (OneIn(12)) terms.state = OneIn(2) ? BulletinState::kWithdrawn : BulletinState::kSuperseded;
  if (OneIn(3)) terms.author_standing = AuthorStanding::kProvenAtPublish;
  if (OneIn(50)) terms.author_standing = AuthorStanding::kKeyEnded;
  if (OneIn(20)) terms.source = OrgNumber(Below(directory.orgs().size()));
  if (OneIn(6)) terms.relations.push_back(Pick(kRelations));
  if (OneIn(6))
    terms.permissions.push_back({.member = AnyMember(directory), .period = AnyPeriod()});
  if (OneIn(6)) {
    terms.permissions.push_back(
        {.org = OrgNumber(Below(directory.orgs().size())), .period = AnyPeriod()});
  }
}

Terms RandomNetwork::MakeTerms(const Directory& directory, std::vector<std::string>* words) {
  static const std::vector<BulletinClass> kClasses = {
      BulletinClass::kContent, BulletinClass::kContent, BulletinClass::kContent,
      BulletinClass::kContent, BulletinClass::kReport,  BulletinClass::kDirect,
      BulletinClass::kControl};
  const BulletinClass bulletin_class = Pick(kClasses);
  const MemberRecord* author = nullptr;
  const bool any = bulletin_class == BulletinClass::kReport || OneIn(8);
  // Reports of the suspended are a case of their own.
  bool suspended = bulletin_class == BulletinClass::kReport && OneIn(3);
  for (size_t tries = 0; author == nullptr; ++tries) {
    const MemberRecord& member = directory.members()[Below(directory.members().size())];
    if (tries == 100) suspended = false;
    if (suspended && member.state != AccountState::kSuspended) continue;
    if (any || member.org == OrgNumber(0) || OneIn(10)) author = &member;
  }
  const Period window = AnyPeriod();
  Terms terms{.author = author->id,
              .source = author->org,
              .community = directory.OrgOf(*author).community,
              .bulletin_class = bulletin_class,
              .status = OneIn(8) ? BulletinStatus::kExercise : BulletinStatus::kActual,
              .tlp = AnyLabel(),
              .issued = std::min(Now(), window.until - absl::Seconds(OneIn(20) ? 0 : 1)),
              .not_before = window.from,
              .expires = window.until};
  if (terms.bulletin_class == BulletinClass::kControl) {
    terms.relations.push_back(Relation::kWithdraws);
  }
  const std::vector<AudienceToken> audience = AnyAudience(directory, terms);
  terms.targets = TargetsOf(audience);
  if (words != nullptr) {
    for (const AudienceToken& token : audience) words->push_back(PrintAudienceToken(token));
  }
  Spoil(directory, terms);
  return terms;
}

}  // namespace shield::testing
