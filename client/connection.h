// A member's connection to its broker: the seam between what the library does and how it travels.
//
// client/transport implements it over gRPC with pinned keys; client/mock holds one in memory for
// programs that test themselves against the library. Values are plain: no gRPC, no generated types,
// and every signed text is the exact bytes that were signed. An implementation checks form only
// (sizes, counts, unknown fields); whether a text is true is for the caller to verify.
//
// Calls block. `timeout` bounds the whole call, its stream included; absl::InfiniteDuration() waits
// for ever. Statuses are those of docs/spec/wire.md, with rule, hint and retry delay attached
// (base/status.h). A broker that could not be reached gives UNAVAILABLE; one that showed the pinned
// key and then closed the door gives UNAUTHENTICATED with the likely causes. Nothing here retries.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/bytes.h"
#include "base/digest.h"
#include "base/strong_id.h"

namespace shield {

struct BrokerAnswer {
  std::string broker_key;  // vkey that signs inbox heads
  std::string log_key;     // vkey that signs checkpoints
  std::string software;
  absl::Time time;
};

// One organisation as the directory shows it: whole, or not at all.
struct DirectoryPart {
  uint32_t index = 0;                  // of its line among all org lines
  std::vector<Digest> proof;           // inclusion path, lowest first
  std::string line;                    // without line feed
  std::vector<std::string> own_lines;  // its member and key lines
};

struct DirectoryAnswer {
  std::string note;
  std::string fresh;       // empty: the broker holds no freshness note
  bool unchanged = false;  // the caller's version is the newest; no part follows
  std::vector<DirectoryPart> parts;
  std::string authority = {};  // the chain of rotations (policy/proof/authority_note.h)
};

struct DirectoryUpload {
  std::string note;  // empty: only a new freshness note
  std::string fresh;
  std::vector<std::string> lines;  // org line, its own lines, next org line …
  std::string authority = {};      // the chain of rotations, the newest of them perhaps new
  // Signed notes of the versions between the one the broker holds and this one; mostly none.
  std::vector<std::string> between = {};
};

struct DirectoryReceipt {
  uint64_t version = 0;
  uint64_t log_index = 0;
};

// What a hidden audience token stands for.
struct AudienceOpening {
  Bytes salt;  // 16 bytes
  std::string token;

