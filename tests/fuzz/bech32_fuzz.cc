// What decodes encodes again to the same text, in lower case.
#include "absl/strings/ascii.h"
#include "base/check.h"
#include "crypto/bech32.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace shield;
  const absl::string_view text = AsText(ByteSpan(bytes, size));
  const auto decoded = Bech32Decode(text);
  if (!decoded.has_value()) return 0;
  SHIELD_CHECK(Bech32Encode(absl::AsciiStrToLower(decoded->prefix), decoded->data) ==
               absl::AsciiStrToLower(text));
  return 0;
}
