// A received message as one stretch of bytes.
#pragma once

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include "absl/strings/string_view.h"

namespace shield::broker {

// Copies only when the message came in several pieces. Keeps the bytes alive.
class MessageBytes {
 public:
  explicit MessageBytes(const grpc::ByteBuffer& buffer) {
    if (!buffer.TrySingleSlice(&slice_).ok()) {
      // Cannot fail: the buffer is not compressed.
      static_cast<void>(buffer.DumpToSingleSlice(&slice_).ok());
    }
  }
  absl::string_view view() const {
    return {reinterpret_cast<const char*>(slice_.begin()), slice_.size()};
  }

 private:
  grpc::Slice slice_;
};

}  // namespace shield::broker
