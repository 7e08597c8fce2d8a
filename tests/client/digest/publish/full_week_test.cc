// A week of so many bulletins, or of such long texts, that an edition has to be bounded to be one.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/content/content.h"
#include "client/digest/publish/edition_draft.h"
#include "client/digest/publish/held_edition.h"
#include "client/digest/publish/make_edition.h"
#include "client/digest/show/markdown.h"
#include "tests/client/support/sample_network.h"

namespace shield {
namespace {

constexpr int kBulletins = 5'000;

BulletinId Numbered(int number) { return *BulletinId::Parse(absl::StrFormat("%032x", number)); }

class FullWeekTest : public ::testing::Test {
 protected:
  // One bulletin, as often as asked, each under an id of its own.
  FullWeekTest() {
    Client analyst = network_.Open("an-lise");
    EXPECT_TRUE(analyst.Sync().ok());
    network_.clock().Advance(absl::Minutes(1));
    EXPECT_TRUE(analyst.Publish(network_.Green("Bag snatchers at the station")).ok());
    network_.clock().Advance(absl::Hours(8));
    EXPECT_TRUE(analyst.Sync().ok());
    gathered_ = *Gather(analyst, network_.HomeOf("an-lise"), GatheredFor::kOthers,
                        Language::kEnglish, Fetching::kAllowed);
    one_ = gathered_->candidates.front();
    gathered_->candidates.clear();
  }

  BriefingCandidate& Add(int number) {
    BriefingCandidate candidate = *one_;
    candidate.bulletin.id = Numbered(number);
    candidate.terms.issued += absl::Seconds(number);
    candidate.terms.not_before = candidate.terms.issued;
    candidate.bulletin.content.title = absl::StrCat("Bulletin ", number, " of a very full week");
    gathered_->candidates.push_back(std::move(candidate));
    return gathered_->candidates.back();
  }

  Draft DraftNow() {
    const absl::Time now = network_.clock().Now();
    const Week week = Week::Of(now);
    absl::StatusOr<MadeEdition> made =
        MakeEdition(*gathered_, {.week = week, .generator = "shield test"}, now);
    EXPECT_TRUE(made.ok()) << made.status();
    made->edition = AsSent(std::move(made->edition));
    edition_ = made->edition;
    const Directory& directory = gathered_->directory->directory();
    return DraftOfEdition(*made, ForEveryone(directory, gathered_->candidates, *made), {});
  }

