// What the broker signs: inbox heads with one key, checkpoints of the log with another.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/strong_id.h"
#include "crypto/signing_key.h"
#include "policy/origin.h"
#include "policy/proof/inbox_chain.h"

namespace shield::broker {

// Thread-safe.
class Signer {
 public:
  Signer(Origin network, SigningKey broker_key, SigningKey log_key, Clock& clock);

  // Verifier texts, named <network>/broker and <network>/log.
  std::string BrokerKeyText() const;
  std::string LogKeyText() const;

  // The signed note shield/inbox/v1.
  std::string Head(const MemberId& member, const shield::InboxPosition& position,
                   uint64_t log_size) const;
  // The signed checkpoint of a log of this size and root.
  std::string LogCheckpoint(uint64_t size, const Digest& root) const;

 private:
  const Origin network_;
  const SigningKey broker_key_;
  const SigningKey log_key_;
  Clock& clock_;
};

}  // namespace shield::broker
