// A log that is another than the true one, with checkpoints and proofs that fit it, signed by the
// log's own key.
#pragma once

#include "absl/status/statusor.h"
#include "broker/core/service.h"
#include "broker/store/store.h"
#include "crypto/signing_key.h"
#include "policy/origin.h"
#include "tests/e2e/evil/attack.h"

namespace shield::testing {

// Whether the attack is one on the log.
bool IsOnLog(const Attack& attack);

// What the victim is answered instead. NOT_FOUND for all that asks, when the attack is kLogDenied.
absl::StatusOr<broker::LogProof> AnswerFalsely(const Attack& attack, store::Store& store,
                                               const Origin& network, const SigningKey& log_key,
                                               const broker::LogQuery& query);

}  // namespace shield::testing
