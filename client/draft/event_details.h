// What is odd about the `details` of an event: an event_plan, a training, a meeting
// (docs/spec/content.md section 2.1). A briefing and its calendar pass over what they cannot read.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "client/draft/draft.h"

namespace shield {

// Warnings, each at `line`; none for another kind. EVENT_TIME: `starts` is not there, or it, `ends`
// or `register_until` is no moment with an offset, of the years 1970 to 9999. EVENT_ORDER: it ends
// before it starts. EVENT_MEMBER: a member of a name that there is not. `members_json` is the
// draft's. Pure.
std::vector<LintFinding> LintEventDetails(absl::string_view kind, const std::string& members_json,
                                          int line);

}  // namespace shield
