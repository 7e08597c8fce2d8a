#include "crypto/opening/armor.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/base64.h"
#include "base/status.h"
#include "crypto/opening/age_failure.h"

namespace shield {
namespace {

constexpr absl::string_view kBegin = "-----BEGIN AGE ENCRYPTED FILE-----";
constexpr absl::string_view kEnd = "-----END AGE ENCRYPTED FILE-----";
constexpr absl::string_view kBeginMark = "-----BEGIN";
constexpr size_t kColumns = 64;
// The longest line is one of whitespace; beyond it nothing is kept.
constexpr size_t kMaxLine = kMaxArmorWhitespace + 2;

absl::Status Malformed(absl::string_view why) {
  return AgeError(AgeFailure::kArmor, absl::StrCat("age armor refused: ", why));
}

bool IsBlank(absl::string_view line) { return absl::StripAsciiWhitespace(line).empty(); }

}  // namespace

bool LooksArmored(ByteSpan file) {
  return absl::StartsWith(absl::StripLeadingAsciiWhitespace(AsText(file)), kBeginMark);
}

ArmorDecoder::ArmorDecoder(ByteSink sink) : sink_(std::move(sink)) {}

absl::Status ArmorDecoder::Write(ByteSpan bytes) {
  absl::string_view text = AsText(bytes);
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    if (line_.size() + end > kMaxLine) return Malformed("a line is too long");
    line_.append(text.data(), end);
    if (end == text.size()) return absl::OkStatus();
    text.remove_prefix(end + 1);
    const std::string line = std::exchange(line_, {});
    RETURN_IF_ERROR(TakeLine(line));
  }
  return absl::OkStatus();
}

absl::Status ArmorDecoder::Finish() {
  if (!line_.empty()) RETURN_IF_ERROR(TakeLine(std::exchange(line_, {})));
  switch (place_) {
    case Place::kBefore:
      return Malformed("it has no first line");
    case Place::kInside:
    case Place::kAfterShortLine:
      return Malformed("it ends without its last line");
    case Place::kAfter:
      return absl::OkStatus();
  }
  return absl::OkStatus();
}

absl::Status ArmorDecoder::TakeLine(absl::string_view line) {
  if (place_ == Place::kBefore || place_ == Place::kAfter) return TakeOutsideLine(line);
  absl::ConsumeSuffix(&line, "\r");
  return TakeInsideLine(line);
}

absl::Status ArmorDecoder::TakeOutsideLine(absl::string_view line) {
  if (IsBlank(line)) {
    whitespace_ += line.size() + 1;
    if (whitespace_ > kMaxArmorWhitespace)
      return Malformed("there is too much whitespace around it");
    return absl::OkStatus();
  }
  if (place_ == Place::kAfter) return Malformed("text follows its last line");
  absl::ConsumeSuffix(&line, "\r");
  if (line != kBegin) return Malformed(absl::StrCat("its first line is not `", kBegin, "`"));
  place_ = Place::kInside;
  whitespace_ = 0;
  return absl::OkStatus();
}

absl::Status ArmorDecoder::TakeInsideLine(absl::string_view line) {
  if (line == kEnd) {
    place_ = Place::kAfter;
    return absl::OkStatus();
  }
  if (place_ == Place::kAfterShortLine) return Malformed("a line before the last is too short");
  if (line.empty()) return Malformed("a line is empty");
  if (line.size() > kColumns) return Malformed("a line is longer than 64 columns");
  const std::optional<Bytes> bytes = Base64Decode(line, Base64Form::kPadded);
  if (!bytes.has_value()) return Malformed("a line is not canonical base64");
  if (line.size() < kColumns || absl::EndsWith(line, "=")) place_ = Place::kAfterShortLine;
  return sink_(*bytes);
}

}  // namespace shield
