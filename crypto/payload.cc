#include "crypto/payload.h"

#include <sodium.h>

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/status.h"
#include "crypto/system_random.h"

namespace shield {
namespace {

static_assert(kChunkTagSize == crypto_aead_chacha20poly1305_ietf_ABYTES);

void SealInto(ByteSpan plaintext, uint64_t index, bool last, const AgeKey& key, uint8_t* out) {
  const auto nonce = ChunkNonce(index, last);
  crypto_aead_chacha20poly1305_ietf_encrypt(out, nullptr, plaintext.data(), plaintext.size(),
                                            nullptr, 0, nullptr, nonce.data(),
                                            key.Reveal(SecretAccess::ForCrypto()).data());
}

uint64_t ChunkCount(uint64_t plaintext) {
  return plaintext == 0 ? 1 : (plaintext + kChunkSize - 1) / kChunkSize;
}

}  // namespace

PayloadNonce NewPayloadNonce(Random& random) {
  PayloadNonce nonce;
  random.Fill(nonce);
  return nonce;
}

uint64_t SealedPayloadSize(uint64_t plaintext) {
  return kPayloadNonceSize + plaintext + ChunkCount(plaintext) * kChunkTagSize;
}

std::array<uint8_t, 12> ChunkNonce(uint64_t index, bool last) {
  std::array<uint8_t, 12> nonce{};
  for (size_t i = 0; i < 8; ++i) nonce[10 - i] = static_cast<uint8_t>(index >> (8 * i));
  nonce[11] = last ? 1 : 0;
  return nonce;
}

Bytes SealPayload(const FileKey& file_key, const PayloadNonce& nonce, ByteSpan plaintext) {
  SodiumInit();
  const AgeKey key = PayloadKey(file_key, nonce);
  Bytes payload(SealedPayloadSize(plaintext.size()));
  uint8_t* out = std::copy(nonce.begin(), nonce.end(), payload.data());
  const uint64_t chunks = ChunkCount(plaintext.size());
  for (uint64_t i = 0; i < chunks; ++i) {
    const ByteSpan chunk = plaintext.first(std::min(kChunkSize, plaintext.size()));
    SealInto(chunk, i, i + 1 == chunks, key, out);
    out += chunk.size() + kChunkTagSize;
    plaintext = plaintext.subspan(chunk.size());
  }
  return payload;
}

PayloadSealer::PayloadSealer(const FileKey& file_key, const PayloadNonce& nonce, ByteSink sink)
    : key_(PayloadKey(file_key, nonce)), nonce_(nonce), sink_(std::move(sink)) {
  SodiumInit();
  chunk_.reserve(kSealedChunkSize);
}

PayloadSealer::~PayloadSealer() { Wipe(chunk_); }

absl::Status PayloadSealer::Write(ByteSpan plaintext) {
  while (!plaintext.empty()) {
    // A full chunk waits until more comes: it may be the last.
    if (chunk_.size() == kChunkSize) RETURN_IF_ERROR(SealChunk(/*last=*/false));
    const size_t taken = std::min(plaintext.size(), kChunkSize - chunk_.size());
    Append(chunk_, plaintext.first(taken));
    plaintext = plaintext.subspan(taken);
  }
  return absl::OkStatus();
}

absl::Status PayloadSealer::Finish() { return SealChunk(/*last=*/true); }

absl::Status PayloadSealer::SealChunk(bool last) {
  if (next_index_ == 0) RETURN_IF_ERROR(sink_(nonce_));
  const size_t size = chunk_.size();
  chunk_.resize(size + kChunkTagSize);
  SealInto(ByteSpan(chunk_).first(size), next_index_++, last, key_, chunk_.data());
  absl::Status taken = sink_(chunk_);
  chunk_.clear();
  return taken;
}

}  // namespace shield
