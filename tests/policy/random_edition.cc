#include "tests/policy/random_edition.h"

#include <utility>

#include "policy/audience.h"

namespace shield::testing {
namespace {

std::vector<AudienceToken> AnyReaders(RandomNetwork& random, Tlp tlp) {
  using Kind = AudienceToken::Kind;
  switch (random.Below(tlp == Tlp::kGreen ? 4 : 3)) {
    case 0:
      return {{Kind::kVetting, "2"}};
    case 1:
      return {{Kind::kSector, random.OneIn(2) ? "retail" : "stadia-arenas"}};
    case 2:
      return {AudienceToken::Org(*OrgId::Parse(random.OneIn(2) ? "o1" : "o2"))};
    default:
      return {};  // GREEN: the community
  }
}

std::vector<std::string> InWords(const std::vector<AudienceToken>& tokens) {
  std::vector<std::string> words;
  words.reserve(tokens.size());
  for (const AudienceToken& token : tokens) words.push_back(PrintAudienceToken(token));
  return words;
}

// The audience of the edition itself, sometimes with one word more.
void Readdress(RandomNetwork& random, const RandomEdition& edition, RandomBulletin& bulletin) {
  std::vector<AudienceToken> tokens = edition.edition.to;
  if (random.OneIn(2) && bulletin.terms.tlp >= Tlp::kGreen) tokens.clear();
  tokens = CompleteAudience(std::move(tokens), BulletinClass::kContent, bulletin.terms.tlp,
                            bulletin.terms.community);
  if (random.OneIn(3)) tokens.push_back(AudienceToken::Org(*OrgId::Parse("o2")));
  if (random.OneIn(6)) tokens.push_back({AudienceToken::Kind::kVetting, "3"});
  if (random.OneIn(6)) {
    tokens.push_back(AudienceToken::NotMember(random.AnyMember(*edition.directory)));
  }
  if (random.OneIn(8)) tokens.push_back(AudienceToken::Hidden(Digest{}));
  bulletin.words = InWords(tokens);
  bulletin.terms.targets = TargetsOf(tokens);
}

std::vector<MemberId> Everyone(const Directory& directory) {
  std::vector<MemberId> members;
  members.reserve(directory.members().size());
  for (const MemberRecord& member : directory.members()) members.push_back(member.id);
  return members;
}

// Whom it was sent to: all of them, all but one, or nobody knows.
std::optional<std::vector<MemberId>> AnyList(RandomNetwork& random, const Directory& directory) {
  if (random.OneIn(5)) return std::nullopt;
  std::vector<MemberId> members = Everyone(directory);
  if (random.OneIn(3))
    members.erase(members.begin() + static_cast<ptrdiff_t>(random.Below(members.size())));
  return members;
}

}  // namespace

RandomBulletin MakeRandomBulletin(RandomNetwork& random, const RandomEdition& edition) {
  RandomBulletin bulletin{.terms = {.author = edition.edition.author,
                                    .source = *OrgId::Parse("o0"),
                                    .community = *CommunityId::Parse("c1")}};
  bulletin.terms = random.MakeTerms(*edition.directory, &bulletin.words);
  if (!random.OneIn(3)) {
    bulletin.terms.bulletin_class = BulletinClass::kContent;
    if (!random.OneIn(4)) {
      bulletin.terms.author = edition.edition.author;
      bulletin.terms.source = edition.directory->FindMember(edition.edition.author)->org;
      bulletin.terms.community = edition.directory->FindOrg(bulletin.terms.source)->community;
    }
    Readdress(random, edition, bulletin);
  }
  bulletin.sent_to = AnyList(random, *edition.directory);
  return bulletin;
}

std::optional<RandomEdition> MakeRandomEdition(uint64_t seed, size_t bulletins) {
  RandomNetwork random(seed);
  const std::shared_ptr<const Directory> directory = random.MakeDirectory();
  static constexpr Tlp kTiers[] = {Tlp::kGreen, Tlp::kAmber, Tlp::kAmberStrict};
  RandomEdition edition{
      .directory = directory,
      .edition = {.author = directory->members()[0].id, .tlp = kTiers[random.Below(3)]}};
  edition.edition.to = AnyReaders(random, edition.edition.tlp);
  edition.words = InWords(edition.edition.to);
  bool may_publish = false;
  for (const MemberRecord& member : directory->members()) {
    edition.edition.author = member.id;
    may_publish = PlanEdition(*directory, edition.edition, {}, RandomNetwork::Now()).ok();
    if (may_publish) break;
  }
  if (!may_publish) return std::nullopt;
  edition.bulletins.reserve(bulletins);
  for (size_t i = 0; i < bulletins; ++i) {
    edition.bulletins.push_back(MakeRandomBulletin(random, edition));
  }
  return edition;
}

}  // namespace shield::testing
