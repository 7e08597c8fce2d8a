#include "client/digest/page/html.h"

#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/base64.h"
#include "client/digest/page/check_page.h"
#include "client/digest/show/markdown.h"
#include "crypto/sha256.h"
#include "tests/client/digest/support/hostile_edition.h"
#include "tests/client/digest/support/hostile_strings.h"
#include "tests/client/digest/support/sample_edition.h"

namespace shield {
namespace {

std::string Page(const Edition& edition) {
  absl::StatusOr<std::string> html = WriteHtml(edition, PageTemplates::BuiltIn());
  EXPECT_TRUE(html.ok()) << html.status();
  return html.ok() ? *std::move(html) : "";
}

// What stands between the first `begin` and the next `end`.
std::string Between(const std::string& text, const std::string& begin, const std::string& end) {
  const size_t from = text.find(begin);
  if (from == std::string::npos) return "";
  const size_t start = from + begin.size();
  return text.substr(start, text.find(end, start) - start);
}

TEST(WriteHtml, TheLabelStandsFirstAndLastAndOnEachPrintedPage) {
  Edition edition = SampleEdition(Language::kEnglish);
  for (const Tlp label : {Tlp::kAmberStrict, Tlp::kAmber, Tlp::kGreen, Tlp::kClear}) {
    edition.label = label;
    const std::string html = Page(edition);
    const std::string text = TlpWithPrefix(label);
    EXPECT_NE(Between(html, "<header class=\"band\">", "</header>").find(">" + text + "<"),
              std::string::npos);
    EXPECT_NE(Between(html, "<footer class=\"band\">", "</footer>").find(">" + text + "<"),
              std::string::npos);
    const std::string pages = Between(html, "@page {", "</style>");
    for (const char* box : {"@top-left {", "@bottom-left {"}) {
      const std::string rule = Between(pages, box, "}");
      EXPECT_NE(rule.find(absl::StrCat("content: \"", text, "\"; color: ", TlpColour(label),
                                       "; background: #000; font: bold 12pt")),
                std::string::npos)
          << rule;
    }
    EXPECT_NE(html.find(absl::StrCat("<title>", text, " ")), std::string::npos);
  }
}

TEST(WriteHtml, ThePolicyAllowsTheStyleByItsDigestAndNothingElse) {
  const std::string html = Page(SampleEdition(Language::kDutch));
  const std::string style = Between(html, "<style>", "</style>");
  const std::string label_style = Between(html, "</style>\n<style>", "</style>");
  ASSERT_FALSE(style.empty());
  ASSERT_FALSE(label_style.empty());
  const auto source = [](absl::string_view of) {
    return absl::StrCat("'sha256-", Base64Encode(Sha256(of).span(), Base64Form::kPadded), "'");
  };
  EXPECT_EQ(Between(html, "Content-Security-Policy\" content=\"", "\">"),
            absl::StrCat("default-src 'none'; style-src ", source(style), " ", source(label_style),
                         "; base-uri 'none'; form-action 'none'"));
  EXPECT_LT(html.find("Content-Security-Policy"), html.find("<style>"));
  EXPECT_FALSE(page::FindStyleFault(style).has_value());
}

TEST(WriteHtml, NoStyleOfAForceTakesTheLabelAway) {
  const std::string hides = ".band { display: none !important }\n";
  const absl::StatusOr<PageTemplates> templates = PageTemplates::Create({{"page.css", hides}});
  ASSERT_TRUE(templates.ok()) << templates.status();
  const Edition edition = SampleEdition(Language::kEnglish);
  const absl::StatusOr<std::string> html = WriteHtml(edition, *templates);
  ASSERT_TRUE(html.ok()) << html.status();
  EXPECT_EQ(Between(*html, "<style>", "</style>"), hides);
  // The same as with the built-in style, in an element that nothing before it can end or leave out.
  const std::string label_style = Between(*html, "</style>\n<style>", "</style>");
  EXPECT_EQ(label_style, Between(Page(edition), "</style>\n<style>", "</style>"));
  EXPECT_TRUE(absl::StrContains(label_style, ".band.band.band.band { display: block !important"));
  EXPECT_TRUE(absl::StrContains(label_style, "@page {"));
}

TEST(WriteHtml, TheSameEditionIsTheSamePage) {
  EXPECT_EQ(Page(SampleEdition(Language::kFrench)), Page(SampleEdition(Language::kFrench)));
}

TEST(WriteHtml, HeadingsGoDownOneLevelAtATime) {
  for (const Edition& edition :
       {SampleEdition(Language::kEnglish), SampleOwnEdition(Language::kFrench),
        QuietEdition(Language::kDutch), LongEdition(Language::kEnglish, 40)}) {
    const std::string html = Page(edition);
    int level = 0;
    int first = 0;
    for (size_t at = html.find("<h"); at != std::string::npos; at = html.find("<h", at + 2)) {
      const char digit = html[at + 2];
      if (digit < '1' || digit > '6') continue;
      EXPECT_LE(digit - '0', level + 1) << html.substr(at, 60);
      level = digit - '0';
      if (level == 1) ++first;
    }
    EXPECT_EQ(first, 1);
  }
}

TEST(WriteHtml, EveryLinkLeadsToWhatThereIs) {
  const std::string html = Page(SampleOwnEdition(Language::kEnglish));
  size_t links = 0;
  for (size_t at = html.find("href=\"#"); at != std::string::npos;
       at = html.find("href=\"#", at + 1)) {
    const std::string id = Between(html.substr(at), "href=\"#", "\"");
    EXPECT_NE(html.find(absl::StrCat(" id=\"", id, "\"")), std::string::npos) << id;
    ++links;
  }
  EXPECT_GT(links, 12U);
}

TEST(WriteHtml, NoIdStandsTwice) {
  const std::string html = Page(SampleOwnEdition(Language::kEnglish));
  std::set<std::string> ids;
  for (size_t at = html.find(" id=\""); at != std::string::npos; at = html.find(" id=\"", at + 1)) {
    EXPECT_TRUE(ids.insert(Between(html.substr(at), " id=\"", "\"")).second);
  }
}

TEST(WriteHtml, SaysInWhichLanguageABulletinIs) {
  const std::string html = Page(SampleEdition(Language::kEnglish));
  EXPECT_NE(html.find("<html lang=\"en\">"), std::string::npos);
  EXPECT_NE(html.find("<span lang=\"nl\">Herhaalde verkenning"), std::string::npos);
  EXPECT_NE(html.find("<blockquote lang=\"fr\">"), std::string::npos);
  EXPECT_EQ(html.find("lang=\"en\">Unlit drones"), std::string::npos);
}

TEST(WriteHtml, DrawingsStandBesideTheirTables) {
  const std::string html = Page(SampleEdition(Language::kEnglish));
  for (const char* section : {"<section id=\"places\"", "<section id=\"trend\""}) {
    const std::string part = Between(html, section, "</section>");
    EXPECT_NE(part.find("<svg "), std::string::npos) << section;
    EXPECT_NE(part.find("<table>"), std::string::npos) << section;
  }
}

TEST(WriteHtml, TheLegendSaysWhatAMarkWithoutSeverityMeans) {
  Edition edition = SampleEdition(Language::kEnglish);
  edition.places.push_back({"Meir", 4.41, 51.218, Severity::kUnspecified, {2}});
  EXPECT_NE(Page(edition).find("○ not given</span>"), std::string::npos);
}

TEST(WriteHtml, WeeksThatDoNotCompareHaveNoMean) {
  Edition edition = SampleEdition(Language::kEnglish);
  EXPECT_NE(Page(edition).find("Mean of the four weeks before"), std::string::npos);
  edition.trend_compares = false;
  const std::string html = Page(edition);
  EXPECT_EQ(html.find("Mean of the four weeks before"), std::string::npos);
  EXPECT_EQ(html.find("<figcaption></figcaption>"), std::string::npos);
  EXPECT_NE(html.find("<section id=\"trend\""), std::string::npos);
}

TEST(WriteHtml, OnPaperTheFactsOfABulletinStayWithItsText) {
  const std::string html = Page(SampleEdition(Language::kEnglish));
  const std::string print = html.substr(html.find("@media print"));
  EXPECT_NE(print.find(".item-facts { break-before: avoid; }"), std::string::npos);
}

TEST(WriteHtml, OnPaperNoHeadingOfABodyIsLargerThanTheTitleOfItsBulletin) {
  const std::string html = Page(SampleEdition(Language::kEnglish));
  const std::string print = html.substr(html.find("@media print"));
  EXPECT_NE(print.find("h3 { font-size: 10.5pt; }\n  h4, h5, h6 { font-size: 9pt;"),
            std::string::npos);
}

TEST(WriteHtml, OnPaperTheLabelBeginsNoPageOfItsOwn) {
  const std::string html = Page(SampleEdition(Language::kEnglish));
  const std::string print = html.substr(html.find("@media print"));
  EXPECT_NE(print.find("footer.band { break-before: avoid; }"), std::string::npos);
  EXPECT_NE(html.find("<footer class=\"band\">"), std::string::npos);
}

TEST(WriteHtml, AQuietWeekSaysSo) {
  const std::string html = Page(QuietEdition(Language::kDutch));
  const size_t said = html.find("Een rustige week");
  ASSERT_NE(said, std::string::npos);
  EXPECT_EQ(html.find("Een rustige week", said + 1), std::string::npos) << "once";
  EXPECT_EQ(html.find("<section id=\"trend\""), std::string::npos) << "five weeks of nothing";
  EXPECT_EQ(html.find("<article"), std::string::npos);
}

TEST(WriteReceivedHtml, AnyTextIsTextUnderTheLabelOfItsBulletin) {
  Edition head = QuietEdition(Language::kEnglish);
  for (const HostileString& hostile : HostileStrings()) {
    const absl::StatusOr<std::string> html = WriteReceivedHtml(head, hostile.text, {hostile.text});
    ASSERT_TRUE(html.ok()) << html.status() << hostile.text;
    EXPECT_NE(html->find("<p class=\"label tlp-green\">TLP:GREEN</p>"), std::string::npos);
    EXPECT_EQ(html->find("<script"), std::string::npos) << hostile.text;
    EXPECT_EQ(html->find("<img"), std::string::npos) << hostile.text;
  }
}

TEST(WriteReceivedHtml, AnEditionIsAPageWithItsTablesAndItsHeadingsInOrder) {
  const Edition edition = SampleEdition(Language::kDutch);
  const absl::StatusOr<std::string> html =
      WriteReceivedHtml(edition, WriteMarkdown(edition), {"withdrawn since: [1] 0123"});
  ASSERT_TRUE(html.ok()) << html.status();
  EXPECT_NE(html->find("<h1>Weekbriefing 47/2026</h1>"), std::string::npos);
  EXPECT_NE(html->find("<html lang=\"nl\">"), std::string::npos);
  EXPECT_NE(html->find("<th scope=\"col\">"), std::string::npos);
  EXPECT_NE(html->find("withdrawn since: [1] 0123"), std::string::npos);
  int level = 0;
  for (size_t at = html->find("<h"); at != std::string::npos; at = html->find("<h", at + 1)) {
    const char digit = (*html)[at + 2];
    if (digit < '1' || digit > '6' || (*html)[at + 3] != '>') continue;
    EXPECT_LE(digit - '0', level + 1) << html->substr(at, 40);
    level = digit - '0';
  }
}

TEST(WriteHtml, AnExerciseSaysSo) {
  EXPECT_NE(Page(SampleEdition(Language::kFrench)).find("<strong class=\"status\">EXERCICE<"),
            std::string::npos);
}

TEST(WriteHtml, HostileTextsAreTextInEveryField) {
  for (const HostileString& hostile : HostileStrings()) {
    const std::string html = Page(FillEveryField(hostile.text));
    const std::string body = Between(html, "<body>\n", "</body>");
    const std::optional<page::PageFault> fault = page::FindPageFault(body);
    EXPECT_FALSE(fault.has_value()) << hostile.text << "\n" << fault->what;
    for (const absl::string_view absent :
         {"<script", "<img", "<iframe", "\xE2\x80\xAE", "\x1b", "\xE2\x80\x8B"}) {
      EXPECT_FALSE(absl::StrContains(html, absent)) << hostile.text << "\n" << absent;
    }
    EXPECT_EQ(Between(html, "<html lang=\"en\">", "<meta charset"), "\n<head>\n");
  }
}

TEST(WriteHtml, NoLinkLeavesThePage) {
  for (const HostileString& hostile : HostileStrings()) {
    const std::string html = Page(FillEveryField(hostile.text));
    for (size_t at = html.find(" href=\""); at != std::string::npos;
         at = html.find(" href=\"", at + 1)) {
      ASSERT_EQ(html[at + 7], '#') << hostile.text;
    }
  }
}

}  // namespace
}  // namespace shield
