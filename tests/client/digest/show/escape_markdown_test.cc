#include "client/digest/show/escape_markdown.h"

#include <gtest/gtest.h>

#include "client/digest/show/character_entity.h"
#include "client/digest/show/print_markdown.h"
#include "client/text/clean_text.h"
#include "tests/client/digest/show/markdown_reading.h"
#include "tests/client/digest/support/hostile_strings.h"

namespace shield::show {
namespace {

TEST(EscapeMarkdown, LeavesOrdinaryTextAlone) {
  const std::string text =
      "Café (2 zalen), -5 °C & co: 50 % van snake_case; zie https://a.example!";
  EXPECT_EQ(EscapeMarkdown(text), text);
}

TEST(EscapeMarkdown, EscapesWhatAReaderWouldObey) {
  EXPECT_EQ(EscapeMarkdown("*a* _b_ `c` ~d~ [e](f) <g> h|i $j$ \\k &lt;"),
            "\\*a\\* \\_b\\_ \\`c\\` \\~d\\~ \\[e\\](f) \\<g> h\\|i \\$j\\$ \\\\k \\&lt;");
  EXPECT_EQ(EscapeMarkdown("http://a ftp://b www.c.d"), "http\\://a ftp\\://b www\\.c.d");
  EXPECT_EQ(EscapeMarkdown("titel ##"), "titel \\##");
}

TEST(EscapeMarkdown, AWordThatWouldBeginABlockDoesNot) {
  EXPECT_EQ(EscapeLineStart("-"), "\\-");
  EXPECT_EQ(EscapeLineStart("---"), "\\---");
  EXPECT_EQ(EscapeLineStart("==="), "\\===");
  EXPECT_EQ(EscapeLineStart("#x"), "\\#x");
  EXPECT_EQ(EscapeLineStart(">x"), "\\>x");
  EXPECT_EQ(EscapeLineStart("12."), "12\\.");
  EXPECT_EQ(EscapeLineStart("12)"), "12\\)");
  EXPECT_EQ(EscapeLineStart("-5"), "-5");
  EXPECT_EQ(EscapeLineStart("12.5"), "12.5");
  EXPECT_EQ(EscapeLineStart(""), "");
}

TEST(EscapeMarkdown, CodeIsBetweenMoreBackticksThanItHolds) {
  EXPECT_EQ(MarkdownCode("a"), "`a`");
  EXPECT_EQ(MarkdownCode("a`b"), "``a`b``");
  EXPECT_EQ(MarkdownCode("`"), "`` ` ``");
  EXPECT_EQ(MarkdownCode(""), "");
}

TEST(EscapeMarkdown, AParagraphOfAnyTextIsThatText) {
  for (const HostileString& hostile : HostileStrings()) {
    const std::string line = CleanLine(hostile.text);
    if (line.empty()) continue;
    Document document{.label = Tlp::kClear};
    document.blocks = {Paragraph({Plain(line)})};
    const MarkdownReading reading = ReadAsMarkdown(PrintMarkdown(document));
    EXPECT_EQ(reading.text, "TLP:CLEAR " + line + " TLP:CLEAR");
    EXPECT_EQ(reading.skeleton, "ppp") << line;
    EXPECT_TRUE(reading.harms.empty()) << line << ": " << reading.harms.front();
  }
}

TEST(CharacterEntity, NamesACharacter) {
  EXPECT_EQ(CharacterOf("&#8364;"), "€");
  EXPECT_EQ(CharacterOf("&#x20AC;"), "€");
  EXPECT_EQ(CharacterOf("&#X41;"), "A");
  EXPECT_EQ(CharacterOf("&apos;"), "'");
  EXPECT_EQ(CharacterOf("&copy;"), "&copy;");
  for (const char* no_character : {"&#0;", "&#xD800;", "&#x110000;", "&#99999999999;", "&#x;"}) {
    EXPECT_EQ(CharacterOf(no_character), "\xEF\xBF\xBD") << no_character;
  }
}

}  // namespace
}  // namespace shield::show
