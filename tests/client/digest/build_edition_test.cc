#include "client/digest/build_edition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "absl/strings/match.h"
#include "base/status.h"
#include "client/digest/edition_sections.h"
#include "tests/client/digest/town.h"

namespace shield::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

EditionOrder Order(Tier tier = Tier::kGreen) {
  return {.week = TownWeek(),
          .tier = tier,
          .audience = {"community:antwerp"},
          .as_of = TownWeek().due(),
          .foreword = {},
          .picked = {},
          .left = {},
          .sectors = {"retail"},
          .regions = {"BE21"}};
}

EditionInput Input(std::vector<BriefedBulletin> bulletins, std::vector<BriefedBulletin> red = {}) {
  return {.network = "shield.antwerp.example",
          .author = *MemberId::Parse("digest"),
          .source = *OrgId::Parse("pol"),
          .directory_version = 7,
          .generator = "shield test",
          .bulletins = std::move(bulletins),
          .red = std::move(red)};
}

Edition Built(std::vector<BriefedBulletin> bulletins, const EditionOrder& order = Order(),
              std::vector<BriefedBulletin> red = {}) {
  const EditionInput input = Input(std::move(bulletins), std::move(red));
  return BuildEdition(input, order).value();
}

BriefedBulletin Ended(BriefedBulletin bulletin, InboxState state, absl::Time ended) {
  bulletin.state = state;
  bulletin.ended = ended;
  bulletin.content = {};
  return bulletin;
}

// So that what is held reaches back through the weeks of the trend; told of nowhere.
BriefedBulletin LongAgo() {
  BriefedBulletin bulletin = TownBulletin(900, TownTime(-60));
  bulletin.state = InboxState::kExpired;
  bulletin.expires = TownTime(-50);
  bulletin.content = {};
  return bulletin;
}

std::vector<BulletinId> IdsOf(const std::vector<EditionLine>& lines) {
  std::vector<BulletinId> ids;
  ids.reserve(lines.size());
  for (const EditionLine& line : lines) ids.push_back(line.id);
  return ids;
}

std::vector<BulletinId> IdsOf(const std::vector<EditionItem>& items) {
  std::vector<BulletinId> ids;
  ids.reserve(items.size());
  for (const EditionItem& item : items) ids.push_back(item.bulletin.id);
  return ids;
}

BriefedBulletin Assessed(int number, std::string likelihood) {
  BriefedBulletin bulletin = TownBulletin(number);
  bulletin.content.statement_type = StatementType::kAssessment;
  bulletin.content.likelihood = std::move(likelihood);
  bulletin.content.confidence = "moderate";
  return bulletin;
}

BriefedBulletin ThreatLevel(int number, std::string level) {
  BriefedBulletin bulletin = TownBulletin(number);
  bulletin.content.kind = "threat_level";
  bulletin.content.threat_level = BriefedThreatLevel{
      .scheme = "ocad", .level = std::move(level), .previous = "2", .scope = "general", .of = ""};
  return bulletin;
}

TEST(BuildEditionTest, TheHeadSaysForWhomAndForWhen) {
  EditionOrder order = Order();
  order.revision = 2;
  order.language = Language::kDutch;
  const Edition edition = Built({TownBulletin(1)}, order);
  EXPECT_EQ(edition.network, "shield.antwerp.example");
  EXPECT_EQ(edition.week.Print(), "2026-W47");
  EXPECT_EQ(edition.language, Language::kDutch);
  EXPECT_THAT(edition.audience, ElementsAre("community:antwerp"));
  EXPECT_EQ(edition.revision, 2);
  EXPECT_EQ(edition.as_of, TownTime(7, 7));
  EXPECT_EQ(edition.valid_until, TownTime(14, 7));
  EXPECT_EQ(edition.directory_version, 7u);
  EXPECT_EQ(edition.generator, "shield test");
}

TEST(BuildEditionTest, TheLabelIsTheStrictestOfItsParts) {
  BriefedBulletin amber = TownBulletin(1);
  amber.tlp = Tlp::kAmber;
  BriefedBulletin clear = TownBulletin(2);
  clear.tlp = Tlp::kClear;
  EditionOrder order = Order(Tier::kAmberStrict);
  EXPECT_EQ(Built({clear}, order).label, Tlp::kClear);
  EXPECT_EQ(Built({clear, amber}, order).label, Tlp::kAmber);
  EXPECT_EQ(Built({Ended(amber, InboxState::kWithdrawn, TownTime(3)), clear}, order).label,
            Tlp::kAmber);
  EXPECT_EQ(Built({}, order).label, Tlp::kAmberStrict);
  order.foreword = "Dear all,";
  EXPECT_EQ(Built({clear}, order).label, Tlp::kAmberStrict);
}

