#include "client/content/content.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/padding.h"
#include "crypto/sha256.h"

namespace shield::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr char kStart[] =
    R"({"schema":"shield/content/v1","tlp":"TLP:GREEN","kind":"notice","title":"t")";

std::string Document(absl::string_view more) { return absl::StrCat(kStart, more, "}"); }

void ExpectRefused(absl::string_view document, absl::string_view why) {
  const absl::StatusOr<Content> content = ParseContent(document);
  ASSERT_FALSE(content.ok()) << document.substr(0, 200);
  EXPECT_EQ(RuleOf(content.status()), "CONTENT_MALFORMED");
  EXPECT_THAT(std::string(content.status().message()), HasSubstr(std::string(why)));
}

TEST(ParseContent, ReadsWhatComposeWroteAlsoPadded) {
  ContentAttachment attachment{"cctv.jpg", "image/jpeg",     Tlp::kAmber,
                               4711,       Sha256("sealed"), "AGE-SECRET-KEY-1X"};
  const auto json = ComposeContent(
      R"({"kind":"flash_alert","title":"Grüße","body":"# a\n\tb","restrictions":["none"]})",
      Tlp::kAmberStrict, {attachment});
  ASSERT_TRUE(json.ok()) << json.status();
  const auto content = ParseContent(PadContent(*json));
  ASSERT_TRUE(content.ok()) << content.status();
  EXPECT_EQ(content->json, *json);
  EXPECT_EQ(content->title, "Grüße");
  EXPECT_EQ(content->body, "# a\n\tb");
  EXPECT_EQ(content->tlp, Tlp::kAmberStrict);
  EXPECT_THAT(content->restrictions, ElementsAre("none"));
  ASSERT_THAT(content->attachments, SizeIs(1));
  EXPECT_EQ(content->attachments[0].sha256, Sha256("sealed"));
  EXPECT_EQ(content->attachments[0].bytes, 4711u);
}

TEST(ParseContent, RefusesAMemberThatStandsTwice) {
  ExpectRefused(Document(R"(,"title":"u")"), "`title` stands twice");
  ExpectRefused(Document(R"(,"contact":{"name":"a","name":"b"})"), "`name` stands twice");
  // The same name, written another way.
  ExpectRefused(Document(R"(,"\u0074itle":"u")"), "`title` stands twice");
}

TEST(ParseContent, HoldsUpToTheDepthAllowedAndNotOneMore) {
  const auto nested = [](int arrays) {
    return Document(absl::StrCat(",\"areas\":", std::string(static_cast<size_t>(arrays), '['),
                                 std::string(static_cast<size_t>(arrays), ']')));
  };
  EXPECT_TRUE(ParseContent(nested(kMaxContentDepth - 1)).ok());
  ExpectRefused(nested(kMaxContentDepth), "nested deeper than 16");
}

TEST(ParseContent, HoldsUpToTheSizeAllowedAndNotOneByteMore) {
  const size_t frame = Document(R"(,"body":"")").size();
  const auto sized = [&](size_t size) {
    return Document(absl::StrCat(R"(,"body":")", std::string(size - frame, 'b'), "\""));
  };
  EXPECT_TRUE(ParseContent(PadContent(sized(kMaxContentBytes))).ok());
  EXPECT_EQ(RuleOf(ParseContent(sized(kMaxContentBytes + 1)).status()), "LIMIT_EXCEEDED");
}

TEST(ParseContent, RefusesTextThatIsNotNfc) {
  EXPECT_TRUE(ParseContent(Document(",\"body\":\"caf\xC3\xA9\"")).ok());
  ExpectRefused(Document(",\"body\":\"cafe\xCC\x81\""), "normal form C");
  ExpectRefused(Document(",\"caf\\u0065\\u0301\":1"), "normal form C");
}

TEST(ParseContent, RefusesControlCharactersButLineFeedAndTab) {
  EXPECT_TRUE(ParseContent(Document(R"(,"body":"a\n\tb")")).ok());
  for (const char* escape : {"\\u0000", "\\u0007", "\\r", "\\u001b", "\\u007f", "\\u0085"}) {
    ExpectRefused(Document(absl::StrCat(",\"body\":\"", escape, "\"")), "control character");
  }
}

TEST(ParseContent, RefusesWhatIsNotUtf8) {
  ExpectRefused(Document(",\"body\":\"\xFF\""), "not JSON");
  ExpectRefused(Document(",\"body\":\"\\ud800\""), "not JSON");
}

TEST(ParseContent, RefusesPaddingOtherThanLineFeeds) {
  EXPECT_TRUE(ParseContent(Document("") + "\n\n").ok());
  ExpectRefused(Document("") + " ", "padded with line feeds");
  ExpectRefused(Document("") + "\n\t\n", "padded with line feeds");
  ExpectRefused(Document("") + "\n{}", "not JSON");
  ExpectRefused("", "padded with line feeds");
  ExpectRefused("[1]", "padded with line feeds");
}

