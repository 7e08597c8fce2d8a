// The policy and its second model agree: on every member of random networks, for random bulletins.
#include "tests/policy/second_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "policy/audience.h"
#include "policy/decide.h"
#include "policy/may_have.h"
#include "tests/policy/random_network.h"

namespace shield::testing {
namespace {

// 4,000 bulletins times some 20 members times two questions: more than 100,000 cases; relations and
// shares together as many.
constexpr size_t kBulletins = 4'000;
constexpr int kSharesABulletin = 20;
constexpr int kRelationsABulletin = 14;
// A rule that comes up less often in a run is as good as not compared.
constexpr size_t kOften = 10;

const absl::Time kNow = RandomNetwork::Now();

// How often a run gave each answer.
using Tally = std::map<Answer, size_t>;

size_t Sum(const Tally& tally) {
  size_t sum = 0;
  for (const auto& [answer, times] : tally) sum += times;
  return sum;
}

// Those of `rules` that came up less often than they should.
std::vector<std::string> Rare(const Tally& tally, const std::vector<std::string>& rules) {
  std::vector<std::string> rare;
  for (const std::string& rule : rules) {
    size_t times = 0;
    for (absl::string_view verdict : {"allow:", "deny:"}) {
      const auto found = tally.find(absl::StrCat(verdict, rule));
      if (found != tally.end()) times += found->second;
    }
    if (times < kOften) rare.push_back(absl::StrCat(rule, " ", times));
  }
  return rare;
}

Answer InText(const Decision& decision) {
  return absl::StrCat(decision.allowed ? "allow:" : "deny:", RuleName(decision.rule));
}

struct Scene {
  uint64_t seed;
  RandomNetwork random;
  std::shared_ptr<const Directory> directory;
  std::vector<std::string> words;
  Terms terms;
  SecondModel model;

  explicit Scene(uint64_t number)
      : seed(number),
        random(number),
        directory(random.MakeDirectory()),
        terms(random.MakeTerms(*directory, &words)),
        model(*directory, terms, words, kNow) {}

  // What a failing case needs to be understood.
  std::string About() const {
    return absl::StrCat("seed ", seed, " author ", terms.author.text(), " source ",
                        terms.source.text(), " class ", PrintBulletinClass(terms.bulletin_class),
                        " tlp ", static_cast<int>(terms.tlp), " to ", absl::StrJoin(words, ","));
  }

  // Who may read it, if it was sealed to them.
  std::vector<MemberId> Holders() const {
    std::vector<MemberId> holders;
    for (const auto& [member, answer] : model.Answers({.in_snapshot = true})) {
      if (answer.substr(0, 6) == "allow:") holders.push_back(member);
    }
    return holders;
  }

