// Weeks, tiers and languages: the words an edition is asked for with.
#include "client/digest/week.h"

#include <gtest/gtest.h>

#include "absl/time/civil_time.h"
#include "client/digest/brussels_rule.h"
#include "client/digest/language.h"
#include "client/digest/tier.h"

namespace shield::testing {
namespace {

std::string Utc(absl::Time moment) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", moment, absl::UTCTimeZone());
}

Week Parsed(absl::string_view text) { return Week::Parse(text).value(); }

TEST(WeekTest, BeginsOnMondayInBrussels) {
  const Week week = Parsed("2026-W47");
  EXPECT_EQ(Utc(week.begin()), "2026-11-15T23:00:00Z");
  EXPECT_EQ(Utc(week.end()), "2026-11-22T23:00:00Z");
  EXPECT_EQ(Utc(week.due()), "2026-11-23T06:00:00Z");
  EXPECT_EQ(week.Print(), "2026-W47");
}

TEST(WeekTest, AWeekThatAYearDoesNotHaveIsToldByHowManyItHas) {
  const absl::Status refused = Week::Parse("2025-W53").status();
  EXPECT_TRUE(absl::IsInvalidArgument(refused));
  EXPECT_EQ(refused.message(), "`2025-W53` is no week: 2025 has 52 weeks");
  EXPECT_TRUE(Week::Parse("2026-W53").ok());
}

TEST(WeekTest, IsAnHourShorterOrLongerWhenTheClocksChange) {
  EXPECT_EQ(Parsed("2026-W13").end() - Parsed("2026-W13").begin(), absl::Hours(7 * 24 - 1));
  EXPECT_EQ(Parsed("2026-W43").end() - Parsed("2026-W43").begin(), absl::Hours(7 * 24 + 1));
  EXPECT_EQ(Utc(Parsed("2026-W13").due()), "2026-03-30T05:00:00Z");
  EXPECT_EQ(Utc(Parsed("2026-W43").due()), "2026-10-26T06:00:00Z");
}

TEST(WeekTest, TheFirstThursdayMakesTheFirstWeek) {
  const auto week_of = [](int year, int month, int day) {
    return Week::Of(absl::FromCivil(absl::CivilHour(year, month, day, 12), BriefingZone())).Print();
  };
  EXPECT_EQ(week_of(2021, 1, 3), "2020-W53");
  EXPECT_EQ(week_of(2021, 1, 4), "2021-W01");
  EXPECT_EQ(week_of(2026, 12, 31), "2026-W53");
  EXPECT_EQ(week_of(2027, 1, 3), "2026-W53");
  EXPECT_EQ(week_of(2024, 12, 30), "2025-W01");
}

TEST(WeekTest, HoldsItsBeginAndNotItsEnd) {
  const Week week = Parsed("2026-W47");
  EXPECT_EQ(Week::Of(week.begin()), week);
  EXPECT_EQ(Week::Of(week.end() - absl::Nanoseconds(1)), week);
  EXPECT_EQ(Week::Of(week.end()), Parsed("2026-W48"));
}

TEST(WeekTest, CountsOverTheTurnOfTheYear) {
  EXPECT_EQ(Parsed("2026-W52").Plus(2), Parsed("2027-W01"));
  EXPECT_EQ(Parsed("2027-W01").Plus(-2), Parsed("2026-W52"));
  EXPECT_EQ(Parsed("2026-W47").Plus(0), Parsed("2026-W47"));
}

TEST(WeekTest, EveryWeekOfACenturyIsReadAsItIsPrinted) {
  Week week = Parsed("1997-W01");
  for (int i = 0; i < 5300; ++i) {
    const Week next = week.Plus(1);
    ASSERT_EQ(next.begin(), week.end()) << week.Print();
    ASSERT_EQ(Parsed(next.Print()), next) << next.Print();
    week = next;
  }
}

TEST(WeekTest, WhatIsNoWeekIsRefused) {
  for (absl::string_view text :
       {"", "2026-W00", "2026-W54", "2025-W53", "2026-47", "2026W47", "2026-w47", "2026-W4",
        "26-W47", "2026-W471", " 2026-W47", "2026-W+7", "+026-W47", "2026-W 7", "1996-W47",
        "9999-W01", "0000-W01", "2026-W47\n"}) {
    EXPECT_EQ(Week::Parse(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
  EXPECT_TRUE(Week::Parse("2026-W53").ok());
  EXPECT_TRUE(Week::Parse("1997-W01").ok());
  EXPECT_TRUE(Week::Parse("9998-W52").ok());
}

TEST(WeekTest, MomentsBeyondEveryCalendarStillHaveOne) {
  EXPECT_EQ(Week::Of(absl::InfiniteFuture()).year(), 9999);
  EXPECT_EQ(Week::Of(absl::InfinitePast()).year(), 1);
  EXPECT_EQ(Parsed("2026-W47").Plus(2'000'000'000).year(), 9999);
  EXPECT_EQ(Parsed("2026-W47").Plus(-2'000'000'000).year(), 1);
}

TEST(BriefingZoneTest, TheRuleGivesWhatZoneFilesGive) {
  absl::TimeZone files;
  if (!absl::LoadTimeZone("Europe/Brussels", &files)) {
    GTEST_SKIP() << "this machine has no zone files: nothing to hold the rule against";
  }
  const absl::TimeZone rule = BrusselsByRule();
  const absl::Time from = absl::FromCivil(absl::CivilDay(1997, 1, 1), absl::UTCTimeZone());
  const absl::Time until = absl::FromCivil(absl::CivilDay(2150, 1, 1), absl::UTCTimeZone());
  for (absl::Time moment = from; moment < until; moment += absl::Minutes(30 * 17)) {
    ASSERT_EQ(rule.At(moment).offset, files.At(moment).offset) << Utc(moment);
  }
}

TEST(BriefingZoneTest, TheRuleChangesAtOneOClockUtc) {
  const absl::TimeZone rule = BrusselsByRule();
  const absl::Time march = absl::FromCivil(absl::CivilHour(2026, 3, 29, 1), absl::UTCTimeZone());
  const absl::Time october = absl::FromCivil(absl::CivilHour(2026, 10, 25, 1), absl::UTCTimeZone());
  EXPECT_EQ(rule.At(march - absl::Seconds(1)).offset, 3600);
  EXPECT_EQ(rule.At(march).offset, 7200);
  EXPECT_EQ(rule.At(october - absl::Seconds(1)).offset, 7200);
  EXPECT_EQ(rule.At(october).offset, 3600);
}

TEST(TierTest, IsReadAsItIsPrinted) {
  for (Tier tier : {Tier::kGreen, Tier::kAmber, Tier::kAmberStrict}) {
    EXPECT_EQ(ParseTier(PrintTier(tier)).value(), tier);
  }
}

TEST(TierTest, OnesOwnIsNotAskedForByName) {
  for (absl::string_view text : {"mine", "red", "clear", "GREEN", "Amber", "amber strict", ""}) {
    EXPECT_EQ(ParseTier(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(TierTest, HasTheLabelItIsPublishedUnder) {
  EXPECT_EQ(LabelOf(Tier::kGreen), Tlp::kGreen);
  EXPECT_EQ(LabelOf(Tier::kAmber), Tlp::kAmber);
  EXPECT_EQ(LabelOf(Tier::kAmberStrict), Tlp::kAmberStrict);
  EXPECT_EQ(LabelOf(Tier::kMine), Tlp::kAmberStrict);
}

TEST(LanguageTest, IsReadAsItIsPrinted) {
  for (Language language : {Language::kEnglish, Language::kDutch, Language::kFrench}) {
    EXPECT_EQ(ParseLanguage(PrintLanguage(language)).value(), language);
  }
  for (absl::string_view text : {"", "de", "NL", "nl-BE"}) {
    EXPECT_EQ(ParseLanguage(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

}  // namespace
}  // namespace shield::testing
