// One call of the bare server, whatever its method (bare_wire.h). One operation at a time, so the
// call is its own tag.
#pragma once

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/server_context.h>

#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <vector>

#include "tests/bench/ceiling/bare_committer.h"
#include "tests/bench/ceiling/bare_log.h"
#include "tests/bench/ceiling/bare_shard.h"

namespace shield::testing {

// What all calls share.
struct BareParts {
  BareLog& log;
  std::string upload_folder;
  BareCommitter& committer;
  const std::vector<BareShard*>& shards;
};

// Deletes itself when it is over. It never asks gRPC whether its caller has gone, so that a stream
// that nothing is sent to stays until the server ends.
class BareCall final : public BareTag, public BareStream, public BarePublisher {
 public:
  // Waits for a caller. Everything referred to must outlive the shard's thread.
  BareCall(grpc::AsyncGenericService& service, BareShard& shard, BareParts& parts);

  void Arrived(bool ok) override;
  void Step() override;
  void Committed() override;

 private:
  enum class State {
    kPosted,
    kRequest,
    kStreaming,
    kDownloading,
    kUploading,
    kPublishing,
    kFinishing
  };

  ~BareCall() override;
  void Begin();
  void TakeRequest();
  void SendChunk();
  void KeepChunk();
  void TakePiece();
  void Answer();
  void Fail(const char* what);

  grpc::AsyncGenericService& service_;
  BareShard& shard_;
  BareParts& parts_;
  grpc::GenericServerContext context_;
  grpc::GenericServerAsyncReaderWriter stream_;
  State state_ = State::kPosted;
  grpc::ByteBuffer message_;
  // Of a subscription.
  std::optional<std::list<BareStream*>::iterator> place_;
  uint64_t position_ = 0;
  bool writing_ = false;
  // Of a publish: its bytes stay until it is durable, as the broker's do.
  std::optional<BarePublish> publish_;
  std::vector<grpc::ByteBuffer> pieces_;
  // Of a transfer.
  uint64_t left_ = 0;
  std::string path_;
  int file_ = -1;
};

}  // namespace shield::testing