TEST(BuildEditionTest, WhatIsOnlyCountedIsAPartToo) {
  const EditionOrder order = Order(Tier::kAmber);
  // Ended before the week, and one of the four weeks that the trend shows.
  BriefedBulletin gone = TownBulletin(1, TownTime(-20));
  gone.tlp = Tlp::kAmber;
  gone.expires = TownTime(-10);
  gone = Ended(gone, InboxState::kExpired, TownTime(-10));
  const Edition counted = Built({gone, TownBulletin(2)}, order);
  EXPECT_THAT(counted.provenance, SizeIs(1));
  EXPECT_EQ(counted.label, Tlp::kAmber);
  // Before the weeks of the trend it leaves no trace.
  gone.issued = gone.not_before = TownTime(-40);
  EXPECT_EQ(Built({gone, TownBulletin(2)}, order).label, Tlp::kGreen);
  // An earlier version of what is listed: the number of the version tells of it.
  BriefedBulletin newer = TownBulletin(2);
  newer.supersedes = gone.id;
  EXPECT_EQ(Built({gone, newer}, order).label, Tlp::kAmber);
  // Beyond the maximum of its list.
  std::vector<BriefedBulletin> many;
  for (int i = 1; i <= static_cast<int>(kMaxFullItems + kMaxAlsoLines) + 1; ++i) {
    many.push_back(TownBulletin(i, TownTime(2) - absl::Minutes(i)));
  }
  many.back().tlp = Tlp::kAmber;
  const Edition full = Built(many, order);
  EXPECT_EQ(full.left_out.also, 1U);
  EXPECT_EQ(full.label, Tlp::kAmber);
}

TEST(BuildEditionTest, TheWeekEndsWhereTheNextBegins) {
  const Edition edition =
      Built({TownBulletin(1, TownTime(0, 0)), TownBulletin(2, TownTime(7, 0) - absl::Seconds(1)),
             TownBulletin(3, TownTime(7, 0)), TownBulletin(4, TownTime(0, 0) - absl::Seconds(1))});
  EXPECT_THAT(IdsOf(edition.items), ElementsAre(TownId(2), TownId(1)));
  EXPECT_THAT(IdsOf(edition.open), ElementsAre(TownId(4)));
  EXPECT_THAT(edition.provenance, SizeIs(3));
}

TEST(BuildEditionTest, WhatWasUnderEmbargoIsNewWhenThatEnds) {
  BriefedBulletin bulletin = TownBulletin(1, TownTime(-10));
  bulletin.not_before = TownTime(3);
  EXPECT_THAT(IdsOf(Built({bulletin}).items), ElementsAre(TownId(1)));
  bulletin.not_before = TownTime(8);
  EXPECT_TRUE(Built({bulletin}).quiet());
}

TEST(BuildEditionTest, AnEditionMadeEarlyKnowsNothingOfWhatCameAfter) {
  EditionOrder order = Order();
  order.as_of = TownTime(2, 13);
  const Edition edition =
      Built({TownBulletin(1, TownTime(2)), TownBulletin(2, TownTime(3))}, order);
  EXPECT_THAT(IdsOf(edition.items), ElementsAre(TownId(1)));
  EXPECT_EQ(edition.trend.back().published, 1u);
}

TEST(BuildEditionTest, OrderIsBySeverityThenSectorThenRegionThenTime) {
  std::vector<BriefedBulletin> bulletins;
  for (int i = 1; i <= 7; ++i) bulletins.push_back(TownBulletin(i));
  bulletins[6].content.severity = Severity::kExtreme;
  bulletins[5].content.severity = Severity::kMinor;
  bulletins[4].sectors = {"retail"};
  bulletins[3].regions = {"BE211"};                             // inside BE21
  bulletins[2].issued = bulletins[2].not_before = TownTime(5);  // newer
  bulletins[1].regions = {"BE23"};                              // not of the readers
  EXPECT_THAT(IdsOf(Built(bulletins).items), ElementsAre(TownId(7), TownId(6), TownId(5), TownId(4),
                                                         TownId(3), TownId(1), TownId(2)));
}

TEST(BuildEditionTest, TwelveStandInFullAndTheRestInLines) {
  std::vector<BriefedBulletin> bulletins;
  for (int i = 1; i <= 14; ++i) bulletins.push_back(TownBulletin(i));
  const Edition edition = Built(bulletins);
  EXPECT_THAT(edition.items, SizeIs(kMaxFullItems));
  EXPECT_THAT(IdsOf(edition.also), ElementsAre(TownId(13), TownId(14)));
  EXPECT_EQ(edition.items.front().number, 1);
  EXPECT_EQ(edition.also.back().number, 14);
  EXPECT_EQ(edition.also.back().title, "Title 14");
  bulletins.erase(bulletins.begin() + 12, bulletins.end());
  EXPECT_THAT(Built(bulletins).also, IsEmpty());
}

TEST(BuildEditionTest, TheEditorPicksAndLeaves) {
  std::vector<BriefedBulletin> bulletins;
  for (int i = 1; i <= 14; ++i) bulletins.push_back(TownBulletin(i));
  EditionOrder order = Order();
  order.picked = {TownId(14), TownId(13)};
  order.left = {TownId(1)};
  const Edition edition = Built(bulletins, order);
  EXPECT_EQ(edition.items[0].bulletin.id, TownId(14));
  EXPECT_EQ(edition.items[1].bulletin.id, TownId(13));
  EXPECT_EQ(edition.items[2].bulletin.id, TownId(2));
  EXPECT_THAT(IdsOf(edition.also), ElementsAre(TownId(1), TownId(12)));
}

