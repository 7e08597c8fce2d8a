// For whom an edition is: the label it is published under, or one member alone.
#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "policy/labels.h"

namespace shield {

enum class Tier {
  kGreen,        // the whole community
  kAmber,        // organisations that every part of it was addressed to
  kAmberStrict,  // the same, and none of their clients
  kMine,         // whoever builds it, for itself; is never published
};

// "green", "amber", "amber+strict", "mine".
absl::string_view PrintTier(Tier tier);
// INVALID_ARGUMENT for anything else, in whatever case; "mine" is not one that can be asked for.
absl::StatusOr<Tier> ParseTier(absl::string_view text);
// The strictest label of what may enter, which is the label the edition is published under. GREEN
// for the community, CLEAR included. Of kMine: AMBER+STRICT, since RED never enters.
Tlp LabelOf(Tier tier);

}  // namespace shield
