// The request with which a member exchanges its keys for new ones: all new public keys, signed by
// the new sign key and by the one it replaces.
//
//   shield/rekey/v1
//   network <origin> <base64 SHA-256 of network.shield>
//   member <id>
//   seal <age1…>
//   sign <vkey>
//   tls <base64 SHA-256 of the TLS public key>
//   replaces <vkey>                 the member's present sign key
//
// Whoever made it holds the key that the directory knows the member by, so nobody needs to read
// anything out (docs/spec/directory.md, "New keys of a member"). Whether `replaces` is the present
// key is for who holds the directory to say.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "crypto/signing_key.h"
#include "crypto/verifier_key.h"
#include "policy/proof/enrolment.h"
#include "policy/proof/network_file.h"

namespace shield {

struct RekeyRequest {
  EnrolmentRequest keys;  // the new ones
  VerifierKey replaces;   // named <network>/<member> too

  friend bool operator==(const RekeyRequest&, const RekeyRequest&) = default;
};

// Whether `note` begins like one, and not like a request to be enrolled.
bool IsRekeyRequest(absl::string_view note);

std::string PrintRekeyRequest(const RekeyRequest& request);
// INVALID_ARGUMENT, rule REQUEST_MALFORMED, naming the line: what ParseEnrolmentRequest refuses; a
// key that replaces itself or has another name.
absl::StatusOr<RekeyRequest> ParseRekeyRequest(absl::string_view text);

// The signed note. The keys must be those behind `request`.
std::string SignRekeyRequest(const RekeyRequest& request, const SigningKey& new_key,
                             const SigningKey& old_key);

// The request of a note that both of its sign keys signed and that names exactly this network
// file. Errors are those of VerifyEnrolmentRequest.
absl::StatusOr<RekeyRequest> VerifyRekeyRequest(absl::string_view note, const NetworkFile& network);

}  // namespace shield
