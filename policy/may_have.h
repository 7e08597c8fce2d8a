// Decide (policy/decide.h) where only the answer counts: no sentence is put together. A broker asks
// this of every reader of every bulletin.
#pragma once

#include "absl/time/time.h"
#include "policy/directory.h"
#include "policy/terms.h"

namespace shield {

// Decide(directory, terms, reader, now).allowed. Pure.
bool MayHave(const Directory& directory, const Terms& terms, const Reader& reader, absl::Time now);

}  // namespace shield
