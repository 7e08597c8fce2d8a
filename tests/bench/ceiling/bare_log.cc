#include "tests/bench/ceiling/bare_log.h"

#include <algorithm>
#include <string>

#include "base/check.h"

namespace shield::testing {
namespace {

constexpr uint8_t kEntryTag = 2 << 3 | 2;

std::string Varint(uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
  return out;
}

}  // namespace

grpc::Slice BareEntry(size_t entry_bytes, uint8_t fill) {
  SHIELD_CHECK(entry_bytes >= 2);
  // The length's own length shortens the content: one size in each range cannot be made exactly,
  // and then a length in its longer form fills the gap.
  size_t content = entry_bytes - 2;
  while (1 + Varint(content).size() + content > entry_bytes) --content;
  std::string text(1, static_cast<char>(kEntryTag));
  std::string length = Varint(content);
  if (1 + length.size() + content < entry_bytes) {
    length.back() = static_cast<char>(length.back() | 0x80);
    length.push_back(0);
  }
  text += length;
  text.resize(entry_bytes, static_cast<char>(fill));
  return grpc::Slice(text);
}

void BareLog::Append(uint64_t count, size_t entry_bytes) {
  std::vector<grpc::Slice> added;
  added.reserve(count);
  for (uint64_t i = 0; i < count; ++i) {
    added.push_back(BareEntry(entry_bytes, static_cast<uint8_t>(i)));
  }
  MutexLock lock(mutex_);
  entries_.insert(entries_.end(), added.begin(), added.end());
}

uint64_t BareLog::size() const {
  MutexLock lock(mutex_);
  return entries_.size();
}

std::optional<BareMessage> BareLog::MessageAfter(uint64_t position, uint64_t end) const {
  std::vector<grpc::Slice> slices;
  size_t bytes = 0;
  BareMessage message{{}, position, false};
  {
    MutexLock lock(mutex_);
    const uint64_t last = std::min<uint64_t>(end, entries_.size());
    while (message.next < last && slices.size() < kMaxEntries) {
      const grpc::Slice& entry = entries_[message.next];
      bytes += entry.size();
      if (bytes > kMaxBytes && !slices.empty()) break;
      slices.push_back(entry);
      ++message.next;
    }
    message.another_follows = message.next < last;
  }
  if (slices.empty()) return std::nullopt;
  message.bytes = grpc::ByteBuffer(slices.data(), slices.size());
  return message;
}

}  // namespace shield::testing
