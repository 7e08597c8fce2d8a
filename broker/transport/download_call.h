// One message in, messages out until the source has no more.
#pragma once

#include <grpcpp/support/async_stream.h>

#include <memory>

#include "broker/transport/call.h"
#include "broker/transport/call_places.h"
#include "broker/transport/gatekeeper.h"
#include "broker/transport/handlers.h"
#include "broker/transport/transfer_pace.h"

namespace shield::broker {

using StreamWriter = grpc::ServerAsyncWriter<grpc::ByteBuffer>;
using StreamRequest = std::function<void(grpc::ServerContext*, grpc::ByteBuffer*, StreamWriter*,
                                         grpc::ServerCompletionQueue*, void*)>;

struct DownloadMethod {
  StreamRequest request;
  DownloadHandler handler;
  CallPlaces& places;
  PaceLimits pace;
};

class DownloadCall final : public Call {
 public:
  // `method` and `gatekeeper` must outlive the call.
  DownloadCall(CallQueue& queue, MethodSlots& slots, const DownloadMethod& method,
               Gatekeeper& gatekeeper);

  void Step(absl::Time now) override;

 private:
  ~DownloadCall() override = default;
  void Begin() override;
  absl::Status Open();
  void OnWritten(bool ok);
  void SendNext();
  void Finish(const absl::Status& status);

  const DownloadMethod& method_;
  Gatekeeper& gatekeeper_;
  grpc::ByteBuffer request_;
  StreamWriter writer_;
  std::unique_ptr<const CallPlace> place_;
  std::unique_ptr<DownloadSource> source_;
  TransferPace pace_;
  size_t writing_bytes_ = 0;
  bool over_ = false;  // finished or cut off
  Operation written_;
  Operation finished_;
};

}  // namespace shield::broker
