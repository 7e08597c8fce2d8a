// The keys age v1 derives (C2SP age.md), shared by sealing and opening.
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"
#include "crypto/age_recipient.h"
#include "crypto/file_key.h"
#include "crypto/secret_bytes.h"

namespace shield {

using AgeKey = SecretBytes<32>;
using AgeMac = std::array<uint8_t, 32>;
// A file key sealed under a wrap key: 16 bytes and their tag.
using WrappedFileKey = std::array<uint8_t, 32>;
// The 16 random bytes in front of a payload.
using PayloadNonce = std::array<uint8_t, 16>;

// HKDF(shared secret, salt = share || recipient, "age-encryption.org/v1/X25519").
AgeKey X25519WrapKey(const AgeKey& shared_secret, const X25519PublicKey& share,
                     const X25519PublicKey& recipient);
// HKDF(file key, no salt, "header"): authenticates a header.
AgeKey HeaderMacKey(const FileKey& file_key);
// HKDF(file key, salt = nonce, "payload"): seals the chunks.
AgeKey PayloadKey(const FileKey& file_key, const PayloadNonce& nonce);

// HMAC-SHA-256 of a header, up to and including its `---`.
AgeMac HeaderMac(const AgeKey& mac_key, ByteSpan header);

// ChaCha20-Poly1305 under a key that is used once, hence the nonce of zeros.
WrappedFileKey WrapFileKey(const AgeKey& wrap_key, const FileKey& file_key);

}  // namespace shield
