// The lines that a request to be enrolled and one for new keys have in common: network, member,
// seal, sign, tls.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "policy/line_reader.h"
#include "policy/proof/enrolment.h"
#include "policy/proof/network_file.h"

namespace shield {

// The refusals are those of ParseEnrolmentRequest.
absl::StatusOr<EnrolmentRequest> TakeRequestLines(LineReader& lines);
std::string PrintRequestLines(const EnrolmentRequest& request);

// INVALID_ARGUMENT, rule NETWORK_MISMATCH, unless it names exactly this network file.
absl::Status CheckRequestNetwork(const EnrolmentRequest& request, const NetworkFile& network);

}  // namespace shield
