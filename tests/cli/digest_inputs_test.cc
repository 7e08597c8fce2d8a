// What `shield digest` takes: words, files and folders that people give it.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/digest/week.h"
#include "tests/cli/commands_fixture.h"

namespace shield::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class DigestInputs : public Commands {
 protected:
  DigestInputs() {
    id_ = Publish("Bag snatchers at the station");
    network_.clock().Advance(absl::Minutes(1));
  }

  std::string ThisWeek() { return Week::Of(network_.clock().Now()).Print(); }
  Ran Digest(Words words) {
    words.insert(words.begin(), "digest");
    words.insert(words.end(), {"--week", ThisWeek()});
    return RunAs("an-lise", std::move(words));
  }
  Ran Build(Words more) {
    more.insert(more.begin(), {"build", "--tier", "green"});
    return Digest(std::move(more));
  }
  std::string File(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }
  static std::string TextOf(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }

  std::string id_;
};

TEST_F(DigestInputs, TheEndingOfAFileSaysItsFormat) {
  const std::string html = folder_ / "week.html";
  ASSERT_EQ(Build({"--out", html}).code, ExitCode::kOk);
  EXPECT_THAT(TextOf(html), StartsWith("<!DOCTYPE html>"));
  const std::string json = folder_ / "week.JSON";
  ASSERT_EQ(Build({"--out", json}).code, ExitCode::kOk);
  EXPECT_THAT(TextOf(json), StartsWith("{"));
  const std::string none = folder_ / "week";
  ASSERT_EQ(Build({"--out", none}).code, ExitCode::kOk);
  EXPECT_THAT(TextOf(none), StartsWith("**TLP:GREEN**"));
  const std::string plain = folder_ / "week.txt";
  ASSERT_EQ(Build({"--out", plain}).code, ExitCode::kOk);
  EXPECT_THAT(TextOf(plain), StartsWith("TLP:GREEN\n"));
}

TEST_F(DigestInputs, AFormatAndAnEndingThatSayTwoThingsAreAUsageError) {
  for (const char* name : {"week.pdf", "week.html", "week.eml"}) {
    const std::string out = folder_ / name;
    EXPECT_EQ(Build({"--format", "md", "--out", out}).code, ExitCode::kUsage) << name;
    EXPECT_FALSE(fs::exists(out)) << name;
  }
  EXPECT_EQ(Build({"--format", "all", "--out", folder_ / "week.pdf"}).code, ExitCode::kUsage);
  EXPECT_EQ(Digest({"mail", "--tier", "green", "--mail-from", "a@b.example", "--mail-to",
                    "c@d.example", "--out", folder_ / "week.html"})
                .code,
            ExitCode::kUsage);
  EXPECT_EQ(Build({"--format", "md", "--out", folder_ / "week.txt"}).code, ExitCode::kOk);
}

TEST_F(DigestInputs, EveryFaultOfATemplateIsAUsageError) {
  const std::string folder = folder_ / "templates";
  fs::create_directories(folder);
  const Words words = {"--format", "html", "--templates", folder};
  EXPECT_EQ(Build(words).code, ExitCode::kUsage) << "an empty folder";
  for (const char* text : {"<script>alert(1)</script>", "{{#section}}"}) {
    std::ofstream(folder + "/head.mustache") << text;
    const Ran refused = Build(words);
    EXPECT_EQ(refused.code, ExitCode::kUsage) << text << refused.notes;
    EXPECT_THAT(refused.notes, HasSubstr("head.mustache:1"));
  }
  fs::rename(folder + "/head.mustache", folder + "/heading.mustache");
  const Ran misspelt = Build(words);
  EXPECT_EQ(misspelt.code, ExitCode::kUsage);
  EXPECT_THAT(misspelt.notes, HasSubstr("heading.mustache"));
  EXPECT_THAT(misspelt.notes, HasSubstr("head.mustache")) << "what it may be called";
}

TEST_F(DigestInputs, ATemplateThatCannotBeReadIsAFailureAsOfAnyFile) {
  const std::string folder = folder_ / "templates";
  fs::create_directories(folder + "/head.mustache");
  const Ran refused = Build({"--format", "html", "--templates", folder});
  EXPECT_EQ(refused.code, ExitCode::kFailure) << refused.notes;
}