  friend bool operator==(const AudienceOpening&, const AudienceOpening&) = default;
};

struct PublishOffer {
  std::string statement;
  std::vector<AudienceOpening> openings;
};

struct PublishReceipt {
  std::optional<BulletinId> id;
  uint64_t recipients = 0;
  uint64_t directory_version = 0;
  uint64_t log_index = 0;
  uint64_t told = 0;  // holders of what it ended, beside the recipients
  bool replayed = false;
  std::vector<std::string> warnings;  // rule codes
};

enum class DeliveryState { kUnspecified, kLive, kEmbargoed, kExpired, kWithdrawn, kSuperseded };

// One inbox entry as the broker sends it. Nothing in it has been verified.
struct DeliveredEntry {
  uint64_t seq = 0;
  std::string statement;  // the signed note
  uint64_t log_index = 0;
  Bytes payload;  // whole when small, else empty and fetched
  DeliveryState state = DeliveryState::kUnspecified;
  std::string ended_by;  // signed statement that withdrew or superseded it
  Bytes slot;            // 168 bytes; empty on a tombstone and on a control entry
  Digest slot_hash;
  uint32_t leaf_index = 0;  // of the caller in the recipient tree
  std::vector<Digest> leaf_proof;
  std::vector<AudienceOpening> openings;
  std::string shared_original = {};  // of a share: the signed statement of what it passes on
};

// One message of a subscription; parts that the message does not carry are empty.
struct SubscriptionMessage {
  struct Hello {
    std::string head;  // signed note shield/inbox/v1
    uint64_t directory_version = 0;
    absl::Time time;
  };
  struct Mark {
    std::string head;
    Bytes resume_token;
  };
  struct Heartbeat {
    uint64_t directory_version = 0;
    absl::Time time;
  };
  std::optional<Hello> hello;  // in the first message only
  std::vector<DeliveredEntry> entries;
  std::optional<Mark> mark;  // everything up to the head has been sent
  std::optional<Heartbeat> heartbeat;
};

struct SubscriptionStart {
  uint64_t after = 0;  // the last entry the caller holds
  Digest after_hash;   // chain hash of that entry; ignored when after is 0
  Bytes resume_token;  // from the last mark; empty at first
  // The caller leaves at the first mark. Such subscriptions have places of their own at the broker,
  // so that a short look at an inbox ends nobody's watch over it.
  bool catch_up = false;
};

struct FetchSource {
  BulletinId id;
  uint32_t object = 0;  // 0: the payload; n: the n-th object, from 1
  uint64_t offset = 0;
};

struct ReaderStatus {
  MemberId member;
  OrgId org;
  bool acknowledged = false;
  bool told = false;  // it holds what this one ended, and this one without a slot
  std::optional<MemberId> shared_by = {};  // it holds it by a share of this member's
  std::vector<std::string> receipts = {};  // signed notes shield/receipt/v1, not verified
};

inline constexpr size_t kMaxReceiptsInCall = 64;

// Where a list of what falls due goes on: after the first `rows` of those that end at `end`.
struct RetentionPlace {
  absl::Time end = absl::UnixEpoch();  // whole seconds
  uint32_t rows = 0;
  friend bool operator==(const RetentionPlace&, const RetentionPlace&) = default;
};

struct RetentionQuery {
  absl::Time until = absl::UnixEpoch();  // what ends before this …
  RetentionPlace from = {};              // … and has not ended yet, from here on
};

// One bulletin whose content the broker erases at `expires`.
struct RetentionRow {
  std::optional<BulletinId> id = {};  // nothing for whoever may not know it
  Digest text_digest = {};            // of its statement, as its leaf in the log has it …
  uint64_t log_index = 0;             // … and where that stands
  std::string bulletin_class;         // "content"
  std::string label;                  // "AMBER+STRICT"
  absl::Time issued = absl::UnixEpoch();
  absl::Time expires = absl::UnixEpoch();
  uint32_t row_days = 0;  // of the broker's retention table, for class and label; 0: no row
};

struct RetentionPage {
  std::vector<RetentionRow> rows = {};
  std::optional<RetentionPlace> next = {};  // nothing at the end
  uint32_t unerased = 0;                    // that have ended and whose erasure is under way
};

struct LogAnswer {
  std::string checkpoint;  // C2SP tlog-checkpoint note
  std::vector<Digest> proof;
  // With the newest checkpoint: the newest one that enough witnesses have cosigned, and that its
  // log is the beginning of the other. Empty when there is none.
  std::string witnessed = {};
  std::vector<Digest> witnessed_proof = {};
};

// A tile or entry bundle of C2SP tlog-tiles.
struct LogTile {
  uint32_t level = 0;
  uint64_t index = 0;
  uint32_t width = 0;    // 1 to 256
  bool entries = false;  // the entries that the tile of level 0 has the hashes of
};

// The writing half of a publish. Pieces of any size; the transport cuts them. Order: slots,
// payload, objects ascending. A write fails with the status that ended the call. Not thread-safe,
// but for Cancel.
class PublishWriter {
 public:
  virtual ~PublishWriter() = default;
  virtual absl::Status WriteSlots(ByteSpan slots) = 0;  // whole slots, ascending by recipient key
  virtual absl::Status WritePayload(ByteSpan bytes) = 0;
  virtual absl::Status WriteObject(uint32_t object, ByteSpan bytes) = 0;  // from 0
  // Says that all has been written and waits for the answer. Call once, last.
  virtual absl::StatusOr<PublishReceipt> Finish() = 0;
  virtual void Cancel() = 0;
};

// The reading half of a subscription. One reader at a time; Cancel from any thread makes a blocked
// Read return CANCELLED. Read never returns OK after the end: a stream that the broker closes
// without an error gives UNAVAILABLE. A stream silent for three heartbeats ends with UNAVAILABLE.
class SubscriptionReader {
 public:
  virtual ~SubscriptionReader() = default;
  virtual absl::StatusOr<SubscriptionMessage> Read() = 0;
  virtual void Cancel() = 0;
};

// The reading half of a fetch: pieces in order, then an empty one at the end.
class FetchReader {
 public:
  virtual ~FetchReader() = default;
  virtual absl::StatusOr<Bytes> Read() = 0;
  // From the first piece on; 0 before.
  virtual uint64_t total_bytes() const = 0;
  virtual void Cancel() = 0;
};

// Thread-safe.
class Connection {
 public:
  virtual ~Connection() = default;

