// Messages in, one out. What comes while the sink is taking waits for it, a little of it: the next
// message is asked for only while that is less than kAheadBytes and kAheadMessages, and a fast
// sender is slowed down by the network itself. So a call holds kAheadBytes and one message more
// twice at most, in waiting and in being taken. What has come meanwhile is taken in one go: the
// upload changes threads once for it, and not once for each message.
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
#include <vector>

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

  static constexpr size_t kAheadMessages = 4;
  static constexpr size_t kAheadBytes = size_t{64} * 1024;

 private:
  ~UploadCall() override;
  void Begin() override;
  absl::Status Open();
  void ReadOn();
  void OnRead(bool ok);
  void TakeOn();
  void OnTaken();
  void Answer();
  void Refuse(const absl::Status& status);

  // On the upload thread.
  void Take(Operation* taken);
  void Complete(Operation* taken);
  void HalfReplied(Operation* taken);

  const UploadMethod& method_;
  Gatekeeper& gatekeeper_;
  UploadReader reader_;
  UploadThread& thread_;
  std::unique_ptr<const CallPlace> place_;
  std::shared_ptr<UploadSink> sink_;
  TransferPace pace_;
  grpc::ByteBuffer message_;               // the one that is being read
  std::vector<grpc::ByteBuffer> arrived_;  // read, and not with the sink yet
  size_t arrived_bytes_ = 0;
  bool reading_ = false;
  bool ended_ = false;   // nothing more comes
  bool taking_ = false;  // the upload thread has what follows
  bool over_ = false;    // answered or refused

  // Of the upload thread while taking_, of the queue's else.
  std::vector<grpc::ByteBuffer> messages_;
  absl::Status refusal_;
  std::optional<absl::StatusOr<grpc::ByteBuffer>> reply_;
  std::atomic<int> halves_left_{2};  // of Finish: its return, and its answer

  Operation read_;
  Operation taken_;
  Operation finished_;
};

}  // namespace shield::broker
