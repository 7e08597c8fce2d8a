#include "client/draft/draft.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/draft/draft_reading.h"
#include "client/draft/event_details.h"
#include "client/draft/front_matter.h"

namespace shield {
namespace {

// Warns of an event that no calendar would show as it is meant.
void NoteEvent(LintedDraft& linted) {
  const auto line = linted.lines.find("details");
  std::vector<LintFinding> odd = LintEventDetails(linted.draft->kind, linted.draft->members_json,
                                                  line == linted.lines.end() ? 0 : line->second);
  std::move(odd.begin(), odd.end(), std::back_inserter(linted.findings));
}

}  // namespace

LintedDraft LintDraft(absl::string_view text, const std::string& folder, const DraftFlags& flags) {
  LintedDraft result;
  FrontMatter front_matter;
  FrontMatterFault fault;
  if (text.size() > kMaxDraftBytes) {
    fault = {0, absl::StrCat("the draft has more than ", kMaxDraftBytes, " bytes"),
             "send long texts as attachments"};
  }
  if (text.size() > kMaxDraftBytes || !SplitDraft(text, front_matter, fault)) {
    result.findings.push_back(
        {fault.line, LintSeverity::kError, "DRAFT_MALFORMED", fault.sentence, fault.hint});
    return result;
  }
  DraftReading reading(std::move(front_matter), folder);
  reading.ApplyFlags(flags);
  reading.ReadEnvelope(flags);
  reading.ReadMembers();
  result.findings = std::move(reading.findings());
  result.lines = reading.lines();
  const bool failed =
      std::any_of(result.findings.begin(), result.findings.end(),
                  [](const LintFinding& f) { return f.severity == LintSeverity::kError; });
  if (!failed) {
    result.draft = std::move(reading).draft();
    NoteEvent(result);
  }
  std::stable_sort(result.findings.begin(), result.findings.end(),
                   [](const LintFinding& a, const LintFinding& b) { return a.line < b.line; });
  return result;
}

absl::StatusOr<Draft> ParseDraft(absl::string_view text, const std::string& folder,
                                 const DraftFlags& flags) {
  LintedDraft linted = LintDraft(text, folder, flags);
  if (linted.draft.has_value()) return *std::move(linted.draft);
  for (const LintFinding& finding : linted.findings) {
    if (finding.severity != LintSeverity::kError) continue;
    const std::string place = finding.line > 0 ? absl::StrCat("line ", finding.line, ": ") : "";
    return DraftFault(absl::StrCat("draft refused: ", place, finding.sentence), finding.rule,
                      finding.hint);
  }
  return absl::InternalError("a draft was refused without a finding");
}

}  // namespace shield
