// What parses as a statement prints again to the same bytes, and its context block is a part of it.
#include "base/bytes.h"
#include "base/check.h"
#include "policy/statement.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace shield;
  const absl::string_view text = AsText(ByteSpan(bytes, size));
  const auto statement = ParseStatement(text);
  if (!statement.ok()) return 0;
  SHIELD_CHECK(PrintStatement(*statement) == text);
  SHIELD_CHECK(PrintContextBlock(*statement) == ContextBlock(text));
  return 0;
}
