#include "client/text/clean_text.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "client/content/text_form.h"

namespace shield {
namespace {

TEST(CleanText, LeavesOrdinaryTextOfEveryScriptAlone) {
  const std::string text = "Één café, « mañana »\n\tΑθήνα 東京 عربي";
  EXPECT_EQ(CleanText(text), text);
}

TEST(CleanText, ShowsControlsAndBidiControlsInsteadOfObeyingThem) {
  EXPECT_EQ(CleanText("a\033[2Jb"), "a<U+001B>[2Jb");
  EXPECT_EQ(CleanText("gpj.\xE2\x80\xAE"
                      "exe"),
            "gpj.<U+202E>exe");
}

TEST(CleanText, IsInNormalFormCWhateverStandsBeforeIt) {
  const std::string decomposed = "e\xCC\x81";
  EXPECT_EQ(CleanText(decomposed), "\xC3\xA9");
  const std::string strike = "\xCC\xB8";  // joins < = and > to other characters
  for (const absl::string_view before : {"", "<", "=", ">", "e", "\xE2\x80\xAE"}) {
    const std::string cleaned = CleanText(absl::StrCat(before, strike));
    for (const absl::string_view shown : {"", "<", "=", ">", "\\", "* "}) {
      EXPECT_TRUE(CheckContentText(absl::StrCat(shown, cleaned)).ok())
          << shown << " before " << cleaned;
    }
  }
}

TEST(CleanText, AMarkHasACharacterToStandOn) {
  EXPECT_EQ(CleanText("\xCC\x81x"), "\xE2\x97\x8C\xCC\x81x");
  EXPECT_EQ(CleanText("a\n\xCC\x81x"), "a\n\xE2\x97\x8C\xCC\x81x");
}

TEST(CleanText, NoMoreMarksThanMayBeStandOnOneCharacter) {
  const std::string mark = "\xCC\xB2";
  std::string most = "a";
  for (size_t i = 0; i < kMaxMarks; ++i) most += mark;
  EXPECT_EQ(CleanText(most), most);
  EXPECT_EQ(CleanText(absl::StrCat(most, mark)), absl::StrCat(most, "<U+0332>"));
}

TEST(CleanText, BytesThatAreNotUtf8AreReplaced) {
  EXPECT_EQ(CleanText("a\xFFz"), "a\xEF\xBF\xBDz");
}

TEST(CleanLine, IsOneLineWithSingleSpacesAndNoneAtItsEnds) {
  EXPECT_EQ(CleanLine(" a \t b\n\nc  "), "a b c");
  EXPECT_EQ(CleanLine("x\r\nBcc: y"), "x<U+000D> Bcc: y");
  EXPECT_EQ(CleanLine(" \n\t"), "");
}

TEST(Shortened, LeavesWhatFits) {
  EXPECT_EQ(Shortened("", 1), "");
  EXPECT_EQ(Shortened("kort", 4), "kort");
}

TEST(Shortened, CutsBetweenWordsAndWithinOneThatIsMostOfIt) {
  EXPECT_EQ(Shortened("een twee drie", 10), "een twee…");
  EXPECT_EQ(Shortened("een tweeduizendzevenhonderd", 15), "een tweeduizen…");
  EXPECT_EQ(Shortened("ééééé", 3), "éé…");
}

TEST(Shortened, NeverSplitsACharacterFromItsMarks) {
  EXPECT_EQ(Shortened("abx\xCC\xB2\xCC\xB3yz", 4), "ab…");
}

}  // namespace
}  // namespace shield
