// HKDF with SHA-256 (RFC 5869), which libsodium 1.0.18 does not have, over crypto/hmac.h.
#pragma once

#include <span>

#include "base/bytes.h"

namespace shield {

// RFC 5869 section 2.3: at most 255 blocks of output.
inline constexpr size_t kMaxHkdfOutput = 255 * 32;

// Fills `out`, at most kMaxHkdfOutput bytes, with HKDF(input key material, salt, info). An empty
// salt stands for 32 zero bytes, as the RFC has it.
void HkdfSha256(ByteSpan input_key, ByteSpan salt, ByteSpan info, std::span<uint8_t> out);

}  // namespace shield
