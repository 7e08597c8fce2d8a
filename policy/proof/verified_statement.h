// A statement whose author signed it: the only kind that is acted on.
//
//   ASSIGN_OR_RETURN(VerifiedStatement verified, VerifyStatement(note, directory, now));
//
// The note has exactly one signature; it is by the key on the author line, and that key is one the
// directory gives this member for signing, active at the moment asked for. Text and digests are of
// the bytes that came. Specification: docs/spec/statement.md, "Signatures".
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/digest.h"
#include "crypto/signing_key.h"
#include "crypto/verifier_key.h"
#include "policy/directory.h"
#include "policy/proof/known_notes.h"
#include "policy/statement.h"

namespace shield {

// Immutable; made by the two functions below only. Copyable.
class VerifiedStatement {
 public:
  const Statement& statement() const { return statement_; }
  // The signed note, byte for byte.
  const std::string& note() const { return note_; }
  // What was signed.
  absl::string_view text() const { return absl::string_view(note_).substr(0, text_size_); }
  const Digest& text_digest() const { return text_digest_; }
  // The part that key commitments bind.
  absl::string_view context_block() const { return ContextBlock(text()); }

 private:
  friend absl::StatusOr<VerifiedStatement> VerifyHeldStatement(absl::string_view, const Origin&,
                                                               KnownNotes*);
  VerifiedStatement(Statement statement, absl::string_view note, size_t text_size);

  Statement statement_;
  std::string note_;
  size_t text_size_;
  Digest text_digest_;
};

// `known`, here and below, spares verifying a signature that held a moment ago; it changes no
// answer, is borrowed for the call and may be null. `at` is the moment the author's key must be
// active: KeyTime for the broker and for a reader; the statement's `issued` for a reader who holds
// log proofs that the bulletin came before the directory version that ended the key. Errors:
//   INVALID_ARGUMENT STATEMENT_MALFORMED, INVALID_LABEL, …   the text (policy/statement.h) or note
//   INVALID_ARGUMENT NETWORK_MISMATCH                        another network's
//   DATA_LOSS BAD_SIGNATURE          not exactly one signature, not the author's, or changed bytes
//   PERMISSION_DENIED PUBLISHER_KEY_REVOKED   the key is not the author's in this directory, or not
//                                             at `at`
absl::StatusOr<VerifiedStatement> VerifyStatement(absl::string_view note,
                                                  const Directory& directory, absl::Time at,
                                                  KnownNotes* known = nullptr);

// The moment to ask for a statement that comes at `now`: not before the directory was issued, so
// that a clock behind the authority's brings no key back that had ended by then.
absl::Time KeyTime(const Directory& directory, absl::Time now);

// A statement for which VerifyStatement held when it came, and which is kept since: that it is
// signed by the key it names, named for its author. Whether that key has ended since, and whether
// any directory still lists it, says nothing about it. Never for what comes from elsewhere. Errors
// are those of VerifyStatement but for PUBLISHER_KEY_REVOKED.
absl::StatusOr<VerifiedStatement> VerifyHeldStatement(absl::string_view note, const Origin& network,
                                                      KnownNotes* known = nullptr);

// The note of `statement`, signed. `statement.author_key` must be the verifier of `key` under the
// author's name. INVALID_ARGUMENT when it is not, or when the statement would not parse.
absl::StatusOr<std::string> SignStatement(const Statement& statement, const SigningKey& key);

}  // namespace shield
