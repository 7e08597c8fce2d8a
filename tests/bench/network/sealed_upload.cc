#include "tests/bench/network/sealed_upload.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/time/clock.h"
#include "base/status.h"
#include "client/content/content.h"
#include "client/publish/deadline.h"
#include "client/receive/openings.h"
#include "crypto/file_key.h"
#include "crypto/key_commitment.h"
#include "crypto/payload.h"
#include "crypto/seal_slots.h"
#include "crypto/sha256.h"
#include "policy/proof/hidden_audience.h"
#include "policy/proof/recipient_set.h"
#include "policy/proof/verified_statement.h"

namespace shield::testing {
namespace {

constexpr absl::Duration kUploadTimeout = absl::Minutes(1);

BulletinId NewId(Random& random) {
  std::array<uint8_t, BulletinId::kSize> raw{};
  random.Fill(raw);
  return BulletinId(raw);
}

// Slots into `upload`, count and root into `statement`.
absl::Status AddSlots(const std::vector<X25519PublicKey>& keys, const FileKey& file_key,
                      Statement& statement, SealedUpload& upload) {
  ASSIGN_OR_RETURN(const std::vector<Slot> slots, SealSlots(keys, file_key));
  std::vector<Recipient> recipients;
  for (size_t i = 0; i < keys.size(); ++i) {
    recipients.push_back({keys[i], Sha256(ByteSpan(slots[i]))});
    Append(upload.slots, slots[i]);
  }
  ASSIGN_OR_RETURN(const RecipientSet set, RecipientSet::Create(std::move(recipients)));
  statement.recipients = set.size();
  statement.recipients_root = set.Root();
  upload.recipients = set.size();
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<UploadSealer> UploadSealer::Create(
    const Draft& draft, const MemberKeys& author,
    std::shared_ptr<const VerifiedDirectory> directory, Random& random) {
  const PublishingMember publisher{author.network, author.member, author.Verifier().ToString()};
  ASSIGN_OR_RETURN(PlannedBulletin planned,
                   PlanBulletin(draft, NewId(random), publisher, {}, *directory, absl::Now()));
  ASSIGN_OR_RETURN(const DatedMembers members, DateMembers(draft, planned.statement));
  ASSIGN_OR_RETURN(std::string content, ComposeContent(members.json, planned.statement.tlp, {}));
  return UploadSealer(std::move(planned), std::move(content), author, std::move(directory), random);
}

UploadSealer::UploadSealer(PlannedBulletin planned, std::string content, const MemberKeys& author,
                           std::shared_ptr<const VerifiedDirectory> directory, Random& random)
    : planned_(std::move(planned)),
      content_(std::move(content)),
      author_(&author),
      directory_(std::move(directory)),
      random_(&random) {
  for (const Chosen& chosen : planned_.readers.recipients) {
    const auto key = directory_->SealKey(chosen.member, planned_.statement.issued);
    if (key.has_value()) keys_.push_back(*key);
  }
  std::sort(keys_.begin(), keys_.end());
}

absl::StatusOr<SealedUpload> UploadSealer::Seal(size_t payload_bytes,
                                                const std::vector<SizedDigest>& objects) {
  const size_t around = SealedPayloadSize(0);
  if (content_.size() + around > payload_bytes || payload_bytes > kChunkSize) {
    return absl::InvalidArgumentError("no payload of this size can be made");
  }
  SealedUpload upload;
  Statement statement = planned_.statement;
  statement.id = NewId(*random_);
  HiddenAudience hidden = HideAudience(planned_.audience, *random_);
  statement.audience = std::move(hidden.tokens);
  upload.offer.openings = WriteOpenings(hidden.openings);

  const FileKey file_key = NewFileKey(*random_);
  const PayloadNonce nonce = NewPayloadNonce(*random_);
  statement.commitment = KeyCommitment(file_key, nonce, PrintContextBlock(statement));
  std::string padded = content_;
  padded.resize(payload_bytes - around, '\n');
  upload.payload = SealPayload(file_key, nonce, AsBytes(padded));
  statement.payload = {upload.payload.size(), Sha256(upload.payload)};
  statement.objects = objects;
  RETURN_IF_ERROR(AddSlots(keys_, file_key, statement, upload));
  ASSIGN_OR_RETURN(upload.offer.statement, SignStatement(statement, author_->sign));
  return upload;
}

absl::StatusOr<PublishReceipt> Upload(Connection& connection, const SealedUpload& upload) {
  ASSIGN_OR_RETURN(const std::unique_ptr<PublishWriter> writer,
                   connection.Publish(upload.offer, kUploadTimeout));
  RETURN_IF_ERROR(writer->WriteSlots(upload.slots));
  RETURN_IF_ERROR(writer->WritePayload(upload.payload));
  return writer->Finish();
}

}  // namespace shield::testing
