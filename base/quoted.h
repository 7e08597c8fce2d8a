// Text of others as an error message may show it.
//
//   absl::InvalidArgumentError(absl::StrCat(Quoted(text), " is not a member id"))
//
// Messages reach terminals, logs of others and tickets, so a private key that was given where
// another text belongs is never repeated: the wrong file in the right place is an easy mistake.
#pragma once

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace shield {

inline constexpr size_t kMaxQuotedBytes = 80;

// Whether a private key stands anywhere in `text`: one of age (`AGE-SECRET-KEY-`), of a signed note
// (`PRIVATE+KEY+`) or of PEM (`PRIVATE KEY-----`), in letters of either case.
bool HoldsPrivateKey(absl::string_view text);

// The first kMaxQuotedBytes of `text` in backticks, control and non-ASCII bytes escaped; for a text
// that holds a private key words that say so, and nothing of it.
std::string Quoted(absl::string_view text);

}  // namespace shield
