#include "client/digest/show/mail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "client/digest/show/quoted_printable.h"
#include "client/digest/show/terminal.h"
#include "tests/client/digest/support/hostile_edition.h"
#include "tests/client/digest/support/hostile_strings.h"
#include "tests/client/digest/support/sample_edition.h"

namespace shield {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

MailOptions Options(Tlp max_tlp) {
  return {.max_tlp = max_tlp,
          .from = "digest@politie.example",
          .to = "astrid@hotel.example",
          .html = "<!DOCTYPE html>\n<p>caf\xC3\xA9</p>\n"};
}

// The mail of an edition that may be sent.
std::string Mail(const Edition& edition) {
  const absl::StatusOr<std::string> mail = ComposeMail(edition, Options(Tlp::kAmber));
  EXPECT_TRUE(mail.ok()) << mail.status();
  return mail.value_or("");
}

// Quoted-printable, read by RFC 2045 and nothing of ours.
std::string Decoded(absl::string_view encoded) {
  std::string text;
  for (size_t at = 0; at < encoded.size(); ++at) {
    if (absl::StartsWith(encoded.substr(at), "=\r\n")) {
      at += 2;
    } else if (encoded[at] == '=') {
      uint32_t byte = 0;
      EXPECT_TRUE(absl::SimpleHexAtoi(encoded.substr(at + 1, 2), &byte));
      text.push_back(static_cast<char>(byte));
      at += 2;
    } else if (absl::StartsWith(encoded.substr(at), "\r\n")) {
      text.push_back('\n');
      ++at;
    } else {
      text.push_back(encoded[at]);
    }
  }
  return text;
}

std::vector<std::string> HeaderNames(absl::string_view mail) {
  std::vector<std::string> names;
  for (const absl::string_view line :
       absl::StrSplit(mail.substr(0, mail.find("\r\n\r\n")), "\r\n")) {
    if (!absl::StartsWith(line, " ")) names.emplace_back(line.substr(0, line.find(':')));
  }
  return names;
}

// The bodies between the boundaries, decoded.
std::vector<std::string> PartsOf(absl::string_view mail) {
  std::vector<std::string> parts;
  const std::vector<absl::string_view> pieces = absl::StrSplit(mail, "--=_shield_briefing");
  parts.reserve(pieces.size());
  for (size_t i = 1; i + 1 < pieces.size(); ++i) {
    const absl::string_view piece = pieces[i];
    parts.push_back(Decoded(piece.substr(piece.find("\r\n\r\n") + 4)));
  }
  return parts;
}

TEST(Mail, IsTextAndHtmlOfTheSameEdition) {
  const Edition edition = SampleEdition(Language::kFrench);
  const std::string mail = Mail(edition);
  EXPECT_THAT(HeaderNames(mail), ElementsAre("From", "To", "Date", "Message-ID", "Subject",
                                             "Auto-Submitted", "MIME-Version", "Content-Type"));
  EXPECT_THAT(mail, HasSubstr("\r\nSubject: [TLP:AMBER] Briefing hebdomadaire 47/2026\r\n"));
  EXPECT_THAT(mail, HasSubstr("\r\nDate: Mon, 23 Nov 2026 06:00:00 +0000\r\n"));
  const std::vector<std::string> parts = PartsOf(mail);
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0], WriteTerminal(edition, 72, Colours::kNone));
  EXPECT_EQ(parts[1], Options(Tlp::kAmber).html);
}

TEST(Mail, WithoutHtmlIsTextAlone) {
  MailOptions options = Options(Tlp::kAmber);
  options.html.clear();
  const absl::StatusOr<std::string> mail = ComposeMail(SampleEdition(Language::kDutch), options);
  ASSERT_TRUE(mail.ok());
  EXPECT_THAT(*mail, Not(HasSubstr("multipart")));
  EXPECT_THAT(*mail, HasSubstr("Content-Type: text/plain; charset=utf-8\r\n"));
}

TEST(Mail, WhatIsSentAgainIsTheSameMessage) {
  EXPECT_EQ(Mail(SampleEdition(Language::kDutch)), Mail(SampleEdition(Language::kDutch)));
}

