// Public keys to seal to, made fast enough for a hundred thousand of them.
#pragma once

#include <vector>

#include "crypto/age_recipient.h"

namespace shield::testing {

// All different; nobody has their secrets.
std::vector<X25519PublicKey> SomeRecipients(size_t count);

}  // namespace shield::testing
