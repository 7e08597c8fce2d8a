#include "client/publish/plan_bulletin.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/publish/without_key.h"
#include "policy/decide.h"
#include "policy/targets.h"
#include "policy/terms.h"

namespace shield {
namespace {

// Statements count whole seconds.
absl::Time WholeSecond(absl::Time time) { return absl::FromUnixSeconds(absl::ToUnixSeconds(time)); }

absl::StatusOr<CommunityId> CommunityOf(const MemberId& author, const Directory& directory) {
  const MemberRecord* member = directory.FindMember(author);
  if (member != nullptr) return directory.OrgOf(*member).community;
  return WithHint(
      WithRule(absl::UnauthenticatedError(absl::StrCat(
                   "`", author.text(), "` is not in directory version ", directory.version())),
               "NOT_ENROLLED"),
      "ask the authority whether the enrolment has been published");
}

// A report goes to the authority, whoever it names or not.
std::vector<AudienceToken> ReportAudience(const Directory& directory) {
  std::vector<AudienceToken> tokens;
  for (const OrgRecord* org : directory.OrgsOfKind(OrgKind::kAuthority)) {
    tokens.push_back(AudienceToken::Org(org->id));
  }
  return tokens;
}

std::vector<AudienceToken> AudienceOf(const Draft& draft, const CommunityId& community,
                                      const Directory& directory) {
  if (draft.bulletin_class == BulletinClass::kReport && draft.to.empty()) {
    return ReportAudience(directory);
  }
  return CompleteAudience(draft.to, draft.bulletin_class, draft.tlp, community);
}

Statement Envelope(const Draft& draft, const BulletinId& id, const PublishingMember& author,
                   const VerifiedDirectory& directory, absl::Time now) {
  Statement statement{author.network, id, author.member, author.verifier};
  statement.bulletin_class = draft.bulletin_class;
  statement.issued = WholeSecond(now);
  statement.not_before =
      std::max(statement.issued, WholeSecond(draft.not_before.value_or(statement.issued)));
  statement.expires =
      WholeSecond(draft.expires.value_or(statement.not_before + kDefaultBulletinLife));
  statement.tlp = draft.tlp;
  statement.priority = draft.priority;
  statement.status = draft.status;
  statement.directory_version = directory.version();
  statement.directory_digest = directory.digest();
  return statement;
}

absl::Status CheckWindow(const Statement& statement) {
  if (statement.expires > statement.not_before) return absl::OkStatus();
  return WithHint(WithRule(absl::PermissionDeniedError(absl::StrCat(
                               "bulletin refused: it would expire at ",
                               absl::FormatTime(statement.expires), ", before it can be read")),
                           "BAD_WINDOW"),
                  "give a later `expires`");
}

// Who receives content depends on every organisation: one that the broker does not show would drop
// out of a selection without a word.
absl::Status CheckComplete(const Directory& directory, BulletinClass bulletin_class) {
  if (bulletin_class != BulletinClass::kContent || directory.complete()) return absl::OkStatus();
  return WithHint(
      WithRule(absl::DataLossError(absl::StrCat(
                   "bulletin refused: the broker shows ", directory.orgs().size(), " of the ",
                   directory.note().orgs, " organisations, and who receives it depends on all")),
               "DIRECTORY_INCOMPLETE"),
      "a broker shows them all to an authority's publisher: tell the authority");
}

absl::Status CheckReferences(const std::vector<Reference>& references) {
  if (references.size() <= kMaxReferences) return absl::OkStatus();
  return WithRule(
      absl::InvalidArgumentError(absl::StrCat("bulletin refused: it refers to ", references.size(),
                                              " others, ", kMaxReferences, " are allowed")),
      "LIMIT_EXCEEDED");
}

}  // namespace

absl::StatusOr<PlannedBulletin> PlanBulletin(const Draft& draft, const BulletinId& id,
                                             const PublishingMember& author,
                                             const std::vector<Reference>& references,
                                             const VerifiedDirectory& directory, absl::Time now) {
  const Directory& records = directory.directory();
  ASSIGN_OR_RETURN(const CommunityId community, CommunityOf(author.member, records));
  PlannedBulletin planned{
      Envelope(draft, id, author, directory, now), AudienceOf(draft, community, records), {}};
  RETURN_IF_ERROR(CheckWindow(planned.statement));
  RETURN_IF_ERROR(CheckReferences(references));
  planned.statement.references = references;
  ASSIGN_OR_RETURN(const Terms terms, TermsOf(records, planned.statement, planned.audience));
  const Decision decision = DecidePublish(records, terms, planned.statement.issued);
  if (!decision.allowed) return Annotate(RefusalOf(decision), "bulletin refused");
  RETURN_IF_ERROR(CheckComplete(records, planned.statement.bulletin_class));
  ASSIGN_OR_RETURN(planned.readers, ResolveAudience(records, terms, planned.statement.issued));
  const OwnSeats own_seats = OwnSeatsOf(draft);
  RETURN_IF_ERROR(SetApartWithoutKey(directory, own_seats, planned));
  if (own_seats == OwnSeats::kSuffice) std::erase(planned.readers.warnings, Rule::kEmptyAudience);
  return planned;
}

std::vector<PlannedReader> ReadersOf(const std::vector<Chosen>& chosen) {
  std::vector<PlannedReader> readers;
  readers.reserve(chosen.size());
  for (const Chosen& each : chosen) {
    readers.push_back({each.member, each.org, std::string(RuleName(each.rule))});
  }
  return readers;
}

PublicationPlan DescribePlan(const PlannedBulletin& planned) {
  PublicationPlan plan;
  plan.tlp = planned.statement.tlp;
  plan.directory_version = planned.statement.directory_version;
  std::set<OrgId> organisations;
  for (const Chosen& chosen : planned.readers.recipients) organisations.insert(chosen.org);
  plan.recipients = ReadersOf(planned.readers.recipients);
  plan.without_key = ReadersOf(planned.without_key);
  for (const Excluded& excluded : planned.readers.excluded) {
    plan.excluded.push_back({excluded.member, excluded.org, std::string(RuleName(excluded.rule))});
  }
  for (const Rule warning : planned.readers.warnings) {
    plan.warnings.emplace_back(RuleName(warning));
  }
  if (!plan.without_key.empty()) plan.warnings.emplace_back(kRecipientWithoutKey);
  plan.organisations = organisations.size();
  return plan;
}

}  // namespace shield
