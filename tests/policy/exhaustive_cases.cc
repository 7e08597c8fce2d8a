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

void AppendBulletin(const Standing& standing, absl::string_view label, std::string& text) {
  const absl::string_view to = label == "RED" ? standing.red_to : standing.to;
  absl::StrAppend(&text, " author=p1 tlp=", label, " until=T0+10d");
  if (!to.empty()) absl::StrAppend(&text, " to=", to);
}

// Readings at every place of the window, then the question whether it is sealed to them.
std::string Questions() {
  std::string text;
  for (absl::string_view label : kLabels) {
    for (const Standing& standing : kStandings) {
      for (absl::string_view state : kStates) {
        for (const Place& place : kPlaces) {
          absl::StrAppend(&text, "case ", label, "/", standing.name, "/", state, "/", place.name,
                          " actor=", standing.actor, " action=read");
          AppendBulletin(standing, label, text);
          absl::StrAppend(&text, " state=", state, " time=", place.time);
          if (!standing.more.empty()) absl::StrAppend(&text, " ", standing.more);
          absl::StrAppend(&text, " expect=?\n");
        }
      }
      const bool member = standing.actor != "public" && standing.actor != "nobody";
      if (!member) continue;
      absl::StrAppend(&text, "case ", label, "/", standing.name, "/sealed actor=", standing.actor,
                      " action=deliver");
      AppendBulletin(standing, label, text);
      if (!standing.more.empty()) absl::StrAppend(&text, " ", standing.more);
      absl::StrAppend(&text, " expect=?\n");
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
