// Who is calling: always the TLS peer, never anything a request says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/digest.h"
#include "base/hex.h"
#include "base/strong_id.h"

namespace shield::broker {

// A peer whose key was admitted. A value.
struct Caller {
  Digest pin;                      // SHA-256 of the SPKI of its TLS key
  std::optional<MemberId> member;  // the member whose active TLS key that is
  bool is_authority_pin = false;   // the pin of network.shield, while the broker has no directory
  bool of_authority = false;       // that pin, or a seat of an authority's organisation

  // Whose the call is, whichever of its keys it uses.
  std::string owner() const { return member.has_value() ? member->str() : HexEncode(pin.span()); }
};

// Knows which TLS keys are welcome at this moment. The transport asks inside every handshake and
// again at the start of every call, so that a revoked key gets neither.
//
// Thread-safe; called from gRPC's threads; must not block.
class PinOracle {
 public:
  virtual ~PinOracle() = default;
  // The caller whose TLS key has the SPKI digest `pin`; nothing when no handshake with that key may
  // succeed: unknown, suspended beyond reporting, revoked, expired.
  virtual std::optional<Caller> Admit(const Digest& pin) const = 0;
  // Grows whenever Admit may answer otherwise for another reason than that time has passed.
  virtual uint64_t generation() const = 0;
};

}  // namespace shield::broker
