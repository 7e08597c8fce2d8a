// Opening a bulletin, after everything about its envelope has held
// (docs/spec/sealing.md section 6):
//
//   slot parses, unwraps, MAC holds -> the file key is the committed one (or CLEAR's public one)
//   -> payload decrypts to its last chunk -> length and SHA-256 are the signed ones -> the document
//   is well-formed -> its label is the statement's, its kind of the statement's class, its
//   attachments are the statement's objects
//
// Nothing is released before all of it holds.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "client/content/content.h"
#include "crypto/file_key.h"
#include "crypto/opening/x25519_identity.h"
#include "policy/proof/verified_statement.h"
#include "policy/vocabulary.h"

namespace shield {

// Faults, by rule: SLOT_MALFORMED; AGE_NO_MATCH, AGE_HMAC, AGE_PAYLOAD (not for this identity, or
// changed bytes); COMMITMENT_MISMATCH (another file key than the signed one: a split between
// readers); DIGEST_MISMATCH; CONTENT_MALFORMED; LABEL_MISMATCH. All DATA_LOSS.
absl::StatusOr<Content> OpenContent(const VerifiedStatement& verified, ByteSpan slot,
                                    ByteSpan payload, const X25519Identity& identity);
// The same of a share of `original`: the content is of the original's class, and the file key is
// the one that the original commits to as well. Without that, an author who made a payload that
// opens under two keys could have one of its texts shown to the author's readers and the other
// passed on.
absl::StatusOr<Content> OpenContent(const VerifiedStatement& verified,
                                    const VerifiedStatement& original, ByteSpan slot,
                                    ByteSpan payload, const X25519Identity& identity);

// The file key in `slot`, if it is the one `verified` commits to.
absl::StatusOr<FileKey> OpenCommittedKey(const VerifiedStatement& verified, ByteSpan slot,
                                         ByteSpan payload, const X25519Identity& identity);

}  // namespace shield
