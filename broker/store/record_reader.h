// Reads a value field by field. Past the end, or after a field that cannot be, everything reads as
// zero and Complete() is false: one check at the end serves a whole value.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "base/bytes.h"
#include "base/digest.h"
#include "base/strong_id.h"

namespace shield::store {

// Thread-compatible; the bytes outlive it.
class RecordReader {
 public:
  explicit RecordReader(absl::string_view bytes) : rest_(AsBytes(bytes)) {}

  uint8_t U8() {
    const ByteSpan bytes = Take(1);
    return bytes.empty() ? uint8_t{0} : bytes[0];
  }
  uint32_t U32() {
    const ByteSpan bytes = Take(4);
    return bytes.empty() ? 0 : ReadU32(bytes);
  }
  uint64_t U64() {
    const ByteSpan bytes = Take(8);
    return bytes.empty() ? 0 : ReadU64(bytes);
  }
  Digest Hash() {
    const std::optional<Digest> digest = Digest::FromBytes(Take(32));
    return digest.value_or(Digest{});
  }
  std::array<uint8_t, 16> Id() {
    std::array<uint8_t, 16> id{};
    const ByteSpan bytes = Take(16);
    std::copy(bytes.begin(), bytes.end(), id.begin());
    return id;
  }
  // u32 length, then so many bytes.
  ByteSpan Block() { return Take(U32()); }
  std::string Text() { return ToString(Block()); }
  ByteSpan Rest() { return Take(rest_.size()); }

  // How many items a list announces; 0 and a failure when `least` bytes each could not be there.
  uint32_t Count(size_t least) {
    const uint32_t count = U32();
    if (count * least <= rest_.size()) return count;
    Fail();
    return 0;
  }

  void Fail() { failed_ = true; }
  bool Complete() const { return !failed_ && rest_.empty(); }

 private:
  ByteSpan Take(size_t size) {
    if (failed_ || rest_.size() < size) {
      failed_ = true;
      return {};
    }
    const ByteSpan taken = rest_.subspan(0, size);
    rest_ = rest_.subspan(size);
    return taken;
  }

  ByteSpan rest_;
  bool failed_ = false;
};

}  // namespace shield::store
