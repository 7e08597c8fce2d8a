#include "tests/bench/network/bare_connection.h"

#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "absl/strings/str_split.h"
#include "base/base64.h"
#include "base/check.h"
#include "base/mutex.h"
#include "proto/wire/limits.h"
#include "proto/wire/status_map.h"
#include "tests/bench/network/programs.h"

namespace shield::testing {
namespace {

// One blocking call, operation by operation.
class BareClientCall {
 public:
  BareClientCall(PinnedChannel& channel, const char* method) : way_(channel.Way()) {
    grpc::GenericStub stub(way_.channel);
    context_.set_initial_metadata_corked(true);  // leaves with the first message
    stream_ = stub.PrepareCall(&context_, method, &queue_);
    stream_->StartCall(nullptr);
  }
  ~BareClientCall() {
    queue_.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue_.Next(&tag, &ok)) continue;
  }

  // Others follow at once.
  bool WriteMore(const grpc::ByteBuffer& message) {
    return Write(message, grpc::WriteOptions().set_buffer_hint());
  }
  bool WriteLast(const grpc::ByteBuffer& message) {
    return Write(message, grpc::WriteOptions().set_last_message());
  }
  bool Read(grpc::ByteBuffer& message) {
    stream_->Read(&message, this);
    return Wait();
  }
  // Reads what is left and the status.
  absl::Status End() {
    grpc::ByteBuffer ignored;
    while (Read(ignored)) continue;
    grpc::Status status;
    stream_->Finish(&status, this);
    Wait();
    return wire::FromGrpc(status);
  }

 private:
  bool Write(const grpc::ByteBuffer& message, grpc::WriteOptions options) {
    stream_->Write(message, options, this);
    return Wait();
  }
  bool Wait() {
    void* tag = nullptr;
    bool ok = false;
    queue_.Next(&tag, &ok);
    return ok;
  }

  const PinnedWay way_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream_;
};

}  // namespace

BareConnection::BareConnection(const std::string& folder, const TlsKeyPair& own, size_t authors)
    : server_({BareFanoutProgram(), folder}) {
  const std::optional<std::string> line = server_.WaitForLine("listening on ");
  SHIELD_CHECK(line.has_value());
  const std::vector<std::string> words = absl::StrSplit(*line, ' ');
  SHIELD_CHECK(words.size() == 7);
  address_ = words[2];
  const auto pin = Base64Decode(words[4], Base64Form::kPadded);
  SHIELD_CHECK(pin.has_value());
  pin_ = *Digest::FromBytes(*pin);
  channel_ = NewChannel(address_, own);
  for (size_t i = 0; i < authors; ++i) authors_.push_back(NewChannel(words[6], own));
}

std::shared_ptr<PinnedChannel> BareConnection::NewChannel(const std::string& address,
                                                          const TlsKeyPair& own) const {
  auto channel = PinnedChannel::Create({address, pin_, own});
  SHIELD_CHECK(channel.ok());
  return *std::move(channel);
}

absl::Status BareConnection::Append(uint64_t count, uint64_t bytes) {
  BareClientCall call(*channel_, kBareAppend);
  call.WriteLast(EncodeBareRequest({count, bytes}));
  return call.End();
}

absl::Status BareConnection::PublishAll(size_t count, size_t in_flight, const Relayed& relayed) {
  const grpc::ByteBuffer statement = EncodeBarePublish(relayed.publish, relayed.statement_bytes);
  const grpc::Slice slots(std::string(relayed.slot_bytes, 's'));
  const grpc::Slice payload(std::string(relayed.publish.payload_bytes, 'p'));
  std::atomic<size_t> next{0};
  Mutex mutex;
  absl::Status error;
  const auto publish = [&](PinnedChannel& channel) {
    while (next.fetch_add(1) < count) {
      BareClientCall call(channel, kBarePublish);
      call.WriteMore(statement);
      for (size_t at = 0; at < slots.size(); at += wire::kChunkBytes) {
        const grpc::Slice piece =
            slots.sub(at, std::min<size_t>(slots.size(), at + wire::kChunkBytes));
        call.WriteMore(grpc::ByteBuffer(&piece, 1));
      }
      call.WriteLast(grpc::ByteBuffer(&payload, 1));
      const absl::Status status = call.End();
      MutexLock lock(mutex);
      error.Update(status);
      if (!error.ok()) return;
    }
  };
  std::vector<std::thread> threads;
  for (size_t i = 0; i < in_flight; ++i) {
    threads.emplace_back([&, i] { publish(*authors_[i % authors_.size()]); });
  }
  for (std::thread& thread : threads) thread.join();
  return error;
}

absl::Status BareConnection::Download(uint64_t bytes) {
  BareClientCall call(*channel_, kBareDownload);
  call.WriteLast(EncodeBareRequest({1, bytes}));
  return call.End();
}

absl::Status BareConnection::Upload(uint64_t bytes) {
  BareClientCall call(*channel_, kBareUpload);
  const grpc::Slice chunk(std::string(wire::kChunkBytes, 'x'));
  uint64_t left = bytes;
  while (left > chunk.size() && call.WriteMore(grpc::ByteBuffer(&chunk, 1))) left -= chunk.size();
  const grpc::Slice last = chunk.sub(0, std::min<uint64_t>(left, chunk.size()));
  call.WriteLast(grpc::ByteBuffer(&last, 1));
  return call.End();
}

}  // namespace shield::testing
