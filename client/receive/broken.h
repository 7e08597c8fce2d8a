// The error of a bulletin that is not what its author signed and sealed.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/status.h"

namespace shield {

// DATA_LOSS with that rule: "bulletin refused: <sentence>".
inline absl::Status Broken(absl::string_view rule, absl::string_view sentence) {
  return WithRule(absl::DataLossError(absl::StrCat("bulletin refused: ", sentence)), rule);
}

}  // namespace shield
