// What may not enter an edition leaves no trace in it: with it, without it or with it changed, the
// edition is the same. Over random networks, each with an edition for some of it and bulletins of
// every sort; what may enter is judged by the second model of the policy, not by what is tested.
//
// SHIELD_DIGEST_NETWORKS sets how many networks; a failure names the seed. Editions that are equal
// are written byte for byte alike (client/digest/edition.h); of what is sealed, the list that
// readers hold their inbox against among it, every byte is looked at.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <random>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/digest/admit.h"
#include "client/digest/build_edition.h"
#include "client/digest/publish/edition_draft.h"
#include "client/digest/publish/make_edition.h"
#include "crypto/sha256.h"
#include "policy/edition_readers.h"
#include "tests/policy/edition_oracle.h"
#include "tests/policy/random_edition.h"

namespace shield::testing {
namespace {

constexpr uint64_t kNetworks = 10'000;
constexpr size_t kBulletins = 6;

const absl::Time kNow = RandomNetwork::Now();

uint64_t HowMany() {
  const char* text = std::getenv("SHIELD_DIGEST_NETWORKS");
  uint64_t count = 0;
  return text != nullptr && absl::SimpleAtoi(text, &count) ? count : kNetworks;
}

BulletinId NumberedId(size_t number) {
  return *BulletinId::Parse(absl::StrFormat("%032x", number + 1));
}

// Anything an author may write, so that whatever is counted, drawn or ordered by would show.
BriefedContent AnyContent(RandomNetwork& random, size_t number) {
  static const std::vector<std::string> kKinds = {"notice", "flash_alert", "threat_level",
                                                  "training"};
  BriefedContent content;
  content.kind = random.Pick(kKinds);
  content.title = absl::StrCat("title ", number, " ", random.Below(1000));
  content.summary = absl::StrCat("summary ", random.Below(20));
  content.severity = static_cast<Severity>(random.Below(5));
  content.statement_type = static_cast<StatementType>(random.Below(4));
  if (random.OneIn(2)) content.likelihood = "likely";
  content.actions = {{random.OneIn(2) ? "it" : "guards", absl::StrCat("do ", random.Below(4))}};
  content.places = {{absl::StrCat("place ", random.Below(4)), 4.4, 51.2, std::nullopt}};
  content.indicators = {{absl::StrCat("pattern ", random.Below(4)), "", std::nullopt}};
  if (content.kind == "training") {
    content.event = BriefedEvent{content.title,
                                 "",
                                 "",
                                 kNow + absl::Hours(48),
                                 {},
                                 {},
                                 absl::StrCat("uid ", random.Below(3))};
  }
  if (content.kind == "threat_level")
    content.threat_level = BriefedThreatLevel{"ocad", "3", "2", "", ""};
  return content;
}

// The bulletin as its holder has it. It may replace another, of whatever sort.
BriefingCandidate Candidate(RandomNetwork& random, const RandomEdition& edition,
                            const RandomBulletin& of, size_t number) {
  BriefedBulletin bulletin{.id = NumberedId(number),
                           .text_digest = Sha256(absl::StrCat(number)),
                           .author = of.terms.author,
                           .source = of.terms.source};
  bulletin.content = AnyContent(random, number);
  bulletin.acknowledged = random.OneIn(2);
  bulletin.revision = static_cast<int>(random.Below(9));
  if (random.OneIn(3)) bulletin.supersedes = NumberedId(random.Below(kBulletins));
  if (random.OneIn(3)) bulletin.ended = kNow - absl::Hours(1);
  if (random.OneIn(2)) bulletin.sectors = {"retail"};
  BriefingCandidate candidate{.bulletin = std::move(bulletin), .terms = of.terms};
  candidate.directory_version = 1 + random.Below(3);
  candidate.delivered = true;
  if (of.sent_to.has_value()) {
    candidate.sent_to = std::make_shared<MemberSet>(MemberSet::Of(*edition.directory, *of.sent_to));
  }
  return candidate;
}

struct Scene {
  RandomEdition edition;
  std::vector<BriefingCandidate> candidates;
  std::vector<bool> may;  // by the second model

