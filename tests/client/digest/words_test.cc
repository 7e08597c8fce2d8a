#include "client/digest/words.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/content/text_form.h"
#include "policy/labels.h"
#include "policy/vocabulary.h"

namespace shield {
namespace {

constexpr std::array<Language, 3> kLanguages = {Language::kEnglish, Language::kDutch,
                                                Language::kFrench};

std::vector<Word> AllWords() {
  std::vector<Word> words;
  words.reserve(static_cast<size_t>(Word::kCount_));
  for (int i = 0; i < static_cast<int>(Word::kCount_); ++i) words.push_back(static_cast<Word>(i));
  return words;
}

// The places a text has for what is filled in.
std::set<std::string> PlacesIn(absl::string_view text) {
  std::set<std::string> places;
  for (const char digit : {'0', '1', '2'}) {
    const std::string place = absl::StrCat("{", std::string(1, digit), "}");
    if (absl::StrContains(text, place)) places.insert(place);
  }
  return places;
}

TEST(Words, EveryLanguageHasEveryWordInAFormThatCanBeSealed) {
  for (const Word word : AllWords()) {
    for (const Language language : kLanguages) {
      const absl::string_view text = Say(language, word);
      EXPECT_FALSE(text.empty()) << static_cast<int>(word);
      EXPECT_TRUE(CheckContentText(text).ok()) << text;
      EXPECT_FALSE(absl::StrContains(text, '\n')) << text;
    }
  }
}

TEST(Words, EveryLanguageFillsInTheSamePlaces) {
  for (const Word word : AllWords()) {
    const std::set<std::string> english = PlacesIn(Say(Language::kEnglish, word));
    EXPECT_EQ(PlacesIn(Say(Language::kDutch, word)), english) << Say(Language::kDutch, word);
    EXPECT_EQ(PlacesIn(Say(Language::kFrench, word)), english) << Say(Language::kFrench, word);
  }
}

TEST(Words, AreTranslatedWhereTheyAreNotTheSameInBothLanguages) {
  const std::set<Word> same_in_dutch = {Word::kWeek, Word::kContact, Word::kTest, Word::kWeekColumn,
                                        Word::kColon};
  const std::set<Word> same_in_french = {Word::kContact,     Word::kTest,     Word::kRestrictions,
                                         Word::kCountColumn, Word::kIdColumn, Word::kRevisionShort,
                                         Word::kFrom};
  for (const Word word : AllWords()) {
    const absl::string_view english = Say(Language::kEnglish, word);
    EXPECT_EQ(Say(Language::kDutch, word) == english, same_in_dutch.contains(word)) << english;
    EXPECT_EQ(Say(Language::kFrench, word) == english, same_in_french.contains(word)) << english;
  }
}

TEST(Words, TwoOfOneLanguageAreEqualOnlyWhereTheyMeanTheSame) {
  const std::set<std::set<Word>> alike = {{Word::kWhere, Word::kWhereColumn},
                                          {Word::kCountColumn, Word::kIdColumn}};
  for (const Language language : kLanguages) {
    std::map<absl::string_view, std::set<Word>> by_text;
    for (const Word word : AllWords()) by_text[Say(language, word)].insert(word);
    for (const auto& entry : by_text) {
      if (entry.second.size() > 1) {
        EXPECT_TRUE(alike.contains(entry.second)) << PrintLanguage(language) << ": " << entry.first;
      }
    }
  }
}

TEST(Words, CommandsStandBetweenTwoBackticksAndAreNeverTranslated) {
  const auto commands = [](absl::string_view text) {
    std::vector<std::string> found;
    for (size_t at = text.find('`'); at != absl::string_view::npos; at = text.find('`', at + 1)) {
      const size_t end = text.find('`', at + 1);
      EXPECT_NE(end, absl::string_view::npos) << text;
      if (end == absl::string_view::npos) break;
      found.emplace_back(text.substr(at + 1, end - at - 1));
      at = end;
    }
    return found;
  };
  for (const Word word : AllWords()) {
    const std::vector<std::string> english = commands(Say(Language::kEnglish, word));
    EXPECT_EQ(commands(Say(Language::kDutch, word)), english);
    EXPECT_EQ(commands(Say(Language::kFrench, word)), english);
  }
}

TEST(Words, AGradingIsSaidInWords) {
  EXPECT_EQ(SayGrading(Language::kEnglish, "B2"), "B2 (usually reliable source, probably true)");
  EXPECT_EQ(SayGrading(Language::kDutch, "F6"),
            "F6 (betrouwbaarheid van de bron onbekend, juistheid onbekend)");
  for (const absl::string_view none : {"", "B", "2", "G1", "A7", "B22", "b2"}) {
    EXPECT_EQ(SayGrading(Language::kFrench, none), none);
  }
}

TEST(Words, AFilledTextIsNotFilledAgain) {
  EXPECT_EQ(Fill("{0} of {1}", {"{1}", "b"}), "{1} of b");
  EXPECT_EQ(Fill("{0} {1} {", {"a"}), "a {1} {");
  EXPECT_EQ(Fill("{9}{x}{", {"a"}), "{9}{x}{");
  EXPECT_EQ(SayFilled(Language::kFrench, Word::kRevision, {"2"}),
            "Révision 2\xC2\xA0: corrige la précédente");
}

TEST(Words, EveryKindOfAContentBulletinHasAName) {
  for (const BulletinClass each : {BulletinClass::kContent, BulletinClass::kReport,
                                   BulletinClass::kDirect, BulletinClass::kControl}) {
    for (const absl::string_view kind : KindsOf(each)) {
      for (const Language language : kLanguages) {
        EXPECT_FALSE(absl::StrContains(SayKind(language, kind), '_')) << kind;
      }
      EXPECT_NE(SayKind(Language::kDutch, kind), kind);
    }
  }
}

TEST(Words, EveryCodeOfADocumentIsSaidInEachLanguage) {
  for (const absl::string_view who :
       {"front_desk", "guards", "security_manager", "management", "all"}) {
    for (const Language language : kLanguages) EXPECT_NE(SayRole(language, who), who);
  }
  EXPECT_EQ(SayRole(Language::kFrench, "it"), "Informatique");
  for (const absl::string_view word :
       {"almost no chance", "very unlikely", "unlikely", "roughly even chance", "likely",
        "very likely", "almost certain"}) {
    EXPECT_NE(SayLikelihood(Language::kDutch, word), word);
    EXPECT_NE(SayLikelihood(Language::kFrench, word), word);
  }
  for (const absl::string_view word : {"low", "moderate", "high"}) {
    EXPECT_NE(SayConfidence(Language::kDutch, word), word);
    EXPECT_NE(SayConfidence(Language::kFrench, word), word);
  }
  for (const Severity severity :
       {Severity::kMinor, Severity::kModerate, Severity::kSevere, Severity::kExtreme}) {
    std::set<absl::string_view> said;
    for (const Language language : kLanguages) said.insert(SaySeverity(language, severity));
    EXPECT_EQ(said.size(), kLanguages.size());
  }
  EXPECT_EQ(SaySeverity(Language::kDutch, Severity::kUnspecified), "");
}

TEST(Words, WhatIsOnNoListIsItself) {
  EXPECT_EQ(SayRole(Language::kDutch, "janitor"), "janitor");
  EXPECT_EQ(SayKind(Language::kDutch, "letter"), "letter");
  EXPECT_EQ(SayLikelihood(Language::kFrench, "certain"), "certain");
  EXPECT_EQ(SayConfidence(Language::kFrench, ""), "");
}

TEST(Words, TheSentenceOfALabelBeginsWithTheLabel) {
  for (const Tlp label : kAllTlp) {
    for (const Language language : kLanguages) {
      EXPECT_TRUE(absl::StartsWith(SayLabel(language, label), TlpWithPrefix(label)));
      EXPECT_GT(SayLabel(language, label).size(), TlpWithPrefix(label).size() + 10);
    }
  }
  EXPECT_EQ(SayLabel(Language::kEnglish, Tlp::kUnspecified), "");
}

TEST(Words, DaysAreThoseOfBrussels) {
  // 2026-11-15 23:30 UTC is Monday the sixteenth in Brussels.
  const absl::Time night =
      absl::FromCivil(absl::CivilMinute(2026, 11, 15, 23, 30), absl::UTCTimeZone());
  EXPECT_EQ(SayDay(Language::kEnglish, night), "Monday 16 November 2026");
  EXPECT_EQ(SayDay(Language::kDutch, night), "maandag 16 november 2026");
  EXPECT_EQ(SayDay(Language::kFrench, night), "lundi 16 novembre 2026");
  EXPECT_EQ(SayMoment(Language::kEnglish, night), "16 Nov 2026 00:30");
  EXPECT_EQ(SayMoment(Language::kDutch, night), "16 nov. 2026 00:30");
  EXPECT_EQ(SayMoment(Language::kFrench, night), "16 nov. 2026 00h30");
}

TEST(Words, SummerTimeAndTheFirstOfAMonthAreSaidAsPeopleSayThem) {
  const absl::Time summer =
      absl::FromCivil(absl::CivilMinute(2026, 7, 31, 22, 5), absl::UTCTimeZone());
  EXPECT_EQ(SayDate(Language::kEnglish, summer), "1 Aug 2026");
  EXPECT_EQ(SayDate(Language::kFrench, summer), "1er août 2026");
  EXPECT_EQ(SayMoment(Language::kDutch, summer), "1 aug. 2026 00:05");
}

}  // namespace
}  // namespace shield
