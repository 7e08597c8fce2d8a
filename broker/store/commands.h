// What the broker asks of its store, as plain values. Everything in a CommitGroup becomes durable
// together, by one synced write, or not at all.
//
// The values are already checked against policy, signature and roots; the store re-checks only what
// another commit may have changed meanwhile: the directory version, and whether the id is unused.
#pragma once

#include <cstdint>
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
inline constexpr size_t kMaxNamed = 256;  // as many as a statement's audience has tokens
inline constexpr uint64_t kMaxPartBytes = uint64_t{1} << 32;

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
  Bytes slot = {};          // empty: an entry without a slot, as a withdrawal gives
  Digest slot_digest = {};  // SHA-256 of `slot`
  Digest leaf = {};         // of the recipient tree
};

struct PublishCommand {
  BulletinId id;
  MemberId sender;
  Digest request_hash = {};  // of all bytes sent; decides whether a repeat is the same request
  uint64_t directory_version = 0;  // the one that `deliveries` was computed for
  Bytes statement = {};            // the signed note
  Digest text_digest = {};         // SHA-256 of the statement's text
  std::vector<StoredOpening> openings = {};
  std::vector<Delivery> deliveries = {};      // in the order of the recipient tree; no member twice
  std::optional<OrgId> source = {};           // the sender's organisation at publish …
  std::optional<CommunityId> community = {};  // … and that organisation's community
  std::vector<NamedRecipient> named = {};     // ascending by leaf index
  Bytes payload = {};                         // whole, when at most kChunkBytes; else staged
  std::optional<UploadId> upload = {};        // where larger payloads and all objects were staged
  std::vector<uint64_t> part_bytes = {};      // payload, object 1, object 2, …; empty: no payload
  Digest log_leaf = {};                       // leaf hash for the transparency log
  absl::Time expires = absl::InfiniteFuture();
  std::vector<std::string> warnings = {};  // kept for a replayed receipt
};

// The same for a first and a repeated request, `replayed` apart.
struct PublishReceipt {
  uint64_t commit = 0;
  uint64_t log_index = 0;
  uint64_t directory_version = 0;
  uint64_t recipients = 0;
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

// A new directory, valid only on top of `expected_version` (0: none yet).
struct DirectoryCommand {
  uint64_t expected_version = 0;
  uint64_t version = 0;  // above expected_version
  Bytes note = {};
  Bytes fresh = {};  // may be empty
  std::vector<std::string> lines = {};
  Digest log_leaf = {};
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

// Applied in this order: publishes as listed, acknowledgements, directories, freshness notes.
struct CommitGroup {
  std::vector<PublishCommand> publishes = {};
  std::vector<AcknowledgeCommand> acknowledges = {};
  std::vector<DirectoryCommand> directories = {};
  std::vector<FreshCommand> freshes = {};
};

// Parallel to the group. Errors: broker/store/store.h.
struct CommitResults {
  std::vector<absl::StatusOr<PublishReceipt>> publishes = {};
  std::vector<absl::StatusOr<uint64_t>> acknowledges = {};  // the cursor as it stands now
  std::vector<absl::StatusOr<DirectoryReceipt>> directories = {};
  std::vector<absl::Status> freshes = {};
};

}  // namespace shield::store
