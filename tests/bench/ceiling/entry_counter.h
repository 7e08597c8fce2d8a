// Counts the entries of a subscription's messages without parsing them: what a reader costs that
// does nothing but read.
//
//   EntryCounter counter;
//   for (const grpc::Slice& slice : slices) counter.Feed({slice.begin(), slice.size()});
//   if (!counter.EndMessage()) …;   // not a SubscribeResponse
//   counter.entries(); counter.last_mark();
//
// It looks at the head of each top-level field and steps over what the field holds; only a mark is
// kept, because the hash that an acknowledgement has to name stands in it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"

namespace shield::testing {

// Thread-compatible.
class EntryCounter {
 public:
  // The next piece of a message, cut anywhere.
  void Feed(ByteSpan piece);
  // Whether what was fed since the last call was a whole message of length-delimited fields. After
  // one that was not, it counts no more.
  bool EndMessage();

  uint64_t entries() const { return entries_; }
  uint64_t bytes() const { return bytes_; }
  uint64_t messages() const { return messages_; }
  // The encoded shield.v1.Mark that came last; nothing before the first.
  const std::optional<std::string>& last_mark() const { return last_mark_; }

 private:
  enum class At { kTag, kLength, kContent, kLost };

  void TakeVarint(uint8_t byte);
  void BeginContent();
  void EndField();

  At at_ = At::kTag;
  uint64_t varint_ = 0;
  int shift_ = 0;
  uint64_t field_ = 0;
  uint64_t left_ = 0;  // of the field's content
  std::string mark_;
  std::optional<std::string> last_mark_;
  uint64_t entries_ = 0;
  uint64_t bytes_ = 0;
  uint64_t messages_ = 0;
};

}  // namespace shield::testing
