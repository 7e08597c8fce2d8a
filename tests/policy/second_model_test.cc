// The policy and its second model agree: on every member of random networks, for random bulletins.
#include "tests/policy/second_model.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "policy/audience.h"
#include "policy/decide.h"
#include "tests/policy/random_network.h"

namespace shield::testing {
namespace {

// 4,000 bulletins times some 20 members times two questions: more than 100,000 cases.
constexpr size_t kBulletins = 4'000;

Answer InText(const Decision& decision) {
  return absl::StrCat(decision.allowed ? "allow:" : "deny:", RuleName(decision.rule));
}

// What a failing case needs to be understood.
std::string About(const Terms& terms, uint64_t seed) {
  return absl::StrCat("seed ", seed, " author ", terms.author.text(), " source ",
                      terms.source.text(), " class ", PrintBulletinClass(terms.bulletin_class),
                      " tlp ", static_cast<int>(terms.tlp), " orgs ", terms.targets.orgs.size(),
                      " members ", terms.targets.members.size(), " sectors ",
                      terms.targets.sectors.size(), " regions ", terms.targets.regions.size());
}

struct Scene {
  uint64_t seed;
  RandomNetwork random;
  std::shared_ptr<const Directory> directory;
  Terms terms;

  explicit Scene(uint64_t number)
      : seed(number),
        random(number),
        directory(random.MakeDirectory()),
        terms(random.MakeTerms(*directory)) {}
};

TEST(SecondModel, AgreesWhoMayReadAndToWhomItIsSealed) {
  size_t cases = 0;
  for (uint64_t seed = 0; seed < kBulletins; ++seed) {
    Scene scene(seed);
    const SecondModel model(*scene.directory, scene.terms, RandomNetwork::Now());
    Circumstances about{.in_snapshot = !scene.random.OneIn(6)};
    if (scene.random.OneIn(10)) about.hops = static_cast<int>(scene.random.Below(4));
    if (scene.random.OneIn(10)) about.peer_cap = static_cast<int>(scene.random.Below(4));
    if (scene.random.OneIn(10)) about.org_then = scene.terms.source;
    const auto fetched = model.Answers(about);
    const auto delivered = model.Answers({.at_publish = true});
    for (const MemberRecord& member : scene.directory->members()) {
      const Reader reader{.member = member.id,
                          .in_snapshot = about.in_snapshot,
                          .org_at_publish = about.org_then,
                          .hops = about.hops,
                          .peer_cap = about.peer_cap};
      ASSERT_EQ(fetched.at(member.id),
                InText(Decide(*scene.directory, scene.terms, reader, RandomNetwork::Now())))
          << member.id << " fetches, " << About(scene.terms, seed);
      ASSERT_EQ(delivered.at(member.id), InText(DecideDelivery(*scene.directory, scene.terms,
                                                               member.id, RandomNetwork::Now())))
          << member.id << " is sealed to, " << About(scene.terms, seed);
      cases += 2;
    }
    ASSERT_EQ(model.PublicAnswer(), InText(Decide(*scene.directory, scene.terms, Reader::Public(),
                                                  RandomNetwork::Now())));
    ASSERT_EQ(model.StrangerAnswer(),
              InText(Decide(*scene.directory, scene.terms, Reader(), RandomNetwork::Now())));
  }
  EXPECT_GE(cases, 100'000u);
}

TEST(SecondModel, AgreesWhatMayBePublishedAndWhoReceivesIt) {
  size_t published = 0;
  for (uint64_t seed = 0; seed < 3 * kBulletins; ++seed) {
    const Scene scene(seed + 1'000'000);
    const SecondModel model(*scene.directory, scene.terms, RandomNetwork::Now());
    const Decision decision = DecidePublish(*scene.directory, scene.terms, RandomNetwork::Now());
    ASSERT_EQ(model.PublishAnswer(), InText(decision)) << About(scene.terms, scene.seed);
    const absl::StatusOr<Audience> audience =
        ResolveAudience(*scene.directory, scene.terms, RandomNetwork::Now());
    ASSERT_EQ(audience.ok(), decision.allowed);
    if (!audience.ok()) continue;
    ++published;
    std::vector<MemberId> recipients;
    for (const Chosen& chosen : audience->recipients) recipients.push_back(chosen.member);
    ASSERT_EQ(model.Recipients(), recipients) << About(scene.terms, scene.seed);
  }
  EXPECT_GE(published, kBulletins / 4) << "too few of the random bulletins could be published";
}

TEST(SecondModel, AgreesWhoMayChangeABulletin) {
  static const std::vector<Relation> kRelations = {
      Relation::kExtends, Relation::kPermits,    Relation::kRelabels, Relation::kReplies,
      Relation::kShares,  Relation::kSupersedes, Relation::kWithdraws};
  for (uint64_t seed = 0; seed < kBulletins; ++seed) {
    Scene scene(seed + 2'000'000);
    const SecondModel model(*scene.directory, scene.terms, RandomNetwork::Now());
    for (int i = 0; i < 5; ++i) {
      const RelationRequest request{
          .relation = scene.random.Pick(kRelations),
          .actor = scene.random.AnyMember(*scene.directory),
          .label = scene.random.OneIn(2) ? scene.terms.tlp : scene.random.AnyLabel()};
      ASSERT_EQ(
          model.RelationAnswer(request.relation, request.actor, request.label),
          InText(DecideRelation(*scene.directory, scene.terms, request, RandomNetwork::Now())))
          << request.actor << " " << PrintRelation(request.relation) << " "
          << About(scene.terms, scene.seed);
    }
  }
}

TEST(SecondModel, AgreesWhatMayBePassedOn) {
  size_t shared = 0;
  for (uint64_t seed = 0; seed < kBulletins; ++seed) {
    Scene scene(seed + 3'000'000);
    const SecondModel model(*scene.directory, scene.terms, RandomNetwork::Now());
    for (int i = 0; i < 5; ++i) {
      const MemberId from = scene.random.AnyMember(*scene.directory);
      const MemberId to = scene.random.AnyMember(*scene.directory);
      const ShareRequest request{
          .from = Reader::Holder(from),
          .to = Reader::WithoutEntry(to),
          .label = scene.random.OneIn(5) ? scene.random.AnyLabel() : scene.terms.tlp,
          .reason_given = scene.random.OneIn(2),
          .from_holds_by_share = scene.random.OneIn(2)};
      const Decision decision =
          DecideShare(*scene.directory, scene.terms, request, RandomNetwork::Now());
      ASSERT_EQ(model.ShareAnswer(from, request.from_holds_by_share, to, request.label,
                                  request.reason_given),
                InText(decision))
          << from << " to " << to << " " << About(scene.terms, scene.seed);
      shared += decision.allowed ? 1 : 0;
    }
  }
  EXPECT_GE(shared, 100u);
}

}  // namespace
}  // namespace shield::testing
