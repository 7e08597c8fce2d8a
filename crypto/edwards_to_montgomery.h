// From Edwards points to X25519 keys, many at a time.
//
// libsodium multiplies the Ed25519 base point more than twice as fast as the X25519 one (figures:
// docs/performance.md), because it has tables for it. The two are the same point on two forms of
// one curve, so the fast product gives the X25519 public key through u = (1 + y) / (1 - y) (RFC
// 7748 section 4.1). The division is what costs; Montgomery's trick shares a single inversion among
// all points. Everything here is public: the secret scalar never leaves libsodium.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "crypto/age_recipient.h"

namespace shield {

// A point as Ed25519 writes it: y, little-endian, and the sign of x in the top bit.
using EdwardsPoint = std::array<uint8_t, 32>;

// Sets keys[i] to the X25519 form of points[i]. Both have the same length; no point is the neutral
// element, which has no X25519 form (no multiple of the base point by a clamped scalar is).
void EdwardsToMontgomery(std::span<const EdwardsPoint> points, std::span<X25519PublicKey> keys);

}  // namespace shield
