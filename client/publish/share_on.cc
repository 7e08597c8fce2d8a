#include "client/publish/share_on.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "policy/decision.h"

namespace shield {
namespace {

absl::Status CheckMaySayWhy(const ClientParts& parts, const Directory& directory) {
  const MemberRecord* own = directory.FindMember(parts.keys.member);
  if (own == nullptr || directory.OrgOf(*own).kind != OrgKind::kClient) return absl::OkStatus();
  return WithRule(absl::PermissionDeniedError(
                      "share refused: a seat of a client organisation sends no messages, so it "
                      "can give no reason"),
                  RuleName(Rule::kPublisherNotAuthorised));
}

Draft ReasonFor(const Statement& original, const BulletinId& share,
                const std::vector<PlannedReader>& readers, const MemberId& sharer,
                const std::string& reason) {
  Draft draft;
  draft.title = "Why this was passed on";
  draft.kind = "message";
  draft.bulletin_class = BulletinClass::kDirect;
  draft.tlp = original.tlp;
  for (const PlannedReader& reader : readers) {
    if (reader.member != sharer) draft.to.push_back(AudienceToken::Member(reader.member));
  }
  draft.priority = original.priority;
  draft.status = original.status;
  draft.expires = original.expires;
  draft.refs = {{Relation::kReplies, share}};
  draft.members_json =
      nlohmann::ordered_json{{"title", draft.title}, {"kind", draft.kind}, {"body", reason}}.dump();
  return draft;
}

}  // namespace

absl::StatusOr<SharedOn> ShareOn(const ClientParts& parts, Publisher& publisher,
                                 const ShareSource& source, const ShareOrder& order) {
  ASSIGN_OR_RETURN(const auto directory, parts.directory.Sync());
  if (!order.reason.empty()) {
    RETURN_IF_ERROR(CheckMaySayWhy(parts, directory->directory()));
  }
  ASSIGN_OR_RETURN(PublicationPlan plan, publisher.PlanShare(source, order));
  ASSIGN_OR_RETURN(Published share, publisher.Share(source, order));
  SharedOn shared{std::move(share), std::nullopt, std::move(plan.recipients)};
  if (order.reason.empty()) return shared;
  const absl::StatusOr<Published> said = publisher.Publish(ReasonFor(
      source.original.statement, shared.share.id, shared.readers, parts.keys.member, order.reason));
  if (!said.ok()) {
    return WithHint(
        Annotate(said.status(), absl::StrCat("it was passed on as `", shared.share.id.ToHex(),
                                             "`, but without the reason")),
        absl::StrCat("publish the reason as a `message` with refs = [\"replies:",
                     shared.share.id.ToHex(), "\"]"));
  }
  shared.reason = said->id;
  return shared;
}

}  // namespace shield
