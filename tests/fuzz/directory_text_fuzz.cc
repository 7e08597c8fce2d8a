// What parses as a line or note of a directory prints again to the same bytes.
#include "base/bytes.h"
#include "base/check.h"
#include "policy/directory_note.h"
#include "policy/records.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace shield;
  const absl::string_view text = AsText(ByteSpan(bytes, size));
  if (const auto org = ParseOrgRecord(text); org.ok()) {
    SHIELD_CHECK(PrintOrgRecord(*org) == text);
  }
  if (const auto member = ParseMemberRecord(text); member.ok()) {
    SHIELD_CHECK(PrintMemberRecord(*member) == text);
  }
  if (const auto key = ParseKeyRecord(text); key.ok()) {
    SHIELD_CHECK(PrintKeyRecord(*key) == text);
  }
  if (const auto note = ParseDirectoryNote(text); note.ok()) {
    SHIELD_CHECK(PrintDirectoryNote(*note) == text);
  }
  return 0;
}
