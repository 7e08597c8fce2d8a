// The fields signed texts are made of: numbers, moments, digests, key texts. One text for each
// value, so that what was signed is what is printed (docs/spec/statement.md, "Fields").
//
// Parsing gives nothing when the text is not the canonical form; the caller says which line it was.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/digest.h"
#include "base/quoted.h"  // for the messages of those who parse
#include "policy/origin.h"

namespace shield {

// The largest number a signed text may hold: exact in a double, so in every JSON reader too.
inline constexpr uint64_t kMaxNumber = (uint64_t{1} << 53) - 1;

// Decimal, no sign, no leading zero, at most kMaxNumber.
std::optional<uint64_t> ParseNumber(absl::string_view text);

// Whole seconds since 1970-01-01T00:00Z, as a number above.
std::optional<absl::Time> ParseMoment(absl::string_view text);
std::string PrintMoment(absl::Time time);

// The moment that stands for "no end": kMaxNumber seconds.
absl::Time NoEnd();

// 32 bytes in padded base64: 44 characters.
std::optional<Digest> ParseDigest(absl::string_view text);
std::string PrintDigest(const Digest& digest);

// SHA-256 of no bytes: the root of an empty tree, the digest of a payload of nothing.
Digest DigestOfNothing();

// Whether `text` has the form of a C2SP verifier key `<name>+<8 hex>+<base64 of 01 || 32 bytes>`
// under exactly this name. That its key id fits its key is checked where keys are used.
bool IsVerifierKeyText(absl::string_view text, absl::string_view name);

// The name part of such a text; nothing when the form is another.
std::optional<absl::string_view> VerifierKeyName(absl::string_view text);

// Whether `text` has the form of an age X25519 recipient: "age1" and 58 bech32 characters.
bool IsAgeRecipientText(absl::string_view text);

// Whether `text` is HOST:PORT with a host name, IPv4 address or [IPv6 address] and a port 1-65535.
bool IsHostPort(absl::string_view text);

}  // namespace shield
