// The log of the bare server: entries that all readers share, and messages cut from it.
//
// A message is the run of entries from a reader's position on, at most kMaxEntries and kMaxBytes of
// them: an array of references to the entries' bytes, nothing copied. Each entry stands there as
// the broker sends it, a length-delimited field 2, so that one client counts both.
#pragma once

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "base/mutex.h"

namespace shield::testing {

struct BareMessage {
  grpc::ByteBuffer bytes;
  uint64_t next = 0;             // the position after it
  bool another_follows = false;  // there was more when it was cut
};

// Thread-safe.
class BareLog {
 public:
  static constexpr size_t kMaxEntries = 256;
  static constexpr size_t kMaxBytes = 64 * 1024;

  // `count` entries of `entry_bytes` each as they travel, framing included: at least 2.
  void Append(uint64_t count, size_t entry_bytes);

  uint64_t size() const;
  // What comes after `position`, of the first `end` entries; nothing when that is none. The first
  // entry may exceed kMaxBytes.
  std::optional<BareMessage> MessageAfter(uint64_t position, uint64_t end) const;

 private:
  mutable Mutex mutex_;
  std::vector<grpc::Slice> entries_ ABSL_GUARDED_BY(mutex_);
};

// A field 2 of `entry_bytes`, tag and length included, filled with `fill`.
grpc::Slice BareEntry(size_t entry_bytes, uint8_t fill);

}  // namespace shield::testing
