// network.shield: the few lines a member trusts before it has any directory.
//
//   shield/network/v1
//   network antwerp.example
//   broker broker.antwerp.example:8443 <base64 SHA-256 of its TLS public key>
//   authority antwerp.example/authority-1+5a1b2c3d+AY2u…      1 to 16, sorted
//   threshold 1
//   authority-tls <base64 SHA-256 of the authority's TLS public key>
//   rotation <n> <base64 SHA-256>     once anything of it was rotated
//   (policy/proof/authority_note.h)
//
// It comes from the vetting officer; its fingerprint is read out and compared
// (docs/spec/directory.md, "Network file"). The authority's TLS pin counts only while the broker
// has no directory.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/digest.h"
#include "crypto/verifier_key.h"
#include "policy/origin.h"

namespace shield {

inline constexpr size_t kMaxAuthorityKeys = 16;
inline constexpr size_t kMaxNetworkFileBytes = 16 * 1024;

struct NetworkFile {
  Origin network;
  std::string broker_address;  // HOST:PORT
  Digest broker_pin = {};
  std::vector<VerifierKey> authority = {};  // named <network>/authority-<n>, all different keys
  uint64_t threshold = 1;                   // how many of them sign a directory
  Digest authority_tls_pin = {};
  uint64_t rotation = 0;        // how often any of the above was rotated
  Digest rotation_digest = {};  // SHA-256 of the text of that rotation; of none: 32 zero bytes

  friend bool operator==(const NetworkFile&, const NetworkFile&) = default;
};

// INVALID_ARGUMENT, rule NETWORK_FILE_MALFORMED, naming the line: anything but the form above, a
// threshold of zero or above the number of keys, one key under two names.
absl::StatusOr<NetworkFile> ParseNetworkFile(absl::string_view text);

// The one text of a network file; keys are sorted on the way.
std::string PrintNetworkFile(const NetworkFile& network);

// SHA-256 of that text: what requests name and what the network's fingerprint shows.
Digest NetworkFileDigest(const NetworkFile& network);

// Whether a member may not have this id, because a key of the network itself carries the name:
// broker, log, fresh and everything that begins with `authority-`.
bool IsReservedMemberId(absl::string_view id);

}  // namespace shield
