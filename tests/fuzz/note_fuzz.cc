// A note that parses is made of exactly its text and its signature lines: nothing hides in between.
#include <string>

#include "absl/strings/str_cat.h"
#include "base/base64.h"
#include "base/check.h"
#include "crypto/note.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace shield;
  const absl::string_view input = AsText(ByteSpan(bytes, size));
  const auto note = ParseNote(input);
  if (!note.ok()) return 0;
  SHIELD_CHECK(IsNoteText(note->text));
  std::string printed = absl::StrCat(note->text, "\n");
  for (const NoteSignature& signature : note->signatures) {
    Bytes body = ToBytes(signature.key_id);
    Append(body, signature.signature);
    absl::StrAppend(&printed, "\xe2\x80\x94 ", signature.name, " ",
                    Base64Encode(body, Base64Form::kPadded), "\n");
  }
  SHIELD_CHECK(printed == input);
  return 0;
}
