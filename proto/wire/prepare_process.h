// What a process does before anything else if it is going to speak the wire.
#pragma once

#include "absl/status/status.h"

namespace shield::wire {

// The first line of main:
//
//   if (absl::Status status = shield::wire::PrepareProcess(); !status.ok()) …
//
// Turns TLS 1.2 off and session tickets with it, for every TLS context the process makes later:
// gRPC 1.51 offers no such option, so this is OpenSSL's own system default, given from memory
// instead of a file. Switches off Abseil's deadlock detector, which Debian's builds have on and
// which takes its time at every lock, gRPC's own log unless GRPC_VERBOSITY is set, and protobuf's,
// which peers could write to. Must run before the first use of gRPC or TLS and before other
// threads. Idempotent.
absl::Status PrepareProcess();

// FAILED_PRECONDITION until PrepareProcess has succeeded: TLS 1.2 would be spoken.
absl::Status CheckPrepared();

}  // namespace shield::wire
