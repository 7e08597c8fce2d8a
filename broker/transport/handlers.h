// What the engine asks of a method, one shape per kind of rpc: encoded messages in, encoded
// messages out. shells.h makes them from a BrokerService; the engine knows nothing of what they
// carry.
#pragma once

#include <grpcpp/support/byte_buffer.h>

#include <functional>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "broker/core/caller.h"

namespace shield::broker {

// Called exactly once, from any thread.
using Reply = std::function<void(absl::StatusOr<grpc::ByteBuffer>)>;

// One message in, one out. `request` is valid until the handler returns.
using UnaryHandler =
    std::function<void(const Caller& caller, absl::string_view request, Reply reply)>;

// Messages in, one out.
class UploadSink {
 public:
  enum class Progress { kMore, kComplete };

  // Destroyed without Finish, it leaves nothing behind.
  virtual ~UploadSink() = default;
  // Takes one message whole, and says whether the sender called it the last; an error ends the call
  // with it.
  virtual absl::StatusOr<Progress> Take(absl::string_view message) = 0;
  // Once, after kComplete: what came is to count.
  virtual void Finish(Reply reply) = 0;
};
using UploadHandler =
    std::function<absl::StatusOr<std::unique_ptr<UploadSink>>(const Caller& caller)>;

// One message in, messages out until there is none.
class DownloadSource {
 public:
  virtual ~DownloadSource() = default;
  virtual absl::StatusOr<std::optional<grpc::ByteBuffer>> Next() = 0;
};
using DownloadHandler = std::function<absl::StatusOr<std::unique_ptr<DownloadSource>>(
    const Caller& caller, absl::string_view request)>;

// One message in, messages out for as long as the stream lives; nothing from Next means later.
class LiveSource : public DownloadSource {
 public:
  // Whether Next would very likely give a message now; cheap, and sometimes mistaken.
  virtual bool HasMore() const = 0;
  // Whether the reader said that it leaves at the first mark.
  virtual bool catch_up() const = 0;
  virtual grpc::ByteBuffer Heartbeat() = 0;
};
using LiveHandler = std::function<absl::StatusOr<std::unique_ptr<LiveSource>>(
    const Caller& caller, absl::string_view request)>;

}  // namespace shield::broker
