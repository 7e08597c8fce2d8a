#include "client/publish/publisher.h"

#include <array>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/publish/explain.h"
#include "crypto/note.h"
#include "crypto/sha256.h"

namespace shield {
namespace {

// What an upload may take beyond the deadline of a small call.
constexpr uint64_t kSlowestUploadBytesPerSecond = 256 * 1024;
constexpr absl::Duration kPerRecipient = absl::Milliseconds(2);

BulletinId NewBulletinId(Random& random) {
  std::array<uint8_t, BulletinId::kSize> raw{};
  random.Fill(raw);
  return BulletinId(raw);
}

absl::Duration UploadAllowance(const SealedBulletin& sealed, const AttachmentSpool& spool) {
  const uint64_t bytes = sealed.slots.size() + sealed.payload.size() + spool.total_bytes();
  return absl::Seconds(bytes / kSlowestUploadBytesPerSecond) +
         kPerRecipient * static_cast<int64_t>(sealed.recipients);
}

}  // namespace

PublishingMember Publisher::Author() const {
  return {parts_.keys.network, parts_.keys.member, parts_.keys.Verifier().ToString()};
}

// What earlier bulletins are called by: the digests of the texts this home holds.
absl::StatusOr<std::vector<Reference>> Publisher::References(const Draft& draft) {
  std::vector<Reference> references;
  for (const DraftReference& reference : draft.refs) {
    ASSIGN_OR_RETURN(const std::optional<KeptEntry> kept, parts_.state.FindBulletin(reference.id));
    if (!kept.has_value()) {
      return WithHint(absl::NotFoundError(absl::StrCat("the bulletin `", reference.id.ToHex(),
                                                       "` that the draft refers to is not here")),
                      "fetch the inbox first, or mend `refs`");
    }
    ASSIGN_OR_RETURN(const SignedNote note, ParseNote(kept->delivered.statement));
    references.push_back({reference.relation, reference.id, Sha256(note.text)});
  }
  return references;
}

absl::StatusOr<PlannedBulletin> Publisher::PlanUnder(const VerifiedDirectory& directory,
                                                     const Draft& draft) {
  ASSIGN_OR_RETURN(const std::vector<Reference> references, References(draft));
  return PlanBulletin(draft, NewBulletinId(parts_.random), Author(), references, directory,
                      parts_.clock.Now());
}

absl::StatusOr<PublicationPlan> Publisher::Plan(const Draft& draft) {
  ASSIGN_OR_RETURN(const auto directory, parts_.directory.Newest());
  ASSIGN_OR_RETURN(const PlannedBulletin planned, PlanUnder(*directory, draft));
  return DescribePlan(planned);
}

absl::StatusOr<Decision> Publisher::Explain(const Draft& draft, const MemberId& member) {
  ASSIGN_OR_RETURN(const auto directory, parts_.directory.Newest());
  ASSIGN_OR_RETURN(const PlannedBulletin planned, PlanUnder(*directory, draft));
  return ExplainPlanned(planned, member, *directory, parts_.clock.Now());
}

absl::StatusOr<Published> Publisher::Publish(const Draft& draft) {
  ASSIGN_OR_RETURN(auto directory, parts_.directory.Sync());
  ASSIGN_OR_RETURN(const std::vector<Reference> references, References(draft));
  // What policy refuses is refused before anything is sealed.
  const BulletinId id = NewBulletinId(parts_.random);
  RETURN_IF_ERROR(
      PlanBulletin(draft, id, Author(), references, *directory, parts_.clock.Now()).status());
  ASSIGN_OR_RETURN(const AttachmentSpool spool,
                   AttachmentSpool::Seal(draft.attachments, spool_folder_, parts_.random));
  for (int reseals = 0;; ++reseals) {
    RETURN_IF_ERROR(parts_.directory.CheckFresh(*directory, parts_.clock.Now()));
    ASSIGN_OR_RETURN(const PlannedBulletin planned,
                     PlanBulletin(draft, id, Author(), references, *directory, parts_.clock.Now()));
    ASSIGN_OR_RETURN(const SealedBulletin sealed,
                     SealBulletin(planned, draft.members_json, spool.attachments(), *directory,
                                  parts_.keys.sign, parts_.random));
    const absl::StatusOr<PublishReceipt> receipt = Upload(sealed, spool);
    if (receipt.ok()) return Record(id, sealed, *receipt);
    if (!absl::IsAborted(receipt.status()) || reseals == kMaxReseals) return receipt.status();
    ASSIGN_OR_RETURN(directory, parts_.directory.Sync());
  }
}

// It is published, whether this home can note so or not.
Published Publisher::Record(const BulletinId& id, const SealedBulletin& sealed,
                            const PublishReceipt& receipt) {
  Published published{id,
                      receipt.recipients,
                      receipt.directory_version,
                      receipt.log_index,
                      receipt.replayed,
                      receipt.warnings};
  const absl::Status recorded = parts_.state.RecordPublication(
      {id, sealed.offer.statement, sealed.offer.openings, receipt.recipients,
       receipt.directory_version, receipt.log_index, parts_.clock.Now()});
  if (!recorded.ok()) published.warnings.emplace_back("NOT_RECORDED");
  return published;
}

absl::StatusOr<PublishReceipt> Publisher::Upload(const SealedBulletin& sealed,
                                                 const AttachmentSpool& spool) {
  return parts_.retrier.Run([&](absl::Duration left) {
    return UploadOnce(sealed, spool, left + UploadAllowance(sealed, spool));
  });
}

absl::StatusOr<PublishReceipt> Publisher::UploadOnce(const SealedBulletin& sealed,
                                                     const AttachmentSpool& spool,
                                                     absl::Duration timeout) {
  ASSIGN_OR_RETURN(const std::unique_ptr<PublishWriter> writer,
                   parts_.connection.Publish(sealed.offer, timeout));
  RETURN_IF_ERROR(writer->WriteSlots(sealed.slots));
  RETURN_IF_ERROR(writer->WritePayload(sealed.payload));
  for (size_t i = 0; i < spool.attachments().size(); ++i) {
    const absl::Status written = spool.Read(
        i, [&](ByteSpan bytes) { return writer->WriteObject(static_cast<uint32_t>(i), bytes); });
    if (!written.ok()) {
      writer->Cancel();
      return written;
    }
  }
  return writer->Finish();
}

}  // namespace shield
