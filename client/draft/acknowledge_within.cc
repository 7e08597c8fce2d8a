// How long readers have to acknowledge a bulletin.
#include <cstdint>
#include <optional>

#include "absl/strings/numbers.h"
#include "client/draft/draft.h"

namespace shield {
namespace {

std::optional<absl::Duration> UnitOf(char letter) {
  switch (letter) {
    case 's':
      return absl::Seconds(1);
    case 'm':
      return absl::Minutes(1);
    case 'h':
      return absl::Hours(1);
    case 'd':
      return absl::Hours(24);
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<absl::Duration> ParseAcknowledgeWithin(absl::string_view text) {
  constexpr size_t kMaxDigits = 8;
  if (text.size() < 2 || text.size() > kMaxDigits + 1) return std::nullopt;
  const std::optional<absl::Duration> unit = UnitOf(text.back());
  const absl::string_view digits = text.substr(0, text.size() - 1);
  const bool plain = digits.find_first_not_of("0123456789") == absl::string_view::npos;
  int64_t count = 0;
  if (!unit.has_value() || !plain || digits.front() == '0' || !absl::SimpleAtoi(digits, &count)) {
    return std::nullopt;
  }
  const absl::Duration within = *unit * count;
  if (within > kLongestAcknowledgeWithin) return std::nullopt;
  return within;
}

}  // namespace shield
