#include "client/publish/plan_share.h"

#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/publish/without_key.h"
#include "policy/account.h"
#include "policy/decide.h"
#include "policy/share.h"

namespace shield {
namespace {

absl::Status Refuse(Rule rule, std::string sentence) {
  return RefusalOf({.allowed = false, .rule = rule, .sentence = std::move(sentence)});
}

// Whom the words of an order mean.
struct SpelledOut {
  std::set<MemberId> members;
  std::vector<Chosen> without_key;  // seats of an organisation
};

// The seats of an organisation that may have it; a refusal of all is that of a seat that sees
// content.
absl::Status AddSeats(const SharedOriginal& original, const ShareOrder& order, const OrgId& org,
                      const VerifiedDirectory& verified, absl::Time at, SpelledOut& out) {
  const Directory& directory = verified.directory();
  if (directory.FindOrg(org) == nullptr) {
    if (!directory.complete()) {
      return RefuseNotShown(absl::StrCat("organisation `", org.text(), "`"));
    }
    return Refuse(Rule::kUnknownCode,
                  absl::StrCat("organisation `", org.text(), "` is not known to this network"));
  }
  std::optional<Decision> refusal;
  std::vector<Chosen> without_key;
  bool found = false;
  for (const MemberRecord& seat : directory.MembersOf(org)) {
    const ShareRequest request{.from = original.sharer,
                               .to = Reader::WithoutEntry(seat.id),
                               .label = original.statement.tlp,
                               .reason_given = !order.reason.empty(),
                               .from_holds_by_share = original.holds_by_share};
    const Decision decision = DecideShare(directory, original.terms, request, at);
    if (decision.allowed && verified.SealKey(seat.id, at).has_value()) {
      found = true;
      out.members.insert(seat.id);
    } else if (decision.allowed) {
      without_key.push_back({seat.id, seat.org, decision.rule});
    } else if (!refusal.has_value() || SeesContent(seat)) {
      refusal = decision;
    }
  }
  out.without_key.insert(out.without_key.end(), without_key.begin(), without_key.end());
  if (found) return absl::OkStatus();
  if (!without_key.empty()) return RefuseWithoutKey(ReadersOf(without_key));
  if (refusal.has_value()) return RefusalOf(*refusal);
  return Refuse(Rule::kAudienceRequired, absl::StrCat("`", org.text(), "` has no seats"));
}

absl::StatusOr<SpelledOut> SpellOut(const SharedOriginal& original, const ShareOrder& order,
                                    const VerifiedDirectory& directory, absl::Time at) {
  SpelledOut out;
  for (const AudienceToken& token : order.to) {
    const Targets one = TargetsOf({&token, 1});
    if (one.members.size() == 1) {
      out.members.insert(one.members[0]);
    } else if (one.orgs.size() == 1) {
      RETURN_IF_ERROR(AddSeats(original, order, one.orgs[0], directory, at, out));
    } else {
      return Refuse(Rule::kAudienceRequired,
                    absl::StrCat("`", PrintAudienceToken(token),
                                 "`: a bulletin is passed on to members and organisations"));
    }
  }
  if (out.members.size() <= kMaxAudienceTokens) return out;
  return WithRule(absl::InvalidArgumentError(
                      absl::StrCat("it would be passed on to ", out.members.size(), " members, ",
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
  ASSIGN_OR_RETURN(SpelledOut spelled, SpellOut(original, order, directory, issued));
  planned.audience.reserve(spelled.members.size());
  for (const MemberId& member : spelled.members) {
    planned.audience.push_back(AudienceToken::Member(member));
  }
  ASSIGN_OR_RETURN(const Terms terms, TermsOf(records, planned.statement, planned.audience));
  const SharePublication publication{original.terms, terms, original.sharer,
                                     original.holds_by_share, !order.reason.empty()};
  absl::StatusOr<std::vector<Chosen>> readers = ResolveShare(records, publication, issued);
  if (!readers.ok()) return Annotate(readers.status(), "share refused");
  planned.readers.recipients = *std::move(readers);
  RETURN_IF_ERROR(SetApartWithoutKey(directory, OwnSeats::kDoNotSuffice, planned));
  planned.without_key = std::move(spelled.without_key);
  return planned;
}

}  // namespace shield
