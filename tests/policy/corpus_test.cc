// The committed case files hold; the reader of such files refuses what is not one, by line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "policy/corpus/case_fields.h"
#include "policy/corpus/run_cases.h"
#include "policy/decision.h"
#include "tests/policy/policy_vectors.h"

namespace shield::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr absl::string_view kStart =
    "shield/policy-cases/v1\n"
    "time T0 at=2025-03-03T09:00:00Z\n"
    "org pol kind=authority community=c1 vetting=3\n"
    "org g kind=member community=c1 vetting=3 sectors=retail\n"
    "member p1 org=pol roles=analyst vetting=3\n"
    "member g1 org=g roles=reader vetting=3\n";

std::string With(absl::string_view lines) { return absl::StrCat(kStart, lines, "\n"); }

std::string Mismatches(const CaseReport& report) {
  std::string text;
  for (const CaseMismatch& mismatch : report.mismatches) {
    absl::StrAppend(&text, "line ", mismatch.line, " ", mismatch.id, ": expected ",
                    mismatch.expected, ", policy says ", mismatch.actual, "\n");
  }
  return text;
}

TEST(PolicyCorpus, EveryVectorHolds) {
  const CaseReport report = RunCases(PolicyVectors());
  EXPECT_GE(report.cases, 150u);
  EXPECT_EQ(Mismatches(report), "");
}

// The codes in a text, whatever stands between them.
std::set<Rule> CodesIn(absl::string_view text) {
  std::set<Rule> codes;
  for (absl::string_view word : absl::StrSplit(text, absl::ByAnyChar(" \t:;,()/"))) {
    if (const std::optional<Rule> rule = ParseRule(word)) codes.insert(*rule);
  }
  return codes;
}

std::set<std::string> NamesOf(const std::set<Rule>& rules) {
  std::set<std::string> names;
  for (Rule rule : rules) names.emplace(RuleName(rule));
  return names;
}

TEST(PolicyCorpus, EveryCodeOfThePolicyIsExpectedSomewhere) {
  std::set<Rule> missing(AllRules().begin(), AllRules().end());
  const CaseFile file = PolicyVectors();
  for (const PolicyCase& policy_case : file.cases) {
    for (Rule rule : CodesIn(policy_case.expected)) missing.erase(rule);
  }
  EXPECT_THAT(NamesOf(missing), IsEmpty());
}

// "V45" of "V45-extended".
std::string NumberOf(const std::string& id) { return id.substr(0, id.find('-')); }

// Beside the checkout lies the list the vectors were made from: number, situation, what policy
// says. Each of its numbers is here, and every code it gives is the answer to a case of that
// number.
TEST(PolicyCorpus, EveryNumberOfTheListInWordsGivesItsCodes) {
  SHIELD_REQUIRE_SHARED(folder, "vectors");
  std::ifstream list(folder / "policy.tsv");
  ASSERT_TRUE(list.good());
  const CaseFile file = PolicyVectors();
  std::set<std::string> ids;
  std::map<std::string, std::set<Rule>> answers;
  for (const PolicyCase& policy_case : file.cases) {
    ids.insert(policy_case.id);
    answers[NumberOf(policy_case.id)].merge(CodesIn(policy_case.expected));
  }
  size_t numbers = 0;
  size_t codes = 0;
  for (std::string line; std::getline(list, line);) {
    if (line.empty() || line[0] != 'V') continue;
    const std::vector<std::string> columns = absl::StrSplit(line, '\t');
    ASSERT_GE(columns.size(), 3u) << line;
    EXPECT_TRUE(ids.contains(columns[0])) << columns[0] << " is missing";
    for (Rule rule : CodesIn(columns[2])) {
      EXPECT_TRUE(answers[columns[0]].contains(rule)) << columns[0] << " " << RuleName(rule);
      ++codes;
    }
    ++numbers;
  }
  EXPECT_GE(numbers, 60u);
  EXPECT_GE(codes, 60u);
}

TEST(PolicyCorpus, ReportsAMismatchByLineAndId) {
  const auto file =
      ParseCaseFile(With("case A actor=g1 action=read author=p1 tlp=GREEN expect=deny:EXCLUDED"));
  ASSERT_TRUE(file.ok()) << file.status();
  const CaseReport report = RunCases(*file);
  ASSERT_EQ(report.mismatches.size(), 1u);
  EXPECT_EQ(report.mismatches[0].line, 7u);
  EXPECT_EQ(report.mismatches[0].id, "A");
  EXPECT_EQ(report.mismatches[0].expected, "deny:EXCLUDED");
  EXPECT_EQ(report.mismatches[0].actual, "allow:COMMUNITY");
}

struct BadFile {
  const char* name;
  std::string text;
  const char* sentence;
};

class RefusedCaseFile : public ::testing::TestWithParam<BadFile> {};

TEST_P(RefusedCaseFile, NamesTheLineAndWhatIsWrong) {
  const auto file = ParseCaseFile(GetParam().text);
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(RuleOf(file.status()), "CASE_FILE_MALFORMED");
  EXPECT_THAT(std::string(file.status().message()), HasSubstr(GetParam().sentence));
}

