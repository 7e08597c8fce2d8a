#include "policy/may_have.h"

#include "policy/reading.h"

namespace shield {

bool MayHave(const Directory& directory, const Terms& terms, const Reader& reader, absl::Time now) {
  return Reading(directory, terms, now, Reading::Question::kFetch).Of(reader).allowed;
}

}  // namespace shield
