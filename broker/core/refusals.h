// What the broker says when it refuses, in one place: the code, the rule a program compares, the
// sentence and the way out (docs/spec/wire.md section 3). Rules of policy (docs/spec/tlp.md) come
// from policy/decision.h and pass through RefusedByPolicy.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/strong_id.h"

namespace shield::broker {

// UNAUTHENTICATED: the peer is not an active member. `rule` is UNKNOWN_CALLER, RECIPIENT_REVOKED,
// SUSPENDED, MEMBERSHIP_PENDING, MEMBERSHIP_NOT_YET or MEMBERSHIP_EXPIRED.
absl::Status NotWelcome(absl::string_view rule);

// NOT_FOUND, the same words whether a bulletin is unknown or not for the caller.
absl::Status NoSuchBulletin();
// NOT_FOUND for somebody who has the bulletin in his inbox, so that he may be told why.
absl::Status NotServed(absl::string_view rule, absl::string_view why);

// FAILED_PRECONDITION, NO_DIRECTORY: the authority has not published yet.
absl::Status NoDirectoryYet();
// ABORTED, DIRECTORY_MOVED: refresh, seal again.
absl::Status DirectoryHasMoved(uint64_t named, uint64_t current);
// FAILED_PRECONDITION, DIRECTORY_EXPIRED or DIRECTORY_STALE.
absl::Status DirectoryExpired(uint64_t version);
absl::Status NoFreshness(uint64_t version);
// FAILED_PRECONDITION, DIRECTORY_STALE: a note that was issued later is held already.
absl::Status OlderFreshness(uint64_t version);
// FAILED_PRECONDITION, CLOCK_SKEW.
absl::Status IssuedAtAnotherTime(absl::Time issued, absl::Time now);
// PERMISSION_DENIED, NOT_SOURCE: the caller is not the author of what it sends.
absl::Status NotTheAuthor(const MemberId& author);
// PERMISSION_DENIED with a rule of policy and its sentence.
absl::Status RefusedByPolicy(absl::string_view rule, absl::string_view sentence);
// PERMISSION_DENIED, PUBLISHER_NOT_AUTHORISED: who may upload directories.
absl::Status NotTheAuthority();
// FAILED_PRECONDITION, DIRECTORY_LOCKS_OUT: no active seat could upload the version after it,
// now or when it expires.
absl::Status NobodyCouldUpload();
// INVALID_ARGUMENT, DIRECTORY_MALFORMED: no record is empty.
absl::Status EmptyDirectoryLine();
// PERMISSION_DENIED, RETENTION_EXCEEDED.
absl::Status LivesTooLong(absl::Duration life, absl::Duration longest);
// PERMISSION_DENIED, NOT_AN_AUDITOR: the same words to everybody else.
absl::Status NotAnAuditor();
// INVALID_ARGUMENT, REFERENCE_MISMATCH. `how` is a clause.
absl::Status ReferenceMismatch(absl::string_view how);
// INVALID_ARGUMENT, RECIPIENT_SET_MISMATCH.
absl::Status WrongRecipients(absl::string_view how);
// INVALID_ARGUMENT, DIGEST_MISMATCH. `what`: "payload", "object 2".
absl::Status WrongBytes(absl::string_view what, absl::string_view how);
// INVALID_ARGUMENT, LIMIT_EXCEEDED.
absl::Status TooMuch(absl::string_view what, uint64_t value, uint64_t limit);
// INVALID_ARGUMENT, MESSAGE_MALFORMED: parts of a call out of their order.
absl::Status OutOfOrder(absl::string_view how);
// OUT_OF_RANGE, CURSOR_AHEAD; DATA_LOSS, ROLLBACK.
absl::Status AheadOfInbox(uint64_t cursor, uint64_t last);
absl::Status AnotherHistory(uint64_t cursor);

}  // namespace shield::broker
