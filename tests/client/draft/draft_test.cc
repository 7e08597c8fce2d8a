#include "client/draft/draft.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/content/content.h"
#include "tests/support/temporary_folder.h"

namespace shield::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr char kDraft[] = R"(+++
title = "Pickpocket team around the Meir"
kind = "flash_alert"
tlp = "TLP:AMBER+STRICT"
to = ["org:hotel-astrid", "sector:hotels-restaurants", "region:BE211"]
priority = "urgent"
expires = 2026-12-01T00:00:00Z
attachments = ["cctv.jpg"]
severity = "moderate"
+++

Two men, **grey** van.

- one
)";

class DraftTest : public ::testing::Test {
 protected:
  DraftTest() { std::ofstream(folder_ / "cctv.jpg") << "jpeg"; }

  LintedDraft Lint(absl::string_view text, const DraftFlags& flags = {}) {
    return LintDraft(text, folder_.path().string(), flags);
  }
  // A draft that is fine but for the line given.
  static std::string With(absl::string_view line) {
    return absl::StrCat("+++\ntitle = \"t\"\nkind = \"notice\"\ntlp = \"GREEN\"\n", line,
                        "\n+++\nBody\n");
  }
  // The one fault of a draft.
  LintFinding Fault(absl::string_view text) {
    const LintedDraft linted = Lint(text);
    EXPECT_FALSE(linted.draft.has_value());
    if (linted.findings.empty()) return {};
    EXPECT_THAT(linted.findings, SizeIs(1)) << linted.findings[0].sentence;
    return linted.findings[0];
  }
  TemporaryFolder folder_;
};

