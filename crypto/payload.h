// A payload: the part of an age file after the header, one for all recipients.
//
//     payload = nonce[16] || chunks of at most 64 KiB, each ChaCha20-Poly1305
//
// The last chunk is marked in its nonce and is empty only when the whole plaintext is, so a cut
// or an extension never opens (docs/spec/sealing.md section 3; C2SP age.md, STREAM).
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "base/bytes.h"
#include "crypto/age_keys.h"
#include "crypto/byte_sink.h"
#include "crypto/file_key.h"

namespace shield {

inline constexpr size_t kChunkSize = 64 * 1024;
inline constexpr size_t kChunkTagSize = 16;
inline constexpr size_t kSealedChunkSize = kChunkSize + kChunkTagSize;
inline constexpr size_t kPayloadNonceSize = 16;

PayloadNonce NewPayloadNonce(Random& random);

// The size of the payload, nonce included, of a plaintext of `plaintext` bytes.
uint64_t SealedPayloadSize(uint64_t plaintext);

// The whole payload. A nonce is used once for a file key.
Bytes SealPayload(const FileKey& file_key, const PayloadNonce& nonce, ByteSpan plaintext);

// The nonce of chunk `index`: 11 bytes big-endian, then 1 for the last chunk, else 0.
std::array<uint8_t, 12> ChunkNonce(uint64_t index, bool last);

// Seals a payload as its plaintext comes, holding one chunk.
//
//   PayloadSealer sealer(file_key, nonce, sink);
//   while (…) RETURN_IF_ERROR(sealer.Write(bytes));
//   RETURN_IF_ERROR(sealer.Finish());
//
// The payload is complete only if every call returned OK; after an error nothing more may be
// called. Thread-compatible.
class PayloadSealer {
 public:
  PayloadSealer(const FileKey& file_key, const PayloadNonce& nonce, ByteSink sink);
  ~PayloadSealer();
  PayloadSealer(const PayloadSealer&) = delete;
  PayloadSealer& operator=(const PayloadSealer&) = delete;

  absl::Status Write(ByteSpan plaintext);
  // Seals what is left as the last chunk. Once, at the end.
  absl::Status Finish();

 private:
  absl::Status SealChunk(bool last);

  const AgeKey key_;
  const PayloadNonce nonce_;
  const ByteSink sink_;
  Bytes chunk_;  // plaintext of the chunk that is filling; room for its tag
  uint64_t next_index_ = 0;
};

}  // namespace shield
