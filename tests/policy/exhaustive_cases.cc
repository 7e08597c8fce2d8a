#include "tests/policy/exhaustive_cases.h"

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/check.h"
#include "policy/corpus/case_file.h"
#include "tests/policy/model_answers.h"

namespace shield::testing {
namespace {

// How a reader stands to a bulletin of p1's: who it is, and to whom the bulletin went. RED has an
// audience of its own, because it names persons only.
struct Standing {
  absl::string_view name;
  absl::string_view actor;
  absl::string_view to;
  absl::string_view red_to = "member:g1";
  absl::string_view more = "";
};
constexpr Standing kStandings[] = {
    {"author", "p1", "org:g"},
    {"source-analyst", "p2", "org:g"},
    {"source-digest", "dg", "org:g"},
    {"source-vetting", "pv", "org:g,org:pol", "member:pv"},
    {"source-auditor", "pa", "org:g,org:pol", "member:pa"},
    {"other-authority", "q1", "org:g"},
    {"named-person", "g1", "org:h,member:g1"},
    {"named-person-moved", "g1", "org:h,member:g1", "member:g1", "org-then=h"},
    {"named-low-vetting", "g2", "org:h,member:g2,vetting:3", "member:g2"},
    {"named-desk", "duty", "org:h,member:duty", "member:duty"},
    {"named-elsewhere", "b1", "org:h,member:b1", "member:b1"},
    {"named-client", "k1", "org:h,member:k1", "member:k1"},
    {"recipient-org", "g2", "org:g"},
    {"recipient-org-desk", "duty", "org:g"},
    {"recipient-org-low-vetting", "g0", "org:g"},
    {"recipient-org-joiner", "j1", "org:g", "member:j1", "snapshot=no"},
    {"recipient-org-elsewhere", "b1", "org:b"},
    {"not-in-snapshot", "g1", "org:g", "member:g1", "snapshot=no"},
    {"excluded-person", "g1", "org:g,not-member:g1", "member:g1,not-member:g1"},
    {"excluded-org", "g1", "org:g,not-org:g", "member:g1,not-org:g"},
    {"selected", "h2", "sector:hotels-restaurants"},
    {"selected-by-parent-region", "s1", "region:BE2"},
    {"other-sector", "s1", "sector:hotels-restaurants"},
    {"other-region", "m1", "region:BE211"},
    {"selected-low-vetting", "r1", "sector:retail,vetting:2"},
    {"untargeted", "s1", "", ""},
    {"subsidiary", "hs1", "org:h", "member:h1"},
    {"other-member", "s1", "org:g"},
    {"client", "k1", "org:g"},
    {"client-of-selected", "k1", "sector:private-security"},
    {"past-client", "kx1", "org:g"},
    {"clients-client", "k2", "org:g"},
    {"supplier", "v1", "org:g"},
    {"permitted", "k1", "org:g", "member:g1", "grants=member:k1@T0-1d..T0+400d snapshot=no"},
    {"permission-ended", "k1", "org:g", "member:g1", "grants=member:k1@T0-2d..T0-1d"},
    {"permit-reader", "k1", "org:k", "member:k1", "refs=permits"},
    {"elsewhere", "b1", "org:g"},
    {"elsewhere-untargeted", "b1", "", ""},
    {"applied", "n1", "org:n", "member:n1"},
    {"revoked", "x1", "org:x", "member:x1"},
    {"ended", "e1", "org:e", "member:e1"},
    {"suspended", "z1", "org:z", "member:z1"},
    {"exercise-participant", "m1", "org:m", "member:m1", "status=exercise"},
    {"exercise-bystander", "g1", "org:g", "member:g1", "status=exercise"},
    {"stranger", "nobody", "org:g"},
    {"public", "public", "org:g"},
};

// To whom p1's bulletin may be passed on, and by whom: g2 is of the recipient organisation unless
// another is named.
constexpr absl::string_view kToG = "org:g";
struct Passing {
  absl::string_view name;
  absl::string_view reader;
  absl::string_view to = kToG;
  absl::string_view red_to = "member:g1";
  absl::string_view sharer = "g1";
  absl::string_view more = "";
};
constexpr Passing kPassings[] = {
    {"share-colleague", "g2"},
    {"share-colleague-desk", "duty"},
    {"share-colleague-low-vetting", "g0"},
    {"share-colleague-joiner", "j1"},
    {"share-colleague-auditor", "ga"},
    {"share-colleague-vetting", "gv"},
    {"share-colleague-far", "g2", kToG, "member:g1,member:g2", "g1", "reader-hops=2"},
    {"share-colleague-capped", "g2", kToG, "member:g1,member:g2", "g1", "reader-peer-cap=0"},
    {"share-colleague-of-selected", "g2", "sector:private-security"},
    {"share-named-too", "h1", "org:g,member:h1", "member:g1,member:h1"},
    {"share-named-low-vetting", "h2", "org:g,member:h2,vetting:3", "member:g1,member:h2"},
    {"share-named-moved", "h1", "org:g,member:h1", "member:g1,member:h1", "g1",
     "reader-org-then=g"},
    {"share-named-service", "dg", "org:g", "member:g1,member:dg"},
    {"share-excluded", "g2", "org:g,not-member:g2", "member:g1,member:g2,not-member:g2"},
    {"share-author", "p1"},
    {"share-source-analyst", "p2"},
    {"share-source-digest", "dg"},
    {"share-source-auditor", "pa"},
    {"share-source-vetting", "pv"},
    {"share-other-member", "s1"},
    {"share-other-auditor", "sa"},
    {"share-other-far", "s1", kToG, "member:g1", "g1", "reader-hops=2"},
    {"share-other-capped", "s1", kToG, "member:g1", "g1", "reader-peer-cap=0"},
    {"share-elsewhere", "b1"},
    {"share-elsewhere-far", "b1", kToG, "member:g1", "g1", "reader-hops=2"},
    {"share-client", "k1", kToG, "member:g1", "g1", "reason=yes"},
    {"share-client-without-reason", "k1"},
    {"share-client-by-client", "k2", kToG, "member:g1", "k1", "reason=yes by-share=yes"},
    {"share-client-auditor", "ka", kToG, "member:g1", "g1", "reason=yes"},
    {"share-client-of-selected", "k1", "sector:private-security", "member:g1", "g1", "reason=yes"},
    {"share-past-client", "kx1", kToG, "member:g1", "g1", "reason=yes"},
    {"share-clients-client", "k2", kToG, "member:g1", "g1", "reason=yes"},
    {"share-supplier", "v1", kToG, "member:g1", "g1", "reason=yes"},
    {"share-permission-ended", "k1", kToG, "member:g1", "g1",
     "reason=yes grants=member:k1@T0-2d..T0-1d"},
    {"share-applied", "n1"},
    {"share-revoked", "x1"},
    {"share-suspended", "z1"},
    {"share-stranger", "nobody"},
    {"share-public", "public"},
    {"share-wider-label", "g2", kToG, "member:g1,member:g2", "g1", "label=CLEAR"},
    {"share-stricter-label", "g2", kToG, "member:g1,member:g2", "g1", "label=RED"},
    {"share-by-outsider", "s1", kToG, "member:g1", "h1"},
    {"share-by-low-vetting", "g1", kToG, "member:g1,member:g0", "g0", "by-share=yes"},
    {"share-by-auditor", "g1", kToG, "member:g1,member:ga", "ga", "by-share=yes"},
};

// What may be done with a bulletin of p1's, and who tries.
constexpr absl::string_view kRelationWords[] = {"withdraw", "supersede", "relabel",
                                                "extend",   "permit",    "reply"};
struct Actor {
  absl::string_view name;
  absl::string_view actor;
};
constexpr Actor kActors[] = {{"author", "p1"},    {"analyst", "p2"},
                             {"auditor", "pa"},   {"digest-seat", "dg"},
                             {"recipient", "g1"}, {"other-organisation", "q1"}};

// Bulletins of the other classes and who wants them.
struct OtherClass {
  absl::string_view name;
  absl::string_view author;
  absl::string_view fields;  // of the bulletin, its class first
  absl::string_view actor;
  absl::string_view more = "";
};
constexpr absl::string_view kReport = "class=report to=org:pol";
constexpr absl::string_view kNamedReport = "class=report to=member:p1";
constexpr absl::string_view kReportAbroad = "class=report to=org:pol2";
constexpr absl::string_view kDirect = "class=direct to=member:g1";
constexpr absl::string_view kRecall = "class=control refs=withdraws to=org:g";
constexpr OtherClass kOtherClasses[] = {
    {"report-author", "g1", kReport, "g1"},
    {"report-analyst", "g1", kReport, "p1"},
    {"report-digest-seat", "g1", kReport, "dg"},
    {"report-auditor", "g1", kReport, "pa"},
    {"report-vetting", "g1", kReport, "pv"},
    {"report-colleague", "g1", kReport, "g2"},
    {"report-other-authority", "g1", kReport, "q1"},
    {"report-other-member", "g1", kReport, "s1"},
    {"report-late-joiner", "g1", kReport, "p1", "snapshot=no"},
    {"report-named", "g1", kNamedReport, "p1"},
    {"report-named-colleague", "g1", kNamedReport, "p2"},
    {"report-of-suspended", "z1", kReport, "p1"},
    {"report-of-suspended-and-ended", "ze1", kReport, "p1"},
    {"report-of-authority-author", "p1", kReportAbroad, "p1"},
    {"report-of-authority-reader", "p1", kReportAbroad, "q1"},
    {"report-of-authority-analyst", "p1", kReportAbroad, "p2"},
    {"report-of-authority-digest-seat", "p1", kReportAbroad, "dg"},
    {"report-public", "g1", kReport, "public"},
    {"direct-author", "p1", kDirect, "p1"},
    {"direct-named", "p1", kDirect, "g1"},
    {"direct-named-moved", "p1", kDirect, "g1", "org-then=h"},
    {"direct-colleague-of-author", "p1", kDirect, "p2"},
    {"direct-digest-seat-of-author", "p1", kDirect, "dg"},
    {"direct-colleague-of-named", "p1", kDirect, "g2"},
    {"direct-other", "p1", kDirect, "s1"},
    {"direct-client", "p1", kDirect, "k1"},
    {"direct-elsewhere", "p1", kDirect, "b1"},
    {"direct-public", "p1", kDirect, "public"},
    {"recall-holder", "p1", kRecall, "g1"},
    {"recall-stranger", "p1", kRecall, "g1", "snapshot=no"},
    {"recall-analyst", "p1", kRecall, "p2", "snapshot=no"},
    {"recall-suspended", "p1", kRecall, "z1"},
    {"recall-public", "p1", kRecall, "public"},
};

constexpr absl::string_view kLabels[] = {"RED", "AMBER+STRICT", "AMBER", "GREEN", "CLEAR"};
constexpr absl::string_view kStates[] = {"live", "withdrawn", "superseded"};

// The window is [T0, T0+10d).
struct Place {
  absl::string_view name;
  absl::string_view time;
};
constexpr Place kPlaces[] = {{"before", "T0-1s"},
                             {"begin", "T0"},
                             {"inside", "T0+5d"},
                             {"end", "T0+10d"},
                             {"after", "T0+20d"}};

// A question about a bulletin of some label in some state at some time: everything on the line of
// its case but those three.
struct Question {
  std::string name;
  std::string fields;
};

std::string Joined(std::initializer_list<absl::string_view> parts) {
  std::string text;
  for (absl::string_view part : parts) {
    if (!part.empty()) absl::StrAppend(&text, text.empty() ? "" : " ", part);
  }
  return text;
}

std::string To(absl::string_view words) {
  return words.empty() ? std::string() : absl::StrCat("to=", words);
}

bool IsMember(absl::string_view actor) { return actor != "public" && actor != "nobody"; }

// Of the questions that time and state bear on.
std::vector<Question> QuestionsInTime(bool red) {
  std::vector<Question> questions;
  for (const Standing& s : kStandings) {
    questions.push_back(
        {std::string(s.name), Joined({absl::StrCat("actor=", s.actor, " action=read author=p1"),
                                      To(red ? s.red_to : s.to), s.more})});
  }
  for (const Passing& p : kPassings) {
    questions.push_back(
        {std::string(p.name),
         Joined({absl::StrCat("actor=", p.sharer, " action=share reader=", p.reader, " author=p1"),
                 To(red ? p.red_to : p.to), p.more})});
  }
  for (absl::string_view relation : kRelationWords) {
    for (const Actor& a : kActors) {
      questions.push_back({absl::StrCat(relation, "-by-", a.name),
                           Joined({absl::StrCat("actor=", a.actor, " action=", relation),
                                   "author=p1", To(red ? "member:g1" : kToG)})});
    }
  }
  for (const OtherClass& c : kOtherClasses) {
    questions.push_back({std::string(c.name),
                         Joined({absl::StrCat("actor=", c.actor, " action=read author=", c.author),
                                 c.fields, c.more})});
  }
  return questions;
}

// Of whether it is sealed to them at publish, which neither time nor state bears on.
std::vector<Question> QuestionsAtPublish(bool red) {
  std::vector<Question> questions;
  for (const Standing& s : kStandings) {
    if (!IsMember(s.actor)) continue;
    questions.push_back(
        {std::string(s.name), Joined({absl::StrCat("actor=", s.actor, " action=deliver author=p1"),
                                      To(red ? s.red_to : s.to), s.more})});
  }
  for (const OtherClass& c : kOtherClasses) {
    if (!IsMember(c.actor)) continue;
    questions.push_back(
        {std::string(c.name),
         Joined({absl::StrCat("actor=", c.actor, " action=deliver author=", c.author), c.fields,
                 c.more})});
  }
  return questions;
}

void AppendInTime(absl::string_view label, const Question& question, std::string& text) {
  for (absl::string_view state : kStates) {
    for (const Place& place : kPlaces) {
      absl::StrAppend(&text, "case ", label, "/", question.name, "/", state, "/", place.name, " ",
                      question.fields, " tlp=", label, " until=T0+10d state=", state,
                      " time=", place.time, " expect=?\n");
    }
  }
}

std::string Questions() {
  std::string text;
  for (absl::string_view label : kLabels) {
    const bool red = label == "RED";
    for (const Question& question : QuestionsInTime(red)) AppendInTime(label, question, text);
    for (const Question& question : QuestionsAtPublish(red)) {
      absl::StrAppend(&text, "case ", label, "/", question.name, "/sealed ", question.fields,
                      " tlp=", label, " until=T0+10d expect=?\n");
    }
  }
  return text;
}

// The lines of `vectors` up to its first case, without comments.
std::string NetworkOf(absl::string_view vectors) {
  std::string text;
  for (absl::string_view line : absl::StrSplit(vectors, '\n')) {
    if (absl::StartsWith(line, "case ")) break;
    if (line.empty() || line[0] == '#') continue;
    absl::StrAppend(&text, line, "\n");
  }
  return text;
}

}  // namespace

std::string ExhaustiveCases(absl::string_view vectors) {
  const std::string open = absl::StrCat(
      NetworkOf(vectors),
      "# Written by build/<preset>/tests/policy/write_exhaustive_cases; do not edit.\n",
      Questions());
  const absl::StatusOr<CaseFile> file = ParseCaseFile(open);
  SHIELD_CHECK(file.ok());
  std::vector<std::string> lines = absl::StrSplit(open, '\n');
  for (const PolicyCase& policy_case : file->cases) {
    const std::optional<Answer> answer = ModelAnswerTo(*file, policy_case);
    SHIELD_CHECK(answer.has_value());
    std::string& line = lines[policy_case.line - 1];
    line.pop_back();
    line += *answer;
  }
  std::string text;
  for (const std::string& line : lines) {
    if (!line.empty()) absl::StrAppend(&text, line, "\n");
  }
  return text;
}

}  // namespace shield::testing
