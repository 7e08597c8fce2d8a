#include "client/receive/open_content.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/receive/broken.h"
#include "crypto/age_keys.h"
#include "crypto/key_commitment.h"
#include "crypto/opening/open_payload.h"
#include "crypto/opening/open_slot.h"
#include "crypto/padding.h"
#include "crypto/payload.h"
#include "crypto/sha256.h"
#include "policy/vocabulary.h"

namespace shield {
namespace {

// Any failure of opening is a failure of integrity, whatever code the format gave it.
absl::Status AsIntegrityFailure(const absl::Status& status) {
  return Broken(RuleOf(status), status.message());
}

absl::Status CheckFileKey(const Statement& statement, const FileKey& file_key,
                          const PayloadNonce& nonce, absl::string_view context) {
  if (statement.clear_key.has_value()) {
    if (FileKeyFromPublic(*statement.clear_key) == file_key) return absl::OkStatus();
    return Broken("COMMITMENT_MISMATCH", "its slot holds another key than the one it publishes");
  }
  if (statement.commitment.has_value() &&
      KeyCommitment(file_key, nonce, context) == *statement.commitment) {
    return absl::OkStatus();
  }
  return WithHint(Broken("COMMITMENT_MISMATCH",
                         "its slot holds another key than its author "
                         "committed to"),
                  "other readers may have been sent another text; tell the authority");
}

absl::Status CheckPayloadSize(const Statement& statement, ByteSpan payload) {
  if (payload.size() == statement.payload.bytes && payload.size() > kPayloadNonceSize) {
    return absl::OkStatus();
  }
  return Broken("DIGEST_MISMATCH", absl::StrCat("its payload has ", payload.size(), " bytes, ",
                                                statement.payload.bytes, " were signed"));
}

absl::Status CheckAgainstStatement(const Content& content, const Statement& statement,
                                   BulletinClass sealed_as) {
  if (content.tlp != statement.tlp) {
    return Broken("LABEL_MISMATCH",
                  absl::StrCat("it is ", TlpWithPrefix(statement.tlp), " outside and ",
                               TlpWithPrefix(content.tlp), " inside"));
  }
  if (!content.known_schema) return absl::OkStatus();
  if (ClassOfKind(content.kind) != sealed_as) {
    return Broken("CONTENT_MALFORMED", absl::StrCat("a `", content.kind, "` does not travel as ",
                                                    PrintBulletinClass(sealed_as)));
  }
  const bool same_objects =
      std::equal(content.attachments.begin(), content.attachments.end(), statement.objects.begin(),
                 statement.objects.end(), [](const ContentAttachment& a, const SizedDigest& b) {
                   return a.bytes == b.bytes && a.sha256 == b.digest;
                 });
  if (same_objects) return absl::OkStatus();
  return Broken("CONTENT_MALFORMED", "its attachments are not the objects of its statement");
}

// Of a payload whose size has been checked.
PayloadNonce NonceOf(ByteSpan payload) {
  PayloadNonce nonce;
  std::copy_n(payload.begin(), kPayloadNonceSize, nonce.begin());
  return nonce;
}

}  // namespace

absl::StatusOr<FileKey> OpenCommittedKey(const VerifiedStatement& verified, ByteSpan slot,
                                         ByteSpan payload, const X25519Identity& identity) {
  absl::StatusOr<FileKey> file_key = OpenSlot(slot, identity);
  if (!file_key.ok()) return AsIntegrityFailure(file_key.status());
  RETURN_IF_ERROR(CheckPayloadSize(verified.statement(), payload));
  RETURN_IF_ERROR(
      CheckFileKey(verified.statement(), *file_key, NonceOf(payload), verified.context_block()));
  return file_key;
}

absl::StatusOr<Content> OpenContent(const VerifiedStatement& verified, ByteSpan slot,
                                    ByteSpan payload, const X25519Identity& identity) {
  return OpenContent(verified, verified, slot, payload, identity);
}

absl::StatusOr<Content> OpenContent(const VerifiedStatement& verified,
                                    const VerifiedStatement& original, ByteSpan slot,
                                    ByteSpan payload, const X25519Identity& identity) {
  const Statement& statement = verified.statement();
  if (statement.payload.bytes > SealedPayloadSize(PadmeSize(kMaxContentBytes))) {
    return Broken("LIMIT_EXCEEDED", absl::StrCat("its payload has ", statement.payload.bytes,
                                                 " bytes, more than content may have"));
  }
  ASSIGN_OR_RETURN(const FileKey file_key, OpenCommittedKey(verified, slot, payload, identity));
  RETURN_IF_ERROR(
      CheckFileKey(original.statement(), file_key, NonceOf(payload), original.context_block()));
  const absl::StatusOr<Bytes> plaintext = OpenPayload(file_key, payload);
  if (!plaintext.ok()) return AsIntegrityFailure(plaintext.status());
  if (Sha256(payload) != statement.payload.digest) {
    return Broken("DIGEST_MISMATCH", "its payload is not the one that was signed");
  }
  absl::StatusOr<Content> content = ParseContent(AsText(*plaintext));
  if (!content.ok()) return AsIntegrityFailure(content.status());
  RETURN_IF_ERROR(CheckAgainstStatement(*content, statement, original.statement().bulletin_class));
  return content;
}

}  // namespace shield
