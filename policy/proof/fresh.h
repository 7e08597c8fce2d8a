// Freshness notes: the authority's word that a directory version is still the newest.
//
//   shield/fresh/v1
//   network <origin>
//   directory <version> <base64 SHA-256 of the directory note text>
//   log <size>
//   issued <s>
//   expires <s>                    24 hours at most
//
// Signed by the key on the directory's `fresh` line. Without a valid one publishing is refused
// (withdrawal excepted) and reading warned: who freezes the directory gains a day at most
// (docs/spec/directory.md, "Freshness").
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/digest.h"
#include "crypto/signing_key.h"
#include "policy/origin.h"
#include "policy/proof/known_notes.h"
#include "policy/proof/verified_directory.h"

namespace shield {

inline constexpr absl::Duration kMaxFreshLife = absl::Hours(24);

struct FreshNote {
  Origin network;
  HeldDirectory directory = {};
  uint64_t log_size = 0;
  absl::Time issued = absl::UnixEpoch();
  absl::Time expires = absl::UnixEpoch();

  friend bool operator==(const FreshNote&, const FreshNote&) = default;
};

std::string PrintFreshNote(const FreshNote& fresh);
// INVALID_ARGUMENT, rule FRESH_MALFORMED, naming the line.
absl::StatusOr<FreshNote> ParseFreshNote(absl::string_view text);

// The signed note, by the key named <network>/fresh.
std::string SignFreshNote(const FreshNote& fresh, const SigningKey& key);

// The content of a note that the directory's fresh key signed about exactly this directory. Whether
// it is still valid is FreshAt's to say. DATA_LOSS BAD_SIGNATURE, INVALID_ARGUMENT FRESH_MALFORMED;
// FAILED_PRECONDITION, rule DIRECTORY_STALE, when it is about another version.
// `known` spares verifying a signature that held a moment ago; it changes no answer and may be
// null.
absl::StatusOr<FreshNote> VerifyFreshNote(absl::string_view note,
                                          const VerifiedDirectory& directory,
                                          KnownNotes* known = nullptr);

// OK in [issued, expires), with two minutes of grace before for clocks that run apart.
// FAILED_PRECONDITION, rule DIRECTORY_STALE, otherwise.
absl::Status FreshAt(const FreshNote& fresh, absl::Time now);

}  // namespace shield
