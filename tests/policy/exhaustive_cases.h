// tests/vectors/policy/exhaustive.cases: every label for every relation a reader can have to a
// bulletin, in every state, at every place of its window. The answers are the second model's.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace shield::testing {

// The text of that file, over the network of `vectors`, the text of vectors.cases.
std::string ExhaustiveCases(absl::string_view vectors);

}  // namespace shield::testing
