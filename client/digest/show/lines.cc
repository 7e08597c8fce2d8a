#include "client/digest/show/lines.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace shield::show {

void AppendBehind(const Lines& lines, absl::string_view first, absl::string_view rest, Lines& out) {
  for (size_t i = 0; i < lines.size(); ++i) {
    std::string line = absl::StrCat(i == 0 ? first : rest, lines[i]);
    absl::StripTrailingAsciiWhitespace(&line);
    out.push_back(std::move(line));
  }
}

}  // namespace shield::show