  std::vector<BriefingCandidate> Allowed() const {
    std::vector<BriefingCandidate> allowed;
    for (size_t i = 0; i < candidates.size(); ++i) {
      if (may[i]) allowed.push_back(candidates[i]);
    }
    return allowed;
  }
};

std::optional<Scene> MakeScene(uint64_t seed) {
  std::optional<RandomEdition> edition = MakeRandomEdition(seed, kBulletins);
  if (!edition.has_value()) return std::nullopt;
  RandomNetwork random(~seed);
  Scene scene{.edition = *std::move(edition), .candidates = {}, .may = {}};
  const std::vector<MemberId> readers = ReadersOf(scene.edition);
  for (size_t i = 0; i < kBulletins; ++i) {
    const RandomBulletin& of = scene.edition.bulletins[i];
    scene.candidates.push_back(Candidate(random, scene.edition, of, i));
    scene.may.push_back(MayEnter(scene.edition, of, readers));
  }
  return scene;
}

using Planner = std::function<EditionPlan(const RandomEdition&, const std::vector<EditionPart>&)>;

EditionPlan PlanByPolicy(const RandomEdition& edition, const std::vector<EditionPart>& parts) {
  return PlanEdition(*edition.directory, edition.edition, parts, kNow).value();
}

// An edition, and what would be sealed of it.
struct Outcome {
  Edition edition;
  std::string sealed;
  size_t listed = 0;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome Make(const Scene& scene, const std::vector<BriefingCandidate>& candidates,
             const Planner& plan) {
  Admission admission =
      Enter(plan(scene.edition, PartsOf(candidates)), candidates, /*for_others=*/true);
  const EditionInput input{.network = "n",
                           .author = scene.edition.edition.author,
                           .source = *OrgId::Parse("o0"),
                           .generator = "g",
                           .bulletins = admission.bulletins,
                           .red = admission.red};
  const Tlp tlp = scene.edition.edition.tlp;
  const EditionOrder order{.week = Week::Of(kNow),
                           .tier = tlp == Tlp::kGreen   ? Tier::kGreen
                                   : tlp == Tlp::kAmber ? Tier::kAmber
                                                        : Tier::kAmberStrict,
                           .audience = {},
                           .as_of = kNow,
                           .foreword = {},
                           .picked = {},
                           .left = {},
                           .sectors = {"retail"},
                           .regions = {}};
  Edition edition = BuildEdition(input, order).value();
  const MadeEdition made{AsSent(edition), std::move(admission), scene.edition.edition.to};
  const std::vector<ListedLine> listed = ForEveryone(*scene.edition.directory, candidates, made);
  Draft draft = DraftOfEdition(made, listed, {});
  return {std::move(edition), std::move(draft.members_json), listed.size()};
}

// What may not enter, changed wherever its author or holder might have made it otherwise.
std::vector<BriefingCandidate> WithTheRestChanged(const Scene& scene, uint64_t seed) {
  RandomNetwork random(seed * 3 + 1);
  std::vector<BriefingCandidate> changed = scene.candidates;
  for (size_t i = 0; i < changed.size(); ++i) {
    if (scene.may[i]) continue;
    const RandomBulletin& of = scene.edition.bulletins[i];
    changed[i] = Candidate(random, scene.edition, of, i);
  }
  return changed;
}

// More of what may not enter.
std::vector<BriefingCandidate> WithMore(const Scene& scene, uint64_t seed) {
  RandomNetwork random(seed * 5 + 2);
  const std::vector<MemberId> readers = ReadersOf(scene.edition);
  std::vector<BriefingCandidate> more = scene.candidates;
  for (size_t i = 0; i < 3; ++i) {
    const RandomBulletin of = MakeRandomBulletin(random, scene.edition);
    if (MayEnter(scene.edition, of, readers)) continue;
    more.push_back(Candidate(random, scene.edition, of, kBulletins + i));
  }
  return more;
}

// In how many networks what may not enter left a trace; how much there was to leave one, or enter.
struct Traces {
  size_t of_removed = 0;
  size_t of_changed = 0;
  size_t of_added = 0;
  size_t of_order = 0;
  size_t kept_out = 0;
  size_t entered = 0;
  size_t listed = 0;

