// A gRPC channel to the one peer that holds the pinned key, and what its failures mean.
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/support/status.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/mutex.h"
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

  // For the next call. In place of a channel that lost its peer a new one, which has seen nothing
  // yet: calls on it wait until its first attempt to connect has ended, while those on the lost one
  // would fail at once, whatever becomes of its next attempt.
  std::shared_ptr<grpc::Channel> Channel();

  // The peer has answered a call.
  void Answered() { door_->Answered(); }

  // What the status of a call on `channel` means. A status with a rule comes from the broker and
  // stays as it is; for the others see grpc_connection.h. May knock twice more, for at most two
  // seconds each, to tell a closed door from a broker that is slow, full or went away in the
  // middle.
  absl::Status Translate(grpc::Channel& channel, const grpc::Status& status);

 private:
  explicit PinnedChannel(const GrpcConnectionOptions& options);

  absl::Status Unanswered(absl::string_view why);
  bool RefusesTwice() const;

  const GrpcConnectionOptions options_;
  const std::shared_ptr<Door> door_;
  Mutex mutex_;
  std::shared_ptr<grpc::Channel> channel_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace shield
