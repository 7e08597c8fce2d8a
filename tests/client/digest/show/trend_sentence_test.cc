#include "client/digest/show/trend_sentence.h"

#include <gtest/gtest.h>

#include "tests/client/digest/support/sample_edition.h"

namespace shield {
namespace {

Edition WithTrend(const std::vector<size_t>& published, Language language = Language::kEnglish) {
  Edition edition = QuietEdition(language);
  edition.trend.clear();
  for (size_t i = 0; i < published.size(); ++i) {
    edition.trend.push_back(
        {edition.week.Plus(static_cast<int>(i) - static_cast<int>(published.size()) + 1),
         published[i]});
  }
  return edition;
}

TEST(Trend, OneMoreThanTheMeanIsMoreAndLessThanOneIsNot) {
  EXPECT_EQ(ComparedTrend(WithTrend({4, 4, 4, 4, 5})).sentence, Word::kTrendMore);
  EXPECT_EQ(ComparedTrend(WithTrend({4, 4, 4, 5, 5})).sentence, Word::kTrendSame);
  EXPECT_EQ(ComparedTrend(WithTrend({4, 4, 4, 4, 4})).sentence, Word::kTrendSame);
  EXPECT_EQ(ComparedTrend(WithTrend({4, 4, 4, 4, 3})).sentence, Word::kTrendFewer);
  EXPECT_EQ(ComparedTrend(WithTrend({0, 0, 0, 0, 0})).sentence, Word::kTrendSame);
}

TEST(Trend, TheMeanIsSaidToATenthInTheLanguageOfTheEdition) {
  EXPECT_EQ(ComparedTrend(WithTrend({1, 2, 3, 3, 9})).mean, "2.3");
  EXPECT_EQ(ComparedTrend(WithTrend({1, 2, 3, 3, 9}, Language::kDutch)).mean, "2,3");
  EXPECT_EQ(ComparedTrend(WithTrend({5, 5, 5, 5, 9})).mean, "5");
}

TEST(Trend, AnEditionWithoutWeeksHasNone) {
  EXPECT_EQ(ComparedTrend(WithTrend({})).this_week, 0U);
  EXPECT_EQ(ComparedTrend(WithTrend({7})).mean, "0");
}

TEST(Trend, IsASentence) {
  EXPECT_EQ(SayTrend(WithTrend({4, 4, 4, 4, 9})),
            "More was published than usual: 9 this week, against a mean of 4 in the four weeks "
            "before.");
}

}  // namespace
}  // namespace shield