TEST(BuildEditionTest, WhatIsPickedMustHaveEntered) {
  const EditionInput input = Input({TownBulletin(1), TownBulletin(2, TownTime(-3))});
  const auto status = [&](std::vector<BulletinId> picked, std::vector<BulletinId> left) {
    EditionOrder order = Order();
    order.picked = std::move(picked);
    order.left = std::move(left);
    return BuildEdition(input, order).status();
  };
  EXPECT_TRUE(status({TownId(1)}, {}).ok());
  for (const absl::Status& refused :
       {status({TownId(9)}, {}), status({}, {TownId(9)}), status({TownId(2)}, {})}) {
    EXPECT_EQ(refused.code(), absl::StatusCode::kNotFound);
    EXPECT_EQ(RuleOf(refused), "NOT_IN_EDITION");
  }
  EXPECT_EQ(RuleOf(status({TownId(1)}, {TownId(1)})), "PICKED_AND_LEFT");
}

TEST(BuildEditionTest, TheSameInputInAnyOrderIsTheSameEdition) {
  std::vector<BriefedBulletin> bulletins;
  for (int i = 1; i <= 40; ++i) {
    BriefedBulletin bulletin =
        i % 3 == 0 ? Assessed(i, "likely") : TownBulletin(i, TownTime(i % 9 - 2));
    if (i % 5 == 0) bulletin.supersedes = TownId(i - 1);
    if (i % 7 == 0) bulletin = Ended(bulletin, InboxState::kWithdrawn, TownTime(3));
    if (i % 11 == 0) bulletin = Ended(bulletin, InboxState::kSuperseded, TownTime(3));
    bulletin.content.severity = static_cast<Severity>(i % 5);
    bulletin.content.places = {
        {.name = "Meir", .longitude = 4.4, .latitude = 51.2, .radius_m = {}}};
    bulletin.content.actions = {{"it", i % 2 == 0 ? "even" : "odd"}};
    bulletins.push_back(std::move(bulletin));
  }
  const Edition edition = Built(bulletins);
  std::mt19937_64 engine(11);
  for (int i = 0; i < 50; ++i) {
    std::shuffle(bulletins.begin(), bulletins.end(), engine);
    ASSERT_TRUE(Built(bulletins) == edition);
  }
}

TEST(BuildEditionTest, AWeekWithoutAnythingNewSaysSo) {
  const Edition edition = Built({TownBulletin(1, TownTime(-3)), LongAgo()});
  EXPECT_TRUE(edition.quiet());
  ASSERT_THAT(edition.judgements, SizeIs(2));
  EXPECT_EQ(edition.judgements[0].kind, Judgement::Kind::kQuiet);
  EXPECT_EQ(edition.judgements[1].kind, Judgement::Kind::kTrend);
  const Edition nothing = Built({});
  ASSERT_THAT(nothing.judgements, SizeIs(1));
  EXPECT_EQ(nothing.judgements[0].kind, Judgement::Kind::kQuiet);
  EXPECT_THAT(nothing.trend, SizeIs(kTrendWeeks));
}

TEST(BuildEditionTest, WhatWasWithdrawnIsListedWithoutItsTitle) {
  BriefedBulletin withdrawn = Ended(TownBulletin(1), InboxState::kWithdrawn, TownTime(4));
  withdrawn.content.title = "must not be said";
  const Edition edition = Built({withdrawn});
  ASSERT_THAT(edition.withdrawn, SizeIs(1));
  EXPECT_THAT(edition.withdrawn[0].title, IsEmpty());
  EXPECT_EQ(edition.withdrawn[0].ended, TownTime(4));
  EXPECT_TRUE(edition.quiet());
  EXPECT_THAT(edition.provenance, SizeIs(1));
}

TEST(BuildEditionTest, TheTrendCountsWhatWasExtendedOnceAndWhenItAppearedFirst) {
  const auto extension = [](int number, absl::Time issued) {
    BriefedBulletin bulletin =
        Ended(TownBulletin(number, issued), InboxState::kWithdrawn, TownTime(4));
    bulletin.original = TownId(1);
    return bulletin;
  };
  const auto counts = [](const Edition& edition) {
    return std::pair(edition.trend[kTrendWeeks - 2].published, edition.trend.back().published);
  };
  const BriefedBulletin later = extension(2, TownTime(2));
  EXPECT_EQ(counts(Built({later, extension(3, TownTime(-2)), TownBulletin(4)})),
            std::pair(size_t{1}, size_t{1}));
  EXPECT_EQ(counts(Built({later, TownBulletin(1, TownTime(1))})), std::pair(size_t{0}, size_t{1}));
}

TEST(BuildEditionTest, AWithdrawalCountsFromTheWeekItCame) {
  const auto old = [](int number, absl::Time ended) {
    return Ended(TownBulletin(number, TownTime(-9)), InboxState::kWithdrawn, ended);
  };
  const Edition edition = Built(
      {old(1, TownTime(0, 0) - absl::Seconds(1)), old(2, TownTime(0, 0)), old(3, TownTime(9))});
  EXPECT_THAT(IdsOf(edition.withdrawn), ElementsAre(TownId(3), TownId(2)));
}

TEST(BuildEditionTest, AWithdrawalOfAnUnknownTimeIsNotPassedOver) {
  BriefedBulletin held = TownBulletin(1, TownTime(-3));
  held.state = InboxState::kWithdrawn;
  BriefedBulletin long_gone = TownBulletin(2, TownTime(-60));
  long_gone.state = InboxState::kWithdrawn;
  EXPECT_THAT(IdsOf(Built({held, long_gone}).withdrawn), ElementsAre(TownId(1)));
}

