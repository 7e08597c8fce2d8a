// Messages in, one out. The next message is asked for only when the sink has taken the last one, so
// a call holds one in memory and a fast sender is slowed down by the network itself.
//
// The sink is used on the upload thread and nowhere else, its destruction included; everything of
// gRPC happens on the queue's thread. Only a sender that says that it is complete gets what it sent
// counted: a read that fails means half-closed, cancelled, cut off or gone, and nobody can tell
// which.
#pragma once

#include <grpcpp/support/async_stream.h>

#include <atomic>
#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "broker/transport/call.h"
#include "broker/transport/call_places.h"
#include "broker/transport/gatekeeper.h"
#include "broker/transport/handlers.h"
#include "broker/transport/transfer_pace.h"
#include "broker/transport/upload_thread.h"

namespace shield::broker {

using UploadReader = grpc::ServerAsyncReader<grpc::ByteBuffer, grpc::ByteBuffer>;

struct UploadMethod {
  std::function<void(grpc::ServerContext*, UploadReader*, grpc::ServerCompletionQueue*, void*)>
      request;
  UploadHandler handler;
  CallPlaces& places;
  PaceLimits pace;
};

class UploadCall final : public Call {
 public:
  // Everything referred to must outlive the call.
  UploadCall(CallQueue& queue, MethodSlots& slots, const UploadMethod& method,
             Gatekeeper& gatekeeper, UploadThread& thread);

  void Step(absl::Time now) override;

 private:
  ~UploadCall() override;
  void Begin() override;
  absl::Status Open();
  void ReadNext();
  void OnRead(bool ok);
  void OnTaken();
  void Complete();
  void HalfReplied(Operation* replied);
  void Answer();
  void Refuse(const absl::Status& status);

  const UploadMethod& method_;
  Gatekeeper& gatekeeper_;
  UploadReader reader_;
  UploadThread& thread_;
  std::unique_ptr<const CallPlace> place_;
  std::shared_ptr<UploadSink> sink_;
  grpc::ByteBuffer message_;
  TransferPace pace_;
  bool over_ = false;  // answered or refused
  absl::StatusOr<UploadSink::Progress> taken_status_ = UploadSink::Progress::kMore;
  std::optional<absl::StatusOr<grpc::ByteBuffer>> reply_;
  std::atomic<int> halves_left_{2};  // of Finish: its return, and its answer
  Operation read_;
  Operation taken_;
  Operation replied_;
  Operation finished_;
};

}  // namespace shield::broker
