// The ceiling of payloads: ChaCha20-Poly1305 of libsodium, piece by piece, and nothing else. What a
// piece becomes is written over by the next, so that memory costs the ceiling nothing.
#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace shield::testing {

inline constexpr size_t kRawPieceSize = 64 * 1024;

// The pieces of `bytes` bytes, the last one short.
size_t RawPieces(size_t bytes);

// Thread-compatible; one for each thread.
class RawCipher {
 public:
  RawCipher();

  // Seals at most kRawPieceSize bytes.
  void Seal(ByteSpan piece);
  // Opens a piece that SealRaw made; it must authenticate.
  void Open(ByteSpan sealed);

 private:
  Bytes out_;
};

// All pieces of `plaintext`, each sealed, for RawCipher::Open.
std::vector<Bytes> SealRaw(ByteSpan plaintext);

}  // namespace shield::testing