TEST(ParseContent, RefusesALabelThatIsMissingBareOrUnknown) {
  const auto labelled = [](absl::string_view label) {
    return absl::StrCat(R"({"schema":"shield/content/v1","kind":"notice","title":"t")", label, "}");
  };
  ExpectRefused(labelled(""), "`tlp` is missing");
  ExpectRefused(labelled(R"(,"tlp":"GREEN")"), "is no label");
  ExpectRefused(labelled(R"(,"tlp":"TLP:WHITE")"), "is no label");
  ExpectRefused(labelled(R"(,"tlp":"tlp:green")"), "is no label");
  ExpectRefused(labelled(R"(,"tlp":5)"), "not a text");
}

TEST(ParseContent, KeepsMembersItDoesNotKnow) {
  const auto content = ParseContent(Document(R"(,"mood":"calm")"));
  ASSERT_TRUE(content.ok());
  EXPECT_THAT(content->json, HasSubstr("mood"));
}

TEST(ParseContent, ReadsAnUnknownSchemaAsTextWhenItsLabelCanBeRead) {
  const auto content = ParseContent(
      R"({"schema":"shield/content/v9","tlp":"TLP:RED","title":"t","body":"b","kind":7})");
  ASSERT_TRUE(content.ok());
  EXPECT_FALSE(content->known_schema);
  EXPECT_EQ(content->body, "b");
  ExpectRefused(R"({"schema":"shield/content/v9","title":"t"})", "`tlp` is missing");
}

TEST(ParseContent, RefusesAttachmentsOutOfForm) {
  const auto with = [](absl::string_view attachment) {
    return Document(absl::StrCat(",\"attachments\":", attachment));
  };
  ExpectRefused(with("{}"), "not a list");
  ExpectRefused(with("[1]"), "not an object");
  ExpectRefused(with(R"([{"name":"a"}])"), "`media_type` is missing");
  ExpectRefused(
      with(R"([{"name":"a","media_type":"b","tlp":"TLP:RED","identity":"i","bytes":-1}])"),
      "`bytes` of an attachment");
  std::string many = "[0";
  for (int i = 0; i < 16; ++i) many += ",0";
  ExpectRefused(with(many + "]"), "at most 16");
}

TEST(ComposeContent, RefusesMembersThatAreNotTheAuthorsAndWordsThatAreOnNoList) {
  const auto composed = [](absl::string_view more) {
    return ComposeContent(absl::StrCat(R"({"kind":"notice","title":"t")", more, "}"), Tlp::kGreen,
                          {})
        .status();
  };
  EXPECT_TRUE(composed("").ok());
  EXPECT_EQ(RuleOf(composed(R"(,"tlp":"TLP:RED")")), "UNKNOWN_FIELD");
  EXPECT_EQ(RuleOf(composed(R"(,"schema":"x")")), "UNKNOWN_FIELD");
  EXPECT_EQ(RuleOf(composed(R"(,"severity":"awful")")), "UNKNOWN_CODE");
  EXPECT_EQ(RuleOf(composed(R"(,"grading":{"source":"G"})")), "UNKNOWN_CODE");
  EXPECT_EQ(RuleOf(composed(R"(,"functions":["prevent","avenge"])")), "UNKNOWN_CODE");
  EXPECT_TRUE(composed(R"(,"grading":{"source":"B","information":2},"pap":"amber")").ok());
}

TEST(ComposeContent, RefusesATitleOfTwoLines) {
  EXPECT_FALSE(ComposeContent(R"({"kind":"notice","title":"a\nb"})", Tlp::kGreen, {}).ok());
}

std::string Repeated(absl::string_view character, size_t times) {
  std::string text;
  for (size_t i = 0; i < times; ++i) absl::StrAppend(&text, character);
  return text;
}

TEST(ComposeContent, ATitleHasAtMostSoManyCharactersAndNotOneMore) {
  for (const absl::string_view character : {"a", "é", "€", "🚨"}) {
    const auto composed = [character](size_t times) {
      return ComposeContent(
          absl::StrCat(R"({"kind":"notice","title":")", Repeated(character, times), R"("})"),
          Tlp::kGreen, {});
    };
    EXPECT_TRUE(composed(kMaxTitleCharacters).ok()) << composed(kMaxTitleCharacters).status();
    EXPECT_EQ(RuleOf(composed(kMaxTitleCharacters + 1).status()), "TITLE_TOO_LONG") << character;
  }
}

TEST(ParseContent, CutsATitleThatAnotherWriterMadeTooLong) {
  for (const absl::string_view schema : {"shield/content/v1", "shield/content/v9"}) {
    const std::string title = Repeated("é", 100'000);
    const std::string json =
        absl::StrCat(R"({"schema":")", schema, R"(","tlp":"TLP:GREEN","kind":"notice","title":")",
                     title, R"("})");
    const absl::StatusOr<Content> content = ParseContent(json);
    ASSERT_TRUE(content.ok()) << content.status();
    EXPECT_EQ(content->title, Repeated("é", kMaxTitleCharacters) + "…");
    EXPECT_EQ(content->json, json) << "what was sealed stays as it was";
  }
}

}  // namespace
}  // namespace shield::testing