  size_t all() const { return of_removed + of_changed + of_added + of_order; }
};

void Look(uint64_t seed, const Planner& plan, Traces& traces) {
  const std::optional<Scene> scene = MakeScene(seed);
  if (!scene.has_value()) return;
  const Outcome outcome = Make(*scene, scene->candidates, plan);
  std::vector<BriefingCandidate> shuffled = scene->candidates;
  std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937_64(seed));
  traces.of_removed += Make(*scene, scene->Allowed(), plan) == outcome ? 0 : 1;
  traces.of_changed += Make(*scene, WithTheRestChanged(*scene, seed), plan) == outcome ? 0 : 1;
  traces.of_added += Make(*scene, WithMore(*scene, seed), plan) == outcome ? 0 : 1;
  traces.of_order += Make(*scene, shuffled, plan) == outcome ? 0 : 1;
  traces.entered += outcome.edition.provenance.size();
  traces.listed += outcome.listed;
  traces.kept_out += static_cast<size_t>(std::count(scene->may.begin(), scene->may.end(), false));
}

TEST(NonInterference, WhatMayNotEnterLeavesNoTrace) {
  Traces traces;
  for (uint64_t seed = 0; seed < HowMany(); ++seed) {
    Look(seed, PlanByPolicy, traces);
    ASSERT_EQ(traces.all(), 0u) << "seed " << seed << ": removed " << traces.of_removed
                                << ", changed " << traces.of_changed << ", added "
                                << traces.of_added << ", order " << traces.of_order;
  }
  // There was something to keep out, and something to say.
  EXPECT_GT(traces.kept_out, HowMany());
  EXPECT_GT(traces.entered, HowMany() / 10);
  EXPECT_GT(traces.listed, 0u);
}

// The same look at an admission that errs. Each lets in what one rule refuses.
size_t TracesOf(const Planner& plan) {
  Traces traces;
  for (uint64_t seed = 0; seed < 1'000; ++seed) Look(seed, plan, traces);
  return traces.all();
}

Planner Ignoring(Rule rule) {
  return [rule](const RandomEdition& edition, const std::vector<EditionPart>& parts) {
    const auto ask = [rule](const Reading& reading, const MemberRecord& member,
                            const OrgRecord& org, bool in_snapshot) -> Verdict {
      const Verdict verdict = AskPolicy(reading, member, org, in_snapshot);
      if (verdict.rule == rule) return {.allowed = true, .rule = Rule::kCommunity};
      return verdict;
    };
    return PlanEditionAsking(*edition.directory, edition.edition, parts, kNow, ask).value();
  };
}

// One bulletin that `rule` kept out comes in after all.
Planner Slipping(absl::string_view rule) {
  return [rule](const RandomEdition& edition, const std::vector<EditionPart>& parts) {
    EditionPlan plan = PlanByPolicy(edition, parts);
    const auto left = std::find_if(plan.left_out.begin(), plan.left_out.end(),
                                   [rule](const auto& other) { return other.rule == rule; });
    if (left == plan.left_out.end()) return plan;
    plan.items.push_back(left->part);
    plan.left_out.erase(left);
    return plan;
  };
}

TEST(NonInterference, APlantedFaultLeavesTraces) {
  EXPECT_EQ(TracesOf(PlanByPolicy), 0u);
  for (Rule rule : {Rule::kSectorMismatch, Rule::kVettingTooLow, Rule::kExcluded,
                    Rule::kNotInSnapshot, Rule::kExerciseNonParticipant}) {
    EXPECT_GT(TracesOf(Ignoring(rule)), 0u) << RuleName(rule);
  }
  for (absl::string_view rule : {"LABEL_ABOVE_TIER", "AUDIENCE_NARROWED", "SENT_TO_UNKNOWN",
                                 "NOT_BRIEFED", "OUTSIDE_COMMUNITY"}) {
    EXPECT_GT(TracesOf(Slipping(rule)), 0u) << rule;
  }
}

}  // namespace
}  // namespace shield::testing
