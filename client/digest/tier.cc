#include "client/digest/tier.h"

#include "absl/strings/str_cat.h"
#include "base/quoted.h"
#include "base/status.h"

namespace shield {

absl::string_view PrintTier(Tier tier) {
  switch (tier) {
    case Tier::kGreen:
      return "green";
    case Tier::kAmber:
      return "amber";
    case Tier::kAmberStrict:
      return "amber+strict";
    case Tier::kMine:
      break;
  }
  return "mine";
}

absl::StatusOr<Tier> ParseTier(absl::string_view text) {
  for (Tier tier : {Tier::kGreen, Tier::kAmber, Tier::kAmberStrict}) {
    if (text == PrintTier(tier)) return tier;
  }
  return WithHint(
      absl::InvalidArgumentError(absl::StrCat("no edition is made for the tier ", Quoted(text))),
      "use green, amber or amber+strict");
}

Tlp LabelOf(Tier tier) {
  switch (tier) {
    case Tier::kGreen:
      return Tlp::kGreen;
    case Tier::kAmber:
      return Tlp::kAmber;
    case Tier::kAmberStrict:
    case Tier::kMine:
      break;
  }
  return Tlp::kAmberStrict;
}

}  // namespace shield
