#include "tests/bench/ceiling/entry_counter.h"

#include <algorithm>

namespace shield::testing {
namespace {

// Numbers of shield.v1.SubscribeResponse.
constexpr uint64_t kEntriesField = 2;
constexpr uint64_t kMarkField = 3;

constexpr uint64_t kLengthDelimited = 2;
constexpr int kLongestShift = 63;

}  // namespace

void EntryCounter::Feed(ByteSpan piece) {
  bytes_ += piece.size();
  while (!piece.empty() && at_ != At::kLost) {
    if (at_ != At::kContent) {
      TakeVarint(piece.front());
      piece = piece.subspan(1);
      continue;
    }
    const size_t taken = std::min<uint64_t>(left_, piece.size());
    if (field_ == kMarkField) mark_.append(piece.begin(), piece.begin() + taken);
    left_ -= taken;
    piece = piece.subspan(taken);
    if (left_ == 0) EndField();
  }
}

void EntryCounter::TakeVarint(uint8_t byte) {
  if (shift_ > kLongestShift) {
    at_ = At::kLost;
    return;
  }
  varint_ |= static_cast<uint64_t>(byte & 0x7f) << shift_;
  shift_ += 7;
  if ((byte & 0x80) != 0) return;
  if (at_ == At::kTag) {
    field_ = varint_ >> 3;
    at_ = (varint_ & 7) == kLengthDelimited ? At::kLength : At::kLost;
  } else {
    left_ = varint_;
    BeginContent();
  }
  varint_ = 0;
  shift_ = 0;
}

void EntryCounter::BeginContent() {
  at_ = At::kContent;
  mark_.clear();
  if (left_ == 0) EndField();
}

void EntryCounter::EndField() {
  if (field_ == kEntriesField) ++entries_;
  if (field_ == kMarkField) last_mark_ = mark_;
  at_ = At::kTag;
}

bool EntryCounter::EndMessage() {
  ++messages_;
  if (at_ != At::kTag || shift_ != 0) at_ = At::kLost;
  return at_ != At::kLost;
}

}  // namespace shield::testing
