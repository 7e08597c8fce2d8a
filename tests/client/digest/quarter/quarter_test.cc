// What holds of every edition of a quarter, and that the examples of the documents are what is made
// now.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/content/content.h"
#include "client/digest/page/html.h"
#include "client/digest/show/calendar.h"
#include "client/digest/show/json.h"
#include "client/digest/show/mail.h"
#include "client/digest/show/markdown.h"
#include "client/digest/show/terminal.h"
#include "client/digest/words.h"
#include "tests/client/digest/quarter/quarter_examples.h"
#include "tests/client/digest/quarter/quarter_network.h"
#include "tests/support/shared_folder.h"

namespace shield::testing {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Le;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr size_t kColumns = 4000;  // no title is broken

struct MadeWeek {
  std::map<Tier, MadeEdition> made;
  std::map<Tier, Draft> drafts;
};

// Homes that end with the test need no disk under them.
void UseMemoryForHomes() {
  if (std::filesystem::is_directory("/dev/shm")) setenv("TMPDIR", "/dev/shm", /*overwrite=*/1);
}

class QuarterTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    UseMemoryForHomes();
    QuarterNetwork network({});
    for (int i = 0; i < kQuarterWeeks; ++i) {
      const Week week = FirstWeekOfQuarter().Plus(i);
      network.PlayThrough(week);
      MadeWeek& of = weeks_->emplace_back();
      for (const Tier tier : {Tier::kGreen, Tier::kAmber, Tier::kAmberStrict, Tier::kMine}) {
        MadeEdition made = network.Make(week, tier, Language::kEnglish);
        if (tier != Tier::kMine) of.drafts.emplace(tier, network.DraftOf(made));
        of.made.emplace(tier, std::move(made));
      }
      for (const QuarterExample& example : QuarterExamples()) {
        if (example.week == week) examples_->push_back(MakeExample(network, example));
      }
    }
    *deeds_ = network.deeds();
    published_ = network.published();
  }

  template <typename Check>
  void ForEach(Check check) {
    ASSERT_THAT(*weeks_, SizeIs(kQuarterWeeks));
    for (const MadeWeek& week : *weeks_) {
      for (const auto& [tier, made] : week.made) {
        SCOPED_TRACE(absl::StrCat(made.edition.week.Print(), " ", PrintTier(tier)));
        check(tier, made.edition);
      }
    }
  }

  static inline std::vector<MadeWeek>* weeks_ = new std::vector<MadeWeek>();
  static inline std::vector<MadeExample>* examples_ = new std::vector<MadeExample>();
  static inline std::vector<QuarterDeed>* deeds_ = new std::vector<QuarterDeed>();
  static inline size_t published_ = 0;
};

// The value of `name` in a draft's front matter.
std::string Said(const std::string& draft, absl::string_view name) {
  for (const absl::string_view line : absl::StrSplit(draft, '\n')) {
    const std::string begin = absl::StrCat(name, " = \"");
    if (!absl::StartsWith(line, begin)) continue;
    return std::string(line.substr(begin.size(), line.rfind('"') - begin.size()));
  }
  return "";
}

TEST_F(QuarterTest, HasMoreThanSixHundredBulletinsOfEveryKindLabelAndFate) {
  // No samples of others are among them.
  EXPECT_GE(published_, 600u);
  std::set<std::string> kinds;
  std::set<std::string> labels;
  std::set<std::string> languages;
  std::set<QuarterDeed::Kind> fates;
  for (const QuarterDeed& deed : *deeds_) {
    fates.insert(deed.kind);
    if (deed.draft.empty()) continue;
    kinds.insert(Said(deed.draft, "kind"));
    labels.insert(Said(deed.draft, "tlp"));
    languages.insert(Said(deed.draft, "language"));
  }
  EXPECT_THAT(kinds, SizeIs(14)) << "all of content but the briefing itself, a message, a report";
  EXPECT_THAT(labels, SizeIs(5));
  EXPECT_THAT(languages, ::testing::IsSupersetOf({"en", "nl", "fr"}));
  EXPECT_THAT(fates, SizeIs(5));
}

TEST_F(QuarterTest, TheLabelStandsFirstAndLastInEachEdition) {
  ForEach([](Tier, const Edition& edition) {
    const std::string label = absl::StrCat("**", TlpWithPrefix(edition.label), "**\n");
    const std::string text = WriteMarkdown(edition);
    EXPECT_THAT(text, StartsWith(label));
    EXPECT_THAT(text, EndsWith(label));
    const std::string terminal = WriteTerminal(edition, 80, Colours::kNone);
    EXPECT_THAT(terminal, StartsWith(TlpWithPrefix(edition.label)));
    EXPECT_THAT(terminal, EndsWith(absl::StrCat(TlpWithPrefix(edition.label), "\n")));
  });
}

