// The values of every column, byte for byte (docs/spec/storage.md section 2). Decoding accepts only
// what encoding prints; anything else means the store is damaged.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "base/digest.h"
#include "base/strong_id.h"
#include "broker/store/records.h"
#include "broker/store/store_keys.h"

namespace shield::store {

// column bulletin: the record, and what makes its publish idempotent.
struct BulletinValue {
  BulletinRecord record;
  Digest request_hash = {};
  uint64_t upload = 0;  // under which number its chunks stand in column payload
  std::vector<std::string> warnings = {};
};
std::string EncodeBulletin(const BulletinValue& value);
std::optional<BulletinValue> DecodeBulletin(const BulletinId& id, absl::string_view bytes);

// column inbox: an entry without its seq, which is in the key.
std::string EncodeInboxEntry(const InboxEntry& entry);
// The same of an entry that is not made yet: all but its seq, which is in the key. `entry.slot` is
// not looked at.
void AppendInboxEntry(std::string& out, const InboxEntry& entry, ByteSpan slot);
std::optional<InboxEntry> DecodeInboxEntry(uint64_t seq, absl::string_view bytes);

// column recipient: kRecipientsPerTile recipients a row, in the order of the recipient tree.
inline constexpr size_t kRecipientsPerTile = 512;
struct RecipientValue {
  MemberNumber member;
  uint64_t seq = 0;
  Digest leaf = {};
};
void AppendRecipient(std::string& tile, const RecipientValue& value);
std::optional<std::vector<RecipientValue>> DecodeRecipients(absl::string_view tile);

// column receipt, without what is in the key.
struct ReceiptValue {
  uint64_t commit = 0;
  Bytes note = {};  // signed
};
std::string EncodeReceipt(const ReceiptValue& value);
std::optional<ReceiptValue> DecodeReceipt(absl::string_view bytes);

// column commit. The running hash covers all commits so far:
//   SHA-256("shield/v1/store-commit" || 00 || previous || commit u64 || kind u8 || subject ||
//           log index u64 || log leaf)
// where subject is the bulletin's id, also of a receipt, or the directory version as u64.
struct CommitValue {
  CommitKind kind = CommitKind::kUnspecified;
  uint64_t log_index = 0;
  uint64_t directory_version = 0;     // as it was, or became, with this commit
  std::optional<BulletinId> id = {};  // of a publish; of a receipt, the one it is about
  Digest running_hash = {};
};
std::string EncodeCommit(const CommitValue& value);
std::optional<CommitValue> DecodeCommit(absl::string_view bytes);
Digest NextRunningHash(const Digest& previous, uint64_t commit, const CommitValue& value,
                       const Digest& log_leaf);

// column meta, the directory: its head, then its lines in blocks, each line ended by LF.
inline constexpr size_t kLineBlockBytes = 64 * 1024;
struct DirectoryValue {
  uint64_t version = 0;
  uint64_t log_index = 0;
  uint32_t blocks = 0;
  Bytes note = {};
  Bytes fresh = {};
  Bytes authority = {};
};
std::string EncodeDirectory(const DirectoryValue& value);
std::optional<DirectoryValue> DecodeDirectory(absl::string_view bytes);
std::vector<std::string> LineBlocks(const std::vector<std::string>& lines);
// Appends the lines of a block; false when it does not end in LF.
bool AppendLines(absl::string_view block, std::vector<std::string>& lines);

// Bare integers and digests.
std::string EncodeU64(uint64_t value);
std::optional<uint64_t> DecodeU64(absl::string_view bytes);
std::string EncodeU32(uint32_t value);
std::optional<uint32_t> DecodeU32(absl::string_view bytes);

}  // namespace shield::store
