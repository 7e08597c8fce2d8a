// The secrets of a member: what its home keeps under 0600.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/random.h"
#include "base/strong_id.h"
#include "crypto/opening/x25519_identity.h"
#include "crypto/signing_key.h"
#include "crypto/tls_key.h"
#include "crypto/verifier_key.h"
#include "policy/origin.h"
#include "policy/proof/enrolment.h"
#include "policy/proof/network_file.h"

namespace shield {

// Movable.
struct MemberKeys {
  MemberId member;
  Origin network;
  std::vector<X25519Identity> seal;  // newest first, at least one
  SigningKey sign;
  TlsKeyPair tls;

  // New ones for `member` of `network`. INVALID_ARGUMENT for an id a member may not have.
  static absl::StatusOr<MemberKeys> Generate(const MemberId& member, const Origin& network,
                                             Random& random);

  // The name this member signs under: <network>/<member>.
  std::string SignerName() const { return network.KeyName(member.text()); }
  VerifierKey Verifier() const;
};

// The enrolment request of these keys for this network file.
absl::StatusOr<EnrolmentRequest> RequestFor(const MemberKeys& keys, const NetworkFile& network);

}  // namespace shield
