#include "client/digest/show/markdown.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/content/text_form.h"
#include "client/digest/show/print_markdown.h"
#include "client/digest/show/read_body.h"
#include "client/digest/show/say_runs.h"
#include "client/text/clean_text.h"
#include "tests/client/digest/show/markdown_reading.h"
#include "tests/client/digest/support/hostile_edition.h"
#include "tests/client/digest/support/hostile_strings.h"
#include "tests/client/digest/support/sample_edition.h"

namespace shield {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::array<Language, 3> kLanguages = {Language::kEnglish, Language::kDutch,
                                                Language::kFrench};

TEST(Markdown, TheLabelStandsFirstAndLast) {
  for (const Language language : kLanguages) {
    const std::string markdown = WriteMarkdown(SampleEdition(language));
    EXPECT_TRUE(absl::StartsWith(markdown, "**TLP:AMBER**\n\n"));
    EXPECT_TRUE(absl::EndsWith(markdown, "\n\n**TLP:AMBER**\n"));
  }
}

TEST(Markdown, EveryPartStandsInTheOrderOfTheSpec) {
  const MarkdownReading reading =
      ReadAsMarkdown(WriteMarkdown(SampleOwnEdition(Language::kEnglish)));
  std::vector<std::string> parts;
  for (const auto& heading : reading.headings) {
    if (heading.first == 2) parts.push_back(heading.second);
  }
  EXPECT_THAT(parts,
              testing::ElementsAre("Key judgements", "What to do this week", "For you by name",
                                   "Waiting for your acknowledgement", "New and changed",
                                   "Also published", "Still open", "Ends before the next edition",
                                   "Withdrawn: do not act on it any more",
                                   "Corrected: replaced by a newer version", "Places",
                                   "Bulletins a week", "Look ahead", "Indicators (defanged)",
                                   "Seen something? How to report", "Where this comes from"));
}

TEST(Markdown, SaysOfABulletinInFullWhatAReaderNeeds) {
  const std::string text = ReadAsMarkdown(WriteMarkdown(SampleEdition(Language::kDutch))).text;
  for (const absl::string_view said :
       {"[1] Herhaalde verkenning van de stationsomgeving Antwerpen-Centraal", "TLP:AMBER · nieuw",
        "ernstig, spoedmelding", "Waarom dit telt: Drie meldingen", "Niet delen met de pers.",
        "richtlijn verdachte gedragingen (https://politie.example/richtlijn)",
        "Bewaking: Noteer uur", "Waar: Antwerpen-Centraal, Koningin Astridplein",
        "Bronbeoordeling: B2 (doorgaans betrouwbare bron, waarschijnlijk waar); inschatting; "
        "waarschijnlijkheid: waarschijnlijk; vertrouwen: matig",
        "Bron: politie-antwerpen (analyst-peeters)", "+32 3 555 01 00", "gewijzigd, versie 2",
        "OEFENING OEFENING OEFENING"}) {
    EXPECT_THAT(text, HasSubstr(std::string(said)));
  }
}

TEST(Markdown, OfWhatHasEndedTheNumbersStandInOneLine) {
  Edition edition = SampleEdition(Language::kEnglish);
  edition.expired = {edition.withdrawn[0], edition.corrected[0]};
  edition.left_out.expired = 3;
  const std::string text = ReadAsMarkdown(WriteMarkdown(edition)).text;
  EXPECT_THAT(text, HasSubstr("by their number in the list at the end: [9] [10] and 3 more"));
  edition.expiring.clear();
  EXPECT_THAT(
      ReadAsMarkdown(WriteMarkdown(edition)).text,
      HasSubstr("Ends before the next edition Ended in the meantime, by their number in the "
                "list at the end: [9]"));
}

TEST(Markdown, WhatIsBeyondAListIsCountedBelowIt) {
  Edition edition = SampleEdition(Language::kEnglish);
  edition.left_out = {.also = 7, .open = 8, .events = 9};
  const std::string text = ReadAsMarkdown(WriteMarkdown(edition)).text;
  EXPECT_THAT(text, HasSubstr("and 7 more: shield inbox ls Still open"));
  EXPECT_THAT(text, HasSubstr("and 8 more: shield inbox ls Ends before"));
  EXPECT_THAT(text, HasSubstr("and 9 more Indicators"));
}

TEST(Markdown, TheAudienceIsSaidInWords) {
  Edition edition = SampleEdition(Language::kFrench);
  edition.audience = {"community:antwerp", "sector:health", "vetting:2"};
  EXPECT_THAT(ReadAsMarkdown(WriteMarkdown(edition)).text,
              HasSubstr("toute la communauté antwerp, sector:health, niveau d’habilitation 2 et "
                        "plus"));
}

TEST(Markdown, WhatToDoAndWhereItIsAreTwoLists) {
  const MarkdownReading reading = ReadAsMarkdown(WriteMarkdown(SampleEdition(Language::kEnglish)));
  // Of the first bulletin: two deeds; place, grading, source, validity, contact, id.
  EXPECT_THAT(reading.skeleton, HasSubstr("3pppqpuiiuiiiiii3"));
}

TEST(Markdown, WhatIsOverIsNamedWithWhatBecameOfIt) {
  const std::string text = ReadAsMarkdown(WriteMarkdown(SampleEdition(Language::kEnglish))).text;
  EXPECT_THAT(text, HasSubstr("withdrawn on 21 Nov 2026 11:00"));
  EXPECT_THAT(text, HasSubstr("replaced by [2]"));
  EXPECT_THAT(text, HasSubstr("ends on 27 Nov 2026 11:00"));
}

TEST(Markdown, IndicatorsAreDefanged) {
  const std::string markdown = WriteMarkdown(SampleEdition(Language::kEnglish));
  EXPECT_THAT(markdown, HasSubstr("`[url:value = 'hxxps[:]//acces[.]example/badge/renouveler']`"));
  EXPECT_THAT(markdown, Not(HasSubstr("'acces.example'")));
}

TEST(Markdown, AQuietWeekSaysSo) {
  const std::string markdown = WriteMarkdown(QuietEdition(Language::kEnglish));
  const size_t said = markdown.find("A quiet week: nothing new was published for you.");
  ASSERT_NE(said, std::string::npos);
  EXPECT_EQ(markdown.find("A quiet week", said + 1), std::string::npos) << "once";
  EXPECT_THAT(markdown, Not(HasSubstr("Bulletins a week"))) << "five weeks of nothing";
  EXPECT_THAT(markdown, HasSubstr("**TLP:GREEN**"));
}

TEST(Markdown, WeeksThatDoNotCompareHaveNoMean) {
  Edition edition = SampleEdition(Language::kEnglish);
  EXPECT_THAT(WriteMarkdown(edition), HasSubstr("Mean of the four weeks before"));
  edition.trend_compares = false;
  EXPECT_THAT(WriteMarkdown(edition), HasSubstr("Bulletins a week"));
  EXPECT_THAT(WriteMarkdown(edition), Not(HasSubstr("Mean of the four weeks before")));
}

TEST(Markdown, SaysOnceInWhichTimeItsTimesAre) {
  const std::string text = ReadAsMarkdown(WriteMarkdown(SampleEdition(Language::kEnglish))).text;
  const size_t said = text.find("all times are those of Brussels");
  ASSERT_NE(said, std::string::npos);
  EXPECT_LT(said, text.find("Key judgements"));
  EXPECT_EQ(text.find("Brussels", said + 31), std::string::npos);
}

TEST(Markdown, WhoOrganisesIsNoPlace) {
  const std::string text = WriteMarkdown(SampleEdition(Language::kEnglish));
  EXPECT_THAT(text, HasSubstr("Oefening drones (event plan), organised by Havenkapiteinsdienst |"));
  EXPECT_THAT(text, Not(HasSubstr("kaai 1742, Havenkapiteinsdienst")));
}

TEST(Markdown, ADateToAnswerByThatHasPassedSaysSo) {
  Edition edition = SampleEdition(Language::kEnglish);
  edition.items[0].bulletin.content.acknowledge_by = edition.as_of + absl::Hours(1);
  edition.items[0].bulletin.acknowledged = false;
  EXPECT_THAT(ReadAsMarkdown(WriteMarkdown(edition)).text, HasSubstr(", acknowledge by "));
  EXPECT_THAT(ReadAsMarkdown(WriteMarkdown(edition)).text, HasSubstr("register until "));
  edition.items[0].bulletin.content.acknowledge_by = edition.as_of - absl::Hours(1);
  edition.events[1].event.register_until = edition.as_of - absl::Hours(1);
  const std::string text = ReadAsMarkdown(WriteMarkdown(edition)).text;
  EXPECT_THAT(text, HasSubstr(", was to be acknowledged by "));
  EXPECT_THAT(text, HasSubstr("registration ended on "));
  EXPECT_THAT(text, Not(HasSubstr(", acknowledge by ")));
  EXPECT_THAT(text, Not(HasSubstr("register until ")));
}

TEST(Markdown, SaysWhereIndicatorsStandWhole) {
  EXPECT_THAT(WriteMarkdown(SampleEdition(Language::kEnglish)),
              HasSubstr("`shield inbox show ID --json`"));
}

TEST(Markdown, ARedBulletinIsAnIdAndNothingElse) {
  const Edition edition = SampleOwnEdition(Language::kEnglish);
  const std::string markdown = WriteMarkdown(edition);
  for (const RedPointer& pointer : edition.red) {
    EXPECT_THAT(markdown,
                HasSubstr(absl::StrCat("read it with `shield inbox show ", pointer.id.ToHex())));
  }
}

TEST(Markdown, CanBeSealedAsTheBodyOfABulletin) {
  for (const HostileString& hostile : HostileStrings()) {
    const absl::Status form = CheckContentText(WriteMarkdown(FillEveryField(hostile.text)));
    EXPECT_TRUE(form.ok()) << form << " for `" << hostile.text << "`";
  }
}

TEST(Markdown, NoTextOfAnAuthorIsMoreThanText) {
  for (const HostileString& hostile : HostileStrings()) {
    const MarkdownReading reading = ReadAsMarkdown(WriteMarkdown(FillEveryField(hostile.text)));
    EXPECT_TRUE(reading.read);
    EXPECT_THAT(reading.harms, IsEmpty()) << "`" << hostile.text << "`";
    // A title, and a sentence, come out as they were written.
    EXPECT_THAT(reading.text, HasSubstr(CleanLine(show::TitleText(hostile.text))));
    EXPECT_THAT(reading.text, HasSubstr(CleanLine(show::SentenceText(hostile.text))));
  }
}

TEST(Markdown, NoTextOfAnAuthorChangesWhichPartsThereAre) {
  const std::string ordinary = ReadAsMarkdown(WriteMarkdown(FillEveryField("x"))).skeleton;
  for (const HostileString& hostile : HostileStrings()) {
    if (CleanLine(hostile.text).empty()) continue;
    Edition edition = FillEveryField(hostile.text);
    edition.foreword = "x";
    for (EditionItem& item : edition.items) item.bulletin.content.body = "x";
    EXPECT_EQ(ReadAsMarkdown(WriteMarkdown(edition)).skeleton, ordinary) << hostile.text;
  }
}

TEST(Markdown, ABodyNeverLeavesItsQuote) {
  const Edition edition = FillEveryField("x");
  const std::string ordinary = ReadAsMarkdown(WriteMarkdown(edition)).skeleton;
  for (const HostileString& hostile : HostileStrings()) {
    if (CleanLine(hostile.text).empty()) continue;
    Edition bodies = edition;
    bodies.foreword = absl::StrCat("x\n\n", hostile.text);
    for (EditionItem& item : bodies.items) {
      item.bulletin.content.body = absl::StrCat("x\n\n", hostile.text);
    }
    const MarkdownReading reading = ReadAsMarkdown(WriteMarkdown(bodies));
    // A foreword that is cut says so behind its quote.
    if (!show::ReadBody(bodies.foreword, Language::kEnglish).shortened) {
      EXPECT_EQ(reading.skeleton, ordinary) << hostile.text;
    }
    EXPECT_THAT(reading.harms, IsEmpty()) << hostile.text;
    for (const auto& heading : reading.headings) {
      const bool theirs = heading.second == CleanLine(hostile.text);
      EXPECT_TRUE(!theirs || heading.first >= 4) << hostile.text;
    }
  }
}

TEST(Markdown, LinesOfProseAreBrokenBetweenWords) {
  const std::string markdown = WriteMarkdown(SampleEdition(Language::kFrench));
  for (const absl::string_view line : absl::StrSplit(markdown, '\n')) {
    if (absl::StartsWith(line, "|") || absl::StartsWith(line, "#")) continue;
    EXPECT_LE(line.size(), show::kMarkdownColumns + 40) << line;  // accents are two bytes
  }
}

TEST(Markdown, EveryLineOfALongEditionIsThere) {
  const Edition edition = LongEdition(Language::kDutch, 500);
  const std::string text = ReadAsMarkdown(WriteMarkdown(edition)).text;
  for (int number = 11; number < 511; ++number) {
    EXPECT_THAT(text, HasSubstr(absl::StrCat("Melding ", number, " uit de wijk")));
  }
}

TEST(Markdown, EqualEditionsGiveEqualBytes) {
  EXPECT_EQ(WriteMarkdown(SampleEdition(Language::kDutch)),
            WriteMarkdown(SampleEdition(Language::kDutch)));
}

}  // namespace
}  // namespace shield
