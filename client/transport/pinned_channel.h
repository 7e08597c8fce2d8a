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

// One way to the peer, and what its attempts to connect have seen at the door.
struct PinnedWay {
  std::shared_ptr<Door> door;
  std::shared_ptr<grpc::Channel> channel;
};

// Thread-safe.
class PinnedChannel {
 public:
  // INVALID_ARGUMENT when key and certificate do not belong together. FAILED_PRECONDITION when the
  // process has not been prepared.
  static absl::StatusOr<std::shared_ptr<PinnedChannel>> Create(
      const GrpcConnectionOptions& options);

  // For the next call, which keeps it until it ends. In place of a channel that lost its peer a new
  // one, which has seen nothing yet: a call on it waits until its first attempt to connect has
  // ended, for at most five seconds for each address when its name has been looked up, while one on
  // the lost channel would fail at once, whatever becomes of the next attempt.
  PinnedWay Way();

  // What the status of a call on `way` means. A status with a rule comes from the broker and stays
  // as it is; for the others see grpc_connection.h. May knock twice more, for at most two seconds
  // each, to tell a closed door from a broker that is slow, full or went away in the middle.
  absl::Status Translate(const PinnedWay& way, const grpc::Status& status) const;

 private:
  explicit PinnedChannel(const GrpcConnectionOptions& options);

  absl::Status Unanswered(const Door& door, absl::string_view why) const;
  bool RefusesTwice() const;
  PinnedWay NewWay() const;

  const GrpcConnectionOptions options_;
  Mutex mutex_;
  PinnedWay way_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace shield
