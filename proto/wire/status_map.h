// absl::Status to grpc::Status and back: one total map for both sides of the wire.
//
// Codes are equal number by number. Rule, hint and retry delay (base/status.h) travel as
// shield.v1.ErrorDetail, the only detail of a google.rpc.Status in grpc-status-details-bin, so that
// any gRPC client can read them. docs/spec/wire.md section 3 lists the rules.
//
//   return ToGrpc(WithRule(absl::AbortedError("the directory is at version 8"),
//   "DIRECTORY_MOVED")); absl::Status status = FromGrpc(grpc_status);   RuleOf(status) ==
//   "DIRECTORY_MOVED"
#pragma once

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace shield::wire {

// Messages and hints are cut at kMaxErrorMessageBytes and kMaxHintBytes, between characters.
grpc::Status ToGrpc(const absl::Status& status);

// Reads what a peer sent, which may be anything: a detail that is not exactly ours is dropped, as
// is a rule that is not UPPER_SNAKE; a code outside the known ones is UNKNOWN.
absl::Status FromGrpc(const grpc::Status& status);

}  // namespace shield::wire
