#include "client/publish/share_on.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/receive/openings.h"
#include "policy/decision.h"
#include "policy/proof/hidden_audience.h"
#include "policy/targets.h"

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

// The members that a publication of this home names.
absl::StatusOr<std::set<MemberId>> MembersNamed(const std::vector<AudienceOpening>& sent) {
  ASSIGN_OR_RETURN(const std::vector<Opening> openings, ReadOpenings(sent));
  std::set<MemberId> members;
  for (const Opening& opening : openings) {
    const Targets one = TargetsOf({&opening.token, 1});
    members.insert(one.members.begin(), one.members.end());
  }
  return members;
}

bool RefersTo(const Publication& publication, Relation relation, const BulletinId& id) {
  const absl::StatusOr<Statement> statement = ReadClaimedStatement(publication.statement);
  if (!statement.ok()) return false;
  return std::any_of(statement->references.begin(), statement->references.end(),
                     [&](const Reference& reference) {
                       return reference.relation == relation && reference.id == id;
                     });
}

absl::StatusOr<bool> IsLive(const ClientParts& parts, const Publication& publication) {
  ASSIGN_OR_RETURN(const Statement statement, ReadClaimedStatement(publication.statement));
  if (statement.expires <= parts.clock.Now()) return false;
  ASSIGN_OR_RETURN(const std::optional<KeptEntry> kept, parts.state.FindBulletin(publication.id));
  return !kept.has_value() || kept->delivered.state == DeliveryState::kLive ||
         kept->delivered.state == DeliveryState::kEmbargoed;
}

// What was made before for the very same members.
absl::StatusOr<std::optional<Published>> FindShare(const ClientParts& parts,
                                                   const BulletinId& original,
                                                   const std::set<MemberId>& members) {
  ASSIGN_OR_RETURN(const std::vector<Publication> publications, parts.state.Publications());
  for (const Publication& each : publications) {
    if (!RefersTo(each, Relation::kShares, original)) continue;
    ASSIGN_OR_RETURN(std::set<MemberId> named, MembersNamed(each.openings));
    named.erase(parts.keys.member);
    if (named != members) continue;
    ASSIGN_OR_RETURN(const bool live, IsLive(parts, each));
    if (!live) continue;
    return std::optional<Published>(Published{each.id,
                                              each.recipients,
                                              each.directory_version,
                                              each.log_index,
                                              /*told=*/0,
                                              /*replayed=*/true,
                                              {}});
  }
  return std::nullopt;
}

absl::StatusOr<std::optional<BulletinId>> FindReason(const ClientParts& parts,
                                                     const BulletinId& share) {
  ASSIGN_OR_RETURN(const std::vector<Publication> publications, parts.state.Publications());
  for (const Publication& each : publications) {
    if (RefersTo(each, Relation::kReplies, share)) return std::optional<BulletinId>(each.id);
  }
  return std::nullopt;
}

// The first that was made for these readers, or a new one.
absl::StatusOr<Published> ShareOnce(const ClientParts& parts, Publisher& publisher,
                                    const ShareSource& source, const ShareOrder& order,
                                    const std::vector<PlannedReader>& readers) {
  std::set<MemberId> members;
  for (const PlannedReader& reader : readers) {
    if (reader.member != parts.keys.member) members.insert(reader.member);
  }
  ASSIGN_OR_RETURN(const std::optional<Published> before,
                   FindShare(parts, source.original.statement.id, members));
  if (before.has_value()) return *before;
  return publisher.Share(source, order);
}

// The share may have been made by an earlier attempt, under another directory.
absl::Status KeepThoseWhoHaveIt(const ClientParts& parts, SharedOn& shared) {
  ASSIGN_OR_RETURN(const std::optional<Publication> made,
                   parts.state.FindPublication(shared.share.id));
  if (!made.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::set<MemberId> named, MembersNamed(made->openings));
  std::erase_if(shared.readers, [&](const PlannedReader& reader) {
    return reader.member != parts.keys.member && !named.contains(reader.member);
  });
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<SharedOn> ShareOn(const ClientParts& parts, Publisher& publisher,
                                 const ShareSource& source, const ShareOrder& order) {
  ASSIGN_OR_RETURN(const auto directory, parts.directory.Sync());
  if (!order.reason.empty()) {
    RETURN_IF_ERROR(CheckMaySayWhy(parts, directory->directory()));
  }
  ASSIGN_OR_RETURN(PublicationPlan plan, publisher.PlanShare(source, order));
  ASSIGN_OR_RETURN(Published share, ShareOnce(parts, publisher, source, order, plan.recipients));
  SharedOn shared{std::move(share), std::nullopt, std::move(plan.recipients)};
  if (order.reason.empty()) return shared;
  ASSIGN_OR_RETURN(shared.reason, FindReason(parts, shared.share.id));
  if (shared.reason.has_value()) return shared;
  RETURN_IF_ERROR(KeepThoseWhoHaveIt(parts, shared));
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
