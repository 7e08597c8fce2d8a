// The one answer about a bulletin that is not there or not the caller's to ask about.
#pragma once

#include "absl/status/status.h"

namespace shield {

// NOT_FOUND without a rule, the same words in both cases: they tell nothing apart.
inline absl::Status NoSuchBulletin() {
  return absl::NotFoundError("there is no such bulletin, or it is not this member's to ask about");
}

}  // namespace shield
