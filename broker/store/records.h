// What the store gives back, as plain values.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "base/bytes.h"
#include "base/digest.h"
#include "base/strong_id.h"
#include "broker/store/commands.h"

namespace shield::store {

struct BulletinRecord {
  BulletinId id;
  MemberId sender;
  BulletinState state = BulletinState::kUnspecified;
  std::optional<BulletinId> ended_by = {};  // what withdrew or superseded it …
  Bytes ending = {};                        // … and the signed statement that did
  Bytes statement = {};
  Digest text_digest = {};
  std::vector<StoredOpening> openings = {};
  std::optional<OrgId> source = {};
  std::optional<CommunityId> community = {};
  std::vector<NamedRecipient> named = {};
  std::vector<Referral> referrals = {};
  std::vector<uint64_t> part_bytes = {};
  uint64_t commit = 0;
  uint64_t log_index = 0;
  uint64_t directory_version = 0;
  uint64_t recipients = 0;
  uint64_t told = 0;  // who hold an entry without slot, after the recipients
  absl::Time expires = absl::InfiniteFuture();
};

// What is kept of a publish: live, as the command says, with what the commit gave it.
BulletinRecord RecordOf(const PublishCommand& command, const PublishReceipt& receipt);

// Whether there is a payload, and it is one chunk.
inline bool PayloadIsWhole(const BulletinRecord& record) {
  return !record.part_bytes.empty() && record.part_bytes[0] > 0 &&
         record.part_bytes[0] <= kChunkBytes;
}

// What the entries of a bulletin show, whoever holds them.
struct BulletinContents {
  BulletinRecord record;
  std::vector<Digest> leaves = {};  // of the recipient tree, in its order
  Bytes payload = {};               // while it is live and of at most kChunkBytes; else empty
};

struct InboxEntry {
  uint64_t seq = 0;
  BulletinId id;
  uint32_t leaf_index = 0;  // not below the bulletin's recipients: an entry that never had a slot
  Bytes slot = {};          // empty on a tombstone
  Digest slot_digest = {};  // of the slot, also when the slot is gone
  Digest chain_hash = {};
};

struct InboxScan {
  std::vector<InboxEntry> entries = {};  // ascending, dense, the first being after + 1
  uint64_t last_seq = 0;                 // of the inbox when it was read
};

// Bounds of one scan. At least one entry is returned when there is one.
struct ScanLimits {
  size_t max_entries = 256;
  size_t max_bytes = 1024 * 1024;  // of slots and fixed parts
};

struct InboxPosition {
  uint64_t last_seq = 0;      // 0: empty
  Digest hash = {};           // chain hash there; of an empty inbox the genesis
  uint64_t acknowledged = 0;  // the cursor
};

// Where one holder of a bulletin stands.
struct RecipientCursor {
  MemberId member;
  uint64_t seq = 0;
  bool acknowledged = false;  // the cursor has reached `seq`
  bool told = false;          // it holds what this one ended, and this one without a slot
};

// A receipt as it was signed.
struct ReceiptRecord {
  MemberId member;
  uint8_t state = 0;
  Bytes note = {};
  friend bool operator==(const ReceiptRecord&, const ReceiptRecord&) = default;
};

// A place in the list of what is to end, which is ordered by the end and then by id: after the
// first `rows` of those that end at `end`. It names no bulletin, so it may be shown to whoever may
// not know them.
struct DuePlace {
  absl::Time end = absl::UnixEpoch();  // whole seconds
  uint64_t rows = 0;
  friend bool operator==(const DuePlace&, const DuePlace&) = default;
};

// A part of that list.
struct DueScan {
  std::vector<BulletinId> ids = {};   // live ones, in its order
  std::optional<DuePlace> next = {};  // where to go on; nothing at the end
};

struct DirectoryRecord {
  uint64_t version = 0;
  uint64_t log_index = 0;
  Bytes note = {};
  Bytes fresh = {};
  Bytes authority = {};  // the chain of rotations its signatures are judged by
  std::vector<std::string> lines = {};
};

enum class CommitKind : uint8_t { kUnspecified = 0, kPublish, kDirectory, kReceipt };

struct InboxPlace {
  MemberId member;
  uint64_t seq = 0;
  std::optional<Digest> chain_hash = {};  // of the newest commits only
};

// One step of the network's history. Numbers are 1, 2, 3 …, without gaps.
struct CommitEvent {
  uint64_t commit = 0;
  CommitKind kind = CommitKind::kUnspecified;
  std::optional<BulletinId> id = {};  // of a publish; of a receipt, the one it is about
  uint64_t directory_version = 0;     // of a directory: the new one
  uint64_t log_index = 0;
  std::vector<InboxPlace> places = {};  // of a publish: the entries it made, by leaf index
  std::vector<BulletinId> ended = {};   // of a publish: what is a tombstone from here on
};

// Where a reader was when it last heard from this store. A store that was set back to before that
// has another bulletin, or none, at `seq`, and so the reader is told. The epoch tells which store
// gave the token: a restored one has an epoch of its own.
struct ResumeToken {
  static constexpr size_t kSize = 40;  // epoch 16 | seq u64 | id 16

  std::array<uint8_t, 16> epoch{};
  uint64_t seq = 0;
  std::array<uint8_t, 16> id{};  // all zero when seq is 0

  Bytes Encode() const;
  static std::optional<ResumeToken> Decode(ByteSpan bytes);
};

// What Verify walked.
struct StoreReport {
  uint64_t commits = 0;
  uint64_t bulletins = 0;
  uint64_t members = 0;
  uint64_t inbox_entries = 0;
  uint64_t receipts = 0;
  uint64_t log_leaves = 0;
  uint64_t payload_bytes = 0;
  uint64_t directory_version = 0;
  Digest log_root = {};
};

}  // namespace shield::store