TEST_F(QuarterTest, NoEditionIsLongerThanItsMaxima) {
  ForEach([](Tier, const Edition& edition) {
    EXPECT_THAT(edition.items, SizeIs(Le(kMaxFullItems)));
    EXPECT_THAT(edition.judgements, SizeIs(Le(kMaxJudgements)));
    EXPECT_THAT(edition.also, SizeIs(Le(kMaxAlsoLines)));
    EXPECT_THAT(edition.open, SizeIs(Le(kMaxOpenLines)));
    EXPECT_THAT(WriteMarkdown(edition), SizeIs(Le(kMaxEditionMarkdown)));
  });
}

TEST_F(QuarterTest, NoTitleUnderAStricterLabelStandsInALaxerEdition) {
  const std::vector<std::pair<Tier, std::set<std::string>>> laxer = {
      {Tier::kGreen, {"TLP:CLEAR", "TLP:GREEN"}},
      {Tier::kAmber, {"TLP:CLEAR", "TLP:GREEN", "TLP:AMBER"}},
      {Tier::kAmberStrict, {"TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT"}}};
  for (const auto& [tier, labels] : laxer) {
    std::string allowed;
    std::set<std::string> strict;
    for (const QuarterDeed& deed : *deeds_) {
      if (labels.contains(Said(deed.draft, "tlp"))) absl::StrAppend(&allowed, deed.draft);
    }
    for (const QuarterDeed& deed : *deeds_) {
      const std::string title = Said(deed.draft, "title");
      const bool stricter = !title.empty() && !labels.contains(Said(deed.draft, "tlp"));
      if (stricter && !absl::StrContains(allowed, title)) strict.insert(title);
    }
    ASSERT_GE(strict.size(), 3u);
    for (const MadeWeek& week : *weeks_) {
      const Edition& edition = week.made.at(tier).edition;
      const std::string text = WriteTerminal(edition, kColumns, Colours::kNone);
      for (const std::string& title : strict) {
        EXPECT_FALSE(absl::StrContains(text, title)) << edition.week.Print() << ": " << title;
      }
    }
  }
}

TEST_F(QuarterTest, OnlyTheQuietWeekSaysThatItIs) {
  ForEach([](Tier tier, const Edition& edition) {
    const bool quiet = edition.week == FirstWeekOfQuarter().Plus(kQuietWeek);
    const std::string said(Say(Language::kEnglish, Word::kQuiet));
    const std::string text = WriteTerminal(edition, kColumns, Colours::kNone);
    // Something under embargo may have opened for fewer.
    if (tier != Tier::kGreen) return;
    EXPECT_EQ(absl::StrContains(text, said), quiet && edition.quiet());
    EXPECT_EQ(edition.quiet(), quiet);
  });
}

TEST_F(QuarterTest, EveryEditionCanBeSealed) {
  for (const MadeWeek& week : *weeks_) {
    for (const auto& [tier, draft] : week.drafts) {
      const auto content = ComposeContent(draft.members_json, draft.tlp, {});
      EXPECT_TRUE(content.ok()) << content.status();
    }
  }
}

TEST_F(QuarterTest, EveryFormatCanBeMadeOfEveryEdition) {
  ForEach([](Tier tier, const Edition& edition) {
    const auto html = WriteHtml(edition, PageTemplates::BuiltIn());
    ASSERT_TRUE(html.ok()) << html.status();
    EXPECT_THAT(WriteJson(edition), Not(HasSubstr("\"schema\": \"\"")));
    EXPECT_THAT(WriteCalendar(edition), StartsWith("BEGIN:VCALENDAR"));
    const auto mail = ComposeMail(edition, {.from = "a@b.example", .to = "c@d.example"});
    ASSERT_TRUE(mail.ok()) << mail.status();
    if (tier != Tier::kGreen && edition.label != Tlp::kGreen && edition.label != Tlp::kClear) {
      EXPECT_THAT(*mail, SizeIs(Le(2000u))) << "a stub";
    }
  });
}

TEST_F(QuarterTest, TheFrontDeskIsToldOfWhatNamesItAndWaits) {
  size_t red = 0;
  size_t waiting = 0;
  for (const MadeWeek& week : *weeks_) {
    red += week.made.at(Tier::kMine).edition.red.size();
    waiting += week.made.at(Tier::kMine).edition.unacknowledged.size();
  }
  EXPECT_GE(red, 3u);
  EXPECT_GE(waiting, 10u);
}

TEST_F(QuarterTest, TheExamplesAreWhatIsMadeNow) {
  ASSERT_THAT(*examples_, SizeIs(QuarterExamples().size()));
  for (const MadeExample& example : *examples_) {
    std::ifstream file(SourceFolder() / "docs/examples" / example.name, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    EXPECT_TRUE(text.str() == example.text)
        << example.name << " is not what is made now: write docs/examples anew";
  }
}

}  // namespace
}  // namespace shield::testing
