// Messages in, one out. The next message is asked for only when the sink has taken the last one, so
// a call holds one in memory and a fast sender is slowed down by the network itself.
#pragma once

#include <grpcpp/support/async_stream.h>

#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "broker/transport/call.h"
#include "broker/transport/gatekeeper.h"
#include "broker/transport/handlers.h"

namespace shield::broker {

using UploadReader = grpc::ServerAsyncReader<grpc::ByteBuffer, grpc::ByteBuffer>;

struct UploadMethod {
  std::function<void(grpc::ServerContext*, UploadReader*, grpc::ServerCompletionQueue*, void*)>
      request;
  UploadHandler handler;
  absl::Duration idle;  // a sender that sends nothing for so long is cut off
};

class UploadCall final : public Call {
 public:
  // `method` and `gatekeeper` must outlive the call.
  UploadCall(CallQueue& queue, MethodSlots& slots, const UploadMethod& method,
             Gatekeeper& gatekeeper);

  void Step(absl::Time now) override;

 private:
  ~UploadCall() override = default;
  void Begin() override;
  void ReadNext();
  void OnRead(bool ok);
  void Complete();
  void Answer();
  void Refuse(const absl::Status& status);

  const UploadMethod& method_;
  Gatekeeper& gatekeeper_;
  UploadReader reader_;
  std::unique_ptr<UploadSink> sink_;
  grpc::ByteBuffer message_;
  bool reading_ = false;
  absl::Time read_since_;
  std::optional<absl::StatusOr<grpc::ByteBuffer>> reply_;
  Operation read_;
  Operation replied_;
  Operation finished_;
};

}  // namespace shield::broker
