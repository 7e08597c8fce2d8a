// What parses as a slot prints again to the same bytes: there is one text for each slot.
#include <algorithm>

#include "base/check.h"
#include "crypto/slot.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace shield;
  const ByteSpan input(bytes, size);
  const auto parsed = ParseSlot(input);
  if (!parsed.ok()) return 0;
  const Slot printed = PrintSlot(*parsed);
  SHIELD_CHECK(std::equal(printed.begin(), printed.end(), input.begin(), input.end()));
  return 0;
}
