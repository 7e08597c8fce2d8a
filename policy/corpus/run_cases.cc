#include "policy/corpus/run_cases.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "policy/attach.h"
#include "policy/audience.h"
#include "policy/decide.h"
#include "policy/digest_plan.h"
#include "policy/parts.h"
#include "policy/recipient_list.h"

namespace shield {
namespace {

std::string InText(const Decision& decision) {
  return absl::StrCat(decision.allowed ? "allow:" : "deny:", RuleName(decision.rule));
}

std::string Refusal(const absl::Status& status) { return absl::StrCat("deny:", RuleOf(status)); }

std::string AudienceInText(const CaseFile& file, const PolicyCase& policy_case) {
  const Terms& terms = policy_case.bulletin->terms;
  const absl::StatusOr<Audience> audience =
      ResolveAudience(*file.directory, terms, policy_case.now);
  if (!audience.ok()) return Refusal(audience.status());
  const absl::StatusOr<Recipients> fast =
      ResolveRecipients(*file.directory, terms, policy_case.now);
  if (!fast.ok() || fast->recipients != audience->recipients) {
    return "the two ways to resolve an audience disagree";
  }
  const std::string members = absl::StrJoin(
      audience->recipients, ",",
      [](std::string* out, const Chosen& chosen) { absl::StrAppend(out, chosen.member.text()); });
  std::string text = absl::StrCat("to:", members);
  for (Rule warning : audience->warnings) absl::StrAppend(&text, ";", RuleName(warning));
  return text;
}

std::string ImportInText(absl::string_view text) {
  const absl::StatusOr<ImportedLabel> label = ParseImportedTlp(text);
  if (!label.ok()) return Refusal(label.status());
  const std::string tlp = absl::StrCat("label:", TlpWithPrefix(label->tlp));
  switch (label->mark) {
    case ImportMark::kLegacyWhite:
      return absl::StrCat(tlp, ";legacy");
    case ImportMark::kUnlabelled:
      return absl::StrCat(tlp, ";unlabelled");
    case ImportMark::kSeveralLabels:
      return absl::StrCat(tlp, ";several");
    case ImportMark::kNone:
      break;
  }
  return tlp;
}

std::string LabelInText(absl::string_view text) {
  const absl::StatusOr<Tlp> tlp = ParseTlp(text);
  return tlp.ok() ? absl::StrCat("label:", TlpWithPrefix(*tlp)) : Refusal(tlp.status());
}

// The items of a digest; those in `withdrawn` as they are since.
std::vector<Terms> ItemsOf(const CaseFile& file, const PolicyCase& policy_case,
                           const std::vector<std::string>& withdrawn) {
  std::vector<Terms> items;
  for (const std::string& name : policy_case.items) {
    items.push_back(file.bulletins.find(name)->second.terms);
    if (std::find(withdrawn.begin(), withdrawn.end(), name) != withdrawn.end()) {
      items.back().state = BulletinState::kWithdrawn;
    }
  }
  return items;
}

std::string DigestInText(const CaseFile& file, const PolicyCase& policy_case) {
  const DigestPlan plan = PlanDigest(*file.directory, ItemsOf(file, policy_case, {}),
                                     *policy_case.actor.member, policy_case.now);
  const auto names = [&](const std::vector<size_t>& indexes) {
    return absl::StrJoin(indexes, ",", [&](std::string* out, size_t index) {
      absl::StrAppend(out, policy_case.items[index]);
    });
  };
  const std::string label = plan.label == Tlp::kUnspecified ? "none" : TlpWithPrefix(plan.label);
  std::string text = absl::StrCat("items:", names(plan.items), ";pointers:", names(plan.pointers),
                                  ";label:", label);
  if (plan.only_for.has_value()) absl::StrAppend(&text, ";only-for:", plan.only_for->text());
  return text;
}

Decision SendDigest(const CaseFile& file, const PolicyCase& policy_case) {
  const std::vector<Terms> before = ItemsOf(file, policy_case, {});
  const std::vector<Terms> after = ItemsOf(file, policy_case, policy_case.changed);
  const MemberId& member = *policy_case.actor.member;
  const DigestPlan plan = PlanDigest(*file.directory, before, member,
                                     before.empty() ? policy_case.now : before.front().issued);
  return DecideDigestDelivery(*file.directory, after, plan, member, policy_case.now);
}

// Actions whose answer is one decision about the case's bulletin.
Decision DecideCase(const Directory& directory, const PolicyCase& policy_case) {
  const Terms& terms = policy_case.bulletin->terms;
  const Tlp label = policy_case.label.value_or(terms.tlp);
  switch (policy_case.action) {
    case CaseAction::kPublish:
      return DecidePublish(directory, terms, policy_case.now);
    case CaseAction::kDeliver:
      return DecideDelivery(directory, terms, *policy_case.actor.member, policy_case.now);
    case CaseAction::kRelate:
      return DecideRelation(directory, terms,
                            {policy_case.relation, *policy_case.actor.member, label},
                            policy_case.now);
    case CaseAction::kShare:
      return DecideShare(directory, terms,
                         {.from = policy_case.actor,
                          .to = policy_case.reader,
                          .label = label,
                          .reason_given = policy_case.reason_given,
                          .from_holds_by_share = policy_case.by_share},
                         policy_case.now);
    case CaseAction::kRecipients:
      return DecideRecipientList(directory, terms, *policy_case.actor.member, policy_case.now);
    case CaseAction::kAttach:
      return DecideAttach(directory, terms, *policy_case.actor.member, policy_case.now);
    case CaseAction::kRefer:
      return DecideRefer(directory, terms, *policy_case.actor.member, policy_case.now);
    default:
      return Decide(directory, terms, policy_case.actor, policy_case.now);
  }
}

}  // namespace

std::string AnswerTo(const CaseFile& file, const PolicyCase& policy_case) {
  if (policy_case.bulletin.has_value() && policy_case.bulletin->refused_by.has_value()) {
    return absl::StrCat("deny:", *policy_case.bulletin->refused_by);
  }
  switch (policy_case.action) {
    case CaseAction::kResolve:
      return AudienceInText(file, policy_case);
    case CaseAction::kLabel:
      return LabelInText(policy_case.text);
    case CaseAction::kImport:
      return ImportInText(policy_case.text);
    case CaseAction::kDigest:
      return DigestInText(file, policy_case);
    case CaseAction::kSendDigest:
      return InText(SendDigest(file, policy_case));
    case CaseAction::kParts:
      return InText(DecideParts(*policy_case.label, policy_case.parts));
    case CaseAction::kQuote:
      return InText(DecideQuotation(policy_case.consent, policy_case.quotation));
    default:
      return InText(DecideCase(*file.directory, policy_case));
  }
}

CaseReport RunCases(const CaseFile& file) {
  CaseReport report;
  for (const PolicyCase& policy_case : file.cases) {
    ++report.cases;
    std::string actual = AnswerTo(file, policy_case);
    if (actual == policy_case.expected) continue;
    report.mismatches.push_back(
        {policy_case.line, policy_case.id, policy_case.expected, std::move(actual)});
  }
  return report;
}

}  // namespace shield