const char kGood[] = "case A actor=g1 action=read author=p1 tlp=GREEN expect=allow:COMMUNITY";

INSTANTIATE_TEST_SUITE_P(
    All, RefusedCaseFile,
    ::testing::Values(
        BadFile{"Empty", "", "line 1: the first line must be"},
        BadFile{"OtherKind", "shield/bulletin/v1\n", "line 1: the first line must be"},
        BadFile{"NoCase", With("# nothing"), "ends without a case"},
        BadFile{"NoTime", "shield/policy-cases/v1\norg a kind=member\n", "line 2"},
        BadFile{"TimeTwice", With("time T0 at=2025-03-03T09:00:00Z"), "it is set once"},
        BadFile{"BadTime", "shield/policy-cases/v1\ntime T0 at=soon\n", "`soon` is no moment"},
        BadFile{"UnknownLine", With("group x"), "line 7 (`group x`)"},
        BadFile{"NoId", With("case"), "it needs an id"},
        BadFile{"NoEquals", With(absl::StrCat(kGood, " odd")), "`odd` is not of the form"},
        BadFile{"FieldTwice", With(absl::StrCat(kGood, " tlp=RED")), "`tlp` stands twice"},
        BadFile{"FieldUnknown", With(absl::StrCat(kGood, " colour=red")),
                "`colour` has no meaning here"},
        BadFile{"OpenQuotes", With("case A action=label text=\"TLP expect=x"), "not closed"},
        BadFile{"NoExpectation", With("case A actor=g1 action=read author=p1 tlp=GREEN"),
                "`expect` is missing"},
        BadFile{"NoActor", With("case A action=read author=p1 tlp=GREEN expect=x"),
                "`actor` is missing"},
        BadFile{"UnknownAction", With("case A actor=g1 action=sing expect=x"),
                "`sing` is no action"},
        BadFile{"UnknownAuthor", With("case A actor=g1 action=read author=zz tlp=GREEN expect=x"),
                "the author `zz` is not in the directory"},
        BadFile{"BadToken",
                With("case A actor=g1 action=read author=p1 tlp=GREEN to=everybody expect=x"),
                "everybody"},
        BadFile{"BadMoment", With(absl::StrCat(kGood, " time=T0+2weeks")), "is no moment"},
        BadFile{"PublicPublishes",
                With("case A actor=public action=withdraw author=p1 tlp=GREEN expect=x"),
                "only a member can do this"},
        BadFile{"LateOrg", With(absl::StrCat(kGood, "\norg z kind=member community=c1 vetting=1")),
                "the directory is complete"},
        BadFile{"MemberOfNobody",
                absl::StrCat(kStart, "member q org=nosuch roles=reader vetting=1\n", kGood, "\n"),
                "the lines above make no directory"},
        BadFile{"UnknownBulletin", With("case A actor=g1 action=digest items=none expect=x"),
                "no bulletin `none` stands above"},
        BadFile{"BadVetting",
                absl::StrCat(kStart, "member q org=g roles=reader vetting=4\n", kGood, "\n"),
                "`4` is no vetting level"},
        BadFile{"LongLine",
                With(absl::StrCat("# ", std::string(10, 'x'),
                                  "\ncase A x=", std::string(kMaxCaseLineBytes, 'x'))),
                "longer than 4096 bytes"},
        BadFile{"LongComment", With(absl::StrCat("# ", std::string(kMaxCaseLineBytes, 'x'))),
                "line 7: it is longer than 4096 bytes"}),
    [](const auto& bad_file) { return std::string(bad_file.param.name); });

// No parameter: each of those is copied whenever the program starts, whichever test it runs.
TEST(PolicyCorpus, HoldsAtMostSoManyBytes) {
  const auto file = ParseCaseFile(std::string(kMaxCaseFileBytes + 1, '\n'));
  EXPECT_EQ(RuleOf(file.status()), "CASE_FILE_MALFORMED");
  EXPECT_THAT(std::string(file.status().message()), HasSubstr("the file is longer than"));
}

TEST(PolicyCorpus, HoldsAtMostSoManyCases) {
  std::string text(kStart);
  for (size_t i = 0; i <= kMaxCases; ++i) {
    text += "case A action=label text=RED expect=label:TLP:RED\n";
  }
  const auto file = ParseCaseFile(text);
  ASSERT_FALSE(file.ok());
  EXPECT_THAT(std::string(file.status().message()), HasSubstr("at most 100000 cases"));
}

TEST(PolicyCorpus, ReadsLinesThatEndInCarriageReturn) {
  std::string text = With(kGood);
  std::string windows;
  for (char c : text) {
    if (c == '\n') windows.push_back('\r');
    windows.push_back(c);
  }
  EXPECT_TRUE(ParseCaseFile(windows).ok());
}

}  // namespace
}  // namespace shield::testing
