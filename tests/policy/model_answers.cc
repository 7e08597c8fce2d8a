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
      "to:", absl::StrJoin(model.Recipients(), ",", [](std::string* out, const MemberId& id) {
        absl::StrAppend(out, id.text());
      }));
}

}  // namespace

std::optional<Answer> ModelAnswerTo(const CaseFile& file, const PolicyCase& policy_case) {
  if (!policy_case.bulletin.has_value()) return std::nullopt;
  if (policy_case.bulletin->refused_by.has_value()) {
    return absl::StrCat("deny:", *policy_case.bulletin->refused_by);
  }
  const Terms& terms = policy_case.bulletin->terms;
  const Tlp label = policy_case.label.value_or(terms.tlp);
  const SecondModel model(*file.directory, terms, policy_case.now);
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
      if (!policy_case.reader.member.has_value()) return std::nullopt;
      return model.ShareAnswer(*policy_case.actor.member, policy_case.by_share,
                               *policy_case.reader.member, label, policy_case.reason_given);
    default:
      return std::nullopt;
  }
}

}  // namespace shield::testing
