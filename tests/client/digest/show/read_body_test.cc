#include "client/digest/show/read_body.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "client/digest/show/print_markdown.h"
#include "tests/client/digest/show/markdown_reading.h"
#include "tests/client/digest/support/hostile_strings.h"

namespace shield::show {
namespace {

using testing::IsEmpty;

// A body between the two labels.
std::string Printed(absl::string_view body) {
  Document document{.label = Tlp::kClear};
  document.blocks = ReadBody(body, Language::kEnglish).blocks;
  std::string printed = PrintMarkdown(document);
  const size_t before = std::string("**TLP:CLEAR**\n\n").size();
  const size_t after = before + 1;
  return printed.size() < before + after ? ""
                                         : printed.substr(before, printed.size() - before - after);
}

TEST(ReadBody, KeepsWhatMakesATextGoodToRead) {
  const std::string body =
      "Een **vette** en *schuine* regel met `code`.\n\n- een\n- twee\n\n3. drie\n4. vier\n\n"
      "> citaat\n\n```\nregel 1\n  regel 2\n```";
  EXPECT_EQ(Printed(body), body);
}

TEST(ReadBody, TwoListsAreNotOne) {
  EXPECT_EQ(Printed("- een\n\n* twee"), "- een\n\n* twee");
  EXPECT_EQ(Printed("1. een\n\n1) twee"), "1. een\n\n1) twee");
}

TEST(ReadBody, HeadingsAreBelowThoseOfTheBriefing) {
  EXPECT_EQ(Printed("# Een\n\n### Drie\n\n###### Zes"), "#### Een\n\n###### Drie\n\n###### Zes");
  EXPECT_EQ(Printed("Titel\n====="), "#### Titel");
}

TEST(ReadBody, LinksAndPicturesAreTextWithTheirAddress) {
  EXPECT_EQ(Printed("Zie [hier](https://a.example/x \"titel\")."),
            "Zie hier (https://a.example/x).");
  EXPECT_EQ(Printed("[x](javascript:alert(1))"), "x (javascript:alert(1))");
  EXPECT_EQ(Printed("![plan](https://a.example/p.png)"), "picture: plan (https://a.example/p.png)");
  EXPECT_EQ(Printed("<https://a.example/>"), "https://a.example/");
  EXPECT_EQ(Printed("[x][ref]\n\n[ref]: https://b.example/"), "x (https://b.example/)");
}

TEST(ReadBody, RawHtmlIsText) {
  EXPECT_EQ(Printed("a <b>c</b>"), "a \\<b>c\\</b>");
  EXPECT_EQ(Printed("<script>\nalert(1)\n</script>"), "\\<script> alert(1) \\</script>");
}

TEST(ReadBody, EntitiesAreTheCharactersTheyNameAndTheseAreCleaned) {
  EXPECT_EQ(Printed("&euro; 5 &amp; &#x41;"), "€ 5 & A");
  EXPECT_EQ(Printed("a&#x202e;b"), "a\\<U+202E>b");
  EXPECT_EQ(Printed("&lt;b&gt;"), "\\<b>");
  EXPECT_EQ(Printed("&copy;"), "\\&copy;");
}

TEST(ReadBody, AFenceIsLongerThanWhatItHolds) {
  EXPECT_EQ(Printed("````\n```\n<b>\n````"), "````\n```\n<b>\n````");
}

TEST(ReadBody, WhatIsTooDeepStandsWhereTheLastLevelIs) {
  std::string deep;
  for (int i = 0; i < 12; ++i)
    absl::StrAppend(&deep, std::string(static_cast<size_t>(2 * i), ' '), "- n", i, "\n");
  const std::string printed = Printed(deep);
  size_t deepest = 0;
  for (size_t at = printed.find("- "); at != std::string::npos; at = printed.find("- ", at + 1)) {
    const size_t line = printed.rfind('\n', at) + 1;
    deepest = std::max(deepest, at - line);
  }
  EXPECT_EQ(deepest, 2 * static_cast<size_t>(kMaxBodyDepth - 1));
  for (int i = 0; i < 12; ++i) {
    EXPECT_NE(printed.find(absl::StrCat("n", i)), std::string::npos) << printed;
  }
}

TEST(ReadBody, ALongBodyIsCutAndSaysSo) {
  std::string paragraphs;
  for (int i = 0; i < 200; ++i) absl::StrAppend(&paragraphs, "Alinea nummer ", i, ".\n\n");
  const Body cut = ReadBody(paragraphs, Language::kEnglish);
  EXPECT_TRUE(cut.shortened);
  EXPECT_LT(cut.blocks.size(), 200U);
  EXPECT_GT(cut.blocks.size(), 100U);
  EXPECT_FALSE(ReadBody("Alinea.", Language::kEnglish).shortened);
  EXPECT_TRUE(ReadBody(std::string(kMaxBodyBytes + 1, ' '), Language::kEnglish).shortened);
}

TEST(ReadBody, NothingOfAListStandsAfterTheCut) {
  const std::string before(kMaxBodyCharacters, 'x');
  const std::string after =
      "\n\n2017. one\n\n3. **two** and *three*\n   - four\n\n   - five\n4. `six` seven\n\n> - "
      "eight\n";
  const Body cut = ReadBody(before + after, Language::kEnglish);
  EXPECT_TRUE(cut.shortened);
  ASSERT_EQ(cut.blocks.size(), 1U);
  EXPECT_EQ(cut.blocks[0].kind, Block::Kind::kParagraph);
}

TEST(ReadBody, ExactlyWhatMayBeShownIsShown) {
  const std::string most(kMaxBodyCharacters, 'x');
  EXPECT_FALSE(ReadBody(most, Language::kEnglish).shortened);
  EXPECT_TRUE(ReadBody(most + "x", Language::kEnglish).shortened);
}

std::string Repeated(absl::string_view text, size_t times) {
  std::string all;
  for (size_t i = 0; i < times; ++i) absl::StrAppend(&all, text);
  return all;
}

size_t BytesIn(const Blocks& blocks) {
  size_t bytes = 0;
  for (const Block& block : blocks) {
    bytes += block.text.size() + BytesIn(block.blocks);
    for (const Run& run : block.runs) bytes += run.text.size();
  }
  return bytes;
}

TEST(ReadDocument, AReferenceRepeatedMakesNoManifoldOfTheText) {
  for (const std::string& text :
       {absl::StrCat("[a]: /", std::string(20'000, 'u'), "\n\nbefore\n\n", Repeated("[a]", 4'000)),
        absl::StrCat("[a]: /u '", std::string(20'000, 't'), "'\n\nbefore\n\n",
                     Repeated("[a]", 4'000)),
        absl::StrCat("before\n\n- > ", Repeated("![", 1'000), std::string(20'000, 'x'),
                     Repeated("](a)", 1'000))}) {
    const Body body = ReadDocument(text);
    EXPECT_TRUE(body.shortened) << text.substr(0, 20);
    EXPECT_LT(BytesIn(body.blocks), 4 * kMaxDocumentBytes);
    ASSERT_FALSE(body.blocks.empty());
    EXPECT_EQ(body.blocks[0].runs[0].text, "before");
  }
  EXPECT_FALSE(ReadDocument(absl::StrCat("[a]: /u\n\n", Repeated("[a] ", 4'000))).shortened);
}

TEST(ReadDocument, RowsOfNothingMakeNoManifoldOfTheTextAndEachIsWhole) {
  const std::string text = absl::StrCat(Repeated("|a", 1'000), "|\n", Repeated("|---", 1'000),
                                        "|\n", Repeated("|\n", 20'000));
  const Body body = ReadDocument(text);
  EXPECT_TRUE(body.shortened);
  ASSERT_EQ(body.blocks.size(), 1U);
  EXPECT_LT(body.blocks[0].rows.size(), 4'000U);
  for (const std::vector<Runs>& row : body.blocks[0].rows) EXPECT_EQ(row.size(), kMaxTableColumns);
}

TEST(ReadBody, WhatIsPrintedIsReadAsItWas) {
  for (const HostileString& hostile : HostileStrings()) {
    const std::string once = Printed(hostile.text);
    EXPECT_THAT(ReadAsMarkdown(once).harms, IsEmpty()) << hostile.text;
    EXPECT_EQ(ReadAsMarkdown(Printed(once)).text, ReadAsMarkdown(once).text) << hostile.text;
  }
}

}  // namespace
}  // namespace shield::show
