#include "tests/bench/network/primitive_readers.h"

#include <grpcpp/support/byte_buffer.h>

#include <utility>

#include "absl/time/clock.h"
#include "base/status.h"
#include "client/home/member_keys.h"
#include "client/transport/pinned_channel.h"
#include "shield/v1/broker.pb.h"

namespace shield::testing {

PrimitiveReaders::~PrimitiveReaders() {
  ending_ = true;
  for (const auto& reader : readers_) reader->call->Cancel();
  for (const auto& reader : readers_) {
    if (reader->thread.joinable()) reader->thread.join();
  }
}

absl::Status PrimitiveReaders::Connect(const std::vector<Home>& homes) {
  for (const Home& home : homes) RETURN_IF_ERROR(Open(home));
  for (const auto& reader : readers_) {
    reader->thread = std::thread([this, &reader = *reader] { Read(reader); });
  }
  return absl::OkStatus();
}

absl::Status PrimitiveReaders::Open(const Home& home) {
  ASSIGN_OR_RETURN(const MemberKeys keys, home.ReadKeys(std::nullopt));
  ASSIGN_OR_RETURN(std::shared_ptr<PinnedChannel> server,
                   PinnedChannel::Create({options_.address, options_.pin, keys.tls}));
  auto reader = std::make_unique<Reader>(home.folder() + "/bare.db", options_.payload_bytes);
  ASSIGN_OR_RETURN(reader->call, RawCall::Ask(std::move(server), "Subscribe",
                                              v1::SubscribeRequest(), absl::InfiniteDuration()));
  ASSIGN_OR_RETURN(const std::optional<grpc::ByteBuffer> greeting, reader->call->Read());
  if (!greeting.has_value()) return absl::UnavailableError("the bare server greets nobody");
  readers_.push_back(std::move(reader));
  return absl::OkStatus();
}

void PrimitiveReaders::Read(Reader& reader) {
  for (;;) {
    const absl::StatusOr<std::optional<grpc::ByteBuffer>> message = reader.call->Read();
    absl::Status status = message.status();
    if (status.ok() && !message->has_value()) status = absl::UnavailableError("a stream has ended");
    if (status.ok()) status = Take(reader, **message);
    if (status.ok()) continue;
    if (!ending_) gate_.Fail(status);
    return;
  }
}

absl::Status PrimitiveReaders::Take(Reader& reader, const grpc::ByteBuffer& message) {
  grpc::Slice slice;
  if (!message.DumpToSingleSlice(&slice).ok()) return absl::DataLossError("a message in no piece");
  const ByteSpan bytes(slice.begin(), slice.size());
  const uint64_t before = reader.counter.entries();
  reader.counter.Feed(bytes);
  if (!reader.counter.EndMessage()) return absl::DataLossError("not a message of a subscription");
  const uint64_t count = reader.counter.entries() - before;
  // All entries of a message are of one size, or nearly.
  for (uint64_t i = 0; i < count; ++i) {
    reader.primitives.Take(bytes.subspan(i * bytes.size() / count, bytes.size() / count));
    reader.arrivals.push_back(absl::Now());
    gate_.Note(before + i, before + i + 1, reader.arrivals.back());
  }
  return absl::OkStatus();
}

std::vector<std::vector<absl::Time>> PrimitiveReaders::arrivals() const {
  std::vector<std::vector<absl::Time>> all;
  for (const auto& reader : readers_) all.push_back(reader->arrivals);
  return all;
}

}  // namespace shield::testing
