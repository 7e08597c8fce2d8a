// An edition of the briefing as its readers see it in their inbox.
#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/digest/week.h"
#include "tests/cli/commands_fixture.h"

namespace shield::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class EditionReading : public Commands {
 protected:
  EditionReading() {
    first_ = Publish("Bag snatchers at the station");
    network_.clock().Advance(absl::Minutes(1));
    second_ = Publish("Road works at the docks");
    network_.clock().Advance(absl::Minutes(1));
  }

  std::string PublishEdition() {
    const Ran ran = RunAs("an-lise", {"digest", "publish", "--tier", "green", "--json", "--week",
                                      Week::Of(network_.clock().Now()).Print()});
    EXPECT_EQ(ran.code, ExitCode::kOk) << ran.notes;
    network_.clock().Advance(absl::Minutes(1));
    return ran.json()["id"];
  }
  void Withdraw(const std::string& id) {
    ASSERT_TRUE(network_.Open("an-lise").Withdraw(*BulletinId::Parse(id)).ok());
    network_.clock().Advance(absl::Minutes(1));
  }
  nlohmann::json Listed(const std::string& member, const std::string& id) {
    const nlohmann::json listed = RunAs(member, {"inbox", "ls", "--json"}).json();
    for (const nlohmann::json& entry : listed["entries"]) {
      if (entry["id"] == id) return entry;
    }
    ADD_FAILURE() << id << " is not listed";
    return {};
  }

  std::string first_;
  std::string second_;
};

TEST_F(EditionReading, WhatHasEndedSinceIsSaidWhereItIsShownAndWhereItIsListed) {
  const std::string edition = PublishEdition();
  for (const char* member : {"astrid-guard", "an-lise"}) {
    EXPECT_EQ(RunAs(member, {"inbox", "show", edition, "--json"}).json()["ended_since"],
              nlohmann::json::array());
    EXPECT_EQ(Listed(member, edition)["ended_since"], nlohmann::json::array());
  }
  Withdraw(first_);
  for (const char* member : {"astrid-guard", "an-lise"}) {
    EXPECT_EQ(RunAs(member, {"inbox", "show", edition, "--json"}).json()["ended_since"],
              nlohmann::json({first_}));
    EXPECT_EQ(Listed(member, edition)["ended_since"], nlohmann::json({first_}));
    EXPECT_FALSE(Listed(member, second_).contains("ended_since")) << "it is no edition";
    const std::string shown = RunAs(member, {"inbox", "show", edition}).data;
    EXPECT_TRUE(absl::StrContains(shown, absl::StrCat("warning: withdrawn since: [")));
    EXPECT_TRUE(absl::StrContains(shown, absl::StrCat("] ", first_, "; what stands here")));
    EXPECT_FALSE(absl::StrContains(shown, absl::StrCat("] ", second_, "; what stands here")));
    EXPECT_THAT(RunAs(member, {"inbox", "ls"}).data, HasSubstr("       withdrawn since: ["));
  }
}

TEST_F(EditionReading, TheNumberIsTheOneThatTheEditionGivesIt) {
  const std::string edition = PublishEdition();
  Withdraw(first_);
  const nlohmann::json shown = RunAs("astrid-guard", {"inbox", "show", edition, "--json"}).json();
  const nlohmann::json contains = shown["content"]["details"]["contains"];
  const size_t number = contains[0] == first_ ? 1 : 2;
  ASSERT_EQ(contains[number - 1], first_);
  EXPECT_THAT(RunAs("astrid-guard", {"inbox", "show", edition}).data,
              HasSubstr(absl::StrCat("withdrawn since: [", number, "] ", first_)));
  EXPECT_THAT(std::string(shown["body"]), HasSubstr(absl::StrCat("### [", number, "] Bag")));
}

TEST_F(EditionReading, WhatHadEndedBeforeItIsNoNews) {
  Withdraw(first_);
  const std::string edition = PublishEdition();
  const Ran shown = RunAs("astrid-guard", {"inbox", "show", edition, "--json"});
  EXPECT_THAT(std::string(shown.json()["body"]), HasSubstr(first_)) << "it says so itself";
  EXPECT_EQ(shown.json()["ended_since"], nlohmann::json::array());
}

