#include "tests/bench/ceiling/bare_wire.h"

#include <grpcpp/support/slice.h>

#include "base/bytes.h"

namespace shield::testing {

grpc::ByteBuffer EncodeBareRequest(const BareRequest& request) {
  Bytes bytes;
  AppendU64(bytes, request.count);
  AppendU64(bytes, request.bytes);
  const grpc::Slice slice(bytes.data(), bytes.size());
  return grpc::ByteBuffer(&slice, 1);
}

grpc::ByteBuffer EncodeBarePublish(const BarePublish& publish, size_t filler) {
  Bytes bytes;
  AppendU64(bytes, publish.recipients);
  AppendU64(bytes, publish.payload_bytes);
  AppendU64(bytes, publish.entry_bytes);
  bytes.resize(bytes.size() + filler, 'x');
  const grpc::Slice slice(bytes.data(), bytes.size());
  return grpc::ByteBuffer(&slice, 1);
}

std::optional<BarePublish> ReadBarePublish(const grpc::ByteBuffer& message) {
  grpc::Slice slice;
  if (!message.DumpToSingleSlice(&slice).ok() || slice.size() < 24) return std::nullopt;
  const ByteSpan bytes(slice.begin(), slice.size());
  return BarePublish{ReadU64(bytes), ReadU64(bytes.subspan(8)), ReadU64(bytes.subspan(16))};
}

std::optional<BareRequest> ReadBareRequest(const grpc::ByteBuffer& message) {
  grpc::Slice slice;
  if (!message.DumpToSingleSlice(&slice).ok() || slice.size() != 16) return std::nullopt;
  const ByteSpan bytes(slice.begin(), slice.size());
  return BareRequest{ReadU64(bytes), ReadU64(bytes.subspan(8))};
}

}  // namespace shield::testing
