// What a rule means for one bulletin and one reader, in a sentence for a person.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "policy/decision.h"
#include "policy/terms.h"

namespace shield {

// `who` is a member id, an organisation id or the empty text for the public. The sentence names
// label, source and reader, never content: "TLP:RED is for named persons, and `g2` is not one".
std::string SentenceFor(Rule rule, const Terms& terms, absl::string_view who);

// The decision with that sentence.
Decision Allow(Rule rule, const Terms& terms, absl::string_view who);
Decision Deny(Rule rule, const Terms& terms, absl::string_view who);

}  // namespace shield
