// The text form of an age file: strict PEM, `-----BEGIN AGE ENCRYPTED FILE-----`.
//
//   AgeFileOpener opener(credentials, sink);
//   ArmorDecoder decoder([&](ByteSpan bytes) { return opener.Write(bytes); });
//   … decoder.Write(text) …; decoder.Finish(); opener.Finish();
//
// Lines are 64 columns but for the last, base64 is canonical and padded, lines end in LF or CRLF,
// and only whitespace, at most kMaxArmorWhitespace bytes on either side, stands around it.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/bytes.h"
#include "crypto/byte_sink.h"

namespace shield {

inline constexpr size_t kMaxArmorWhitespace = 1024;

// Whether `file` is meant as armor: its first text after whitespace begins as the first line does.
bool LooksArmored(ByteSpan file);

// Hands on the bytes of each line as it comes. Errors are of kind AgeFailure::kArmor or the sink's;
// after one nothing more may be called. Thread-compatible.
class ArmorDecoder {
 public:
  explicit ArmorDecoder(ByteSink sink);

  absl::Status Write(ByteSpan text);
  // The text has ended: the last line of the armor must have been there.
  absl::Status Finish();

 private:
  enum class Place { kBefore, kInside, kAfterShortLine, kAfter };

  absl::Status TakeLine(absl::string_view line);
  absl::Status TakeOutsideLine(absl::string_view line);
  absl::Status TakeInsideLine(absl::string_view line);

  const ByteSink sink_;
  Place place_ = Place::kBefore;
  std::string line_;  // what came since the last line feed
  size_t whitespace_ = 0;
};

}  // namespace shield
