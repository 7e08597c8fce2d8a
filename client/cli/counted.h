// A number of things, in words: "1 member", "3 members".
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace shield::cli {

// `one` takes an s where there are more, or none.
inline std::string Counted(uint64_t number, absl::string_view one) {
  return absl::StrCat(number, " ", one, number == 1 ? "" : "s");
}

}  // namespace shield::cli
