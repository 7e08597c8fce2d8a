// A half-open span of time: [from, until). What is valid until noon is not valid at noon.
#pragma once

#include <compare>

#include "absl/time/time.h"
#include "policy/fields.h"

namespace shield {

// An empty period (until == from) holds no moment; that is how a key that never became active ends.
struct Period {
  absl::Time from = absl::UnixEpoch();
  absl::Time until = NoEnd();

  bool Contains(absl::Time time) const { return from <= time && time < until; }

  friend bool operator==(const Period&, const Period&) = default;
};

}  // namespace shield