TEST(BuildEditionTest, WhatReplacesAnotherIsAChangeAndTheOtherIsCorrected) {
  const BriefedBulletin older =
      Ended(TownBulletin(1, TownTime(-2)), InboxState::kSuperseded, TownTime(2));
  BriefedBulletin newer = TownBulletin(2);
  newer.supersedes = TownId(1);
  newer.revision = 99;  // whatever its holder counted
  const Edition edition = Built({older, newer});
  ASSERT_THAT(edition.items, SizeIs(1));
  EXPECT_EQ(edition.items[0].change, ItemChange::kChanged);
  EXPECT_EQ(edition.items[0].bulletin.revision, 2);
  ASSERT_THAT(edition.corrected, SizeIs(1));
  EXPECT_EQ(edition.corrected[0].replaced_by, TownId(2));
  EXPECT_THAT(edition.corrected[0].title, IsEmpty());
  // One that did not enter is not counted, and not named.
  EXPECT_EQ(Built({older}).corrected[0].replaced_by, std::nullopt);
  EXPECT_EQ(Built({newer}).items[0].bulletin.revision, 2);
}

TEST(BuildEditionTest, ARingOfReplacementsEnds) {
  BriefedBulletin one = TownBulletin(1);
  BriefedBulletin two = TownBulletin(2);
  one.supersedes = TownId(2);
  two.supersedes = TownId(1);
  EXPECT_THAT(Built({one, two}).items, SizeIs(2));
}

TEST(BuildEditionTest, WhatEndsBeforeTheNextEditionIsSaid) {
  BriefedBulletin fresh = TownBulletin(1);
  fresh.expires = TownTime(14, 7);
  BriefedBulletin old = TownBulletin(2, TownTime(-3));
  old.expires = TownTime(10);
  BriefedBulletin later = TownBulletin(3, TownTime(-3));
  later.expires = TownTime(14, 7) + absl::Seconds(1);
  BriefedBulletin over = TownBulletin(4, TownTime(-3));
  over.expires = TownTime(3);
  over.state = InboxState::kExpired;
  BriefedBulletin long_over = TownBulletin(5, TownTime(-30));
  long_over.expires = TownTime(-1);
  long_over.state = InboxState::kExpired;
  const Edition edition = Built({fresh, old, later, over, long_over});
  EXPECT_THAT(IdsOf(edition.expiring), ElementsAre(TownId(2), TownId(1)));
  EXPECT_THAT(IdsOf(edition.expired), ElementsAre(TownId(4)));
  EXPECT_THAT(IdsOf(edition.open), ElementsAre(TownId(3)));
  EXPECT_THAT(edition.expired[0].title, IsEmpty());
  EXPECT_EQ(edition.expiring[1].number, edition.items[0].number);
}

TEST(BuildEditionTest, EachBulletinHasOneNumberAndOneLineOfProvenance) {
  BriefedBulletin fresh = TownBulletin(1);
  fresh.expires = TownTime(9);
  const Edition edition = Built({fresh, TownBulletin(2, TownTime(-3)),
                                 Ended(TownBulletin(3), InboxState::kWithdrawn, TownTime(3))});
  ASSERT_THAT(edition.provenance, SizeIs(3));
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(edition.provenance[i].number, static_cast<int>(i) + 1);
  }
  EXPECT_EQ(edition.provenance[0].id, TownId(1));
  EXPECT_EQ(edition.provenance[0].text_digest, fresh.text_digest);
}

TEST(BuildEditionTest, StatedJudgementsComeFirstThenThreatLevelsThenTheTrend) {
  const Edition edition = Built({Assessed(1, "likely"), Assessed(2, "unlikely"),
                                 ThreatLevel(3, "3"), TownBulletin(4), LongAgo()});
  ASSERT_THAT(edition.judgements, SizeIs(4));
  EXPECT_EQ(edition.judgements[0].text, "Summary 1");
  EXPECT_EQ(edition.judgements[0].likelihood, "likely");
  EXPECT_EQ(edition.judgements[0].confidence, "moderate");
  EXPECT_THAT(edition.judgements[0].items, ElementsAre(1));
  EXPECT_EQ(edition.judgements[2].kind, Judgement::Kind::kThreatLevel);
  EXPECT_EQ(edition.judgements[2].threat_level->level, "3");
  EXPECT_EQ(edition.judgements[3].kind, Judgement::Kind::kTrend);
}

TEST(BuildEditionTest, JudgementsAreNeverMoreThanFiveAndLevelsKeepTheirRoom) {
  std::vector<BriefedBulletin> bulletins = {LongAgo()};
  for (int i = 1; i <= 9; ++i) bulletins.push_back(Assessed(i, "likely"));
  EXPECT_THAT(Built(bulletins).judgements, SizeIs(kMaxJudgements));
  for (int i = 10; i <= 14; ++i) bulletins.push_back(ThreatLevel(i, absl::StrCat(i)));
  const Edition edition = Built(bulletins);
  ASSERT_THAT(edition.judgements, SizeIs(kMaxJudgements));
  EXPECT_EQ(edition.judgements[1].kind, Judgement::Kind::kStated);
  EXPECT_EQ(edition.judgements[2].kind, Judgement::Kind::kThreatLevel);
  EXPECT_EQ(edition.judgements[3].kind, Judgement::Kind::kThreatLevel);
  EXPECT_EQ(edition.judgements[4].kind, Judgement::Kind::kTrend);
}

