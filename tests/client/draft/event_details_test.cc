#include "client/draft/event_details.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/support/shared_folder.h"

namespace shield {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

LintedDraft Lint(absl::string_view kind, absl::string_view details) {
  return LintDraft(absl::StrCat("+++\ntitle = \"t\"\nkind = \"", kind, "\"\ntlp = \"GREEN\"\n",
                                details, "\n+++\nBody\n"),
                   "/", {});
}

// The rules of what is warned of; all of it stands beside a draft that may be published.
std::vector<std::string> Warnings(absl::string_view kind, absl::string_view details) {
  const LintedDraft linted = Lint(kind, details);
  EXPECT_TRUE(linted.draft.has_value());
  std::vector<std::string> rules;
  for (const LintFinding& finding : linted.findings) {
    EXPECT_EQ(finding.severity, LintSeverity::kWarning);
    EXPECT_FALSE(finding.hint.empty());
    rules.push_back(finding.rule);
  }
  return rules;
}

TEST(EventDetails, AnEventWithoutAReadableStartIsWarnedOf) {
  for (const char* kind : {"event_plan", "training", "meeting"}) {
    EXPECT_THAT(Warnings(kind, ""), ElementsAre("EVENT_TIME")) << kind;
    // A local time, a day, a number and a year that no calendar has.
    for (const char* starts :
         {"2026-12-03T09:00:00", "2026-12-03", "9", "\"next week\"", "\"1969-12-31T00:00:00Z\""}) {
      EXPECT_THAT(Warnings(kind, absl::StrCat("[details]\nstarts = ", starts)),
                  ElementsAre("EVENT_TIME"))
          << starts;
    }
    EXPECT_THAT(Warnings(kind, "[details]\nstarts = 2026-12-03T09:00:00+01:00"), IsEmpty());
  }
  EXPECT_THAT(Warnings("training",
                       "[details]\nstarts = 2026-12-03T09:00:00Z\n"
                       "ends = \"later\"\nregister_until = 2026-12-01"),
              ElementsAre("EVENT_TIME", "EVENT_TIME"));
  EXPECT_THAT(Warnings("notice", "[details]\nstarts = 9"), IsEmpty()) << "it is no event";
}

TEST(EventDetails, AnEndBeforeTheStartIsWarnedOf) {
  EXPECT_THAT(Warnings("meeting",
                       "[details]\nstarts = 2026-12-03T09:00:00+01:00\n"
                       "ends = 2026-12-03T07:59:59Z"),
              ElementsAre("EVENT_ORDER"));
  EXPECT_THAT(Warnings("meeting",
                       "[details]\nstarts = 2026-12-03T09:00:00+01:00\n"
                       "ends = 2026-12-03T08:00:00Z"),
              IsEmpty());
}

TEST(EventDetails, ANameThatNobodyReadsIsWarnedOf) {
  const LintedDraft linted =
      Lint("training", "[details]\nstarts = 2026-12-03T09:00:00Z\nlocation = \"here\"");
  ASSERT_EQ(linted.findings.size(), 1u);
  EXPECT_EQ(linted.findings[0].rule, "EVENT_MEMBER");
  EXPECT_EQ(linted.findings[0].line, 5) << "where the details begin";
  EXPECT_THAT(linted.findings[0].sentence, HasSubstr("`location`"));
  EXPECT_THAT(linted.findings[0].hint, HasSubstr("place"));
  const char* seats = "[details]\nstarts = 2026-12-03T09:00:00Z\nseats = 20";
  EXPECT_THAT(Warnings("training", seats), IsEmpty());
  EXPECT_THAT(Warnings("event_plan", seats), ElementsAre("EVENT_MEMBER"));
  const char* phase = "[details]\nstarts = 2026-12-03T09:00:00Z\nphase = \"alert\"";
  EXPECT_THAT(Warnings("event_plan", phase), IsEmpty());
}

// The draft in the specification, without the four spaces before its lines.
std::string ExampleOfTheSpec() {
  std::ifstream file(testing::SourceFolder() / "docs/spec/content.md");
  std::string draft;
  bool inside = false;
  int fences = 0;
  for (std::string line; std::getline(file, line);) {
    if (line == "    +++") inside = ++fences < 3;
    if (inside && !line.empty() && !absl::StartsWith(line, "    ")) break;
    if (inside) absl::StrAppend(&draft, line.empty() ? line : line.substr(4), "\n");
  }
  return draft;
}

TEST(EventDetails, TheExampleOfTheSpecIsADateInTheCalendar) {
  const std::string draft = ExampleOfTheSpec();
  ASSERT_THAT(draft, HasSubstr("kind = \"training\""));
  const LintedDraft linted = LintDraft(draft, "/", {});
  EXPECT_TRUE(linted.draft.has_value());
  EXPECT_THAT(linted.findings, IsEmpty())
      << (linted.findings.empty() ? "" : linted.findings[0].sentence);
  EXPECT_THAT(linted.draft->members_json, HasSubstr("training-2026-12-03@police.example"));
}

}  // namespace
}  // namespace shield
