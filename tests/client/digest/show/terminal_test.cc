#include "client/digest/show/terminal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "client/digest/show/markdown.h"
#include "client/digest/show/print_terminal.h"
#include "client/digest/show/say_runs.h"
#include "client/text/clean_text.h"
#include "client/text/terminal_text.h"
#include "tests/client/digest/support/hostile_edition.h"
#include "tests/client/digest/support/hostile_strings.h"
#include "tests/client/digest/support/sample_edition.h"

namespace shield {
namespace {

using testing::HasSubstr;

std::vector<std::string> LinesOf(const std::string& text) { return absl::StrSplit(text, '\n'); }

// Without the three things that colours are made of.
std::string WithoutColours(const std::string& text, Tlp label) {
  const std::string coloured = TerminalLabel(label, Colours::kAnsi);
  return absl::StrReplaceAll(text,
                             {{coloured, TlpWithPrefix(label)}, {"\033[1m", ""}, {"\033[0m", ""}});
}

TEST(Terminal, TheLabelStandsFirstAndLast) {
  const std::vector<std::string> lines =
      LinesOf(WriteTerminal(SampleEdition(Language::kDutch), 80, Colours::kNone));
  EXPECT_EQ(lines.front(), "TLP:AMBER");
  EXPECT_EQ(lines[lines.size() - 2], "TLP:AMBER");
  EXPECT_EQ(lines.back(), "");
}

TEST(Terminal, NoLineIsWiderThanTheTerminal) {
  for (const size_t columns : {40U, 80U, 120U}) {
    for (const Language language : {Language::kEnglish, Language::kDutch, Language::kFrench}) {
      for (const Edition& edition :
           {SampleOwnEdition(language), QuietEdition(language), LongEdition(language, 30)}) {
        for (const std::string& line : LinesOf(WriteTerminal(edition, columns, Colours::kNone))) {
          EXPECT_LE(TerminalCells(line), columns) << line;
        }
      }
    }
  }
}

TEST(Terminal, ANarrowTerminalIsTakenForTheNarrowestThereIs) {
  const Edition edition = SampleEdition(Language::kEnglish);
  EXPECT_EQ(WriteTerminal(edition, 1, Colours::kNone),
            WriteTerminal(edition, show::kMinTerminalColumns, Colours::kNone));
  EXPECT_EQ(WriteTerminal(edition, 0, Colours::kNone),
            WriteTerminal(edition, kPlainColumns, Colours::kNone));
}

TEST(Terminal, ColoursSayNothingThatIsNotThereWithoutThem) {
  for (const Language language : {Language::kEnglish, Language::kDutch, Language::kFrench}) {
    const Edition edition = SampleOwnEdition(language);
    const std::string coloured = WriteTerminal(edition, 80, Colours::kAnsi);
    EXPECT_THAT(coloured, HasSubstr("\033[1m"));
    EXPECT_EQ(WithoutColours(coloured, edition.label), WriteTerminal(edition, 80, Colours::kNone));
  }
}

TEST(Terminal, NoTextOfAnAuthorMovesTheCursorOrChangesColours) {
  for (const HostileString& hostile : HostileStrings()) {
    const Edition edition = FillEveryField(hostile.text);
    const std::string plain = WriteTerminal(edition, 80, Colours::kNone);
    EXPECT_EQ(TerminalText(plain), plain) << hostile.text;
    EXPECT_FALSE(absl::StrContains(plain, '\t')) << hostile.text;
    const std::string coloured = WriteTerminal(edition, 80, Colours::kAnsi);
    EXPECT_EQ(WithoutColours(coloured, edition.label), plain) << hostile.text;
    for (const std::string& line : LinesOf(plain)) EXPECT_LE(TerminalCells(line), 80U) << line;
  }
}

TEST(Terminal, NoTextOfAnAuthorPassesForTheLabel) {
  for (const std::string& text :
       {std::string("TLP:CLEAR"), std::string("x\nTLP:CLEAR\n"),
        std::string(30, 'w') + " " + std::string(48, 'w') + " TLP:CLEAR",
        std::string(78, 'w') + " TLP:CLEAR", std::string(79, 'w') + " TLP:CLEAR"}) {
    const std::vector<std::string> lines =
        LinesOf(WriteTerminal(FillEveryField(text), 80, Colours::kNone));
    for (const std::string& line : lines) {
      EXPECT_FALSE(absl::StartsWith(line, "TLP:CLEAR")) << line;
    }
  }
}

TEST(Terminal, SaysWhatTheMarkdownSays) {
  const std::string text =
      CleanLine(WriteTerminal(SampleEdition(Language::kEnglish), 400, Colours::kNone));
  for (const absl::string_view said :
       {"Weekly briefing 47/2026", "- Guards: Noteer uur, plaats",
        "| Le message annonce un badge à renouveler", "hxxps[:]//acces[.]example/badge/renouveler",
        "Threat level OCAD, België: 3, unchanged [1]"}) {
    EXPECT_THAT(text, HasSubstr(std::string(said)));
  }
  EXPECT_THAT(text, HasSubstr("As much was published as usual: 5 this week, with a mean of 5"));
}

TEST(TerminalOfMarkdown, AnEditionIsLaidOutAsItsOwnFormat) {
  for (const Language language : {Language::kEnglish, Language::kDutch, Language::kFrench}) {
    const Edition edition = SampleEdition(language);
    const std::string text = WriteTerminalOf(WriteMarkdown(edition), 400);
    std::string own = WriteTerminal(edition, 400, Colours::kNone);
    // But for the labels around it, which stand in the text there.
    EXPECT_EQ(CleanLine(text), CleanLine(own));
    for (const absl::string_view mark : {"**", "##", "\\", "|---", "| ---"}) {
      EXPECT_EQ(text.find(std::string(mark)), std::string::npos) << mark;
    }
  }
}

TEST(TerminalOfMarkdown, ACommandIsInOneLineWhereItFitsInOne) {
  for (size_t columns = 40; columns < 100; ++columns) {
    const std::string text = WriteTerminalOf(
        "Report anything else that strikes you with `shield bulletin publish`, and say\u00a0: "
        "what, "
        "where and when.\n",
        columns);
    EXPECT_THAT(text, HasSubstr("shield bulletin publish")) << columns;
    EXPECT_THAT(text, HasSubstr("say\u00a0:")) << columns;
  }
}

TEST(TerminalOfMarkdown, WhatBeginsStandsApartFromWhatCameBefore) {
  EXPECT_THAT(
      WriteTerminalOf("## New\n\n### [1] One\n\nText.\n\n### [2] Two\n\nMore.\n", 80),
      testing::AllOf(HasSubstr("\n\n[1] One\n\n"), HasSubstr("Text.\n\n\n[2] Two\n\nMore.")));
}

TEST(TerminalOfMarkdown, NothingOfAnyTextMovesTheCursor) {
  for (const HostileString& hostile : HostileStrings()) {
    const std::string text = WriteTerminalOf(hostile.text, 80);
    EXPECT_EQ(TerminalText(text), text) << hostile.text;
  }
}

TEST(TerminalOfMarkdown, ATableOfVeryManyColumnsIsReadInTime) {
  std::string table = std::string("|") + absl::StrJoin(std::vector<std::string>(100, "a"), "|") +
                      "|\n|" + absl::StrJoin(std::vector<std::string>(100, "---"), "|") + "|\n";
  for (int i = 0; i < 2000; ++i) table += "|b|c\n";
  const std::string text = WriteTerminalOf(table, 80);
  EXPECT_NE(text.find("a a a"), std::string::npos) << "further cells stand in the last";
  EXPECT_NE(text.find("b"), std::string::npos);
}

TEST(TerminalOfMarkdown, OfWhatIsTooLongTheEndIsLeftOutAndItSaysSo) {
  EXPECT_TRUE(absl::EndsWith(WriteTerminalOf(std::string(300'000, 'a') + "\n\nend", 80), "…"));
  EXPECT_TRUE(absl::EndsWith(WriteTerminalOf("a\n\nend", 80), "end"));
}

}  // namespace
}  // namespace shield