  // Mostly what holds while networks are not joined.
  Circumstances AnyCircumstances() {
    Circumstances about{.in_snapshot = !random.OneIn(6)};
    if (random.OneIn(10)) about.hops = static_cast<int>(random.Below(4));
    if (random.OneIn(10)) about.peer_cap = static_cast<int>(random.Below(4));
    if (random.OneIn(10)) about.org_then = terms.source;
    return about;
  }
};

Reader ReaderOf(const MemberId& member, const Circumstances& about) {
  return {.member = member,
          .in_snapshot = about.in_snapshot,
          .org_at_publish = about.org_then,
          .hops = about.hops,
          .peer_cap = about.peer_cap};
}

TEST(SecondModel, AgreesWhoMayReadAndToWhomItIsSealed) {
  Tally tally;
  for (uint64_t seed = 0; seed < kBulletins; ++seed) {
    Scene scene(seed);
    const Directory& directory = *scene.directory;
    const Circumstances about = scene.AnyCircumstances();
    const auto fetched = scene.model.Answers(about);
    const auto delivered = scene.model.Answers({.at_publish = true});
    for (const MemberRecord& member : directory.members()) {
      const Decision decision = Decide(directory, scene.terms, ReaderOf(member.id, about), kNow);
      ASSERT_EQ(MayHave(directory, scene.terms, ReaderOf(member.id, about), kNow),
                decision.allowed);
      const Answer fetch = InText(decision);
      ASSERT_EQ(fetched.at(member.id), fetch) << member.id << " fetches, " << scene.About();
      const Answer delivery = InText(DecideDelivery(directory, scene.terms, member.id, kNow));
      ASSERT_EQ(delivered.at(member.id), delivery)
          << member.id << " is sealed to, " << scene.About();
      ++tally[fetch];
      ++tally[delivery];
    }
    const Answer open = InText(Decide(directory, scene.terms, Reader::Public(), kNow));
    ASSERT_EQ(scene.model.PublicAnswer(), open);
    ++tally[open];
    ASSERT_EQ(scene.model.StrangerAnswer(), InText(Decide(directory, scene.terms, Reader(), kNow)));
  }
  EXPECT_GE(Sum(tally), 100'000u);
  EXPECT_THAT(Rare(tally, {"BAD_SIGNATURE",
                           "LABEL_REQUIRED",
                           "INVALID_LABEL",
                           "AMBIGUOUS_LABEL",
                           "PUBLISHER_NOT_AUTHORISED",
                           "PUBLISHER_KEY_REVOKED",
                           "RECIPIENT_REVOKED",
                           "SUSPENDED",
                           "MEMBERSHIP_PENDING",
                           "MEMBERSHIP_NOT_YET",
                           "MEMBERSHIP_EXPIRED",
                           "WITHDRAWN",
                           "SUPERSEDED",
                           "EMBARGOED",
                           "EXPIRED",
                           "EXERCISE_NON_PARTICIPANT",
                           "EXCLUDED",
                           "OUTSIDE_COMMUNITY",
                           "HOP_LIMIT",
                           "NEED_TO_KNOW_MISSING",
                           "RED_NOT_NAMED",
                           "SERVICE_NO_RED",
                           "AFFILIATION_CHANGED",
                           "NOT_RECIPIENT_ORG",
                           "STRICT_NO_CLIENTS",
                           "NOT_RECIPIENT_NOR_CLIENT",
                           "CLIENT_VIA_PROVIDER_ONLY",
                           "CLIENT_RELATION_EXPIRED",
                           "CLIENT_NOT_TRANSITIVE",
                           "PUBLIC_CHANNEL",
                           "SAR_PRIVATE",
                           "PERMISSION_EXPIRED",
                           "VETTING_TOO_LOW",
                           "SECTOR_MISMATCH",
                           "REGION_MISMATCH",
                           "NOT_IN_SNAPSHOT",
                           "AUTHOR",
                           "SOURCE_ORG",
                           "SOURCE_PERMISSION",
                           "NAMED_PERSON",
                           "RECIPIENT_ORG",
                           "COMMUNITY",
                           "PUBLIC",
                           "SAR_TO_AUTHORITY"}),
              ::testing::IsEmpty());
}

TEST(SecondModel, AgreesWhatMayBePublishedAndWhoReceivesIt) {
  size_t published = 0;
  size_t warned = 0;
  Tally tally;
  for (uint64_t seed = 0; seed < 6 * kBulletins; ++seed) {
    const Scene scene(seed + 1'000'000);
    const Decision decision = DecidePublish(*scene.directory, scene.terms, kNow);
    ASSERT_EQ(scene.model.PublishAnswer(), InText(decision)) << scene.About();
    ++tally[InText(decision)];
    const absl::StatusOr<Audience> audience = ResolveAudience(*scene.directory, scene.terms, kNow);
    ASSERT_EQ(audience.ok(), decision.allowed);
    if (!audience.ok()) continue;
    ++published;
    std::vector<MemberId> recipients;
    for (const Chosen& chosen : audience->recipients) recipients.push_back(chosen.member);
    ASSERT_EQ(scene.model.Recipients(), recipients) << scene.About();
    const std::vector<Rule> warning = {Rule::kEmptyAudience};
    const bool warns = scene.model.WarnsOfEmptyAudience();
    ASSERT_EQ(warns ? warning : std::vector<Rule>(), audience->warnings) << scene.About();
    warned += warns ? 1 : 0;
  }
  EXPECT_GE(published, kBulletins / 4) << "too few of the random bulletins could be published";
  EXPECT_GE(warned, kOften);
  EXPECT_THAT(Rare(tally, {"BAD_SIGNATURE",
                           "LABEL_REQUIRED",
                           "INVALID_LABEL",
                           "AMBIGUOUS_LABEL",
                           "PUBLISHER_KEY_REVOKED",
                           "UNKNOWN_CALLER",
                           "PUBLISHER_NOT_AUTHORISED",
                           "SERVICE_NO_RED",
                           "RECIPIENT_REVOKED",
                           "SUSPENDED",
                           "MEMBERSHIP_PENDING",
                           "MEMBERSHIP_NOT_YET",
                           "MEMBERSHIP_EXPIRED",
                           "BAD_WINDOW",
                           "RED_NEEDS_PERSONS",
                           "PUBLIC_CHANNEL",
                           "AUDIENCE_REQUIRED",
                           "UNKNOWN_CODE",
                           "SAR_PRIVATE",
                           "VETTING_TOO_LOW",
                           "OUTSIDE_COMMUNITY",
                           "AUTHOR",
                           "UNTRUSTED_SOURCE"}),
              ::testing::IsEmpty());
}

TEST(SecondModel, AgreesWhoMayChangeABulletin) {
  static const std::vector<Relation> kRelations = {
      Relation::kExtends, Relation::kPermits,    Relation::kRelabels, Relation::kReplies,
      Relation::kShares,  Relation::kSupersedes, Relation::kWithdraws};
  Tally tally;
  for (uint64_t seed = 0; seed < kBulletins; ++seed) {
    Scene scene(seed + 2'000'000);
    for (int i = 0; i < kRelationsABulletin; ++i) {
      // Half of them by someone who may at all.
      const RelationRequest request{
          .relation = scene.random.Pick(kRelations),
          .actor =
              scene.random.OneIn(3) ? scene.terms.author : scene.random.AnyMember(*scene.directory),
          .label = scene.random.OneIn(2) ? scene.terms.tlp : scene.random.AnyLabel()};
      const Answer answer = InText(DecideRelation(*scene.directory, scene.terms, request, kNow));
      ASSERT_EQ(scene.model.RelationAnswer(request.relation, request.actor, request.label), answer)
          << request.actor << " " << PrintRelation(request.relation) << " " << scene.About();
      ++tally[answer];
    }
  }
  EXPECT_GE(Sum(tally), 50'000u);
  EXPECT_THAT(Rare(tally, {"NOT_SOURCE", "UNKNOWN_CALLER", "LABEL_IMMUTABLE", "WITHDRAWN",
                           "SUPERSEDED", "EXPIRED", "RECIPIENT_REVOKED", "SUSPENDED",
                           "MEMBERSHIP_PENDING", "MEMBERSHIP_NOT_YET", "MEMBERSHIP_EXPIRED",
                           "NEED_TO_KNOW_MISSING", "AUTHOR", "SOURCE_ORG", "SOURCE_RELABEL"}),
              ::testing::IsEmpty());
}

TEST(SecondModel, AgreesWhatMayBePassedOn) {
  Tally tally;
  for (uint64_t seed = 0; seed < 2 * kBulletins; ++seed) {
    Scene scene(seed + 3'000'000);
    const std::vector<MemberId> holders = scene.Holders();
    for (int i = 0; i < kSharesABulletin; ++i) {
      // Who has nothing to pass on is soon compared: most have.
      const bool holds = !holders.empty() && !scene.random.OneIn(4);
      SharePlan plan{
          .from = holds ? scene.random.Pick(holders) : scene.random.AnyMember(*scene.directory),
          .from_about = scene.AnyCircumstances(),
          .by_share = scene.random.OneIn(2),
          .to = scene.random.AnyMember(*scene.directory),
          .to_about = scene.AnyCircumstances(),
          .label = scene.random.OneIn(5) ? scene.random.AnyLabel() : scene.terms.tlp,
          .reason = scene.random.OneIn(2)};
      if (!holders.empty() && scene.random.OneIn(3)) plan.to = scene.random.Pick(holders);
      if (scene.random.OneIn(12)) plan.to.reset();
      const ShareRequest request{
          .from = ReaderOf(plan.from, plan.from_about),
          .to = plan.to.has_value() ? ReaderOf(*plan.to, plan.to_about) : Reader::Public(),
          .label = plan.label,
          .reason_given = plan.reason,
          .from_holds_by_share = plan.by_share};
      const Answer answer = InText(DecideShare(*scene.directory, scene.terms, request, kNow));
      ASSERT_EQ(scene.model.ShareAnswer(plan), answer)
          << plan.from << " to " << (plan.to.has_value() ? plan.to->str() : "the public") << " "
          << scene.About();
      ++tally[answer];
    }
  }
  EXPECT_GE(Sum(tally), 100'000u);
  EXPECT_THAT(Rare(tally, {"UNKNOWN_CALLER",
                           "WITHDRAWN",
                           "EXPIRED",
                           "EXCLUDED",
                           "EXERCISE_NON_PARTICIPANT",
                           "OUTSIDE_COMMUNITY",
                           "HOP_LIMIT",
                           "NEED_TO_KNOW_MISSING",
                           "RED_NOT_NAMED",
                           "SERVICE_NO_RED",
                           "AFFILIATION_CHANGED",
                           "NOT_RECIPIENT_ORG",
                           "STRICT_NO_CLIENTS",
                           "NOT_RECIPIENT_NOR_CLIENT",
                           "CLIENT_RELATION_EXPIRED",
                           "CLIENT_NOT_TRANSITIVE",
                           "PUBLIC_CHANNEL",
                           "SAR_PRIVATE",
                           "PERMISSION_EXPIRED",
                           "VETTING_TOO_LOW",
                           "NOT_IN_SNAPSHOT",
                           "LABEL_DOWNGRADE",
                           "LABEL_IMMUTABLE",
                           "AUTHOR",
                           "OWN_ORG",
                           "CLIENT_OF_RECIPIENT",
                           "COMMUNITY",
                           "PUBLIC",
                           "SAR_TO_AUTHORITY",
                           "SOURCE_PERMISSION",
                           "NAMED_PERSON",
                           "RECIPIENT_ORG"}),
              ::testing::IsEmpty());
}

}  // namespace
}  // namespace shield::testing
