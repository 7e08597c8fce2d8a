// The request with which a member asks to be enrolled: all its public keys, signed by one of them.
//
//   shield/request/v1
//   network <origin> <base64 SHA-256 of network.shield>
//   member <id>
//   seal <age1…>
//   sign <vkey>
//   tls <base64 SHA-256 of the TLS public key>
//
//   — <origin>/<id> <signature by the sign key>
//
// Its fingerprint, 100 bits of the SHA-256 of the text, is read out to the vetting officer, who
// compares it and reads the network's back (docs/spec/directory.md, "Enrolment"). A request proves
// that whoever made it holds the sign key; who that is, only the two people on the line know.
#pragma once

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/digest.h"
#include "base/strong_id.h"
#include "crypto/age_recipient.h"
#include "crypto/fingerprint.h"
#include "crypto/signing_key.h"
#include "crypto/verifier_key.h"
#include "policy/directory.h"
#include "policy/proof/network_file.h"

namespace shield {

inline constexpr size_t kMaxRequestBytes = 4 * 1024;

struct EnrolmentRequest {
  Origin network;
  Digest network_digest;  // NetworkFileDigest
  MemberId member;
  X25519PublicKey seal;
  VerifierKey sign;  // named <network>/<member>
  Digest tls_pin;

  friend bool operator==(const EnrolmentRequest&, const EnrolmentRequest&) = default;
};

// What is fingerprinted and signed.
std::string PrintEnrolmentRequest(const EnrolmentRequest& request);

// INVALID_ARGUMENT, rule REQUEST_MALFORMED, naming the line: out of form, a reserved member id, a
// sign key of another name, a seal key that is not canonical or of low order.
absl::StatusOr<EnrolmentRequest> ParseEnrolmentRequest(absl::string_view text);

Fingerprint RequestFingerprint(const EnrolmentRequest& request);

// The content of request.txt: a signed note. `key` must be the one behind `request.sign`.
std::string SignEnrolmentRequest(const EnrolmentRequest& request, const SigningKey& key);

// The request of a note that its own sign key signed and that names exactly this network file.
// Errors: REQUEST_MALFORMED and NETWORK_MISMATCH (INVALID_ARGUMENT), BAD_SIGNATURE (DATA_LOSS); a
// sign key that is no proper point of the curve is refused too.
absl::StatusOr<EnrolmentRequest> VerifyEnrolmentRequest(absl::string_view note,
                                                        const NetworkFile& network);

// Who is enrolled, and with which keys: those of a directory, for whomever and whenever, and those
// added since. The keys of the directory's note and the broker's pin are the network's and taken.
// Looking one up does not depend on how many there are.
class EnrolledKeys {
 public:
  explicit EnrolledKeys(const Directory& directory);

  // ALREADY_EXISTS, rule ID_TAKEN or KEY_TAKEN, when the member or one of its keys is in here.
  absl::Status CheckNew(const EnrolmentRequest& request) const;
  // KEY_TAKEN alone: for new keys of a member who is in here.
  absl::Status CheckKeysNew(const EnrolmentRequest& request) const;
  void Add(const EnrolmentRequest& request);

 private:
  absl::flat_hash_set<MemberId> members_;
  // Names of holders by seal key or TLS pin, as printed.
  absl::flat_hash_map<std::string, std::string> holders_;
  // By the key alone: another name makes another text of the same key.
  absl::flat_hash_map<Ed25519PublicKey, std::string> signers_;
};

}  // namespace shield
