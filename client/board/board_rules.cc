#include "client/board/board_rules.h"

#include <algorithm>
#include <array>

namespace shield {
namespace {

constexpr std::array<absl::string_view, 5> kInGoodFaith = {
    kRuleKeyEnded, kRuleKeyUnknown, kRuleShareUnknown, "PUBLISHER_KEY_REVOKED", "CLOCK_SKEW"};

}  // namespace

bool IsForgery(absl::string_view rule) {
  return !rule.empty() &&
         std::find(kInGoodFaith.begin(), kInGoodFaith.end(), rule) == kInGoodFaith.end();
}

}  // namespace shield
