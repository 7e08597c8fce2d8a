#include "crypto/opening/open_payload.h"

#include <sodium.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/opening/age_failure.h"
#include "crypto/payload.h"
#include "crypto/system_random.h"

namespace shield {
namespace {

absl::Status Refused(absl::string_view why) { return AgeError(AgeFailure::kPayload, why); }

}  // namespace

absl::StatusOr<Bytes> OpenPayload(const FileKey& file_key, ByteSpan payload) {
  Bytes plaintext;
  plaintext.reserve(payload.size());
  PayloadOpener opener(file_key, [&plaintext](ByteSpan chunk) {
    Append(plaintext, chunk);
    return absl::OkStatus();
  });
  absl::Status opened = opener.Write(payload);
  if (opened.ok()) opened = opener.Finish();
  if (!opened.ok()) {
    Wipe(plaintext);
    return opened;
  }
  return plaintext;
}

PayloadOpener::PayloadOpener(const FileKey& file_key, ByteSink sink)
    : file_key_(file_key.Clone()), sink_(std::move(sink)) {
  SodiumInit();
  sealed_.reserve(kSealedChunkSize);
}

PayloadOpener::~PayloadOpener() { Wipe(plaintext_); }

absl::Status PayloadOpener::Write(ByteSpan payload) {
  while (!payload.empty()) {
    // A full chunk waits until more comes: it may be the last.
    if (key_.has_value() && sealed_.size() == kSealedChunkSize) RETURN_IF_ERROR(OpenMiddleChunk());
    const size_t wanted = key_.has_value() ? kSealedChunkSize : kPayloadNonceSize;
    const size_t taken = std::min(payload.size(), wanted - sealed_.size());
    Append(sealed_, payload.first(taken));
    payload = payload.subspan(taken);
    if (!key_.has_value() && sealed_.size() == wanted) TakeNonce();
  }
  return absl::OkStatus();
}

absl::Status PayloadOpener::Finish() {
  if (!key_.has_value()) {
    return Refused(absl::StrCat("the payload ends after ", sealed_.size(), " bytes of its nonce"));
  }
  return OpenLastChunk();
}

void PayloadOpener::TakeNonce() {
  PayloadNonce nonce;
  std::copy(sealed_.begin(), sealed_.end(), nonce.begin());
  key_ = PayloadKey(file_key_, nonce);
  sealed_.clear();
}

absl::Status PayloadOpener::OpenMiddleChunk() {
  if (Decrypt(/*last=*/false)) return Release();
  if (Decrypt(/*last=*/true)) {
    RETURN_IF_ERROR(Release());
    return Refused("bytes follow the last chunk of the payload");
  }
  return Refused(absl::StrCat("chunk ", next_index_, " of the payload does not authenticate"));
}

absl::Status PayloadOpener::OpenLastChunk() {
  if (sealed_.size() < kChunkTagSize) return Refused("the payload is cut off within a chunk");
  if (sealed_.size() == kChunkTagSize && next_index_ > 0) {
    return Refused("the payload's last chunk is empty, which only an empty payload's may be");
  }
  if (Decrypt(/*last=*/true)) return Release();
  if (sealed_.size() == kSealedChunkSize && Decrypt(/*last=*/false)) {
    RETURN_IF_ERROR(Release());
    return Refused("the payload is cut off after a whole chunk");
  }
  return Refused(absl::StrCat("chunk ", next_index_, " of the payload does not authenticate"));
}

bool PayloadOpener::Decrypt(bool last) {
  const auto nonce = ChunkNonce(next_index_, last);
  plaintext_.resize(sealed_.size() - kChunkTagSize);
  return crypto_aead_chacha20poly1305_ietf_decrypt(
             plaintext_.data(), nullptr, nullptr, sealed_.data(), sealed_.size(), nullptr, 0,
             nonce.data(), key_->Reveal(SecretAccess::ForCrypto()).data()) == 0;
}

absl::Status PayloadOpener::Release() {
  ++next_index_;
  sealed_.clear();
  return sink_(plaintext_);
}

}  // namespace shield
