// From what travels to what policy and proof understand.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/connection.h"
#include "policy/proof/hidden_audience.h"
#include "policy/statement.h"

namespace shield {

// INVALID_ARGUMENT, rule STATEMENT_MALFORMED, for a salt that is not 16 bytes or a token out of
// form.
absl::StatusOr<std::vector<Opening>> ReadOpenings(const std::vector<AudienceOpening>& openings);
std::vector<AudienceOpening> WriteOpenings(const std::vector<Opening>& openings);

// What a signed note says its statement is, before anybody has checked who signed it.
absl::StatusOr<Statement> ReadClaimedStatement(absl::string_view note);

}  // namespace shield
