#include "client/receive/verify_original.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/receive/broken.h"
#include "client/receive/openings.h"
#include "policy/publisher.h"
#include "policy/share.h"

namespace shield {
namespace {

absl::Status CheckSharer(const Statement& share, const ReaderView& view) {
  if (view.author_standing != AuthorStanding::kCheckNow) return absl::OkStatus();
  const Directory& directory = view.directory.directory();
  ASSIGN_OR_RETURN(Terms terms, TermsOf(directory, share, {}));
  const std::optional<Rule> fault = PublisherFault(directory, terms, ReadingTime(share, view.now));
  if (!fault.has_value()) return absl::OkStatus();
  return WithRule(
      absl::PermissionDeniedError(absl::StrCat("bulletin refused: the account of `",
                                               share.author.text(), "` passes on no such")),
      RuleName(*fault));
}

absl::StatusOr<Terms> TermsOfOriginal(const Statement& original, const ReaderView& view) {
  const Directory& directory = view.directory.directory();
  const OrgRecord* source = view.source.has_value() ? directory.FindOrg(*view.source) : nullptr;
  if (source != nullptr) return TermsOf(original, *source, original.audience);
  return TermsOf(directory, original, original.audience);
}

absl::StatusOr<InboxState> CheckEntitled(const Statement& original, const Statement& share,
                                         const ReaderView& view) {
  ASSIGN_OR_RETURN(Terms terms, TermsOfOriginal(original, view));
  terms.author_standing = view.author_standing;
  Reader reader = Reader::WithoutEntry(view.member);
  reader.org_at_publish = view.own_org;
  const Decision decision =
      DecidePassedOn(view.directory.directory(), terms, reader, ReadingTime(share, view.now));
  if (decision.rule == Rule::kEmbargoed) return InboxState::kEmbargoed;
  const bool ended = ReadingTime(share, view.now) >= share.expires;
  if (decision.rule == Rule::kExpired || (decision.allowed && ended)) return InboxState::kExpired;
  if (decision.allowed) return InboxState::kLive;
  return Annotate(RefusalOf(decision), "bulletin refused");
}

}  // namespace

absl::Status CheckIsOriginalOf(const VerifiedStatement& original, const Statement& share) {
  const Reference& reference = *share.Find(Relation::kShares);
  const Statement& statement = original.statement();
  if (reference.id != statement.id || reference.text_digest != original.text_digest()) {
    return Broken("REFERENCE_MISMATCH", "it came with another original than the one it names");
  }
  if (statement.IsWithdrawal() || statement.Find(Relation::kShares) != nullptr) {
    return Broken("REFERENCE_MISMATCH", "what it passes on is no original");
  }
  const absl::Status repeats = CheckRepeats(share, statement);
  return repeats.ok() ? repeats : Broken("REFERENCE_MISMATCH", repeats.message());
}

absl::StatusOr<VerifiedOriginal> VerifyOriginal(const DeliveredEntry& entry, const Statement& share,
                                                const ReaderView& view) {
  ASSIGN_OR_RETURN(VerifiedStatement verified, VerifyAuthor(entry.shared_original, view));
  RETURN_IF_ERROR(CheckIsOriginalOf(verified, share));
  RETURN_IF_ERROR(CheckSharer(share, view));
  ASSIGN_OR_RETURN(const InboxState state, CheckEntitled(verified.statement(), share, view));
  return VerifiedOriginal{std::move(verified), state};
}

}  // namespace shield