TEST_F(DigestInputs, AForewordIsText) {
  EXPECT_EQ(Build({"--foreword", File("bytes.md", "caf\xE9")}).code, ExitCode::kUsage);
  EXPECT_EQ(Build({"--foreword", File("bell.md", "ring\x07")}).code, ExitCode::kUsage);
  EXPECT_EQ(Build({"--foreword", File("escape.md", "\x1B[2J")}).code, ExitCode::kUsage);
  const Ran ran = Build({"--foreword", File("dos.md", "Good\r\nmorning\tall")});
  EXPECT_EQ(ran.code, ExitCode::kOk) << ran.notes;
  EXPECT_THAT(ran.data, HasSubstr("Good morning"));
}

TEST_F(DigestInputs, ATierIsAlsoItsLabel) {
  for (const char* word : {"TLP:GREEN", "GREEN", "tlp:green"}) {
    EXPECT_EQ(Digest({"build", "--json", "--tier", word}).json()["tier"], "green") << word;
    EXPECT_EQ(Digest({"due", "--tier", word}).code, ExitCode::kOk) << word;
  }
  for (const char* word : {"TLP:RED", "TLP:CLEAR", "greenish"}) {
    EXPECT_EQ(Digest({"build", "--tier", word}).code, ExitCode::kUsage) << word;
  }
}

TEST_F(DigestInputs, AWeekThatIsNoneIsAUsageError) {
  for (const char* week : {"", "2026-47", "2025-W53", "next"}) {
    EXPECT_EQ(RunAs("an-lise", {"digest", "build", "--tier", "green", "--week", week}).code,
              ExitCode::kUsage)
        << week;
    EXPECT_EQ(RunAs("an-lise", {"digest", "due", "--week", week}).code, ExitCode::kUsage) << week;
  }
  EXPECT_THAT(RunAs("an-lise", {"digest", "build", "--tier", "green", "--week", "2025-W53"}).notes,
              HasSubstr("2025 has 52 weeks"));
  EXPECT_EQ(RunAs("an-lise", {"digest", "build", "--tier", "green"}).code, ExitCode::kOk)
      << "not given, it is the last one";
}

TEST_F(DigestInputs, WhatIsPickedAndLeftIsAUsageError) {
  const Ran ran = Build({"--pick", id_, "--leave", id_, "--json"});
  EXPECT_EQ(ran.code, ExitCode::kUsage);
  EXPECT_EQ(ran.json()["error"]["code"], "PICKED_AND_LEFT");
}

TEST_F(DigestInputs, AnAddressThatIsNoneIsAUsageError) {
  const Words good = {"mail",        "--tier",    "green",      "--mail-from",
                      "a@b.example", "--mail-to", "c@d.example"};
  EXPECT_EQ(Digest(good).code, ExitCode::kOk);
  for (const size_t place : {4, 6}) {
    Words bad = good;
    bad[place] = "Desk <c@d.example>";
    EXPECT_EQ(Digest(bad).code, ExitCode::kUsage) << bad[place - 1];
  }
}

TEST_F(DigestInputs, AFolderThatItsOwnerClosedToWritingStaysAsItIs) {
  const std::string folder = folder_ / "closed";
  fs::create_directories(folder);
  const fs::perms closed = fs::perms(0555);
  fs::permissions(folder, closed);
  const Ran ran = Build({"--format", "all", "--out", folder});
  EXPECT_EQ(ran.code, ExitCode::kFailure) << ran.notes;
  EXPECT_THAT(ran.notes, HasSubstr("may not be written to"));
  EXPECT_EQ(fs::status(folder).permissions(), closed);
  EXPECT_TRUE(fs::is_empty(folder));
}

TEST_F(DigestInputs, ATimerThatComesAgainIsToldWhatIsPublished) {
  const Ran first = Digest({"publish", "--tier", "green", "--json"});
  ASSERT_EQ(first.code, ExitCode::kOk) << first.notes;
  const Ran second = Digest({"publish", "--tier", "green", "--once", "--json"});
  EXPECT_EQ(second.code, ExitCode::kOk) << second.notes;
  EXPECT_EQ(second.json(), nlohmann::json({{"week", ThisWeek()},
                                           {"tier", "green"},
                                           {"id", first.json()["id"]},
                                           {"published", false}}));
}

