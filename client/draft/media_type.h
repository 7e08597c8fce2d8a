// The media type of a file, by the end of its name.
#pragma once

#include "absl/strings/string_view.h"

namespace shield {

// "application/octet-stream" for what it does not know.
absl::string_view MediaTypeOf(absl::string_view file_name);

}  // namespace shield
