// What the second model answers to a case of a case file.
#pragma once

#include <optional>

#include "policy/corpus/case_file.h"
#include "tests/policy/second_model.h"

namespace shield::testing {

// Nothing for actions the model does not speak of: labels, digests, parts, quotations, lists.
std::optional<Answer> ModelAnswerTo(const CaseFile& file, const PolicyCase& policy_case);

}  // namespace shield::testing
