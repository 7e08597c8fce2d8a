// The TLS key that the authority's own seat had before a rotation exchanged it.
//
// A broker that was put back from a backup of before that knows the seat by this key alone, and
// without it nobody could bring it the directories since. So it stays in the home as tls.key.before
// and tls.crt.before, wrapped as it was, until no such backup is to be reckoned with. The directory
// that exchanged it has ended it everywhere else. Specification: docs/spec/directory.md,
// "Rotation".
#pragma once

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/digest.h"
#include "client/home/home.h"
#include "crypto/tls_key.h"

namespace shield {

// How long after its end it is kept: backups of the broker are younger.
inline constexpr absl::Duration kFormerSeatLife = absl::Hours(90 * 24);

bool HasFormerSeat(const Home& home);

// Keeps the present TLS key as the former one, in the place of one that was kept before. Doing it
// again changes nothing.
absl::Status KeepFormerSeat(const Home& home);

// Its pin; nothing when none is kept.
absl::StatusOr<std::optional<Digest>> FormerSeatPin(const Home& home);

// NOT_FOUND when none is kept; the errors of Home::ReadKeys; INVALID_ARGUMENT when what is kept is
// no pair.
absl::StatusOr<TlsKeyPair> ReadFormerSeat(const Home& home, const Passphrase& passphrase);

absl::Status DropFormerSeat(const Home& home);

}  // namespace shield
