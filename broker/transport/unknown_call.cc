#include "broker/transport/unknown_call.h"

#include "base/status.h"
#include "proto/wire/status_map.h"

namespace shield::broker {
namespace {

absl::Status Unimplemented() {
  return WithHint(
      WithRule(absl::UnimplementedError("this broker has no such method"), "UNKNOWN_METHOD"),
      "use a client of the broker's version");
}

}  // namespace

void UnknownCall::Post(int count, grpc::AsyncGenericService& service,
                       grpc::ServerCompletionQueue& completions, Gatekeeper& gatekeeper,
                       int limit_per_connection) {
  for (int i = 0; i < count; ++i) {
    new UnknownCall(service, completions, gatekeeper, limit_per_connection);
  }
}

UnknownCall::UnknownCall(grpc::AsyncGenericService& service,
                         grpc::ServerCompletionQueue& completions, Gatekeeper& gatekeeper,
                         int limit_per_connection)
    : service_(service),
      completions_(completions),
      gatekeeper_(gatekeeper),
      limit_per_connection_(limit_per_connection),
      stream_(&context_),
      requested_(*this, &UnknownCall::Requested),
      finished_(*this, &UnknownCall::Finished) {
  service_.RequestCall(&context_, &stream_, &completions_, &completions_, &requested_);
}

void UnknownCall::Requested(bool ok) {
  if (!ok) {
    delete this;
    return;
  }
  gatekeeper_.CountUnknownCall(context_, limit_per_connection_);
  const absl::StatusOr<Caller> caller = gatekeeper_.Admit(context_);
  stream_.Finish(wire::ToGrpc(caller.ok() ? Unimplemented() : caller.status()), &finished_);
}

void UnknownCall::Finished(bool) {
  new UnknownCall(service_, completions_, gatekeeper_, limit_per_connection_);
  delete this;
}

}  // namespace shield::broker
