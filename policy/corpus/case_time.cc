#include "policy/corpus/case_time.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"

namespace shield {
namespace {

constexpr int64_t kMaxAmount = 1'000'000;

std::optional<absl::Duration> UnitOf(char letter) {
  switch (letter) {
    case 'd':
      return absl::Hours(24);
    case 'h':
      return absl::Hours(1);
    case 'm':
      return absl::Minutes(1);
    case 's':
      return absl::Seconds(1);
    default:
      return std::nullopt;
  }
}

// "1d12h"
std::optional<absl::Duration> ParseSpan(absl::string_view text) {
  absl::Duration span = absl::ZeroDuration();
  while (!text.empty()) {
    const size_t digits = text.find_first_not_of("0123456789");
    int64_t amount = 0;
    if (digits == absl::string_view::npos || !absl::SimpleAtoi(text.substr(0, digits), &amount) ||
        amount > kMaxAmount) {
      return std::nullopt;
    }
    const std::optional<absl::Duration> unit = UnitOf(text[digits]);
    if (!unit.has_value()) return std::nullopt;
    span += amount * *unit;
    text.remove_prefix(digits + 1);
  }
  return span;
}

}  // namespace

std::optional<absl::Time> ParseCaseTime(absl::string_view text, absl::Time t0) {
  if (!absl::ConsumePrefix(&text, "T0")) {
    absl::Time time;
    std::string error;
    if (!absl::ParseTime(absl::RFC3339_full, text, &time, &error)) return std::nullopt;
    return time;
  }
  if (text.empty()) return t0;
  const bool back = text[0] == '-';
  if ((!back && text[0] != '+') || text.size() == 1) return std::nullopt;
  const std::optional<absl::Duration> span = ParseSpan(text.substr(1));
  if (!span.has_value()) return std::nullopt;
  return back ? t0 - *span : t0 + *span;
}

}  // namespace shield
