#include "client/text/terminal_text.h"

#include <gtest/gtest.h>

namespace shield {
namespace {

TEST(TerminalText, LeavesOrdinaryTextOfEveryScriptAlone) {
  const absl::string_view text =
      "Meir 12:00 — « café » “naïve” Αθήνα Київ 東京 עברית العربية\n\tnext";
  EXPECT_EQ(TerminalText(text), text);
}

TEST(TerminalText, ShowsEscapesInsteadOfObeyingThem) {
  EXPECT_EQ(TerminalText("a\033[2Jb"), "a<U+001B>[2Jb");
  EXPECT_EQ(TerminalText("a\rb\bc\x07"), "a<U+000D>b<U+0008>c<U+0007>");
  EXPECT_EQ(TerminalText("\x7f"), "<U+007F>");
}

TEST(TerminalText, ShowsTheEightBitControlSequenceIntroducer) {
  EXPECT_EQ(TerminalText("a\xC2\x9B"
                         "31mb"),
            "a<U+009B>31mb");
}

TEST(TerminalText, ShowsEveryBidirectionalControl) {
  const std::vector<std::pair<std::string, std::string>> controls = {
      {"\xE2\x80\xAA", "<U+202A>"}, {"\xE2\x80\xAB", "<U+202B>"}, {"\xE2\x80\xAC", "<U+202C>"},
      {"\xE2\x80\xAD", "<U+202D>"}, {"\xE2\x80\xAE", "<U+202E>"}, {"\xE2\x81\xA6", "<U+2066>"},
      {"\xE2\x81\xA7", "<U+2067>"}, {"\xE2\x81\xA8", "<U+2068>"}, {"\xE2\x81\xA9", "<U+2069>"},
      {"\xE2\x80\x8E", "<U+200E>"}, {"\xE2\x80\x8F", "<U+200F>"}, {"\xD8\x9C", "<U+061C>"}};
  for (const auto& [control, shown] : controls) EXPECT_EQ(TerminalText(control), shown);
}

TEST(TerminalText, ReplacesBytesThatAreNotUtf8OneByOne) {
  EXPECT_EQ(TerminalText("a\xFF"
                         "b\xC3"),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD");
  // An overlong line feed and a surrogate are not UTF-8 either.
  EXPECT_EQ(TerminalText("\xC0\x8A"), "\xEF\xBF\xBD\xEF\xBF\xBD");
}

// Whatever goes in, what comes out holds no byte that a terminal could act on.
TEST(TerminalText, NeverLetsAControlByteThrough) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string text = {static_cast<char>(first), static_cast<char>(second)};
      for (char shown : TerminalText(text)) {
        const auto byte = static_cast<unsigned char>(shown);
        ASSERT_TRUE(byte >= 0x20 || byte == '\n' || byte == '\t') << first << " " << second;
        ASSERT_NE(byte, 0x7f);
      }
    }
  }
}

TEST(TerminalLine, KeepsToOneLine) { EXPECT_EQ(TerminalLine("a\nb\tc"), "a b c"); }

TEST(TerminalText, CountsTheCellsThatALineTakes) {
  EXPECT_EQ(TerminalCells(""), 0U);
  EXPECT_EQ(TerminalCells("één"), 3U);
  EXPECT_EQ(TerminalCells("漢字"), 4U);
  EXPECT_EQ(TerminalCells("a\xCC\xB2"), 1U);
  EXPECT_EQ(TerminalCells("\xFFz"), 2U);
}

}  // namespace
}  // namespace shield
