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

absl::Status CutInItsNonce(size_t size) {
  return Refused(absl::StrCat("the payload ends after ", size, " bytes of its nonce"));
}

absl::Status NotAuthentic(uint64_t index) {
  return Refused(absl::StrCat("chunk ", index, " of the payload does not authenticate"));
}

// One sealed chunk: its tag is the end of `sealed`.
struct SealedChunk {
  ByteSpan sealed;
  uint64_t index = 0;
};

// `out` has room for what `chunk` is longer than its tag.
bool Decrypt(const SealedChunk& chunk, bool last, const AgeKey& key, uint8_t* out) {
  const auto nonce = ChunkNonce(chunk.index, last);
  return crypto_aead_chacha20poly1305_ietf_decrypt(
             out, nullptr, nullptr, chunk.sealed.data(), chunk.sealed.size(), nullptr, 0,
             nonce.data(), key.Reveal(SecretAccess::ForCrypto()).data()) == 0;
}

// What became of a chunk. One that is authentic can still be where it must not be.
struct Opened {
  bool authentic = false;  // its plaintext is there
  absl::Status verdict = absl::OkStatus();
};

// A full chunk that more bytes follow.
Opened OpenMiddleChunk(const SealedChunk& chunk, const AgeKey& key, uint8_t* out) {
  if (Decrypt(chunk, /*last=*/false, key, out)) return {.authentic = true};
  if (Decrypt(chunk, /*last=*/true, key, out)) {
    return {true, Refused("bytes follow the last chunk of the payload")};
  }
  return {false, NotAuthentic(chunk.index)};
}

// What the payload ends with.
Opened OpenLastChunk(const SealedChunk& chunk, const AgeKey& key, uint8_t* out) {
  const size_t size = chunk.sealed.size();
  if (size < kChunkTagSize) return {false, Refused("the payload is cut off within a chunk")};
  if (size == kChunkTagSize && chunk.index > 0) {
    return {false,
            Refused("the payload's last chunk is empty, which only an empty payload's may be")};
  }
  if (Decrypt(chunk, /*last=*/true, key, out)) return {.authentic = true};
  if (size == kSealedChunkSize && Decrypt(chunk, /*last=*/false, key, out)) {
    return {true, Refused("the payload is cut off after a whole chunk")};
  }
  return {false, NotAuthentic(chunk.index)};
}

PayloadNonce NonceOf(ByteSpan payload) {
  PayloadNonce nonce;
  std::copy_n(payload.begin(), nonce.size(), nonce.begin());
  return nonce;
}

size_t PlaintextSize(ByteSpan sealed) {
  return sealed.size() < kChunkTagSize ? 0 : sealed.size() - kChunkTagSize;
}

}  // namespace

// In place, not through a PayloadOpener: buffers of a chunk for each bulletin cost more than
// opening it does, because the memory goes back to the system and comes again.
absl::StatusOr<Bytes> OpenPayload(const FileKey& file_key, ByteSpan payload) {
  SodiumInit();
  if (payload.size() < kPayloadNonceSize) return CutInItsNonce(payload.size());
  const AgeKey key = PayloadKey(file_key, NonceOf(payload));
  ByteSpan rest = payload.subspan(kPayloadNonceSize);
  const size_t before_last = rest.empty() ? 0 : (rest.size() - 1) / kSealedChunkSize;
  Bytes plaintext(before_last * kChunkSize +
                  PlaintextSize(rest.subspan(before_last * kSealedChunkSize)));
  for (uint64_t i = 0; i <= before_last; ++i) {
    const SealedChunk chunk{rest.first(std::min<size_t>(rest.size(), kSealedChunkSize)), i};
    uint8_t* const out = plaintext.data() + i * kChunkSize;
    const Opened opened =
        i < before_last ? OpenMiddleChunk(chunk, key, out) : OpenLastChunk(chunk, key, out);
    if (!opened.verdict.ok()) {
      Wipe(plaintext);
      return opened.verdict;
    }
    rest = rest.subspan(chunk.sealed.size());
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
    if (key_.has_value() && sealed_.size() == kSealedChunkSize) {
      RETURN_IF_ERROR(OpenChunk(/*last=*/false));
    }
    const size_t wanted = key_.has_value() ? kSealedChunkSize : kPayloadNonceSize;
    const size_t taken = std::min(payload.size(), wanted - sealed_.size());
    Append(sealed_, payload.first(taken));
    payload = payload.subspan(taken);
    if (!key_.has_value() && sealed_.size() == wanted) TakeNonce();
  }
  return absl::OkStatus();
}

absl::Status PayloadOpener::Finish() {
  if (!key_.has_value()) return CutInItsNonce(sealed_.size());
  return OpenChunk(/*last=*/true);
}

void PayloadOpener::TakeNonce() {
  key_ = PayloadKey(file_key_, NonceOf(sealed_));
  sealed_.clear();
}

absl::Status PayloadOpener::OpenChunk(bool last) {
  const SealedChunk chunk{sealed_, next_index_++};
  plaintext_.resize(PlaintextSize(sealed_));
  const Opened opened = last ? OpenLastChunk(chunk, *key_, plaintext_.data())
                             : OpenMiddleChunk(chunk, *key_, plaintext_.data());
  if (opened.authentic) RETURN_IF_ERROR(sink_(plaintext_));
  sealed_.clear();
  return opened.verdict;
}

}  // namespace shield