TEST(BuildEditionTest, WhereFewAreStatedWhatIsGraveIsSaid) {
  BriefedBulletin grave = TownBulletin(1);
  grave.content.severity = Severity::kSevere;
  BriefedBulletin small = TownBulletin(2);
  small.content.severity = Severity::kMinor;
  BriefedBulletin middling = TownBulletin(3);
  middling.content.severity = Severity::kModerate;
  middling.content.summary.clear();
  const Edition edition = Built({grave, small, middling, LongAgo()});
  ASSERT_THAT(edition.judgements, SizeIs(3));
  EXPECT_EQ(edition.judgements[0].text, "Summary 1");
  EXPECT_EQ(edition.judgements[1].text, "Title 3");
  EXPECT_EQ(edition.judgements[2].kind, Judgement::Kind::kTrend);
}

TEST(BuildEditionTest, WhatIsSevereIsSaidWhereThereIsRoomAndAnExtremeEventFirst) {
  std::vector<BriefedBulletin> bulletins = {Assessed(1, "likely"), Assessed(2, "unlikely"),
                                            LongAgo()};
  for (int i = 3; i <= 6; ++i) {
    bulletins.push_back(TownBulletin(i));
    bulletins.back().content.severity = Severity::kSevere;
  }
  Edition edition = Built(bulletins);
  ASSERT_THAT(edition.judgements, SizeIs(kMaxJudgements));
  EXPECT_EQ(edition.judgements[2].text, "Summary 3");
  EXPECT_EQ(edition.judgements[4].kind, Judgement::Kind::kTrend);
  for (int i = 7; i <= 12; ++i) bulletins.push_back(Assessed(i, "likely"));
  bulletins.push_back(TownBulletin(13));
  bulletins.back().content.severity = Severity::kExtreme;
  edition = Built(bulletins);
  ASSERT_THAT(edition.judgements, SizeIs(kMaxJudgements));
  EXPECT_EQ(edition.judgements[0].text, "Summary 13");
  EXPECT_EQ(edition.judgements[3].likelihood, "likely");
}

TEST(BuildEditionTest, TheSameJudgementOfTwoBulletinsStandsOnce) {
  BriefedBulletin again = Assessed(2, "likely");
  again.content.summary = "Summary 1\n";
  const Edition edition = Built({Assessed(1, "likely"), again});
  ASSERT_THAT(edition.judgements, SizeIs(1));
  EXPECT_THAT(edition.judgements[0].items, ElementsAre(1, 2));
}

TEST(BuildEditionTest, AnExerciseStandsInItsItemAlone) {
  BriefedBulletin exercise = ThreatLevel(1, "4");
  exercise.status = BulletinStatus::kExercise;
  exercise.content.actions = {{"all", "Close the doors."}};
  exercise.content.places = {{.name = "Meir", .longitude = 4, .latitude = 51, .radius_m = {}}};
  exercise.content.indicators = {{.pattern = "x", .name = "y", .valid_until = {}}};
  exercise.content.event = BriefedEvent{.what = "w",
                                        .place = "",
                                        .organiser = "",
                                        .starts = TownTime(9),
                                        .ends = {},
                                        .register_until = {},
                                        .uid = ""};
  const Edition edition = Built({exercise});
  ASSERT_THAT(edition.items, SizeIs(1));
  EXPECT_EQ(edition.items[0].bulletin.status, BulletinStatus::kExercise);
  EXPECT_THAT(edition.judgements, IsEmpty());
  EXPECT_THAT(edition.deeds, IsEmpty());
  EXPECT_THAT(edition.places, IsEmpty());
  EXPECT_THAT(edition.indicators, IsEmpty());
  EXPECT_THAT(edition.events, IsEmpty());
  EXPECT_EQ(edition.trend.back().published, 0u);
}

TEST(BuildEditionTest, DeedsStandByRoleAndOnce) {
  BriefedBulletin one = TownBulletin(1);
  one.content.actions = {{"it", "Patch."}, {"guards", "Look."}, {"it", " Patch. "}};
  BriefedBulletin two = TownBulletin(2);
  two.content.actions = {{"it", "Patch."}, {"front_desk", "Ask."}};
  const Edition edition = Built({one, two});
  ASSERT_THAT(edition.deeds, SizeIs(3));
  EXPECT_EQ(edition.deeds[0].who, "front_desk");
  EXPECT_EQ(edition.deeds[1].who, "guards");
  EXPECT_EQ(edition.deeds[2].who, "it");
  ASSERT_THAT(edition.deeds[2].deeds, SizeIs(1));
  EXPECT_THAT(edition.deeds[2].deeds[0].items, ElementsAre(1, 2));
}

TEST(BuildEditionTest, DeedsBeyondTheMaximumAreCounted) {
  BriefedBulletin bulletin = TownBulletin(1);
  for (size_t i = 0; i < kMaxDeedsByRole; ++i) {
    bulletin.content.actions.push_back({"it", absl::StrCat("Do ", i)});
  }
  EXPECT_EQ(Built({bulletin}).deeds[0].left_out, 0u);
  bulletin.content.actions.push_back({"it", "One more"});
  const Edition edition = Built({bulletin});
  EXPECT_THAT(edition.deeds[0].deeds, SizeIs(kMaxDeedsByRole));
  EXPECT_EQ(edition.deeds[0].left_out, 1u);
}

