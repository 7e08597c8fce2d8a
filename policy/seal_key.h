// Whether anything published at a moment can be sealed to a member: only whom the directory has a
// seal key of then, or when its note was issued, if that is later. Publishers seal to the others
// and say who had none.
#pragma once

#include "absl/time/time.h"
#include "base/strong_id.h"
#include "policy/directory.h"

namespace shield {

bool CanBeSealedTo(const Directory& directory, const MemberId& member, absl::Time at);

}  // namespace shield
