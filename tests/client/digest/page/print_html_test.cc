#include "client/digest/page/print_html.h"

#include <gtest/gtest.h>

#include "client/digest/show/read_body.h"

namespace shield::page {
namespace {

using show::Bullets;
using show::Entry;
using show::Paragraph;
using show::Plain;
using show::Strong;

TEST(PrintHtml, TextIsText) {
  EXPECT_EQ(PrintBlocks({Paragraph({Plain("<b> & \"x\" 'y'"), show::Code("<i>")})}, {}),
            "<p>&lt;b&gt; &amp; &quot;x&quot; &#39;y&#39;<code>&lt;i&gt;</code></p>\n");
}

TEST(PrintHtml, AReferenceLeadsToABulletinThatStandsInFull) {
  const show::Runs runs = {show::ReferenceRun(1), show::ReferenceRun(2)};
  EXPECT_EQ(PrintRuns(runs, {.last_linked = 1}), "<a href=\"#b1\">[1]</a><span>[2]</span>");
}

TEST(PrintHtml, OnlyTheAuthorsTextIsInTheAuthorsLanguage) {
  EXPECT_EQ(PrintRuns({Strong("Why:"), Plain(" omdat"), Plain(" (fact)")}, {.language = "nl"}),
            "<strong>Why:</strong><span lang=\"nl\"> omdat</span> (fact)");
}

TEST(PrintHtml, LanguageIsSaidOfATagThatIsOne) {
  EXPECT_EQ(ForeignLanguage("nl-BE", "en"), "nl-BE");
  EXPECT_EQ(ForeignLanguage("nl", "nl"), "");
  EXPECT_EQ(ForeignLanguage("EN-gb", "en"), "");
  EXPECT_EQ(ForeignLanguage("x\" onclick=\"y", "en"), "");
  EXPECT_EQ(ForeignLanguage("", "en"), "");
}

TEST(PrintHtml, HeadingsOfACellWithoutTextAreNone) {
  EXPECT_EQ(
      PrintBlocks({show::Table({{{Plain("a")}, {Plain("")}}, {{Plain("1")}, {Plain("2")}}})}, {}),
      "<table>\n<thead>\n<tr><th scope=\"col\">a</th><td></td></tr>\n</thead>\n<tbody>\n"
      "<tr><td>1</td><td>2</td></tr>\n</tbody>\n</table>\n");
}

TEST(PrintHtml, ABodysLinksAreShownAndNotFollowed) {
  const show::Body body = show::ReadBody(
      "# Top\n\n[here](https://a.example/x) ![pic](https://a.example/p.png) <b>raw</b>\n\n"
      "[bad](javascript:alert(1))",
      Language::kEnglish);
  const std::string html = PrintBlocks(body.blocks, {});
  EXPECT_NE(html.find("https://a.example/x"), std::string::npos);
  EXPECT_NE(html.find("&lt;b&gt;raw&lt;/b&gt;"), std::string::npos);
  EXPECT_NE(html.find("<h4>"), std::string::npos);
  for (const absl::string_view absent : {"<a ", "<img", "<b>", "<h1", "<h2", "<h3"}) {
    EXPECT_EQ(html.find(std::string(absent)), std::string::npos) << absent << "\n" << html;
  }
}

TEST(PrintHtml, HeadingsOfABodyLeaveNoLevelOut) {
  const show::Block quote =
      show::Quote({show::Heading(6, {Plain("a")}), show::Heading(4, {Plain("b")}),
                   show::Heading(6, {Plain("c")})});
  EXPECT_EQ(PrintBlocks({quote}, {}),
            "<blockquote><h4>a</h4>\n<h4>b</h4>\n<h5>c</h5>\n</blockquote>\n");
  EXPECT_EQ(PrintBlocks({quote}, {.heading_above = 2}),
            "<blockquote><h3>a</h3>\n<h4>b</h4>\n<h5>c</h5>\n</blockquote>\n");
}

TEST(PrintHtml, AnEntryOfOneParagraphIsALine) {
  EXPECT_EQ(PrintBlocks({Bullets({Entry({Paragraph({Plain("a")})})})}, {}),
            "<ul><li>a</li>\n</ul>\n");
}

}  // namespace
}  // namespace shield::page
