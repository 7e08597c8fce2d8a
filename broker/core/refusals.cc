#include "broker/core/refusals.h"

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace shield::broker {
namespace {

absl::Status Refusal(absl::Status status, absl::string_view rule, absl::string_view hint = {}) {
  if (!hint.empty()) status = WithHint(std::move(status), hint);
  return WithRule(std::move(status), rule);
}

struct Standing {
  absl::string_view rule;
  absl::string_view sentence;
  absl::string_view hint;
};

constexpr absl::string_view kAskAuthority = "ask the vetting authority";

constexpr Standing kStandings[] = {
    {"RECIPIENT_REVOKED", "this membership was revoked", kAskAuthority},
    {"SUSPENDED", "this membership is suspended: nothing but a report is taken", kAskAuthority},
    {"MEMBERSHIP_PENDING", "this membership has not been confirmed yet",
     "finish the enrolment with the vetting officer"},
    {"MEMBERSHIP_NOT_YET", "this membership has not begun yet", kAskAuthority},
    {"MEMBERSHIP_EXPIRED", "this membership has ended", kAskAuthority},
};

}  // namespace

absl::Status NotWelcome(absl::string_view rule) {
  for (const Standing& standing : kStandings) {
    if (standing.rule == rule) {
      return Refusal(absl::UnauthenticatedError(standing.sentence), rule, standing.hint);
    }
  }
  return Refusal(absl::UnauthenticatedError("this key is not that of a member"), "UNKNOWN_CALLER",
                 "enrol it with the vetting authority");
}

absl::Status NoSuchBulletin() {
  return absl::NotFoundError("there is no such bulletin, or it is not this member's to ask about");
}

absl::Status NotServed(absl::string_view rule, absl::string_view why) {
  return Refusal(absl::NotFoundError(absl::StrCat("the bulletin is not served: ", why)), rule);
}

absl::Status NoDirectoryYet() {
  return Refusal(absl::FailedPreconditionError("the broker has no directory yet"), "NO_DIRECTORY",
                 "the authority publishes one with `shield directory publish`");
}

absl::Status DirectoryHasMoved(uint64_t named, uint64_t current) {
  return Refusal(absl::AbortedError(absl::StrCat("the bulletin was sealed for directory version ",
                                                 named, ", the network is at ", current)),
                 "DIRECTORY_MOVED", "fetch the directory and seal again");
}

absl::Status DirectoryExpired(uint64_t version) {
  return Refusal(
      absl::FailedPreconditionError(absl::StrCat("directory version ", version, " has expired")),
      "DIRECTORY_EXPIRED", "the authority must publish a new version");
}

absl::Status NoFreshness(uint64_t version) {
  return Refusal(
      absl::FailedPreconditionError(absl::StrCat(
          "directory version ", version, " has no freshness note that is valid at this moment")),
      "DIRECTORY_STALE", "the authority renews it with `shield directory refresh`");
}

absl::Status OlderFreshness(uint64_t version) {
  return Refusal(absl::FailedPreconditionError(absl::StrCat(
                     "a freshness note for directory version ", version,
                     " that was issued later is held already: freshness never goes back")),
                 "DIRECTORY_STALE", "the authority renews it with `shield directory refresh`");
}

absl::Status IssuedAtAnotherTime(absl::Time issued, absl::Time now) {
  return Refusal(
      absl::FailedPreconditionError(absl::StrCat(
          "the statement was issued at ", absl::ToUnixSeconds(issued), ", the broker's clock says ",
          absl::ToUnixSeconds(now), ": they may be 120 s apart")),
      "CLOCK_SKEW", "set the clock and publish again");
}

absl::Status NotTheAuthor(const MemberId& author) {
  return Refusal(absl::PermissionDeniedError(absl::StrCat("the statement is by `", author.text(),
                                                          "`, who is not the caller")),
                 "NOT_SOURCE", "a bulletin is published over its author's own connection");
}

absl::Status RefusedByPolicy(absl::string_view rule, absl::string_view sentence) {
  return Refusal(absl::PermissionDeniedError(absl::StrCat("bulletin refused: ", sentence)), rule);
}

absl::Status NotTheAuthority() {
  return Refusal(absl::PermissionDeniedError(
                     "only a vetting seat or an analyst of the authority publishes a directory"),
                 "PUBLISHER_NOT_AUTHORISED");
}

absl::Status NotAnAuditor() {
  return Refusal(absl::PermissionDeniedError(
                     "what falls due for erasure is listed for auditors of an authority"),
                 "NOT_AN_AUDITOR");
}

absl::Status NobodyCouldUpload() {
  return Refusal(
      absl::FailedPreconditionError(
          "directory refused: it has no active vetting seat or analyst of an authority, so that "
          "nobody could ever upload another one"),
      "DIRECTORY_LOCKS_OUT", "enrol the authority's own seat and publish again");
}

absl::Status EmptyDirectoryLine() {
  return Refusal(absl::InvalidArgumentError("directory refused: a line is empty"),
                 "DIRECTORY_MALFORMED");
}

absl::Status LivesTooLong(absl::Duration life, absl::Duration longest) {
  return Refusal(absl::PermissionDeniedError(
                     absl::StrCat("bulletin refused: it would live ", absl::FormatDuration(life),
                                  ", this broker keeps those of its class and label ",
                                  absl::FormatDuration(longest), " at most")),
                 "RETENTION_EXCEEDED", "give an earlier `expires`");
}

absl::Status ReferenceMismatch(absl::string_view how) {
  return Refusal(absl::InvalidArgumentError(absl::StrCat("bulletin refused: ", how)),
                 "REFERENCE_MISMATCH", "fetch the inbox and publish again");
}

absl::Status WrongRecipients(absl::string_view how) {
  return Refusal(
      absl::InvalidArgumentError(absl::StrCat("the recipients are not those of policy: ", how)),
      "RECIPIENT_SET_MISMATCH", "fetch the directory and seal again");
}

absl::Status WrongBytes(absl::string_view what, absl::string_view how) {
  return Refusal(absl::InvalidArgumentError(absl::StrCat("the ", what, " ", how)),
                 "DIGEST_MISMATCH", "send the bytes the statement describes");
}

absl::Status TooMuch(absl::string_view what, uint64_t value, uint64_t limit) {
  return Refusal(
      absl::InvalidArgumentError(absl::StrCat(what, ": ", value, ", at most ", limit, " allowed")),
      "LIMIT_EXCEEDED");
}

absl::Status OutOfOrder(absl::string_view how) {
  return Refusal(absl::InvalidArgumentError(absl::StrCat("the call is out of order: ", how)),
                 "MESSAGE_MALFORMED");
}

absl::Status AheadOfInbox(uint64_t cursor, uint64_t last) {
  return Refusal(absl::OutOfRangeError(absl::StrCat("the cursor ", cursor,
                                                    " is beyond the inbox, which ends at ", last)),
                 "CURSOR_AHEAD", "subscribe from an entry you hold");
}

absl::Status AnotherHistory(uint64_t cursor) {
  return Refusal(
      absl::DataLossError(absl::StrCat("the broker holds another history of this inbox than the "
                                       "reader does, at or before entry ",
                                       cursor)),
      "ROLLBACK", "keep the local state and tell the operator and the authority");
}

}  // namespace shield::broker
