// Lines of a printed text, without their ends.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace shield::show {

using Lines = std::vector<std::string>;

// Appends `lines` to `out`, the first behind `first` and the others behind `rest`, without spaces
// at the end of any.
void AppendBehind(const Lines& lines, absl::string_view first, absl::string_view rest, Lines& out);

}  // namespace shield::show
