// The keys of every column, byte for byte (docs/spec/storage.md section 2). Integers are
// big-endian, so that keys sort as numbers do.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "base/bytes.h"
#include "base/strong_id.h"

namespace shield::store {

// A number of the store's own for a member: 4 bytes in every inbox key instead of up to 64.
struct MemberNumber {
  uint32_t value = 0;
  friend auto operator<=>(const MemberNumber&, const MemberNumber&) = default;
  template <typename H>
  friend H AbslHashValue(H state, const MemberNumber& number) {
    return H::combine(std::move(state), number.value);
  }
};

using Key = std::string;

inline void PutU32(std::string& out, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift));
}
inline void PutU64(std::string& out, uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift));
}
inline void PutBytes(std::string& out, ByteSpan bytes) {
  const absl::string_view text = AsText(bytes);
  out.append(text.data(), text.size());
}

// column meta
inline Key EpochKey() { return "e"; }
inline Key FormatKey() { return "f"; }
inline Key DirectoryKey() { return "dh"; }
inline Key DirectoryLinesPrefix() { return "dl"; }
inline Key DirectoryLinesKey(uint32_t block) {
  Key key = DirectoryLinesPrefix();
  PutU32(key, block);
  return key;
}
inline Key MemberPrefix() { return "m"; }
inline Key MemberKey(const MemberId& member) { return "m" + member.str(); }
inline Key CursorPrefix() { return "c"; }
inline Key CursorKey(MemberNumber member) {
  Key key = CursorPrefix();
  PutU32(key, member.value);
  return key;
}
// A bulletin that has ended and is not yet erased.
inline Key ErasurePrefix() { return "x"; }
inline Key ErasureKey(const BulletinId& id) { return "x" + ToString(id.span()); }
// Above every upload number of which chunks were erased.
inline Key UploadsErasedKey() { return "g"; }
// What the witnesses of the log have cosigned.
inline Key WitnessedKey() { return "w"; }
// What shares a bulletin.
inline Key ShareRowsPrefix() { return "s"; }
inline Key SharePrefix(const BulletinId& original) {
  return ShareRowsPrefix() + ToString(original.span());
}
inline Key ShareKey(const BulletinId& original, const BulletinId& share) {
  return SharePrefix(original) + ToString(share.span());
}
inline Key StagedPrefix() { return "u"; }
inline Key StagedKey(uint64_t upload) {
  Key key = StagedPrefix();
  PutU64(key, upload);
  return key;
}

// column inbox
inline Key InboxKey(MemberNumber member, uint64_t seq) {
  Key key;
  key.reserve(12);
  PutU32(key, member.value);
  PutU64(key, seq);
  return key;
}

// column bulletin
inline Key BulletinKey(const BulletinId& id) { return ToString(id.span()); }

// column recipient
inline Key RecipientKey(const BulletinId& id, uint32_t tile) {
  Key key = ToString(id.span());
  PutU32(key, tile);
  return key;
}

// column receipt
inline Key ReceiptPrefix(const BulletinId& id) { return ToString(id.span()); }
inline Key ReceiptKey(const BulletinId& id, MemberNumber member, uint8_t state) {
  Key key = ReceiptPrefix(id);
  PutU32(key, member.value);
  key.push_back(static_cast<char>(state));
  return key;
}

// column payload
inline Key PayloadKey(uint64_t upload, uint32_t part, uint32_t chunk) {
  Key key;
  key.reserve(16);
  PutU64(key, upload);
  PutU32(key, part);
  PutU32(key, chunk);
  return key;
}

// column log
inline Key LogKey(uint32_t level, uint64_t index) {
  Key key(1, static_cast<char>(level));
  PutU64(key, index);
  return key;
}

// Beside the hashes of the tree, which has fewer levels: what its leaves are the hashes of.
inline Key LogEntryKey(uint64_t index) { return LogKey(0xff, index); }

// column commit
inline Key CommitKey(uint64_t commit) {
  Key key;
  PutU64(key, commit);
  return key;
}

// column expiry
inline Key ExpiryKey(uint64_t expires_unix_s, const BulletinId& id) {
  Key key;
  PutU64(key, expires_unix_s);
  PutBytes(key, id.span());
  return key;
}

}  // namespace shield::store
