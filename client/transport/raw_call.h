// One call of any kind, as messages in and messages out, with a limit on silence.
#pragma once

#include <google/protobuf/message_lite.h>
#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>

#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/transport/pinned_channel.h"

namespace shield {

// Used by one thread at a time, but for Cancel. An error of any method is how the whole call ended;
// it has been translated (PinnedChannel::Translate).
class RawCall {
 public:
  // A call that has begun, and no message of it yet. `method` like "Publish".
  static absl::StatusOr<std::unique_ptr<RawCall>> Start(std::shared_ptr<PinnedChannel> channel,
                                                        absl::string_view method,
                                                        absl::Duration timeout);
  // One with its first message, in one piece; others follow.
  static absl::StatusOr<std::unique_ptr<RawCall>> Open(std::shared_ptr<PinnedChannel> channel,
                                                       absl::string_view method,
                                                       const google::protobuf::MessageLite& first,
                                                       absl::Duration timeout);
  // One with its only message, all in one piece.
  static absl::StatusOr<std::unique_ptr<RawCall>> Ask(std::shared_ptr<PinnedChannel> channel,
                                                      absl::string_view method,
                                                      const google::protobuf::MessageLite& request,
                                                      absl::Duration timeout);
  // Cancels what is not finished.
  ~RawCall();

  absl::Status Write(const google::protobuf::MessageLite& message);
  // The same where another message follows at once: up to 64 KiB may wait for it and travel with
  // it, and an error with that one's call.
  absl::Status WriteMore(const google::protobuf::MessageLite& message);
  // The same where none follows. The peer is told so.
  absl::Status WriteLast(const google::protobuf::MessageLite& message);
  // The next message, encoded; nothing when the call ended well. UNAVAILABLE after `silence`
  // without one.
  absl::StatusOr<std::optional<grpc::ByteBuffer>> Read(
      absl::Duration silence = absl::InfiniteDuration());

  void Cancel() { context_.TryCancel(); }

 private:
  RawCall(std::shared_ptr<PinnedChannel> channel, absl::Duration timeout);

  static absl::StatusOr<std::unique_ptr<RawCall>> StartWith(
      std::shared_ptr<PinnedChannel> channel, absl::string_view method,
      const google::protobuf::MessageLite& first, grpc::WriteOptions options,
      absl::Duration timeout);
  void Prepare(absl::string_view method);
  absl::Status Write(const google::protobuf::MessageLite& message, grpc::WriteOptions options);
  // Waits for the one operation that is under way; whether it succeeded.
  bool Wait();
  absl::Status End();

  const std::shared_ptr<PinnedChannel> channel_;
  const PinnedWay way_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream_;
  std::optional<absl::Status> end_;
};

// One message out, one in.
absl::StatusOr<grpc::ByteBuffer> CallOnce(std::shared_ptr<PinnedChannel> channel,
                                          absl::string_view method,
                                          const google::protobuf::MessageLite& request,
                                          absl::Duration timeout);

// The only message that is left: the answer to what WriteLast or Ask has sent.
absl::StatusOr<grpc::ByteBuffer> ReadAnswer(RawCall& call);

}  // namespace shield
