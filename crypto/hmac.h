// HMAC with SHA-256 (RFC 2104), over the hash of crypto/sha256.h.
//
// Each slot takes three of them. libsodium's own hashes without the SHA instructions of the
// processor and takes three times as long; OpenSSL's keeps the key in an object that is dear to
// make and to wipe.
#pragma once

#include <array>
#include <initializer_list>

#include "base/bytes.h"

namespace shield {

using HmacTag = std::array<uint8_t, 32>;

// Of the parts, one after the other, under a key of any length. A tag may be a key in turn: whoever
// has it as a secret wipes it. Nothing of key and message stays behind here.
HmacTag HmacSha256(ByteSpan key, std::initializer_list<ByteSpan> message);

}  // namespace shield
