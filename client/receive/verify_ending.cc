#include "client/receive/verify_ending.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/receive/openings.h"
#include "client/receive/verify_entry.h"
#include "policy/account.h"
#include "policy/decide.h"
#include "policy/proof/verified_statement.h"
#include "policy/publisher.h"

namespace shield {
namespace {

absl::Status NeverHolds(absl::string_view rule, absl::string_view sentence) {
  return WithRule(absl::DataLossError(absl::StrCat("ending refused: ", sentence)), rule);
}

// A refusal as it is kept: what no later directory mends is a failure of integrity.
absl::Status RefusalOfEnding(const Decision& decision) {
  const bool for_good = decision.rule == Rule::kNotSource ||
                        decision.rule == Rule::kPublisherNotAuthorised ||
                        decision.rule == Rule::kLabelImmutable;
  if (for_good) return NeverHolds(RuleName(decision.rule), decision.sentence);
  return Annotate(RefusalOf(decision), "ending refused");
}

absl::Status CheckClass(const Statement& statement, const Directory& directory) {
  const MemberRecord* author = directory.FindMember(statement.author);
  if (author == nullptr) {
    return WithRule(absl::PermissionDeniedError("ending refused: its author is not enrolled"),
                    RuleName(Rule::kUnknownCaller));
  }
  const OrgRecord& org = directory.OrgOf(*author);
  if (ClassFault(*author, org, TermsOf(statement, org, {})).has_value()) {
    return NeverHolds(
        RuleName(Rule::kPublisherNotAuthorised),
        absl::StrCat("the seat of `", statement.author.text(), "` publishes no such"));
  }
  return absl::OkStatus();
}

absl::StatusOr<Terms> TermsOfEnded(const EndedBulletin& ended, const Directory& directory) {
  const Statement& statement = ended.statement.statement();
  if (ended.source.has_value()) {
    const OrgRecord* source = directory.FindOrg(*ended.source);
    if (source != nullptr) return TermsOf(statement, *source, {});
  }
  return TermsOf(directory, statement, {});
}

}  // namespace

std::vector<EndedReference> EndedBy(const Statement& ending) {
  std::vector<EndedReference> ended;
  for (const Reference& reference : ending.references) {
    const bool withdrawn = reference.relation == Relation::kWithdraws;
    const bool superseded =
        reference.relation == Relation::kSupersedes || reference.relation == Relation::kRelabels;
    if (!withdrawn && !superseded) continue;
    ended.push_back({reference.id, reference.text_digest, reference.relation,
                     withdrawn ? InboxState::kWithdrawn : InboxState::kSuperseded});
  }
  return ended;
}

absl::StatusOr<InboxState> JudgeEnding(const VerifiedStatement& ending, const EndedBulletin& ended,
                                       const Directory& directory, absl::Time at,
                                       const std::optional<PastSeat>& seat_then) {
  if (!seat_then.has_value()) RETURN_IF_ERROR(CheckClass(ending.statement(), directory));
  ASSIGN_OR_RETURN(const Terms terms, TermsOfEnded(ended, directory));
  for (const EndedReference& reference : EndedBy(ending.statement())) {
    if (reference.id != ended.statement.statement().id ||
        reference.text_digest != ended.statement.text_digest()) {
      continue;
    }
    const RelationRequest request{reference.relation, ending.statement().author,
                                  ending.statement().tlp, seat_then};
    const Decision decision = DecideRelation(directory, terms, request, at);
    if (!decision.allowed) return RefusalOfEnding(decision);
    return reference.state;
  }
  return NeverHolds("ENDING_MISMATCH", "it names another bulletin, or another text of this one");
}

absl::StatusOr<InboxState> VerifyEnding(absl::string_view note, const EndedBulletin& ended,
                                        const Directory& directory, absl::Time at,
                                        const std::optional<PastSeat>& seat_then) {
  ASSIGN_OR_RETURN(const Statement claimed, ReadClaimedStatement(note));
  const absl::Time moment = ReadingTime(claimed, at);
  ASSIGN_OR_RETURN(const VerifiedStatement ending,
                   VerifyStatement(note, directory, KeyTime(directory, moment)));
  return JudgeEnding(ending, ended, directory, moment, seat_then);
}

absl::Status CheckEnder(const Statement& ending, const Directory& directory, absl::Time at) {
  RETURN_IF_ERROR(CheckClass(ending, directory));
  const MemberRecord& author = *directory.FindMember(ending.author);
  const OrgRecord& org = directory.OrgOf(author);
  const std::optional<Rule> fault = AccountFault(author, org, at);
  if (!fault.has_value()) return absl::OkStatus();
  return WithRule(
      absl::PermissionDeniedError(absl::StrCat("ending refused: the account of `",
                                               ending.author.text(), "` does not stand")),
      RuleName(*fault));
}

}  // namespace shield