TEST_F(EditionReading, WhatWasReplacedSinceIsSaidToo) {
  const std::string edition = PublishEdition();
  Draft draft = network_.Green("Bag snatchers have gone");
  draft.refs.push_back({Relation::kSupersedes, *BulletinId::Parse(first_)});
  ASSERT_TRUE(network_.Open("an-lise").Publish(draft).ok());
  const std::string shown = RunAs("astrid-guard", {"inbox", "show", edition}).data;
  EXPECT_THAT(shown, HasSubstr("warning: replaced since: ["));
  EXPECT_THAT(shown, Not(HasSubstr("withdrawn since")));
}

TEST_F(EditionReading, IsLaidOutForATerminalAndStaysBehindTheMark) {
  const std::string edition = PublishEdition();
  const Ran shown = RunAs("astrid-guard", {"inbox", "show", edition});
  EXPECT_THAT(shown.data, HasSubstr("| Weekly briefing "));
  EXPECT_THAT(shown.data, HasSubstr("| ====="));
  EXPECT_THAT(shown.data, Not(HasSubstr("**"))) << shown.data;
  EXPECT_THAT(shown.data, Not(HasSubstr("##")));
  bool inside = false;
  for (const absl::string_view line : absl::StrSplit(shown.data, '\n')) {
    if (absl::StartsWith(line, "| ===")) inside = true;
    if (line.empty()) inside = false;
    EXPECT_TRUE(!inside || absl::StartsWith(line, "|")) << line;
  }
  // A program has it byte for byte.
  EXPECT_THAT(
      std::string(RunAs("astrid-guard", {"inbox", "show", edition, "--json"}).json()["body"]),
      HasSubstr("**TLP:GREEN**"));
}

TEST_F(EditionReading, AsAPageItIsItsTextUnderItsLabel) {
  const std::string edition = PublishEdition();
  const Ran ran = RunAs("astrid-guard", {"digest", "show", edition, "--format", "html"});
  ASSERT_EQ(ran.code, ExitCode::kOk) << ran.notes;
  EXPECT_THAT(ran.data, StartsWith("<!DOCTYPE html>"));
  EXPECT_THAT(ran.data, HasSubstr(">TLP:GREEN</p></header>"));
  EXPECT_THAT(ran.data, HasSubstr("Bag snatchers at the station</h3>"));
  EXPECT_THAT(ran.data, Not(HasSubstr("withdrawn since")));
  Withdraw(first_);
  const Ran later = RunAs("astrid-guard", {"digest", "show", edition, "--format", "html"});
  EXPECT_THAT(later.data, HasSubstr("<strong>withdrawn since: ["));
  EXPECT_THAT(later.notes, HasSubstr(first_));
}

TEST_F(EditionReading, IsWrittenToAFileOfTheFormatThatItsNameSays) {
  const std::string edition = PublishEdition();
  const auto written = [&](const std::string& name) {
    const std::string path = folder_ / name;
    const Ran ran = RunAs("astrid-guard", {"digest", "show", edition, "--out", path, "--json"});
    EXPECT_EQ(ran.code, ExitCode::kOk) << ran.notes;
    EXPECT_EQ(ran.json()["files"], nlohmann::json::array({path}));
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  };
  EXPECT_THAT(written("week.html"), StartsWith("<!DOCTYPE html>"));
  EXPECT_THAT(written("week.txt"), StartsWith("TLP:GREEN\n"));
  const nlohmann::json shown = RunAs("astrid-guard", {"inbox", "show", edition, "--json"}).json();
  EXPECT_EQ(written("week.md"), shown["body"]);
}

TEST_F(EditionReading, NothingElseIsShownAsAnEdition) {
  const std::string edition = PublishEdition();
  const auto code = [this](const Words& words) {
    Words all = {"digest", "show"};
    all.insert(all.end(), words.begin(), words.end());
    return RunAs("astrid-guard", all).code;
  };
  EXPECT_EQ(code({first_}), ExitCode::kFailure);
  EXPECT_EQ(code({"00112233445566778899aabbccddeeff"}), ExitCode::kNotFound);
  EXPECT_EQ(code({"7"}), ExitCode::kUsage);
  EXPECT_EQ(code({edition, "--format", "ics"}), ExitCode::kUsage);
  EXPECT_EQ(code({edition, "--format", "pdf"}), ExitCode::kUsage) << "no text to show";
  EXPECT_EQ(code({edition, "--format", "md", "--out", folder_ / "week.pdf"}), ExitCode::kUsage);
  EXPECT_EQ(code({edition}), ExitCode::kOk);
  Withdraw(edition);
  EXPECT_EQ(code({edition}), ExitCode::kRefused);
}

}  // namespace
}  // namespace shield::cli
