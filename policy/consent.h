// Publishing what a reporter told: the reporter is the source and decides how it may be quoted.
#pragma once

#include "policy/decision.h"

namespace shield {

// What the reporter agreed to, in rising order.
enum class Consent { kNone, kAnonymous, kNamed };

// How a text quotes a report.
enum class Quotation { kAnonymised, kNamed };

// SOURCE_CONSENT_MISSING, or allowed by SOURCE_PERMISSION. Without consent nothing is quoted, not
// even anonymised.
Decision DecideQuotation(Consent consent, Quotation quotation);

}  // namespace shield
