// A bulletin and its parts (attachments, quoted paragraphs) may carry different labels, but no part
// a stricter one than the whole: whoever gets the whole gets every part.
#pragma once

#include <span>

#include "policy/decision.h"
#include "policy/labels.h"

namespace shield {

// PART_STRICTER_THAN_WHOLE, or allowed by AUTHOR. A part without label counts as stricter.
Decision DecideParts(Tlp whole, std::span<const Tlp> parts);

}  // namespace shield
