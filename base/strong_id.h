// Identifiers as types: a member is never mistaken for an organisation.
//
// A StrongId is text of the form [a-z0-9]([a-z0-9-]{0,62}[a-z0-9])? (docs/spec/directory.md), at
// most 64 characters, and exists only if it is valid. A BulletinId is 16 random bytes, written as
// 32 lowercase hex digits (docs/spec/statement.md).
//
//   std::optional<MemberId> id = MemberId::Parse("desk-astrid");
//
// Immutable values; copying is cheap enough for every use we have.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <optional>
#include <ostream>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "base/bytes.h"
#include "base/hex.h"

namespace shield {

// Whether `text` is an identifier in the form above.
inline bool IsIdentifier(absl::string_view text) {
  if (text.empty() || text.size() > 64 || text.front() == '-' || text.back() == '-') return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

template <typename Tag>
class StrongId {
 public:
  static std::optional<StrongId> Parse(absl::string_view text) {
    if (!IsIdentifier(text)) return std::nullopt;
    return StrongId(std::string(text));
  }

  absl::string_view text() const { return text_; }
  const std::string& str() const { return text_; }

  friend auto operator<=>(const StrongId&, const StrongId&) = default;
  template <typename H>
  friend H AbslHashValue(H state, const StrongId& id) {
    return H::combine(std::move(state), id.text_);
  }
  friend std::ostream& operator<<(std::ostream& out, const StrongId& id) { return out << id.text_; }

 private:
  explicit StrongId(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

using MemberId = StrongId<struct MemberIdTag>;
using OrgId = StrongId<struct OrgIdTag>;
using CommunityId = StrongId<struct CommunityIdTag>;

class BulletinId {
 public:
  static constexpr size_t kSize = 16;

  explicit BulletinId(const std::array<uint8_t, kSize>& bytes) : bytes_(bytes) {}

  // From 32 lowercase hex digits.
  static std::optional<BulletinId> Parse(absl::string_view text) {
    std::optional<Bytes> bytes = HexDecode(text);
    if (!bytes.has_value()) return std::nullopt;
    return FromBytes(*bytes);
  }
  // From exactly 16 bytes.
  static std::optional<BulletinId> FromBytes(ByteSpan raw) {
    if (raw.size() != kSize) return std::nullopt;
    std::array<uint8_t, kSize> bytes;
    std::copy(raw.begin(), raw.end(), bytes.begin());
    return BulletinId(bytes);
  }

  ByteSpan span() const { return bytes_; }
  std::string ToHex() const { return HexEncode(bytes_); }

  friend auto operator<=>(const BulletinId&, const BulletinId&) = default;
  template <typename H>
  friend H AbslHashValue(H state, const BulletinId& id) {
    return H::combine(std::move(state), id.bytes_);
  }
  friend std::ostream& operator<<(std::ostream& out, const BulletinId& id) {
    return out << id.ToHex();
  }

 private:
  std::array<uint8_t, kSize> bytes_;
};

}  // namespace shield
