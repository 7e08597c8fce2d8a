// The log: one JSON object a line, and only what may be written there.
//
//   Log(sink, clock, "publish_committed", {{"bulletin", id}, {"recipients", 40}, {"bytes", 4312}});
//
// A field's value can be an identifier, a number, a digest or a code. There is no way to pass free
// text: content, names of persons and secrets cannot reach a log by a slip
// (docs/design/threat_model.md).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <type_traits>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/strong_id.h"

namespace shield {

// A word that stands in our own sources: an event, a code, a reason. Only an array of constant
// characters, in practice a literal, converts; a buffer that was written to does not.
class LogWord {
 public:
  template <size_t N>
  constexpr LogWord(const char (&literal)[N]) : text_(literal, N - 1) {}  // NOLINT: implicit
  template <size_t N>
  LogWord(char (&buffer)[N]) = delete;  // NOLINT
  constexpr absl::string_view text() const { return text_; }

 private:
  absl::string_view text_;
};

class LogValue {
 public:
  template <typename T>
  requires std::is_integral_v<T> LogValue(T number);  // NOLINT: implicit on purpose
  LogValue(const BulletinId& id);                     // NOLINT
  LogValue(const Digest& digest);                     // NOLINT
  LogValue(LogWord word);                             // NOLINT
  template <size_t N>
  LogValue(const char (&word)[N]) : LogValue(LogWord(word)) {}  // NOLINT
  template <size_t N>
  LogValue(char (&buffer)[N]) = delete;  // NOLINT
  LogValue(absl::StatusCode code);       // NOLINT
  template <typename Tag>
  LogValue(const StrongId<Tag>& id) : json_(Quote(id.text())) {}  // NOLINT

  const std::string& json() const { return json_; }

 private:
  static std::string Quote(absl::string_view plain);
  std::string json_;
};

struct LogField {
  LogWord name;
  LogValue value;
};

// Where lines go; each call is one whole line, without its line feed. Thread-safe.
class LogSink {
 public:
  virtual ~LogSink() = default;
  virtual void Write(absl::string_view line) = 0;
};

// Writes {"time":…,"event":…,fields…}. Thread-safe.
void Log(LogSink& sink, Clock& clock, LogWord event, std::initializer_list<LogField> fields);

template <typename T>
requires std::is_integral_v<T> LogValue::LogValue(T number) {
  if constexpr (std::is_same_v<T, bool>) {
    json_ = number ? "true" : "false";
  } else {
    json_ = std::to_string(number);
  }
}

}  // namespace shield
