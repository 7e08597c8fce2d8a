// Putting bulletins together: the most restrictive label, the intersection of audiences.
#pragma once

#include <span>
#include <vector>

#include "base/strong_id.h"
#include "policy/audience.h"
#include "policy/labels.h"

namespace shield {

// kUnspecified for no labels, or when one of them is.
Tlp MostRestrictive(std::span<const Tlp> labels);

// The members who are recipients of every one, sorted. Nobody for no audiences.
std::vector<MemberId> CommonRecipients(std::span<const std::vector<Chosen>> audiences);

}  // namespace shield
