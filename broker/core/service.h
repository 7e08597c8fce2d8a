// What the broker does for a caller, without a word about how it travels.
//
// broker/transport turns each rpc of proto/shield/v1/broker.proto into calls of this interface;
// broker/core implements it. Everything here is a value or an interface; errors are absl::Status
// with rule, hint and retry delay (base/status.h) and reach the caller as they are, so they must
// not tell an outsider more than NOT_FOUND.
//
//   std::unique_ptr<PublishSession> session = service.Publish(caller);
//   session->OnHeader({note, openings}); session->OnSlots(chunk); session->OnPayload(chunk);
//   session->Finish([](absl::StatusOr<PublishReceipt> receipt) { … });
//
// The transport guarantees, before anything arrives here: sizes and counts within the limits of
// docs/spec/wire.md, no unknown field, digests of 32 and ids of 16 bytes, parts in their order
// (header first, then slots, payload, objects). The caller was admitted by the PinOracle when the
// call began.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/bytes.h"
#include "base/digest.h"
#include "base/strong_id.h"
#include "broker/core/caller.h"
#include "broker/core/feed.h"

namespace shield::broker {

struct BrokerIdentity {
  std::string broker_key;  // vkey that signs inbox heads
  std::string log_key;     // vkey that signs checkpoints
  std::string software;    // "shieldd 0.1.0"
  absl::Time time;
};

struct PublishHeader {
  std::string statement;  // the signed note
  std::vector<AudienceOpening> openings;
};

struct PublishReceipt {
  BulletinId id;
  uint64_t recipients;
  uint64_t directory_version;
  uint64_t log_index;
  uint64_t told;                      // holders of what it ended, beside the recipients
  bool replayed;                      // the same bytes had been committed before
  std::vector<std::string> warnings;  // rule codes
};

// One publish call. Each On… takes what it is given before it returns: the transport reads only a
// little ahead of that (broker/transport/upload_call.h). The first error ends the call. Destroyed
// without Finish: the caller went away, nothing is committed. Used by one thread at a time.
class PublishSession {
 public:
  using Callback = std::function<void(absl::StatusOr<PublishReceipt>)>;

  virtual ~PublishSession() = default;
  virtual absl::Status OnHeader(PublishHeader header) = 0;
  virtual absl::Status OnSlots(ByteSpan chunk) = 0;  // cut anywhere, not only between slots
  virtual absl::Status OnPayload(ByteSpan chunk) = 0;
  virtual absl::Status OnObject(uint32_t object, ByteSpan chunk) = 0;  // object: 0-based, ascending
  // Everything has arrived: check and commit. `callback` runs exactly once, on any thread, perhaps
  // before Finish returns, and may destroy nothing of the session: the transport keeps the session
  // until the callback has run. It must not be called while a lock is held.
  virtual void Finish(Callback callback) = 0;
};

struct DirectoryReceipt {
  uint64_t version;
  uint64_t log_index;
};

struct DirectoryHeading {
  std::string note;
  std::string fresh;
  std::string authority = {};  // the chain of rotations; empty while there was none
};

// One directory upload; the same rules as for PublishSession.
class DirectorySession {
 public:
  using Callback = std::function<void(absl::StatusOr<DirectoryReceipt>)>;

