// The form of text inside a bulletin: UTF-8 in NFC without control characters but LF and TAB.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace shield {

// OK, or INVALID_ARGUMENT saying which rule `text` breaks.
absl::Status CheckContentText(absl::string_view text);

// `text` in NFC with CR LF as LF: what an author's text becomes before it is sealed.
// INVALID_ARGUMENT for what is not UTF-8.
absl::StatusOr<std::string> NormaliseText(absl::string_view text);

}  // namespace shield
