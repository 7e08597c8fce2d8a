// Identity files: the text age-keygen writes, plain or under a passphrase.
//
//     # created: 2026-11-22T07:30:00Z
//     # public key: age1…
//     AGE-SECRET-KEY-1…
//
// Stock age reads what is written here and the other way round. This file knows the text; where it
// lies and with which permissions is the caller's affair (0600).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/bytes.h"
#include "base/random.h"
#include "crypto/opening/x25519_identity.h"
#include "crypto/secret_bytes.h"

namespace shield {

inline constexpr size_t kMaxIdentityFileSize = 64 * 1024;
inline constexpr size_t kMaxIdentitiesInFile = 256;

// Whether the file is an age file, armored or not, so that reading it takes a passphrase.
bool IsWrappedIdentityFile(ByteSpan file);

// The identities of a file, in its order, at least one. `passphrase` is looked at only for a
// wrapped file. Errors, each with a hint: INVALID_ARGUMENT for a line that is neither a comment nor
// an identity, or a file beyond the limits; FAILED_PRECONDITION for a wrapped file and no
// passphrase; of kind AgeFailure::kNoMatch for a wrong passphrase, or another kind of
// age_failure.h.
absl::StatusOr<std::vector<X25519Identity>> ReadIdentityFile(
    ByteSpan file, std::optional<absl::string_view> passphrase);

// The text of a file with these identities, in their order; `created` is when the first was made.
// The caller wipes it.
std::string PrintIdentityFile(std::span<const X25519Identity> identities, absl::Time created,
                              SecretAccess access);
std::string PrintIdentityFile(const X25519Identity& identity, absl::Time created,
                              SecretAccess access);

// The same, wrapped as `age -p` does.
absl::StatusOr<Bytes> WrapIdentityFile(std::span<const X25519Identity> identities,
                                       absl::Time created, absl::string_view passphrase,
                                       Random& random);
absl::StatusOr<Bytes> WrapIdentityFile(const X25519Identity& identity, absl::Time created,
                                       absl::string_view passphrase, Random& random);

}  // namespace shield
