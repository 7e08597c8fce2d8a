// What the broker asks of its store, as plain values. Everything in a CommitGroup becomes durable
// together, by one synced write, or not at all.
//
// The values are already checked against policy, signature and roots; the store re-checks only what
// another commit may have changed meanwhile: the directory version, and whether the id is unused.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/bytes.h"
#include "base/digest.h"
#include "base/strong_id.h"

namespace shield::store {

// Payload and objects are stored in chunks of exactly this size, the last of each being shorter.
inline constexpr size_t kChunkBytes = 64 * 1024;
// A slot as the store sees it: opaque bytes.
inline constexpr size_t kMaxSlotBytes = 4096;
inline constexpr size_t kMaxStatementBytes = 64 * 1024;
inline constexpr size_t kMaxDeliveries = 100'000;
// Part 0 is the payload, part n the n-th object.
inline constexpr uint32_t kMaxParts = 17;
inline constexpr size_t kMaxReferrals = 8;
inline constexpr size_t kMaxLogEntryBytes = 128;
inline constexpr size_t kMaxNamed = 256;  // as many as a statement's audience has tokens
inline constexpr uint64_t kMaxPartBytes = uint64_t{1} << 32;
inline constexpr size_t kMaxReceipts = 64;        // of one command
inline constexpr size_t kMaxReceiptBytes = 1024;  // of one, as signed
inline constexpr uint8_t kMaxReceiptState = 3;

// Of one end, that are passed over to go on in the list of what is due.
inline constexpr uint64_t kMaxDueRowsPassed = 100'000;

// Names chunks that were stored before their bulletin; see Store::BeginUpload.
struct UploadId {
  uint64_t number = 0;
  friend auto operator<=>(const UploadId&, const UploadId&) = default;
};

// What a hidden audience token stands for.
struct StoredOpening {
  Bytes salt;
  std::string token;
  friend bool operator==(const StoredOpening&, const StoredOpening&) = default;
};

// Where a recipient whom the audience names in person was at publish: another organisation is not
// the one the author meant.
struct NamedRecipient {
  uint32_t leaf_index = 0;  // in the recipient tree
  OrgId org;
  friend bool operator==(const NamedRecipient&, const NamedRecipient&) = default;
};

// One inbox entry to be.
struct Delivery {
  MemberId member;
  ByteSpan slot = {};       // a part of PublishCommand::slots; empty: an entry without a slot
  Digest slot_digest = {};  // SHA-256 of `slot`
  Digest leaf = {};         // of the recipient tree
};

// Whether payload and slots are still there. An ended bulletin is a tombstone: the statement, the
// numbers and the slot digests stay for ever, the sealed bytes go.
enum class BulletinState : uint8_t { kUnspecified = 0, kLive, kExpired, kWithdrawn, kSuperseded };

// What a publish does to a bulletin that it refers to.
enum class Effect : uint8_t {
  kUnspecified = 0,
  kNone,        // none; but it has to be live still
  kShares,      // gives its payload and objects to others, for as long as it is live
  kSupersedes,  // ends it; whoever holds it, or a share of it, is told
  kWithdraws,   // the same, for an expired or superseded one too
};

inline bool Ends(Effect effect) {
  return effect == Effect::kSupersedes || effect == Effect::kWithdraws;
}

struct Referral {
  BulletinId id;
  Effect effect = Effect::kUnspecified;
  friend bool operator==(const Referral&, const Referral&) = default;
};

struct PublishCommand {
  BulletinId id;
  MemberId sender;
  Digest request_hash = {};  // of all bytes sent; decides whether a repeat is the same request
  uint64_t directory_version = 0;  // the one that `deliveries` was computed for
  Bytes statement = {};            // the signed note
  Digest text_digest = {};         // SHA-256 of the statement's text
  std::vector<StoredOpening> openings = {};
  std::shared_ptr<const Bytes> slots = {};    // one piece of memory for those of all deliveries
  std::vector<Delivery> deliveries = {};      // in the order of the recipient tree; no member twice
  std::optional<OrgId> source = {};           // the sender's organisation at publish …
  std::optional<CommunityId> community = {};  // … and that organisation's community
  std::vector<NamedRecipient> named = {};     // ascending by leaf index
  // To committed bulletins, each another. One that shares stands alone, names no share and has no
  // parts of its own: `part_bytes` are the original's. What ends others goes alone in its group.
  std::vector<Referral> referrals = {};
  // Holders of what ends who are given no entry any more: not members, or revoked ones. All others
  // get one, with a slot as `deliveries` says or without.
  std::vector<MemberId> not_told = {};
  Bytes payload = {};                     // whole, when at most kChunkBytes; else staged
  std::optional<UploadId> upload = {};    // where larger payloads and all objects were staged
  std::vector<uint64_t> part_bytes = {};  // payload, object 1, object 2, …; empty: no payload
  Bytes log_entry = {};                   // for the transparency log, at most kMaxLogEntryBytes
  absl::Time expires = absl::InfiniteFuture();
  std::vector<std::string> warnings = {};  // kept for a replayed receipt
};

// The same for a first and a repeated request, `replayed` apart.
struct PublishReceipt {
  uint64_t commit = 0;
  uint64_t log_index = 0;
  uint64_t directory_version = 0;
  uint64_t recipients = 0;
  uint64_t told = 0;  // holders of what it ended, beside the recipients
  bool replayed = false;
  std::vector<std::string> warnings = {};
  friend bool operator==(const PublishReceipt&, const PublishReceipt&) = default;
};

// Moves a cursor. `hash` is the chain hash the member holds for entry `seq`.
struct AcknowledgeCommand {
  MemberId member;
  uint64_t seq = 0;
  Digest hash = {};
};

// What a member signed about a bulletin it holds. At most one of each state is kept of a bulletin
// and member, the first.
struct NewReceipt {
  BulletinId id;
  uint8_t state = 0;     // 1 to kMaxReceiptState; what it means is the caller's
  Bytes note = {};       // signed
  Bytes log_entry = {};  // for the transparency log, at most kMaxLogEntryBytes
};

struct ReceiptsCommand {
  MemberId member;
  std::vector<NewReceipt> receipts = {};
};

// A new directory, valid only on top of `expected_version` (0: none yet).
struct DirectoryCommand {
  uint64_t expected_version = 0;
  uint64_t version = 0;  // above expected_version
  Bytes note = {};
  Bytes fresh = {};      // may be empty
  Bytes authority = {};  // the chain of rotations; may be empty
  std::vector<std::string> lines = {};
  Bytes log_entry = {};
};

struct DirectoryReceipt {
  uint64_t commit = 0;
  uint64_t log_index = 0;
  uint64_t version = 0;
};

// A new freshness note for the present directory.
struct FreshCommand {
  uint64_t version = 0;
  Bytes fresh = {};
};

// Erases what has ended: slots first, then payload and objects. One command does a bounded part of
// it and says whether more is due; nothing is due before a bulletin's end.
struct SweepCommand {
  absl::Time now;         // what expires at or before this has ended
  size_t max_rows = 512;  // slots erased, and bulletins looked at
};

inline constexpr size_t kMaxSweptRows = 4096;

struct SweepReceipt {
  uint64_t slots = 0;      // erased
  uint64_t bulletins = 0;  // of which now nothing sealed is left
  bool more = false;
};

// Applied in this order: publishes as listed, acknowledgements, receipts, directories, freshness
// notes, sweeps.
struct CommitGroup {
  std::vector<PublishCommand> publishes = {};
  std::vector<AcknowledgeCommand> acknowledges = {};
  std::vector<ReceiptsCommand> receipts = {};
  std::vector<DirectoryCommand> directories = {};
  std::vector<FreshCommand> freshes = {};
  std::vector<SweepCommand> sweeps = {};
};

// Parallel to the group. Errors: broker/store/store.h.
struct CommitResults {
  std::vector<absl::StatusOr<PublishReceipt>> publishes = {};
  std::vector<absl::StatusOr<uint64_t>> acknowledges = {};  // the cursor as it stands now
  std::vector<absl::StatusOr<uint64_t>> receipts = {};      // how many of them are new
  std::vector<absl::StatusOr<DirectoryReceipt>> directories = {};
  std::vector<absl::Status> freshes = {};
  std::vector<absl::StatusOr<SweepReceipt>> sweeps = {};
};

}  // namespace shield::store
