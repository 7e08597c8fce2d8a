// Whether a draft can be published at all, as far as that can be said without the directory.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/draft/draft.h"
#include "policy/decision.h"
#include "policy/targets.h"

namespace shield {
namespace {

LintFinding Error(Rule rule, std::string sentence) {
  return {0, LintSeverity::kError, std::string(RuleName(rule)), std::move(sentence),
          std::string(HintFor(rule))};
}

std::optional<LintFinding> WindowFault(const Draft& draft, absl::Time now) {
  if (!draft.expires.has_value() || *draft.expires > now) return std::nullopt;
  LintFinding fault = Error(Rule::kBadWindow, "the bulletin has expired already");
  fault.hint = "give a later `expires`";
  return fault;
}

std::optional<LintFinding> RedFault(const Targets& targets) {
  if (!targets.orgs.empty()) {
    return Error(Rule::kRedNeedsPersons,
                 absl::StrCat("TLP:RED names `org:", targets.orgs.front().text(),
                              "`, but RED is for named persons"));
  }
  if (!targets.members.empty() && !targets.HasSelector()) return std::nullopt;
  return Error(Rule::kRedNeedsPersons, targets.members.empty()
                                           ? "TLP:RED is for named persons, and none is named"
                                           : "TLP:RED is for named persons, not for a selection");
}

// Reports find their way by themselves, and direct messages are judged with the directory.
std::optional<LintFinding> AudienceFault(const Draft& draft) {
  if (draft.bulletin_class != BulletinClass::kContent) return std::nullopt;
  const Targets targets = TargetsOf(draft.to);
  if (draft.tlp == Tlp::kRed) return RedFault(targets);
  if (targets.everyone && draft.tlp != Tlp::kClear) {
    return Error(Rule::kPublicChannel,
                 absl::StrCat(TlpWithPrefix(draft.tlp), " may not be for the public"));
  }
  if (draft.tlp == Tlp::kGreen || draft.tlp == Tlp::kClear) return std::nullopt;
  if (!targets.orgs.empty() || targets.NarrowsCommunity()) return std::nullopt;
  return Error(Rule::kAudienceRequired,
               absl::StrCat(TlpWithPrefix(draft.tlp),
                            " needs organisations, or a sector, region or vetting level"));
}

}  // namespace

void LintFitness(LintedDraft& linted, absl::Time now) {
  if (!linted.draft.has_value()) return;
  const std::pair<const char*, std::optional<LintFinding>> faults[] = {
      {"expires", WindowFault(*linted.draft, now)}, {"to", AudienceFault(*linted.draft)}};
  for (const auto& fault : faults) {
    if (!fault.second.has_value()) continue;
    linted.findings.push_back(*fault.second);
    const auto line = linted.lines.find(fault.first);
    if (line != linted.lines.end()) linted.findings.back().line = line->second;
  }
  std::stable_sort(linted.findings.begin(), linted.findings.end(),
                   [](const LintFinding& a, const LintFinding& b) { return a.line < b.line; });
}

}  // namespace shield
