// Armor means the same however it is cut into pieces, and its bytes, armored anew, are the text
// that came, but for whitespace.
#include <algorithm>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "base/base64.h"
#include "base/check.h"
#include "crypto/opening/armor.h"

namespace shield {
namespace {

absl::StatusOr<Bytes> Decode(ByteSpan text, size_t piece) {
  Bytes out;
  ArmorDecoder decoder([&out](ByteSpan bytes) {
    Append(out, bytes);
    return absl::OkStatus();
  });
  for (; !text.empty(); text = text.subspan(std::min(piece, text.size()))) {
    const absl::Status status = decoder.Write(text.first(std::min(piece, text.size())));
    if (!status.ok()) return status;
  }
  const absl::Status status = decoder.Finish();
  if (!status.ok()) return status;
  return out;
}

std::string Encode(ByteSpan bytes) {
  constexpr size_t kLineBytes = 48;
  std::string text = "-----BEGIN AGE ENCRYPTED FILE-----\n";
  for (; !bytes.empty(); bytes = bytes.subspan(std::min(kLineBytes, bytes.size()))) {
    const ByteSpan line = bytes.first(std::min(kLineBytes, bytes.size()));
    absl::StrAppend(&text, Base64Encode(line, Base64Form::kPadded), "\n");
  }
  return absl::StrCat(text, "-----END AGE ENCRYPTED FILE-----");
}

void CheckArmor(ByteSpan text) {
  const auto whole = Decode(text, text.size());
  const auto pieces = Decode(text, 7);
  SHIELD_CHECK(whole.ok() == pieces.ok());
  if (!whole.ok()) return;
  SHIELD_CHECK(*whole == *pieces);
  const std::string without_returns = absl::StrReplaceAll(AsText(text), {{"\r\n", "\n"}});
  SHIELD_CHECK(absl::StripAsciiWhitespace(without_returns) == Encode(*whole));
}

}  // namespace
}  // namespace shield

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  shield::CheckArmor(shield::ByteSpan(bytes, size));
  return 0;
}