std::string IdIn(const std::string& mail) {
  const size_t at = mail.find("\r\nMessage-ID: ");
  return mail.substr(at, mail.find("\r\n", at + 2) - at);
}

TEST(Mail, WhatSaysSomethingElseIsAnotherMessage) {
  const Edition edition = SampleEdition(Language::kDutch);
  std::set<std::string> ids = {IdIn(Mail(edition)), IdIn(Mail(SampleEdition(Language::kFrench)))};
  Edition other = edition;
  other.foreword = "x";
  ids.insert(IdIn(Mail(other)));
  other = edition;
  other.audience = {"org:hotel"};
  ids.insert(IdIn(Mail(other)));
  other = edition;
  other.items.pop_back();
  ids.insert(IdIn(Mail(other)));
  other = edition;
  other.revision = 2;
  ids.insert(IdIn(Mail(other)));
  EXPECT_EQ(ids.size(), 6U);
}

PublishedEdition Sent() {
  return {.network = "shield.antwerp.example",
          .id = *BulletinId::Parse("00112233445566778899aabbccddeeff"),
          .week = *Week::Parse("2026-W47"),
          .label = Tlp::kAmber,
          .language = Language::kDutch,
          .issued = absl::FromUnixSeconds(1'800'000'000),
          .markdown = "TLP:AMBER\n\nAntwerpen-Centraal\n",
          .waiting = 3};
}

TEST(Mail, APublishedEditionIsMailedAsItWasSealedUnderItsId) {
  MailOptions text_alone = Options(Tlp::kAmber);
  text_alone.html = "";
  const absl::StatusOr<std::string> mail = ComposeMail(Sent(), text_alone);
  ASSERT_TRUE(mail.ok()) << mail.status();
  EXPECT_THAT(*mail, HasSubstr("\r\nSubject: [TLP:AMBER] Weekbriefing 47/2026\r\n"));
  EXPECT_EQ(Decoded(absl::string_view(*mail).substr(mail->find("\r\n\r\n") + 4)), Sent().markdown);
  MailOptions with_page = Options(Tlp::kAmber);
  with_page.html = "<p>page</p>";
  const std::string both = *ComposeMail(Sent(), with_page);
  EXPECT_THAT(both, HasSubstr("Content-Type: multipart/alternative"));
  EXPECT_THAT(both, HasSubstr("<p>page</p>"));
  EXPECT_EQ(IdIn(both), IdIn(*mail));
  std::set<std::string> ids = {IdIn(*mail)};
  PublishedEdition other = Sent();
  other.revision = 3;
  EXPECT_THAT(*ComposeMail(other, Options(Tlp::kAmber)), HasSubstr("(versie 3)"));
  other = Sent();
  other.language = Language::kFrench;
  ids.insert(IdIn(*ComposeMail(other, Options(Tlp::kAmber))));
  other = Sent();
  other.id = *BulletinId::Parse("00112233445566778899aabbccddee00");
  ids.insert(IdIn(*ComposeMail(other, Options(Tlp::kAmber))));
  EXPECT_EQ(ids.size(), 3U);
}

TEST(Mail, APublishedEditionAboveWhatMailMayCarryIsAStub) {
  const absl::StatusOr<std::string> stub = ComposeMail(Sent(), Options(Tlp::kGreen));
  ASSERT_TRUE(stub.ok()) << stub.status();
  EXPECT_THAT(*stub, HasSubstr("[TLP:GREEN]"));
  EXPECT_THAT(*stub, HasSubstr("briefing met 3 berichten wacht"));
  EXPECT_THAT(*stub, Not(HasSubstr("AMBER")));
  EXPECT_THAT(*stub, Not(HasSubstr("Centraal")));
}

TEST(Mail, AboveWhatMailMayCarryItIsAStubThatSaysHowManyWait) {
  const Edition edition = SampleEdition(Language::kDutch);
  const absl::StatusOr<std::string> stub = ComposeMail(edition, Options(Tlp::kGreen));
  ASSERT_TRUE(stub.ok());
  EXPECT_THAT(*stub, HasSubstr("\r\nSubject: [TLP:GREEN] Weekbriefing 47/2026\r\n"));
  const std::string text = Decoded(absl::string_view(*stub).substr(stub->find("\r\n\r\n") + 4));
  EXPECT_EQ(CountWaiting(edition), 8U);
  EXPECT_THAT(text, HasSubstr("Een briefing met 8 berichten wacht in uw Shield-inbox."));
  EXPECT_TRUE(absl::StartsWith(text, "TLP:GREEN\n"));
  EXPECT_TRUE(absl::EndsWith(text, "\nTLP:GREEN\n"));
  EXPECT_THAT(*stub, Not(HasSubstr("text/html")));
}

TEST(Mail, ARevisionIsInTheSubject) {
  Edition edition = SampleEdition(Language::kEnglish);
  edition.revision = 3;
  EXPECT_THAT(*ComposeMail(edition, Options(Tlp::kGreen)),
              HasSubstr("\r\nSubject: [TLP:GREEN] Weekly briefing 47/2026 (version 3)\r\n"));
  EXPECT_THAT(*ComposeMail(edition, Options(Tlp::kAmber)),
              HasSubstr("\r\nSubject: [TLP:AMBER] Weekly briefing 47/2026 (version 3)\r\n"));
}

TEST(Mail, AStubCountsBulletinsAndNamesABriefingWhereOneWaits) {
  Edition edition = SampleEdition(Language::kEnglish);
  edition.also.clear();
  edition.open.clear();
  edition.expiring.clear();
  edition.items.erase(edition.items.begin() + 1, edition.items.end());
  EXPECT_THAT(*ComposeMail(edition, Options(Tlp::kGreen)),
              HasSubstr("A briefing with 1 bulletin waits in your Shield inbox."));
  const Edition own = SampleOwnEdition(Language::kEnglish);
  EXPECT_THAT(*ComposeMail(own, Options(Tlp::kGreen)),
              HasSubstr("Bulletins of your week in your Shield inbox: 8."));
}

TEST(Mail, AStubSaysNothingOfWhatItStandsFor) {
  const Edition edition = SampleEdition(Language::kDutch);
  Edition other = FillEveryField("Antwerpen-Centraal");
  other.network = edition.network;
  other.tier = edition.tier;
  other.week = edition.week;
  other.language = edition.language;
  other.revision = edition.revision;
  other.as_of = edition.as_of;
  const absl::StatusOr<std::string> stub = ComposeMail(edition, Options(Tlp::kGreen));
  // But for how many wait, that of another edition is the same.
  other.red.clear();
  const absl::StatusOr<std::string> same = ComposeMail(other, Options(Tlp::kGreen));
  ASSERT_TRUE(stub.ok() && same.ok());
  EXPECT_EQ(*stub,
            absl::StrReplaceAll(*same, {{absl::StrCat("met ", CountWaiting(other), " "),
                                         absl::StrCat("met ", CountWaiting(edition), " ")}}));
}

TEST(Mail, EachLabelIsSentUpToTheOneAllowedAndNoFurther) {
  for (const Tlp label : {Tlp::kClear, Tlp::kGreen, Tlp::kAmber, Tlp::kAmberStrict}) {
    for (const Tlp max_tlp : {Tlp::kClear, Tlp::kGreen, Tlp::kAmber, Tlp::kAmberStrict}) {
      Edition edition = SampleEdition(Language::kEnglish);
      edition.label = label;
      const absl::StatusOr<std::string> mail = ComposeMail(edition, Options(max_tlp));
      ASSERT_TRUE(mail.ok());
      const bool allowed = static_cast<int>(label) >= static_cast<int>(max_tlp);
      EXPECT_EQ(absl::StrContains(*mail, "multipart/alternative"), allowed)
          << TlpWithPrefix(label) << " under " << TlpWithPrefix(max_tlp);
    }
  }
}

TEST(Mail, AnOwnEditionThatPointsAtRedIsAStub) {
  Edition edition = SampleOwnEdition(Language::kEnglish);
  edition.label = Tlp::kGreen;
  absl::StatusOr<std::string> mail = ComposeMail(edition, Options(Tlp::kAmberStrict));
  ASSERT_TRUE(mail.ok());
  EXPECT_THAT(*mail, Not(HasSubstr("multipart")));
  EXPECT_THAT(*mail, Not(HasSubstr("RED")));
}

TEST(Mail, AnAddressThatIsNoneIsRefused) {
  for (const char* address :
       {"", "a", "@b.example", "a@", "a@b.example\r\nBcc: c@d.example", "a b@c.example",
        "A <a@b.example>", "a@b.example, c@d.example", "a@b@c", "\xC3\xA9@b.example",
        "a@-b.example", ".a@b.example", "a..b@c.example", "a@b.example>", "a@b.example\n"}) {
    MailOptions options = Options(Tlp::kAmber);
    options.to = address;
    EXPECT_EQ(ComposeMail(SampleEdition(Language::kEnglish), options).status().code(),
              absl::StatusCode::kInvalidArgument)
        << address;
    std::swap(options.to, options.from);
    EXPECT_FALSE(ComposeMail(SampleEdition(Language::kEnglish), options).ok()) << address;
  }
}

TEST(Mail, NothingIsComposedWithoutALabel) {
  Edition edition = SampleEdition(Language::kEnglish);
  EXPECT_FALSE(ComposeMail(edition, Options(Tlp::kUnspecified)).ok());
  edition.label = Tlp::kUnspecified;
  EXPECT_FALSE(ComposeMail(edition, Options(Tlp::kGreen)).ok());
}

TEST(Mail, NoTextOfAnAuthorIsAHeaderAPartOrALineOfTheMail) {
  for (const HostileString& hostile : HostileStrings()) {
    if (hostile.text.empty()) continue;  // an empty page is none
    const Edition edition = FillEveryField(hostile.text);
    MailOptions options = Options(Tlp::kRed);
    options.html = hostile.text;
    const absl::StatusOr<std::string> composed = ComposeMail(edition, options);
    ASSERT_TRUE(composed.ok());
    const std::string& mail = *composed;
    EXPECT_THAT(HeaderNames(mail),
                ElementsAre("From", "To", "Date", "Message-ID", "Subject", "Auto-Submitted",
                            "MIME-Version", testing::StartsWith("Content-T")));
    for (const absl::string_view line : absl::StrSplit(mail, "\r\n")) {
      EXPECT_LE(line.size(), 76U) << hostile.text;
      EXPECT_TRUE(std::all_of(line.begin(), line.end(), [](char c) {
        return c == '\t' || (c >= ' ' && c <= '~');
      })) << hostile.text;
      EXPECT_FALSE(absl::StartsWith(line, ".")) << hostile.text;
    }
    const std::vector<std::string> parts = PartsOf(mail);
    ASSERT_EQ(parts.size(), 2U) << hostile.text;
    EXPECT_EQ(parts[0], WriteTerminal(edition, 72, Colours::kNone));
  }
}

TEST(Mail, EncodedWordsAreOfWholeCharactersAndShort) {
  std::string text;
  for (int i = 0; i < 40; ++i) absl::StrAppend(&text, "é x?");
  const std::string encoded = show::EncodedWords(text);
  std::string decoded;
  for (absl::string_view word : absl::StrSplit(encoded, "\r\n ")) {
    EXPECT_LE(word.size(), 75U);
    ASSERT_TRUE(absl::ConsumePrefix(&word, "=?UTF-8?Q?") && absl::ConsumeSuffix(&word, "?="));
    EXPECT_FALSE(absl::StrContains(word, '?'));
    const std::string part = Decoded(absl::StrReplaceAll(word, {{"_", " "}}));
    EXPECT_NE(static_cast<unsigned char>(part.front()) & 0xC0U, 0x80U);
    decoded += part;
  }
  EXPECT_EQ(decoded, text);
}

}  // namespace
}  // namespace shield
