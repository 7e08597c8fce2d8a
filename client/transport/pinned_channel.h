// A gRPC channel to the one peer that holds the pinned key, and what its failures mean.
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/support/status.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/transport/door.h"
#include "client/transport/grpc_connection.h"

namespace shield {

// Thread-safe.
class PinnedChannel {
 public:
  // INVALID_ARGUMENT when key and certificate do not belong together. FAILED_PRECONDITION when the
  // process has not been prepared.
  static absl::StatusOr<std::shared_ptr<PinnedChannel>> Create(
      const GrpcConnectionOptions& options);

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

  // Before each call: a channel that lost its peer forgets what it saw and tries again now, and for
  // at most two seconds the caller's thread does the work. Nobody else would: gRPC's client has no
  // thread of its own, calls on a failed channel return at once, and a program that waits between
  // them would never see the handshake end.
  void Reconnect(absl::Duration timeout);

  // The peer has answered a call.
  void Answered() { door_->Answered(); }

  // What a call's status means. A status with a rule comes from the broker and stays as it is; for
  // the others see grpc_connection.h. May knock twice more, for at most two seconds each, to tell a
  // closed door from a broker that is slow, full or went away in the middle.
  absl::Status Translate(const grpc::Status& status);

 private:
  explicit PinnedChannel(const GrpcConnectionOptions& options);

  absl::Status Unanswered(absl::string_view why);
  bool RefusesTwice() const;

  const GrpcConnectionOptions options_;
  const std::shared_ptr<Door> door_;
  const std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace shield
