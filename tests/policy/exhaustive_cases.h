// tests/vectors/policy/exhaustive.cases: every label in every state at every place of the window,
// for every relation a reader can have to a bulletin, every pair that may share it, everything that
// may be done with it, and every other class. The answers are the second model's.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace shield::testing {

// The text of that file, over the network of `vectors`, the text of vectors.cases.
std::string ExhaustiveCases(absl::string_view vectors);

}  // namespace shield::testing
