// The header of any age v1 file: stanzas for its recipients and a MAC (C2SP age.md).
//
// Slots have a parser of their own (crypto/slot.h); this one reads attachments, identity files and
// whatever stock age wrote. Strict: what parses prints again to the same bytes.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/bytes.h"
#include "crypto/age_keys.h"

namespace shield {

// A header of more than 10,000 X25519 stanzas fits.
inline constexpr size_t kMaxAgeHeaderSize = 1024 * 1024;

struct AgeStanza {
  std::string type;
  std::vector<std::string> arguments;  // none is empty; printable ASCII without spaces
  Bytes body;
};

struct AgeHeader {
  std::vector<AgeStanza> stanzas;  // at least one
  AgeMac mac;
};

// The length of the header `file` begins with, through the line feed after its MAC; 0 when `file`
// does not hold it whole yet. An error of kind AgeFailure::kHeader when it begins with none:
// another first line, or no end within kMaxAgeHeaderSize.
absl::StatusOr<size_t> FindAgeHeader(ByteSpan file);

// From exactly the text of a header. Errors are of kind AgeFailure::kHeader.
absl::StatusOr<AgeHeader> ParseAgeHeader(absl::string_view text);

std::string PrintAgeHeader(const AgeHeader& header);

// The part of a parsed header's text that its MAC covers.
absl::string_view AuthenticatedPart(absl::string_view text);

}  // namespace shield
