// Files under a passphrase, as `age -p` writes and reads them: one scrypt stanza, alone.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/bytes.h"
#include "base/random.h"
#include "crypto/file_key.h"
#include "crypto/opening/age_header.h"

namespace shield {

inline constexpr absl::string_view kScryptStanza = "scrypt";

// log2 of scrypt's N: what is written takes 256 MiB and about a second, what is read at most 1 GiB.
inline constexpr int kScryptWorkFactor = 18;
inline constexpr int kMaxScryptWorkFactor = 20;

// An age file that holds `plaintext` under `passphrase`. INVALID_ARGUMENT when the passphrase is
// empty or `work_factor` is not within 1 and kMaxScryptWorkFactor; RESOURCE_EXHAUSTED when memory
// does not suffice.
absl::StatusOr<Bytes> SealWithPassphrase(ByteSpan plaintext, absl::string_view passphrase,
                                         Random& random, int work_factor = kScryptWorkFactor);

// The file key in a scrypt stanza; nothing when the passphrase is another. An error of kind
// AgeFailure::kHeader when the stanza is malformed or asks for more than kMaxScryptWorkFactor.
absl::StatusOr<std::optional<FileKey>> UnwrapWithPassphrase(const AgeStanza& stanza,
                                                            absl::string_view passphrase);

}  // namespace shield
