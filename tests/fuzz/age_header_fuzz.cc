// What is found as a header and parses prints again to the same bytes.
#include "base/check.h"
#include "crypto/opening/age_header.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace shield;
  const ByteSpan input(bytes, size);
  const auto length = FindAgeHeader(input);
  if (!length.ok() || *length == 0) return 0;
  const absl::string_view text = AsText(input).substr(0, *length);
  const auto parsed = ParseAgeHeader(text);
  if (!parsed.ok()) return 0;
  SHIELD_CHECK(PrintAgeHeader(*parsed) == text);
  return 0;
}
