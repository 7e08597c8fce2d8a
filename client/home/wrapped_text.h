// A small secret text as an age file to one's own identity: what a passphrase over identity.txt
// protects with it.
#pragma once

#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/random.h"
#include "client/home/secret_text.h"
#include "crypto/age_recipient.h"
#include "crypto/opening/x25519_identity.h"

namespace shield {

absl::StatusOr<std::string> SealText(absl::string_view text, const X25519PublicKey& recipient,
                                     Random& random);
absl::StatusOr<SecretText> OpenText(absl::string_view sealed,
                                    std::span<const X25519Identity> identities);

}  // namespace shield
