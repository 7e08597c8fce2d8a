#include "client/publish/seal_bulletin.h"

#include <algorithm>
#include <utility>

#include "base/status.h"
#include "client/receive/openings.h"
#include "crypto/file_key.h"
#include "crypto/key_commitment.h"
#include "crypto/padding.h"
#include "crypto/payload.h"
#include "crypto/seal_slots.h"
#include "crypto/sha256.h"
#include "policy/proof/hidden_audience.h"
#include "policy/proof/recipient_set.h"
#include "policy/proof/verified_statement.h"

namespace shield {
namespace {

// The keys to seal to, ascending; the organisations of those readers, in the same order, go into
// `bulletin`. A recipient without a key cannot be sealed to and has no slot.
std::vector<X25519PublicKey> SealKeys(const PlannedBulletin& planned,
                                      const VerifiedDirectory& directory,
                                      SealedBulletin& bulletin) {
  std::vector<std::pair<X25519PublicKey, OrgId>> readers;
  readers.reserve(planned.readers.recipients.size());
  for (const Chosen& chosen : planned.readers.recipients) {
    const auto key = directory.SealKey(chosen.member, planned.statement.issued);
    if (key.has_value()) readers.emplace_back(*key, chosen.org);
  }
  std::sort(readers.begin(), readers.end(),
            [](const auto& one, const auto& other) { return one.first < other.first; });
  std::vector<X25519PublicKey> keys;
  keys.reserve(readers.size());
  bulletin.orgs.reserve(readers.size());
  for (const auto& [key, org] : readers) {
    keys.push_back(key);
    bulletin.orgs.push_back(org);
  }
  return keys;
}

absl::Status AddSlots(const std::vector<X25519PublicKey>& keys, const FileKey& file_key,
                      Statement& statement, SealedBulletin& bulletin) {
  ASSIGN_OR_RETURN(const std::vector<Slot> sealed, SealSlots(keys, file_key));
  std::vector<Recipient> recipients;
  recipients.reserve(keys.size());
  bulletin.slots.reserve(keys.size() * kSlotSize);
  bulletin.seal_keys.reserve(keys.size() * sizeof(X25519PublicKey::bytes));
  for (size_t i = 0; i < keys.size(); ++i) {
    recipients.push_back({keys[i], Sha256(ByteSpan(sealed[i]))});
    Append(bulletin.slots, sealed[i]);
    Append(bulletin.seal_keys, keys[i].bytes);
  }
  ASSIGN_OR_RETURN(const RecipientSet set, RecipientSet::Create(std::move(recipients)));
  statement.recipients = set.size();
  statement.recipients_root = set.Root();
  return absl::OkStatus();
}

// CLEAR publishes its key; every other label commits to it.
void BindKey(const FileKey& file_key, const PayloadNonce& nonce, Statement& statement) {
  if (statement.tlp == Tlp::kClear) {
    const auto raw = file_key.Reveal(SecretAccess::ForExport());
    statement.clear_key.emplace();
    std::copy(raw.begin(), raw.end(), statement.clear_key->begin());
  } else {
    statement.commitment = KeyCommitment(file_key, nonce, PrintContextBlock(statement));
  }
}

}  // namespace

absl::StatusOr<SealedBulletin> SealBulletin(const PlannedBulletin& planned,
                                            absl::string_view members_json,
                                            const std::vector<ContentAttachment>& attachments,
                                            const VerifiedDirectory& directory,
                                            const SigningKey& key, Random& random) {
  ASSIGN_OR_RETURN(std::string content,
                   ComposeContent(members_json, planned.statement.tlp, attachments));
  SealedBulletin sealed;
  Statement statement = planned.statement;
  HiddenAudience hidden = HideAudience(planned.audience, random);
  statement.audience = std::move(hidden.tokens);
  sealed.offer.openings = WriteOpenings(hidden.openings);

  const FileKey file_key = NewFileKey(random);
  const PayloadNonce nonce = NewPayloadNonce(random);
  BindKey(file_key, nonce, statement);
  const std::string padded = PadContent(std::move(content));
  sealed.payload = SealPayload(file_key, nonce, AsBytes(padded));
  statement.payload = {sealed.payload.size(), Sha256(sealed.payload)};
  for (const ContentAttachment& attachment : attachments) {
    statement.objects.push_back({attachment.bytes, attachment.sha256});
  }
  RETURN_IF_ERROR(AddSlots(SealKeys(planned, directory, sealed), file_key, statement, sealed));
  sealed.recipients = statement.recipients;
  ASSIGN_OR_RETURN(sealed.offer.statement, SignStatement(statement, key));
  return sealed;
}

absl::StatusOr<SealedBulletin> SealShare(const PlannedBulletin& planned, const FileKey& file_key,
                                         const PayloadNonce& nonce,
                                         const VerifiedDirectory& directory, const SigningKey& key,
                                         Random& random) {
  SealedBulletin sealed;
  Statement statement = planned.statement;
  HiddenAudience hidden = HideAudience(planned.audience, random);
  statement.audience = std::move(hidden.tokens);
  sealed.offer.openings = WriteOpenings(hidden.openings);
  BindKey(file_key, nonce, statement);
  RETURN_IF_ERROR(AddSlots(SealKeys(planned, directory, sealed), file_key, statement, sealed));
  sealed.recipients = statement.recipients;
  ASSIGN_OR_RETURN(sealed.offer.statement, SignStatement(statement, key));
  return sealed;
}

}  // namespace shield
