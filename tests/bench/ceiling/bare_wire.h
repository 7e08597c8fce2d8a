// What the bare server is asked, in the plainest form there is.
//
//   .../Subscribe   any request; a hello at once, then the log from its beginning, live
//   .../Append      BareRequest: `count` more entries of `bytes` each; an empty answer
//   .../Download    BareRequest: `bytes` in messages of kChunkBytes
//   .../Publish     BarePublish, then its bytes; an empty answer when the rows of such a publish
//                   have been synced in RocksDB, and one more entry of `entry_bytes`
//   .../Upload      messages until there are no more, written to a file and synced; an empty answer
#pragma once

#include <grpcpp/support/byte_buffer.h>

#include <cstdint>
#include <optional>

namespace shield::testing {

inline constexpr char kBareAppend[] = "/shield.bare/Append";
inline constexpr char kBareDownload[] = "/shield.bare/Download";
inline constexpr char kBarePublish[] = "/shield.bare/Publish";
inline constexpr char kBareUpload[] = "/shield.bare/Upload";
// The broker's own name, so that one client reads both.
inline constexpr char kSubscribeMethod[] = "/shield.v1.Broker/Subscribe";

struct BareRequest {
  uint64_t count = 0;
  uint64_t bytes = 0;
};

grpc::ByteBuffer EncodeBareRequest(const BareRequest& request);
// Nothing when it is anything else.
std::optional<BareRequest> ReadBareRequest(const grpc::ByteBuffer& message);

struct BarePublish {
  uint64_t recipients = 0;
  uint64_t payload_bytes = 0;
  uint64_t entry_bytes = 0;
};

// Followed by `filler` bytes that mean nothing, where a signed statement would stand.
grpc::ByteBuffer EncodeBarePublish(const BarePublish& publish, size_t filler);
// Nothing when it is too short.
std::optional<BarePublish> ReadBarePublish(const grpc::ByteBuffer& message);

}  // namespace shield::testing