  ::shield::testing::SampleNetwork network_;
  std::optional<Gathered> gathered_;
  std::optional<BriefingCandidate> one_;
  std::optional<Edition> edition_;
};

TEST_F(FullWeekTest, AnEditionOfFiveThousandBulletinsIsSealedAndListsEachOfThem) {
  for (int i = 0; i < kBulletins; ++i) Add(i);
  const Draft draft = DraftNow();
  EXPECT_EQ(edition_->items.size(), kMaxFullItems);
  EXPECT_EQ(edition_->left_out.also, kBulletins - kMaxFullItems - kMaxAlsoLines);
  Client analyst = network_.Open("an-lise");
  const auto published = analyst.Publish(draft);
  ASSERT_TRUE(published.ok()) << published.status();
  Client reader = network_.Open("meir-guard");
  ASSERT_TRUE(reader.Sync().ok());
  const auto opened = reader.Show(published->id);
  ASSERT_TRUE(opened.ok()) << opened.status();
  const auto details = ReadEditionDetails(opened->content.json);
  ASSERT_TRUE(details.has_value());
  ASSERT_EQ(details->listed.size(), static_cast<size_t>(kBulletins));
  for (int i = 0; i < kBulletins; ++i) {
    const ListedBulletin& listed = details->listed[static_cast<size_t>(i)];
    ASSERT_EQ(listed.id, Numbered(i));
    ASSERT_EQ(listed.issued, one_->terms.issued + absl::Seconds(i));
    ASSERT_EQ(listed.tlp, Tlp::kGreen);
    ASSERT_EQ(listed.directory_version, one_->directory_version);
  }
}

TEST_F(FullWeekTest, TheLongestTextsLeaveAnEditionThatCanBeSealed) {
  std::string text;
  for (int i = 0; i < 3'000; ++i) text += "\U0001F6A8";
  for (int i = 0; i < 400; ++i) {
    BriefedContent& content = Add(i).bulletin.content;
    content.title = absl::StrCat(i, text.substr(0, 4 * 190));
    content.summary = content.body = text;
    for (size_t j = 0; j < kMaxBriefedActions; ++j) {
      content.actions.push_back({"it", absl::StrCat(i, " ", j, text)});
    }
    for (size_t j = 0; j < kMaxBriefedIndicators; ++j) {
      content.indicators.push_back({absl::StrCat(i, " ", j, text), text, std::nullopt});
    }
    content.restrictions.assign(kMaxBriefedRestrictions, text);
  }
  const Draft draft = DraftNow();
  EXPECT_LE(WriteMarkdown(*edition_).size(), kMaxEditionMarkdown);
  EXPECT_GE(edition_->items.size(), 1u);
  const auto content = ComposeContent(draft.members_json, draft.tlp, {});
  EXPECT_TRUE(content.ok()) << content.status();
}

TEST_F(FullWeekTest, WhatWasUnderEmbargoIsListedInTheWeekThatThisEnds) {
  Add(0);
  BriefingCandidate& late = Add(1);
  late.terms.issued -= absl::Hours(7 * 24);
  const absl::Time issued = late.terms.issued;
  const auto details =
      ReadEditionDetails(*ComposeContent(DraftNow().members_json, Tlp::kGreen, {}));
  ASSERT_EQ(details->listed.size(), 2u);
  EXPECT_EQ(details->listed.front().id, Numbered(1));
  EXPECT_EQ(details->listed.front().issued, issued);
}

// In JSON each of these characters takes two bytes.
TEST_F(FullWeekTest, TextsThatGrowInJsonLeaveAnEditionThatCanBeSealed) {
  std::string text;
  for (int i = 0; i < 900; ++i) text += "\"\\";
  for (int i = 0; i < 400; ++i) {
    BriefedContent& content = Add(i).bulletin.content;
    content.title = absl::StrCat(i, text.substr(0, 110));
    content.summary = content.body = text;
    content.restrictions.assign(kMaxBriefedRestrictions, text);
  }
  const Draft draft = DraftNow();
  const auto content = ComposeContent(draft.members_json, draft.tlp, {});
  ASSERT_TRUE(content.ok()) << content.status();
  EXPECT_EQ(ReadEditionDetails(*content)->listed.size(), 400u);
  EXPECT_EQ(draft.members_json.find("{\"title\":"), std::string::npos) << "titles go first";
}

TEST_F(FullWeekTest, OfAListThatDoesNotFitTheNewestAreListed) {
  constexpr int kMany = 12'000;
  for (int i = 0; i < kMany; ++i) Add(i);
  const Draft draft = DraftNow();
  const auto content = ComposeContent(draft.members_json, draft.tlp, {});
  ASSERT_TRUE(content.ok()) << content.status();
  const std::vector<ListedBulletin> listed = ReadEditionDetails(*content)->listed;
  ASSERT_EQ(listed.size(), static_cast<size_t>(kMany) / 2);
  EXPECT_EQ(listed.back().id, Numbered(kMany - 1));
}

TEST_F(FullWeekTest, AboveFourHundredTheListIsPackedAndUpToThatItHasTitles) {
  for (int i = 0; i < static_cast<int>(kMaxListedTitles); ++i) Add(i);
  EXPECT_NE(DraftNow().members_json.find("\"title\":\"Bulletin 399"), std::string::npos);
  Add(static_cast<int>(kMaxListedTitles));
  const std::string packed = DraftNow().members_json;
  EXPECT_NE(packed.find("\"packed_items\":{\"TLP:GREEN\":{\""), std::string::npos);
  EXPECT_EQ(packed.find("\"items\""), std::string::npos);
}

}  // namespace
}  // namespace shield