TEST(BuildEditionTest, OnePlaceOfTwoBulletinsStandsOnceWithTheGraverSeverity) {
  BriefedBulletin one = TownBulletin(1);
  one.content.places = {{.name = "Meir", .longitude = 4.4, .latitude = 51.2, .radius_m = {}},
                        {.name = "Zoo", .longitude = 4.42, .latitude = 51.21, .radius_m = {}}};
  BriefedBulletin two = TownBulletin(2);
  two.content.severity = Severity::kSevere;
  two.content.places = {{.name = "Meir", .longitude = 4.40001, .latitude = 51.2, .radius_m = {}}};
  const Edition edition = Built({one, two});
  ASSERT_THAT(edition.places, SizeIs(2));
  EXPECT_EQ(edition.places[0].name, "Meir");
  EXPECT_EQ(edition.places[0].severity, Severity::kSevere);
  EXPECT_THAT(edition.places[0].items, ElementsAre(1, 2));
  EXPECT_EQ(edition.places[1].name, "Zoo");
  EXPECT_EQ(edition.places_left_out, 0u);
}

TEST(BuildEditionTest, PlacesAndIndicatorsBeyondTheMaximumAreCounted) {
  std::vector<BriefedBulletin> bulletins;
  for (int i = 1; i <= 7; ++i) {
    BriefedBulletin bulletin = TownBulletin(i);
    for (int j = 0; j < 32; ++j) {
      bulletin.content.places.push_back(
          {.name = absl::StrCat(i, "-", j), .longitude = 4, .latitude = 51, .radius_m = {}});
      bulletin.content.indicators.push_back(
          {.pattern = absl::StrCat(i, "-", j), .name = "", .valid_until = {}});
    }
    bulletins.push_back(std::move(bulletin));
  }
  const Edition edition = Built(bulletins);
  EXPECT_THAT(edition.places, SizeIs(kMaxEditionPlaces));
  EXPECT_EQ(edition.places_left_out, 7 * 32 - kMaxEditionPlaces);
  EXPECT_THAT(edition.indicators, SizeIs(kMaxEditionIndicators));
  EXPECT_EQ(edition.indicators_left_out, 7 * 32 - kMaxEditionIndicators);
}

TEST(BuildEditionTest, LinesBeyondTheMaximumOfTheirListAreCounted) {
  std::vector<BriefedBulletin> bulletins;
  int number = 0;
  const auto add = [&](int count, absl::Time issued, absl::Time expires, InboxState state) {
    for (int i = 0; i < count; ++i) {
      bulletins.push_back(TownBulletin(++number, issued));
      bulletins.back().expires = expires;
      bulletins.back().state = state;
      if (state != InboxState::kLive) bulletins.back().content = {};
    }
  };
  add(12 + 43, TownTime(2), TownTime(60), InboxState::kLive);
  add(25, TownTime(-3), TownTime(60), InboxState::kLive);
  add(41, TownTime(-3), TownTime(10), InboxState::kLive);
  add(42, TownTime(-3), TownTime(1), InboxState::kExpired);
  add(44, TownTime(-3), TownTime(60), InboxState::kWithdrawn);
  add(45, TownTime(-3), TownTime(60), InboxState::kSuperseded);
  const Edition edition = Built(bulletins);
  EXPECT_THAT(edition.also, SizeIs(kMaxAlsoLines));
  EXPECT_THAT(edition.open, SizeIs(kMaxOpenLines));
  for (const auto* list :
       {&edition.expiring, &edition.expired, &edition.withdrawn, &edition.corrected}) {
    EXPECT_THAT(*list, SizeIs(kMaxEditionLines));
  }
  EXPECT_EQ(
      edition.left_out,
      (LinesLeftOut{
          .also = 3, .open = 5, .expiring = 1, .expired = 2, .withdrawn = 4, .corrected = 5}));
  EXPECT_THAT(edition.provenance,
              SizeIs(12 + kMaxAlsoLines + kMaxOpenLines + 4 * kMaxEditionLines));
}

TEST(BuildEditionTest, TheLookAheadTellsOfWhatNoListHasRoomFor) {
  std::vector<BriefedBulletin> bulletins;
  for (int i = 1; i <= static_cast<int>(kMaxOpenLines + kMaxEditionEvents) + 2; ++i) {
    bulletins.push_back(TownBulletin(i, TownTime(-3)));
    bulletins.back().expires = TownTime(90);
    bulletins.back().content.kind = "training";
    bulletins.back().content.event = BriefedEvent{.what = absl::StrCat("Event ", i),
                                                  .place = {},
                                                  .organiser = {},
                                                  .starts = TownTime(8) + absl::Minutes(i),
                                                  .ends = {},
                                                  .register_until = {},
                                                  .uid = {}};
  }
  const Edition edition = Built(bulletins);
  EXPECT_THAT(edition.open, SizeIs(kMaxOpenLines));
  ASSERT_THAT(edition.events, SizeIs(kMaxEditionEvents));
  EXPECT_EQ(edition.left_out.events, kMaxOpenLines + 2);
  for (const EditionEvent& event : edition.events) {
    EXPECT_EQ(edition.provenance[static_cast<size_t>(event.item) - 1].id, event.id);
  }
}

