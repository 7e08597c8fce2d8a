#include "base/log.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/hex.h"

namespace shield {

// Identifiers, digests and words of our own hold no character that JSON would have to escape.
std::string LogValue::Quote(absl::string_view plain) { return absl::StrCat("\"", plain, "\""); }

LogValue::LogValue(const BulletinId& id) : json_(Quote(id.ToHex())) {}
LogValue::LogValue(const Digest& digest) : json_(Quote(HexEncode(digest.span()))) {}
LogValue::LogValue(LogWord word) : json_(Quote(word.text())) {}
LogValue::LogValue(absl::StatusCode code) : json_(Quote(absl::StatusCodeToString(code))) {}

void Log(LogSink& sink, Clock& clock, LogWord event, std::initializer_list<LogField> fields) {
  std::string line = absl::StrCat(
      "{\"time\":\"", absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", clock.Now(), absl::UTCTimeZone()),
      "\",\"event\":\"", event.text(), "\"");
  for (const LogField& field : fields) {
    absl::StrAppend(&line, ",\"", field.name.text(), "\":", field.value.json());
  }
  line.push_back('}');
  sink.Write(line);
}

}  // namespace shield
