#include "client/publish/plan_share.h"

#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "policy/account.h"
#include "policy/decide.h"
#include "policy/share.h"

namespace shield {
namespace {

absl::Status Refuse(Rule rule, std::string sentence) {
  return RefusalOf({.allowed = false, .rule = rule, .sentence = std::move(sentence)});
}

// The seats of an organisation that may have it; a refusal of all is that of a seat that sees
// content.
absl::Status AddSeats(const SharedOriginal& original, const ShareOrder& order, const OrgId& org,
                      const Directory& directory, absl::Time at, std::set<MemberId>& members) {
  if (directory.FindOrg(org) == nullptr) {
    return Refuse(Rule::kUnknownCode,
                  absl::StrCat("organisation `", org.text(), "` is not in this home's directory"));
  }
  std::optional<Decision> refusal;
  const size_t before = members.size();
  for (const MemberRecord& seat : directory.MembersOf(org)) {
    const ShareRequest request{.from = original.sharer,
                               .to = Reader::WithoutEntry(seat.id),
                               .label = original.statement.tlp,
                               .reason_given = !order.reason.empty(),
                               .from_holds_by_share = original.holds_by_share};
    const Decision decision = DecideShare(directory, original.terms, request, at);
    if (decision.allowed) {
      members.insert(seat.id);
    } else if (!refusal.has_value() || SeesContent(seat)) {
      refusal = decision;
    }
  }
  if (members.size() > before) return absl::OkStatus();
  if (refusal.has_value()) return RefusalOf(*refusal);
  return Refuse(Rule::kAudienceRequired, absl::StrCat("`", org.text(), "` has no seats"));
}

absl::StatusOr<std::vector<AudienceToken>> SpellOut(const SharedOriginal& original,
                                                    const ShareOrder& order,
                                                    const Directory& directory, absl::Time at) {
  std::set<MemberId> members;
  for (const AudienceToken& token : order.to) {
    const Targets one = TargetsOf({&token, 1});
    if (one.members.size() == 1) {
      members.insert(one.members[0]);
    } else if (one.orgs.size() == 1) {
      RETURN_IF_ERROR(AddSeats(original, order, one.orgs[0], directory, at, members));
    } else {
      return Refuse(Rule::kAudienceRequired,
                    absl::StrCat("`", PrintAudienceToken(token),
                                 "`: a bulletin is passed on to members and organisations"));
    }
  }
  std::vector<AudienceToken> audience;
  audience.reserve(members.size());
  for (const MemberId& member : members) audience.push_back(AudienceToken::Member(member));
  if (audience.size() <= kMaxAudienceTokens) return audience;
  return WithRule(absl::InvalidArgumentError(
                      absl::StrCat("it would be passed on to ", audience.size(), " members, ",
                                   kMaxAudienceTokens, " are allowed at a time")),
                  "LIMIT_EXCEEDED");
}

Statement Envelope(const SharedOriginal& original, const BulletinId& id,
                   const PublishingMember& author, const VerifiedDirectory& directory,
                   absl::Time now) {
  const Statement& shared = original.statement;
  Statement statement{author.network, id, author.member, author.verifier};
  statement.bulletin_class = BulletinClass::kDirect;
  statement.issued = absl::FromUnixSeconds(absl::ToUnixSeconds(now));
  statement.not_before = statement.issued;
  statement.expires = original.ends;
  statement.tlp = shared.tlp;
  statement.priority = shared.priority;
  statement.status = shared.status;
  statement.references = {{Relation::kShares, shared.id, original.text_digest}};
  statement.directory_version = directory.version();
  statement.directory_digest = directory.digest();
  statement.payload = shared.payload;
  statement.objects = shared.objects;
  return statement;
}

}  // namespace

absl::StatusOr<PlannedBulletin> PlanShare(const SharedOriginal& original, const ShareOrder& order,
                                          const BulletinId& id, const PublishingMember& author,
                                          const VerifiedDirectory& directory, absl::Time now) {
  const Directory& records = directory.directory();
  PlannedBulletin planned{Envelope(original, id, author, directory, now), {}, {}};
  const absl::Time issued = planned.statement.issued;
  ASSIGN_OR_RETURN(planned.audience, SpellOut(original, order, records, issued));
  ASSIGN_OR_RETURN(const Terms terms, TermsOf(records, planned.statement, planned.audience));
  const SharePublication publication{original.terms, terms, original.sharer,
                                     original.holds_by_share, !order.reason.empty()};
  absl::StatusOr<std::vector<Chosen>> readers = ResolveShare(records, publication, issued);
  if (!readers.ok()) return Annotate(readers.status(), "share refused");
  planned.readers.recipients = *std::move(readers);
  return planned;
}

}  // namespace shield