  virtual absl::StatusOr<BrokerAnswer> GetBroker(absl::Duration timeout) = 0;
  virtual absl::StatusOr<DirectoryAnswer> GetDirectory(uint64_t have_version,
                                                       absl::Duration timeout) = 0;
  virtual absl::StatusOr<DirectoryReceipt> PublishDirectory(const DirectoryUpload& upload,
                                                            absl::Duration timeout) = 0;
  virtual absl::StatusOr<std::unique_ptr<PublishWriter>> Publish(const PublishOffer& offer,
                                                                 absl::Duration timeout) = 0;
  virtual absl::StatusOr<std::unique_ptr<SubscriptionReader>> Subscribe(
      const SubscriptionStart& start, absl::Duration timeout) = 0;
  // The cursor after the call.
  virtual absl::StatusOr<uint64_t> Acknowledge(uint64_t seq, const Digest& hash,
                                               absl::Duration timeout) = 0;
  // Hands in signed receipts of the caller's, at most kMaxReceiptsInCall. Of each, in their order,
  // the rule by which the broker refused it; empty when it keeps it.
  virtual absl::StatusOr<std::vector<std::string>> AddReceipts(
      const std::vector<std::string>& notes, absl::Duration timeout) = 0;
  virtual absl::StatusOr<std::unique_ptr<FetchReader>> Fetch(const FetchSource& source,
                                                             absl::Duration timeout) = 0;
  virtual absl::StatusOr<std::vector<ReaderStatus>> GetStatus(const BulletinId& id,
                                                              absl::Duration timeout) = 0;
  // The signed statement of a bulletin, for whoever may withdraw it.
  virtual absl::StatusOr<std::string> GetStatement(const BulletinId& id,
                                                   absl::Duration timeout) = 0;
  // What falls due for erasure at the broker, a page of it; for auditors of an authority.
  virtual absl::StatusOr<RetentionPage> GetRetention(const RetentionQuery& query,
                                                     absl::Duration timeout) = 0;
  // The newest, and that the log of `old_size` leaves, of the caller's last one, is its beginning:
  // no proof when that is 0 or beyond the log.
  virtual absl::StatusOr<LogAnswer> GetCheckpoint(uint64_t old_size, absl::Duration timeout) = 0;
  virtual absl::StatusOr<LogAnswer> ProveInclusion(uint64_t index, uint64_t size,
                                                   absl::Duration timeout) = 0;
  virtual absl::StatusOr<LogAnswer> ProveConsistency(uint64_t old_size, uint64_t new_size,
                                                     absl::Duration timeout) = 0;
  // Where many leaves stand at once: `indexes` strictly ascending, 1 to kMaxBatchLeaves. The proof
  // is for VerifyBatch of crypto/merkle.h.
  virtual absl::StatusOr<LogAnswer> ProveBatch(const std::vector<uint64_t>& indexes, uint64_t size,
                                               absl::Duration timeout) = 0;
  // The bytes of a tile or bundle.
  virtual absl::StatusOr<Bytes> GetTile(const LogTile& tile, absl::Duration timeout) = 0;
  // Hands in a checkpoint of the log with the cosignature of a witness.
  virtual absl::Status Cosign(const std::string& note, absl::Duration timeout) = 0;
  // The one that the next witness is to cosign, which may be older. Of that and the caller's, the
  // proof is that the shorter log is the beginning of the longer one.
  virtual absl::StatusOr<LogAnswer> GetCheckpointToCosign(uint64_t old_size,
                                                          absl::Duration timeout) = 0;
};

}  // namespace shield
