#include "broker/core/signer.h"

#include <utility>

#include "base/check.h"
#include "policy/proof/checkpoint.h"

namespace shield::broker {
namespace {

std::string VerifierText(const SigningKey& key, const std::string& name) {
  const absl::StatusOr<VerifierKey> verifier = key.Verifier(name);
  SHIELD_CHECK(verifier.ok());  // an origin with a holder's name is always a key name
  return verifier->ToString();
}

}  // namespace

Signer::Signer(Origin network, SigningKey broker_key, SigningKey log_key, Clock& clock)
    : network_(std::move(network)),
      broker_key_(std::move(broker_key)),
      log_key_(std::move(log_key)),
      clock_(clock) {}

std::string Signer::BrokerKeyText() const {
  return VerifierText(broker_key_, network_.KeyName("broker"));
}

std::string Signer::LogKeyText() const { return VerifierText(log_key_, network_.KeyName("log")); }

std::string Signer::Head(const MemberId& member, const shield::InboxPosition& position,
                         uint64_t log_size) const {
  const InboxHead head{network_, member, position, log_size, clock_.Now()};
  return SignInboxHead(head, broker_key_);
}

std::string Signer::LogCheckpoint(uint64_t size, const Digest& root) const {
  return SignCheckpoint(Checkpoint{network_.KeyName("log"), size, root}, log_key_);
}

}  // namespace shield::broker
