#include "tests/policy/model_answers.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace shield::testing {
namespace {

Answer ReadAnswer(const SecondModel& model, const Directory& directory, const Reader& reader) {
  if (reader.door == Reader::Door::kPublic) return model.PublicAnswer();
  if (!reader.member.has_value() || directory.FindMember(*reader.member) == nullptr) {
    return model.StrangerAnswer();
  }
  return model
      .Answers({.in_snapshot = reader.in_snapshot,
                .org_then = reader.org_at_publish,
                .hops = reader.hops,
                .peer_cap = reader.peer_cap})
      .at(*reader.member);
}

Answer AudienceAnswer(const SecondModel& model) {
  const Answer publish = model.PublishAnswer();
  if (absl::StartsWith(publish, "deny:")) return publish;
  return absl::StrCat(
      "to:",
      absl::StrJoin(model.Recipients(), ",",
                    [](std::string* out, const MemberId& id) { absl::StrAppend(out, id.text()); }),
      model.WarnsOfEmptyAudience() ? ";EMPTY_AUDIENCE" : "");
}

Circumstances About(const Reader& reader) {
  return {.in_snapshot = reader.in_snapshot,
          .org_then = reader.org_at_publish,
          .hops = reader.hops,
          .peer_cap = reader.peer_cap};
}

Answer ShareAnswer(const SecondModel& model, const PolicyCase& policy_case, Tlp label) {
  if (!policy_case.actor.member.has_value()) return model.StrangerAnswer();
  const bool open = policy_case.reader.door == Reader::Door::kPublic;
  SharePlan plan{.from = *policy_case.actor.member,
                 .from_about = About(policy_case.actor),
                 .by_share = policy_case.by_share,
                 .to_about = About(policy_case.reader),
                 .label = label,
                 .reason = policy_case.reason_given};
  // Whoever is not enrolled has no id: one that nobody has stands for it.
  static const MemberId kNobody = *MemberId::Parse("nobody-at-all");
  if (!open) plan.to = policy_case.reader.member.value_or(kNobody);
  return model.ShareAnswer(plan);
}

}  // namespace

std::optional<Answer> ModelAnswerTo(const CaseFile& file, const PolicyCase& policy_case) {
  if (!policy_case.bulletin.has_value()) return std::nullopt;
  if (policy_case.bulletin->refused_by.has_value()) {
    return absl::StrCat("deny:", *policy_case.bulletin->refused_by);
  }
  const Terms& terms = policy_case.bulletin->terms;
  const Tlp label = policy_case.label.value_or(terms.tlp);
  const SecondModel model(*file.directory, terms, policy_case.bulletin->words, policy_case.now);
  switch (policy_case.action) {
    case CaseAction::kRead:
      return ReadAnswer(model, *file.directory, policy_case.actor);
    case CaseAction::kDeliver:
      return model.Answers({.at_publish = true}).at(*policy_case.actor.member);
    case CaseAction::kPublish:
      return model.PublishAnswer();
    case CaseAction::kResolve:
      return AudienceAnswer(model);
    case CaseAction::kRelate:
      return model.RelationAnswer(policy_case.relation, *policy_case.actor.member, label);
    case CaseAction::kShare:
      return ShareAnswer(model, policy_case, label);
    default:
      return std::nullopt;
  }
}

}  // namespace shield::testing