  virtual ~DirectorySession() = default;
  // `note` empty: only a new freshness note. `fresh` empty: none.
  virtual absl::Status OnHead(DirectoryHeading heading) = 0;
  // Signed notes of versions that lead from the one held to the one uploaded, in their order.
  virtual absl::Status OnBetween(std::vector<std::string> notes) = 0;
  virtual absl::Status OnLines(std::vector<std::string> lines) = 0;
  virtual void Finish(Callback callback) = 0;
};

struct DirectoryHead {
  std::string note;
  std::string fresh;
  std::string authority;   // the chain of rotations
  bool unchanged = false;  // the caller's version is the newest: nothing follows
};

struct DirectoryOrganisation {
  uint32_t index = 0;
  std::vector<Digest> proof;  // in the first part of an organisation only
  std::string line;           // likewise
  std::vector<std::string> own_lines;
  bool more = false;  // another part of the same organisation follows
};

using DirectoryPart = std::variant<DirectoryHead, DirectoryOrganisation>;

// Reads one answer part after part: the head first. A part fits a message: at most 64 KiB of lines.
// Used by one thread at a time.
class DirectoryReader {
 public:
  virtual ~DirectoryReader() = default;
  // Nothing after the last part.
  virtual absl::StatusOr<std::optional<DirectoryPart>> Next() = 0;
};

struct FetchQuery {
  BulletinId id;
  uint32_t object = 0;  // 0: the payload; n: the n-th object, from 1
  uint64_t offset = 0;
};

struct FetchChunk {
  std::string bytes;         // at most 64 KiB
  uint64_t total_bytes = 0;  // of the whole thing, from offset 0
};

// Used by one thread at a time.
class FetchReader {
 public:
  virtual ~FetchReader() = default;
  // Nothing after the last chunk. A thing that ends at `offset` gives one empty chunk, so that its
  // size is told.
  virtual absl::StatusOr<std::optional<FetchChunk>> Next() = 0;
};

struct RecipientStatus {
  MemberId member;
  OrgId org;
  bool acknowledged = false;
  bool told = false;  // it holds what this one ended, and this one without a slot
  std::optional<MemberId> shared_by = {};  // it holds it by a share of this member's
  std::vector<std::string> receipts = {};  // it signed, at most one of each state
};

// The newest; its proof is that the log of `old_size` leaves is its beginning. None when old_size
// is 0 or beyond the log: the caller sees by the signed size that leaves were lost.
struct CheckpointQuery {
  uint64_t old_size = 0;
  // Not the newest, but the one that the next witness is to cosign; when that has fewer leaves than
  // old_size, the proof is that its log is the beginning of the log of old_size leaves.
  bool to_cosign = false;
};
struct InclusionQuery {
  uint64_t index = 0;
  uint64_t size = 0;
};
struct ConsistencyQuery {
  uint64_t old_size = 0;
  uint64_t new_size = 0;
};
struct BatchQuery {
  std::vector<uint64_t> indexes;  // 1 to kMaxBatchLeaves, strictly ascending
  uint64_t size = 0;
};
// A part of the log as C2SP tlog-tiles lays it out; docs/spec/log.md, "Tiles".
struct TileQuery {
  uint32_t level = 0;
  uint64_t index = 0;
  uint32_t width = 0;    // 1 to kTileWidth
  bool entries = false;  // the entries that the tile of level 0 has the hashes of
};
struct CosignQuery {
  std::string note;  // a checkpoint of this log with a witness's cosignature
};
using LogQuery = std::variant<CheckpointQuery, InclusionQuery, ConsistencyQuery, BatchQuery,
                              TileQuery, CosignQuery>;

struct LogProof {
  std::string checkpoint;     // C2SP tlog-checkpoint note
  std::vector<Digest> proof;  // of a BatchQuery as VerifyBatch of crypto/merkle.h takes it
  bool batch = false;
  std::string tile = {};
  std::string witnessed = {};                // the newest checkpoint with enough cosignatures …
  std::vector<Digest> witnessed_proof = {};  // … and that its log is the beginning of this one
};

// Where a list of what falls due goes on: after the first `rows` of those that end at `end`.
struct RetentionPlace {
  absl::Time end = absl::UnixEpoch();  // whole seconds
  uint32_t rows = 0;
  friend bool operator==(const RetentionPlace&, const RetentionPlace&) = default;
};

struct RetentionQuery {
  absl::Time until = absl::UnixEpoch();  // what ends before this …
  RetentionPlace from = {};              // … and has not ended now, from here on
};

// One bulletin whose slots, payload and objects are erased at `expires`. Nothing in it says whom it
// went to, or what it is about.
struct RetentionRow {
  std::optional<BulletinId> id = {};  // for who may know it, else nothing
  Digest text_digest = {};            // of its statement, as its leaf in the log has it …
  uint64_t log_index = 0;             // … and where that stands
  std::string bulletin_class;         // "content"
  std::string label;                  // "AMBER+STRICT"
  absl::Time issued = absl::UnixEpoch();
  absl::Time expires = absl::UnixEpoch();
  uint32_t row_days = 0;  // of the retention table, for its class and label; 0: no row
};

struct RetentionPage {
  std::vector<RetentionRow> rows = {};
  std::optional<RetentionPlace> next = {};  // nothing at the end
  uint32_t unerased = 0;                    // that have ended and whose erasure is under way
};

// Thread-safe. Calls return soon: what has to wait for a synced write ends in a callback, but for
// Log with a CosignQuery, which returns when what it brought is on disk.
class BrokerService {
 public:
  using AcknowledgeCallback = std::function<void(absl::StatusOr<uint64_t>)>;
  using ReceiptsCallback = std::function<void(absl::StatusOr<std::vector<std::string>>)>;

  virtual ~BrokerService() = default;

  virtual absl::StatusOr<BrokerIdentity> GetBroker(const Caller& caller) = 0;
  virtual absl::StatusOr<std::unique_ptr<DirectoryReader>> GetDirectory(const Caller& caller,
                                                                        uint64_t have_version) = 0;
  virtual absl::StatusOr<std::unique_ptr<DirectorySession>> PublishDirectory(
      const Caller& caller) = 0;
  virtual absl::StatusOr<std::unique_ptr<PublishSession>> Publish(const Caller& caller) = 0;
  // The transport keeps at most two live subscriptions a member, the newest ones.
  virtual absl::StatusOr<std::unique_ptr<Subscription>> Subscribe(const Caller& caller,
                                                                  SubscribeQuery query) = 0;
  // The callback gets the acknowledged cursor; the rules of PublishSession::Finish hold for it.
  virtual void Acknowledge(const Caller& caller, uint64_t seq, const Digest& hash,
                           AcknowledgeCallback callback) = 0;
  // Keeps signed receipts of the caller's. The callback gets for each, in their order, the rule by
  // which it was refused, empty when it is kept; the rules of PublishSession::Finish hold for it.
  virtual void AddReceipts(const Caller& caller, std::vector<std::string> notes,
                           ReceiptsCallback callback) = 0;
  virtual absl::StatusOr<std::unique_ptr<FetchReader>> Fetch(const Caller& caller,
                                                             const FetchQuery& query) = 0;
  virtual absl::StatusOr<std::vector<RecipientStatus>> GetStatus(const Caller& caller,
                                                                 const BulletinId& id) = 0;
  // The signed statement of a bulletin that policy lets the caller withdraw, or of a share of one
  // whose holders it may know.
  virtual absl::StatusOr<std::string> GetStatement(const Caller& caller, const BulletinId& id) = 0;
  // What falls due for erasure, for auditors of an authority.
  virtual absl::StatusOr<RetentionPage> GetRetention(const Caller& caller,
                                                     const RetentionQuery& query) = 0;
  virtual absl::StatusOr<LogProof> Log(const Caller& caller, const LogQuery& query) = 0;
};

}  // namespace shield::broker
