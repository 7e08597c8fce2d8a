#include "crypto/age_file_sealer.h"

#include <utility>
#include <vector>

#include "absl/memory/memory.h"
#include "base/status.h"
#include "crypto/file_key.h"
#include "crypto/seal_slots.h"

namespace shield {

absl::StatusOr<std::unique_ptr<AgeFileSealer>> AgeFileSealer::Create(
    const X25519PublicKey& recipient, Random& random, ByteSink sink) {
  const FileKey file_key = NewFileKey(random);
  ASSIGN_OR_RETURN(const std::vector<Slot> header,
                   SealSlots(std::span(&recipient, 1), file_key, /*threads=*/1));
  auto sealer =
      absl::WrapUnique(new AgeFileSealer(file_key, NewPayloadNonce(random), std::move(sink)));
  RETURN_IF_ERROR(sealer->Emit(header.front()));
  return sealer;
}

AgeFileSealer::AgeFileSealer(const FileKey& file_key, const PayloadNonce& nonce, ByteSink sink)
    : sink_(std::move(sink)),
      payload_(file_key, nonce, [this](ByteSpan sealed) { return Emit(sealed); }) {}

absl::Status AgeFileSealer::Write(ByteSpan plaintext) { return payload_.Write(plaintext); }

absl::StatusOr<AgeFileSealer::Sealed> AgeFileSealer::Finish() {
  RETURN_IF_ERROR(payload_.Finish());
  return Sealed{bytes_, hasher_.Finish()};
}

absl::Status AgeFileSealer::Emit(ByteSpan sealed) {
  hasher_.Update(sealed);
  bytes_ += sealed.size();
  return sink_(sealed);
}

}  // namespace shield
