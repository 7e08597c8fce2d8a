// Why something on a board does not count.
#pragma once

#include "absl/strings/string_view.h"

namespace shield {

// Not counted, though the member or the sharer may have signed it in good faith: by a key that had
// ended by then, or that the directory gives no more; about a share whose statement is not to be
// had; at a time that does not fit yet. Nobody need have cheated.
inline constexpr absl::string_view kRuleKeyEnded = "KEY_ENDED";
inline constexpr absl::string_view kRuleKeyUnknown = "KEY_UNKNOWN";
inline constexpr absl::string_view kRuleShareUnknown = "SHARE_UNKNOWN";

// Whether `rule`, by which a reader or a receipt was refused, says that the broker shows what was
// never signed so.
bool IsForgery(absl::string_view rule);

}  // namespace shield