TEST_F(DraftTest, ReadsTheEnvelopeAndTheContent) {
  const LintedDraft linted = Lint(kDraft);
  ASSERT_TRUE(linted.draft.has_value()) << linted.findings[0].sentence;
  const Draft& draft = *linted.draft;
  EXPECT_EQ(draft.title, "Pickpocket team around the Meir");
  EXPECT_EQ(draft.bulletin_class, BulletinClass::kContent);
  EXPECT_EQ(draft.tlp, Tlp::kAmberStrict);
  EXPECT_THAT(draft.to, SizeIs(3));
  EXPECT_EQ(draft.priority, Priority::kUrgent);
  EXPECT_EQ(*draft.expires, absl::FromUnixSeconds(1'796'083'200));
  ASSERT_THAT(draft.attachments, SizeIs(1));
  EXPECT_EQ(draft.attachments[0].media_type, "image/jpeg");
  EXPECT_EQ(draft.attachments[0].tlp, Tlp::kAmberStrict);
  const auto json = ComposeContent(draft.members_json, draft.tlp, {});
  const auto content = ParseContent(*json);
  EXPECT_EQ(content->body, "Two men, **grey** van.\n\n- one");
  EXPECT_THAT(content->json, HasSubstr("moderate"));
  EXPECT_THAT(content->json, ::testing::Not(HasSubstr("hotel-astrid")));
}

TEST_F(DraftTest, FlagsWinOverTheFrontMatter) {
  DraftFlags flags;
  flags.tlp = "TLP:RED";
  flags.to = {"member:desk"};
  flags.title = "Another";
  flags.expires = "2026-11-30T00:00:00+01:00";
  const LintedDraft linted = Lint(kDraft, flags);
  ASSERT_TRUE(linted.draft.has_value());
  EXPECT_EQ(linted.draft->tlp, Tlp::kRed);
  EXPECT_THAT(linted.draft->to, SizeIs(1));
  EXPECT_EQ(linted.draft->title, "Another");
  EXPECT_EQ(*linted.draft->expires, absl::FromUnixSeconds(1'795'993'200));
}

TEST_F(DraftTest, ADraftWithoutALabelIsRefused) {
  const LintFinding fault = Fault("+++\ntitle = \"t\"\nkind = \"notice\"\n+++\nBody\n");
  EXPECT_EQ(fault.rule, "LABEL_REQUIRED");
  EXPECT_THAT(fault.hint, HasSubstr("AMBER+STRICT"));
}

TEST_F(DraftTest, EachFaultNamesItsLineAndItsRule) {
  EXPECT_EQ(Fault(With("priority = \"soon\"")).line, 5);
  EXPECT_EQ(Fault(With("priority = \"soon\"")).rule, "UNKNOWN_CODE");
  EXPECT_EQ(Fault(With("titel = \"x\"")).rule, "UNKNOWN_FIELD");
  EXPECT_EQ(Fault(With("to = [\"sector:casinos\"]")).rule, "UNKNOWN_CODE");
  EXPECT_EQ(Fault(With("to = [\"h:AAAA\"]")).line, 5);
  EXPECT_EQ(Fault(With("expires = 2026-12-01")).rule, "BAD_WINDOW");
  EXPECT_EQ(Fault(With("attachments = [\"nowhere.pdf\"]")).rule, "ATTACHMENT_MISSING");
  EXPECT_EQ(Fault(With("refs = [\"supersedes\"]")).rule, "UNKNOWN_CODE");
  EXPECT_EQ(Fault(With("severity = \"awful\"")).rule, "UNKNOWN_CODE");
  EXPECT_EQ(Fault(With("body = \"two\"")).line, 5);
  const std::string long_title(201, 't');
  const LintFinding title =
      Fault("+++\nkind = \"notice\"\ntitle = \"" + long_title + "\"\ntlp = \"GREEN\"\n+++\n");
  EXPECT_EQ(title.rule, "TITLE_TOO_LONG");
  EXPECT_EQ(title.line, 3);
  EXPECT_EQ(Fault("+++\ntitle = \"t\"\nkind = \"gossip\"\ntlp = \"GREEN\"\n+++\n").rule,
            "UNKNOWN_CODE");
  EXPECT_EQ(Fault("+++\ntitle = \"t\"\nkind = \"notice\"\ntlp = \"TLP:WHITE\"\n+++\n").rule,
            "INVALID_LABEL");
}

TEST_F(DraftTest, EveryFaultIsToldInTheOrderOfItsLines) {
  const LintedDraft linted =
      Lint("+++\ntitle = \"t\"\nkind = \"gossip\"\npriority = \"soon\"\ntlp = \"PINK\"\n+++\n");
  ASSERT_THAT(linted.findings, SizeIs(3));
  EXPECT_EQ(linted.findings[0].line, 3);
  EXPECT_EQ(linted.findings[1].line, 4);
  EXPECT_EQ(linted.findings[2].line, 5);
}

TEST_F(DraftTest, TomlFaultsCarryTheLineOfTheDraft) {
  const LintFinding fault = Fault("+++\ntitle = \"t\"\nkind = notice\n+++\n");
  EXPECT_EQ(fault.line, 3);
  EXPECT_EQ(fault.rule, "DRAFT_MALFORMED");
  EXPECT_EQ(Fault("title = \"t\"\n").line, 1);
  EXPECT_THAT(Fault("+++\ntitle = \"t\"\n").sentence, HasSubstr("does not end"));
  EXPECT_EQ(Fault("").rule, "DRAFT_MALFORMED");
}

TEST_F(DraftTest, AnAttachmentIsNeverStricterThanItsBulletin) {
  const LintFinding fault = Fault(With("attachments = [{path = \"cctv.jpg\", tlp = \"TLP:RED\"}]"));
  EXPECT_EQ(fault.rule, "PART_STRICTER_THAN_WHOLE");
  EXPECT_TRUE(Lint(With("attachments = [{path = \"cctv.jpg\", tlp = \"CLEAR\"}]")).draft);
}

TEST_F(DraftTest, AnAttachmentTableHoldsTextsUnderKnownNamesOnly) {
  EXPECT_THAT(Fault(With("attachments = [{path = \"cctv.jpg\", name = 5}]")).sentence,
              HasSubstr("`name` of an attachment is not a text"));
  EXPECT_THAT(Fault(With("attachments = [{path = \"cctv.jpg\", media_type = true}]")).sentence,
              HasSubstr("media_type"));
  EXPECT_THAT(Fault(With("attachments = [{path = 5}]")).sentence, HasSubstr("path"));
  const LintFinding slip = Fault(With("attachments = [{path = \"cctv.jpg\", tpl = \"CLEAR\"}]"));
  EXPECT_EQ(slip.rule, "UNKNOWN_FIELD");
  EXPECT_THAT(slip.sentence, HasSubstr("tpl"));
}

TEST_F(DraftTest, AKeyOfVeryManyPartsIsRefusedBeforeItIsRead) {
  for (const char* part : {"a.", "\"a\".", "1.", "a . "}) {
    std::string key;
    for (int i = 0; i < 100'000; ++i) key += part;
    EXPECT_EQ(Fault(With(key + "a = 1")).rule, "DRAFT_MALFORMED") << part;
    EXPECT_EQ(Fault(With("[" + key + "a]")).rule, "DRAFT_MALFORMED") << part;
  }
  std::string nested = "x = ";
  for (int i = 0; i < 200; ++i) nested += "{a.a.a.a.a.a.a.a.a.a.a.a = ";
  EXPECT_EQ(Fault(With(nested)).rule, "DRAFT_MALFORMED");
}

TEST_F(DraftTest, CoordinatesAndSentencesMayHaveManyFullStops) {
  std::string points;
  for (int i = 0; i < 3000; ++i) absl::StrAppend(&points, i > 0 ? "," : "", "[4.41", i, ",51.2]");
  const LintedDraft linted = Lint(With("areas = [" + points + "]"));
  for (const LintFinding& finding : linted.findings) {
    EXPECT_THAT(finding.sentence, ::testing::Not(HasSubstr("full stops")));
  }
  std::string summary;
  for (int i = 0; i < 500; ++i) summary += "Seen again. ";
  EXPECT_TRUE(Lint(With("summary = \"" + summary + "\"")).draft.has_value());
}

class DraftFitnessTest : public DraftTest {
 protected:
  // What LintFitness says of an alert with this label and line.
  std::vector<LintFinding> Faults(absl::string_view tlp, absl::string_view line) {
    LintedDraft linted = Lint(absl::StrCat("+++\ntitle = \"t\"\nkind = \"flash_alert\"\ntlp = \"",
                                           tlp, "\"\n", line, "\n+++\nBody\n"));
    EXPECT_TRUE(linted.draft.has_value());
    LintFitness(linted, absl::FromUnixSeconds(1'790'000'000));
    EXPECT_TRUE(linted.draft.has_value());  // fit or not, it can be read
    return linted.findings;
  }
};

TEST_F(DraftFitnessTest, WhatNoDirectoryCouldMendIsFoundWithoutOne) {
  const struct {
    const char* tlp;
    const char* line;
    const char* rule;
  } cases[] = {
      {"GREEN", "expires = 2020-01-01T00:00:00Z", "BAD_WINDOW"},
      {"RED", "to = [\"org:hotel-astrid\"]", "RED_NEEDS_PERSONS"},
      {"RED", "to = [\"sector:retail\"]", "RED_NEEDS_PERSONS"},
      {"RED", "", "RED_NEEDS_PERSONS"},
      {"AMBER", "", "AUDIENCE_REQUIRED"},
      {"AMBER", "to = [\"public\"]", "PUBLIC_CHANNEL"},
  };
  for (const auto& unfit : cases) {
    const std::vector<LintFinding> faults = Faults(unfit.tlp, unfit.line);
    ASSERT_THAT(faults, SizeIs(1)) << unfit.tlp << " " << unfit.line;
    EXPECT_EQ(faults[0].rule, unfit.rule);
    EXPECT_EQ(faults[0].line, std::string(unfit.line).empty() ? 0 : 5);
    EXPECT_FALSE(faults[0].sentence.empty());
  }
}

TEST_F(DraftFitnessTest, WhatTheDirectoryDecidesIsLeftToIt) {
  EXPECT_THAT(Faults("RED", "to = [\"member:desk\"]"), SizeIs(0));
  EXPECT_THAT(Faults("AMBER", "to = [\"region:BE211\"]"), SizeIs(0));
  EXPECT_THAT(Faults("GREEN", "expires = 2099-01-01T00:00:00Z"), SizeIs(0));
  EXPECT_THAT(Faults("CLEAR", ""), SizeIs(0));
  EXPECT_THAT(Faults("GREEN", "refs = [\"supersedes:0123456789abcdef0123456789abcdef\"]"),
              SizeIs(0));
}

TEST_F(DraftTest, SixteenAttachmentsAreFineAndOneMoreIsNot) {
  std::string list;
  for (int i = 0; i < 16; ++i) list += "\"cctv.jpg\",";
  EXPECT_TRUE(Lint(With("attachments = [" + list + "]")).draft);
  EXPECT_EQ(Fault(With("attachments = [" + list + "\"cctv.jpg\"]")).rule, "LIMIT_EXCEEDED");
}

TEST_F(DraftTest, TextIsBroughtIntoItsOneForm) {
  const LintedDraft linted = Lint(
      "+++\r\ntitle = \"Cafe\xCC\x81\"\r\nkind = \"notice\"\r\ntlp = "
      "\"GREEN\"\r\n+++\r\na\r\nb\r\n");
  ASSERT_TRUE(linted.draft.has_value()) << linted.findings[0].sentence;
  EXPECT_EQ(linted.draft->title, "Caf\xC3\xA9");
  EXPECT_THAT(linted.draft->members_json, HasSubstr("a\\nb"));
}

TEST_F(DraftTest, ControlCharactersInABodyAreRefused) {
  EXPECT_EQ(Fault(With("") + "\x1b[2J").rule, "CONTENT_MALFORMED");
}

TEST_F(DraftTest, ADraftThatIsTooLongIsRefused) {
  EXPECT_EQ(Fault(With("") + std::string(kMaxDraftBytes, 'x')).rule, "DRAFT_MALFORMED");
}

TEST_F(DraftTest, ParseDraftGivesTheFirstFaultAsASentence) {
  const absl::Status status =
      ParseDraft(With("priority = \"soon\""), folder_.path().string()).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_EQ(status.message(), "draft refused: line 5: `priority` cannot be `soon`");
  EXPECT_EQ(HintOf(status), "use one of: routine, urgent, flash");
}

}  // namespace
}  // namespace shield::testing