TEST_F(DigestInputs, ADryRunSaysOfEachWhetherItMayEnterAndTheLabelStandsLast) {
  Draft narrow = network_.Green("Plans of the stadium");
  narrow.tlp = Tlp::kAmberStrict;
  narrow.to = {*ParseAudienceToken("org:astrid")};
  const auto published = network_.Open("an-lise").Publish(narrow);
  ASSERT_TRUE(published.ok()) << published.status();
  network_.clock().Advance(absl::Minutes(1));
  const Words words = {"publish", "--tier", "green", "--dry-run"};
  const std::string shown = Digest(words).data;
  EXPECT_THAT(shown, HasSubstr(absl::StrCat("  ", id_, "  TLP:GREEN         may enter\n",
                                            "| Bag snatchers at the station\n")));
  EXPECT_THAT(shown, HasSubstr(absl::StrCat("  ", published->id.ToHex(),
                                            "  TLP:AMBER+STRICT  may not: LABEL_ABOVE_TIER\n",
                                            "| Plans of the stadium\n")));
  EXPECT_THAT(shown, StartsWith("TLP:AMBER+STRICT\n")) << "a title of that label is listed";
  EXPECT_THAT(shown, EndsWith("\nTLP:AMBER+STRICT\n"));
  Words as_json = words;
  as_json.push_back("--json");
  const nlohmann::json object = Digest(as_json).json();
  EXPECT_EQ(object["tlp"], "TLP:GREEN");
  EXPECT_EQ(object["may_enter"][0]["id"], id_);
  EXPECT_EQ(object["may_enter"][0]["title"], "Bag snatchers at the station");
  EXPECT_EQ(object["left_out"][0]["id"], published->id.ToHex());
  EXPECT_EQ(object["left_out"][0]["rule"], "LABEL_ABOVE_TIER");
}

TEST_F(DigestInputs, WhatCannotBePickedIsToldByACommandThatThereIs) {
  const Ran ran = Build({"--pick", "00112233445566778899aabbccddeeff"});
  EXPECT_EQ(ran.code, ExitCode::kNotFound);
  EXPECT_THAT(ran.notes, HasSubstr("provenance"));
  EXPECT_EQ(Digest({"publish", "--tier", "green", "--dry-run"}).code, ExitCode::kOk);
}

TEST_F(DigestInputs, WhatCannotBeAskedForIsAUsageError) {
  const std::string next = Week::Of(network_.clock().Now()).Plus(1).Print();
  for (const Words& words :
       {Words{"digest", "build", "--tier", "green", "--week", next},
        Words{"digest", "build", "--mine", "--week", next},
        Words{"digest", "mail", "--tier", "green", "--week", next, "--mail-from", "a@b.example",
              "--mail-to", "c@d.example"},
        Words{"digest", "publish", "--tier", "green", "--once", "--replace"}}) {
    EXPECT_EQ(RunAs("an-lise", words).code, ExitCode::kUsage) << words[1] << words.back();
  }
  EXPECT_EQ(Build({"--as-of", "2099-01-01T00:00:00Z"}).code, ExitCode::kUsage);
  EXPECT_EQ(Build({"--as-of", "1999-01-01T00:00:00Z"}).code, ExitCode::kUsage);
  EXPECT_EQ(Build({"--out", "-"}).code, ExitCode::kUsage);
  EXPECT_FALSE(fs::exists("-"));
}

TEST_F(DigestInputs, TemplatesAreForFormatsThatAreMadeOfThemAndAreThere) {
  const std::string folder = folder_ / "templates";
  EXPECT_EQ(Build({"--format", "html", "--templates", folder}).code, ExitCode::kUsage);
  fs::create_directories(folder);
  std::ofstream(folder + "/head.mustache") << "<h1>{{title}}</h1>";
  EXPECT_EQ(Build({"--format", "html", "--templates", folder}).code, ExitCode::kOk);
  EXPECT_EQ(Build({"--format", "md", "--templates", folder}).code, ExitCode::kUsage);
  std::ofstream(folder + "/head.mustache") << "<h1>{{title}}</h1>\n{{#facts}}{{nmae}}{{/facts}}";
  const Ran misspelt = Build({"--format", "html", "--templates", folder});
  EXPECT_EQ(misspelt.code, ExitCode::kUsage);
  EXPECT_THAT(misspelt.notes, HasSubstr("head.mustache:2"));
  EXPECT_THAT(misspelt.notes, HasSubstr("nmae"));
}

TEST_F(DigestInputs, NoCommandIsOfferedWhatItDoesNotTake) {
  EXPECT_THAT(RunAs("an-lise", {"digest", "publish"}).notes, ::testing::Not(HasSubstr("--mine")));
  EXPECT_THAT(RunAs("an-lise", {"digest", "due", "--tier", "blue"}).notes,
              ::testing::Not(HasSubstr("--mine")));
  EXPECT_THAT(RunAs("an-lise", {"digest", "build"}).notes, HasSubstr("--mine"));
}

}  // namespace
}  // namespace shield::cli