TEST(BuildEditionTest, WhatIsLiveIsNumberedBeforeWhatHasEnded) {
  std::vector<BriefedBulletin> bulletins;
  for (int i = 1; i <= static_cast<int>(kMaxOpenLines) + 2; ++i) {
    bulletins.push_back(TownBulletin(i, TownTime(-3)));
    bulletins.back().expires = TownTime(90);
    bulletins.back().content.event = BriefedEvent{.what = absl::StrCat("Event ", i),
                                                  .place = {},
                                                  .organiser = {},
                                                  .starts = TownTime(8) + absl::Minutes(i),
                                                  .ends = {},
                                                  .register_until = {},
                                                  .uid = {}};
  }
  const size_t live = bulletins.size();
  bulletins.push_back(TownBulletin(90, TownTime(1)));
  bulletins.back().state = InboxState::kWithdrawn;
  const Edition edition = Built(bulletins);
  ASSERT_THAT(edition.events, SizeIs(live));
  for (const EditionEvent& event : edition.events) {
    EXPECT_LE(event.item, static_cast<int>(live));
  }
  ASSERT_THAT(edition.withdrawn, SizeIs(1));
  EXPECT_EQ(edition.withdrawn[0].number, static_cast<int>(live) + 1);
}

TEST(BuildEditionTest, EachHalvingHalvesEveryMaximum) {
  std::vector<BriefedBulletin> bulletins;
  for (int i = 1; i <= 60; ++i) {
    bulletins.push_back(TownBulletin(i));
    bulletins.back().content.actions = {{"it", absl::StrCat("Do ", i)}};
  }
  EditionOrder order = Order();
  order.halvings = 2;
  const Edition edition = Built(bulletins, order);
  EXPECT_THAT(edition.items, SizeIs(kMaxFullItems / 4));
  EXPECT_THAT(edition.also, SizeIs(kMaxAlsoLines / 4));
  EXPECT_THAT(edition.deeds[0].deeds, SizeIs(kMaxDeedsByRole / 4));
  EXPECT_EQ(edition.left_out.also, 60 - kMaxFullItems / 4 - kMaxAlsoLines / 4);
}

TEST(BuildEditionTest, IndicatorsThatAreNoLongerValidAreNotShown) {
  BriefedBulletin bulletin = TownBulletin(1);
  bulletin.content.indicators = {{.pattern = "a", .name = "", .valid_until = TownTime(7, 7)},
                                 {.pattern = "b", .name = "", .valid_until = TownTime(7, 8)},
                                 {.pattern = "b", .name = "again", .valid_until = {}},
                                 {.pattern = "c", .name = "", .valid_until = {}}};
  const Edition edition = Built({bulletin});
  ASSERT_THAT(edition.indicators, SizeIs(2));
  EXPECT_EQ(edition.indicators[0].indicator.pattern, "b");
  EXPECT_EQ(edition.indicators[1].indicator.pattern, "c");
}

TEST(BuildEditionTest, TheTrendCountsThisWeekAndTheFourBefore) {
  std::vector<BriefedBulletin> bulletins = {
      TownBulletin(1), TownBulletin(2), TownBulletin(3, TownTime(-7)),
      TownBulletin(4, TownTime(-35)),
      Ended(TownBulletin(5, TownTime(-14)), InboxState::kWithdrawn, TownTime(-12))};
  const Edition edition = Built(bulletins);
  ASSERT_THAT(edition.trend, SizeIs(kTrendWeeks));
  std::vector<size_t> counts;
  for (const TrendWeek& week : edition.trend) counts.push_back(week.published);
  EXPECT_THAT(counts, ElementsAre(0, 0, 1, 1, 2));
  EXPECT_EQ(edition.trend.front().week.Print(), "2026-W43");
  EXPECT_EQ(edition.trend.back().week.Print(), "2026-W47");
}

TEST(BuildEditionTest, OnlyWeeksThatAreHeldWholeAndOverCompare) {
  const auto says_trend = [](const Edition& edition) {
    return std::any_of(edition.judgements.begin(), edition.judgements.end(),
                       [](const Judgement& j) { return j.kind == Judgement::Kind::kTrend; });
  };
  const auto with = [](absl::Time appeared) {
    return std::vector<BriefedBulletin>{TownBulletin(1), TownBulletin(2),
                                        TownBulletin(3, appeared)};
  };
  const absl::Time first = TownWeek().Plus(1 - kTrendWeeks).begin();
  // A network that began in the first of the weeks before, and one that was there.
  const Edition begun = Built(with(first));
  EXPECT_FALSE(begun.trend_compares);
  EXPECT_FALSE(says_trend(begun));
  const Edition older = Built(with(first - absl::Seconds(1)));
  EXPECT_TRUE(older.trend_compares);
  EXPECT_TRUE(says_trend(older));
  // What was passed on says nothing of when its reader came.
  std::vector<BriefedBulletin> shared = with(first - absl::Seconds(1));
  shared[2].shared_by = *MemberId::Parse("guard");
  EXPECT_FALSE(Built(shared).trend_compares);
  // The week goes on.
  EditionOrder early = Order();
  early.as_of = TownWeek().end() - absl::Seconds(1);
  EXPECT_FALSE(says_trend(Built(with(first - absl::Seconds(1)), early)));
  early.as_of = TownWeek().end();
  EXPECT_TRUE(says_trend(Built(with(first - absl::Seconds(1)), early)));
}

