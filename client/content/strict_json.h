// JSON read without mercy, for documents that come from others.
//
// nlohmann::json keeps the last of two members of one name and has no limit of depth; two programs
// could read one signed document differently. Here the first fault refuses the whole.
#pragma once

#include <nlohmann/json.hpp>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace shield {

// `text` as an object, members in their order. INVALID_ARGUMENT with a sentence: not JSON, not an
// object, deeper than `max_depth` (the object itself is depth 1), a member that stands twice in an
// object, a text that CheckContentText refuses.
absl::StatusOr<nlohmann::ordered_json> ParseStrictJson(absl::string_view text, int max_depth);

}  // namespace shield
