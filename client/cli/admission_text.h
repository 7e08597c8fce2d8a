// What may enter an edition of the briefing and what may not, for whoever makes it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "client/cli/output.h"
#include "client/digest/admit.h"
#include "client/digest/week.h"

namespace shield::cli {

// The most restrictive label of what is listed; `at_least` where that is more so.
Tlp LabelOfAdmission(const Admission& admission, const Week& week, Tlp at_least);

// Two lines a bulletin that appeared in `week`: its id, its label and whether it enters or by which
// rule it does not, then its title, which no rule but this list shows; after them, how many of
// other weeks there are.
std::vector<std::string> AdmissionLines(const Output& out, const Admission& admission,
                                        const Week& week);

// Of all weeks: {may_enter:[{id, tlp, title, appeared, state}], left_out:[{id, tlp, title,
// appeared, rule}]}
nlohmann::json AdmissionJson(const Admission& admission);

}  // namespace shield::cli