TEST(BuildEditionTest, TheLookAheadIsOfEightWeeks) {
  const auto event = [](int number, absl::Time issued, absl::Time starts, std::string uid = "") {
    BriefedBulletin bulletin = TownBulletin(number, issued);
    bulletin.content.kind = "training";
    bulletin.content.event = BriefedEvent{.what = absl::StrCat("e", number),
                                          .place = "",
                                          .organiser = "",
                                          .starts = starts,
                                          .ends = {},
                                          .register_until = {},
                                          .uid = std::move(uid)};
    return bulletin;
  };
  const absl::Time as_of = TownTime(7, 7);
  BriefedBulletin running = event(6, TownTime(-3), as_of - absl::Hours(5));
  running.content.event->ends = as_of + absl::Hours(5);
  const Edition edition =
      Built({event(1, TownTime(2), as_of + absl::Hours(24 * 56)),
             event(2, TownTime(2), as_of + absl::Hours(24 * 56 - 1)),
             event(3, TownTime(-3), as_of + absl::Hours(24)),
             event(4, TownTime(2), as_of - absl::Hours(1)), event(5, TownTime(2), as_of), running});
  std::vector<std::string> what;
  for (const EditionEvent& of : edition.events) what.push_back(of.event.what);
  EXPECT_THAT(what, ElementsAre("e6", "e5", "e3", "e2"));
  EXPECT_EQ(edition.events[0].kind, "training");
  EXPECT_EQ(edition.events[0].id, TownId(6));

  const Edition moved = Built({event(1, TownTime(-3), as_of + absl::Hours(24), "u"),
                               event(2, TownTime(2), as_of + absl::Hours(48), "u")});
  ASSERT_THAT(moved.events, SizeIs(1));
  EXPECT_EQ(moved.events[0].event.what, "e2");
}

TEST(BuildEditionTest, AnEventIsMovedByItsOwnSourceAlone) {
  const auto derby = [](int number, absl::Time issued, absl::Time starts) {
    BriefedBulletin bulletin = TownBulletin(number, issued);
    bulletin.content.event = BriefedEvent{.what = absl::StrCat("e", number),
                                          .place = "",
                                          .organiser = "",
                                          .starts = starts,
                                          .ends = {},
                                          .register_until = {},
                                          .uid = "derby@example"};
    return bulletin;
  };
  const absl::Time as_of = TownTime(7, 7);
  BriefedBulletin away = derby(2, TownTime(3), as_of + absl::Hours(24 * 365 * 5));
  const BriefedBulletin true_one = derby(1, TownTime(2), as_of + absl::Hours(24));
  EXPECT_THAT(Built({true_one, away}).events, IsEmpty());  // put off beyond the look-ahead
  away.source = *OrgId::Parse("another-force");
  const Edition edition = Built({true_one, away});
  ASSERT_THAT(edition.events, SizeIs(1));
  EXPECT_EQ(edition.events[0].event.what, "e1");
}

TEST(BuildEditionTest, OnesOwnTellsWhatWaitsAndWhatNamesOne) {
  EditionOrder order = Order(Tier::kMine);
  BriefedBulletin direct = TownBulletin(1);
  direct.bulletin_class = BulletinClass::kDirect;
  direct.content.acknowledge_by = TownTime(9);
  BriefedBulletin done = TownBulletin(2);
  done.acknowledged = true;
  BriefedBulletin own = TownBulletin(3);
  own.author = *MemberId::Parse("digest");
  BriefedBulletin red = TownBulletin(4);
  red.tlp = Tlp::kRed;
  BriefedBulletin old_red = TownBulletin(5, TownTime(-3));
  BriefedBulletin seen_red = TownBulletin(6, TownTime(-3));
  seen_red.acknowledged = true;
  const Edition edition =
      Built({direct, done, own, TownBulletin(7)}, order, {red, old_red, seen_red});
  EXPECT_THAT(IdsOf(edition.unacknowledged), ElementsAre(TownId(1), TownId(7)));
  EXPECT_THAT(IdsOf(edition.items), ElementsAre(TownId(2), TownId(3), TownId(7)));
  ASSERT_THAT(edition.red, SizeIs(2));
  EXPECT_EQ(edition.red[0].id, TownId(4));
  EXPECT_EQ(edition.red[1].id, TownId(5));
  EXPECT_THAT(edition.audience, ElementsAre("member:digest"));
  EXPECT_EQ(edition.trend.back().published, 3u);
}

TEST(BuildEditionTest, WhatIsOldWaitsOnlyWhereItAskedToBeAcknowledged) {
  BriefedBulletin asks = TownBulletin(1, TownTime(-9));
  asks.content.acknowledge_by = TownTime(-5);
  const Edition edition =
      Built({asks, TownBulletin(2, TownTime(-9)), TownBulletin(3)}, Order(Tier::kMine));
  EXPECT_THAT(IdsOf(edition.unacknowledged), ElementsAre(TownId(1), TownId(3)));
}

TEST(BuildEditionTest, AnEditionForOthersHasNeither) {
  BriefedBulletin red = TownBulletin(4);
  red.tlp = Tlp::kRed;
  const Edition edition = Built({TownBulletin(1)}, Order(), {red});
  EXPECT_THAT(edition.red, IsEmpty());
  EXPECT_THAT(edition.unacknowledged, IsEmpty());
}

}  // namespace
}  // namespace shield::testing
