#include <gtest/gtest.h>

#include <set>

#include "tests/client/digest/support/hostile_edition.h"
#include "tests/client/digest/support/hostile_strings.h"
#include "tests/client/digest/support/sample_edition.h"

namespace shield {
namespace {

TEST(Corpus, HoldsAtLeastTwoHundredTextsEachOnce) {
  std::set<std::string> texts;
  std::set<absl::string_view> aims;
  for (const HostileString& hostile : HostileStrings()) {
    EXPECT_TRUE(texts.insert(hostile.text).second) << hostile.text;
    aims.insert(hostile.aims_at);
  }
  EXPECT_GE(texts.size(), 200U);
  EXPECT_GE(aims.size(), 10U);
}

TEST(Corpus, AnEditionFilledWithATextHasEveryPart) {
  const Edition edition = FillEveryField("x");
  EXPECT_FALSE(edition.judgements.empty() || edition.deeds.empty() || edition.items.empty() ||
               edition.also.empty() || edition.open.empty() || edition.expiring.empty() ||
               edition.withdrawn.empty() || edition.corrected.empty() || edition.places.empty() ||
               edition.trend.empty() || edition.events.empty() || edition.indicators.empty() ||
               edition.red.empty() || edition.unacknowledged.empty() || edition.provenance.empty());
}

TEST(Corpus, TheSampleIsWithinWhatAnEditionMayHold) {
  const Edition edition = SampleOwnEdition(Language::kDutch);
  EXPECT_LE(edition.items.size(), kMaxFullItems);
  EXPECT_LE(edition.judgements.size(), kMaxJudgements);
  EXPECT_EQ(edition.trend.size(), static_cast<size_t>(kTrendWeeks));
  EXPECT_EQ(edition.week.Print(), "2026-W47");
  EXPECT_EQ(edition.as_of, edition.week.due());
  EXPECT_TRUE(QuietEdition(Language::kDutch).quiet());
}

}  // namespace
}  // namespace shield
