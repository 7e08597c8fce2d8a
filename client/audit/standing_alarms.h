// Which of two signed texts under one name still accuse somebody. What a log or an inbox was seen
// to break may be a loss that the authority knows of: it says so by naming another log key.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/client_parts.h"
#include "client/state/fork_alarm.h"
#include "crypto/verifier_key.h"

namespace shield {

// By what an alarm of a log or an inbox is judged.
struct LogInForce {
  VerifierKey log_key;     // of the newest directory
  VerifierKey broker_key;  // the same
  // When the directory was issued that named this log key in another's place; long ago if none did.
  absl::Time since = absl::UnixEpoch();
};

// Without the alarms of a log or an inbox that were found before the present log was begun, or of
// which neither text is signed by a key in force. Pure.
std::vector<ForkAlarm> Standing(std::vector<ForkAlarm> alarms, const LogInForce& log);

// Those of this home, under the newest directory held; all of them before the first. Offline.
absl::StatusOr<std::vector<ForkAlarm>> FindStandingAlarms(const ClientParts& parts);

}  // namespace shield
