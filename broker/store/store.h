// The broker's memory: one narrow interface, durable before it answers.
//
// All changes go through Commit, which one thread calls (broker/committer): the group's statements,
// payloads, inbox entries, idempotence records and log leaves become durable in one synced write.
// Everything read is from committed groups. After any failed write or failed checksum a store is
// failed for good: it repairs nothing, every call returns STORE_FAILED, and the process should exit
// (health(); docs/spec/storage.md section 5).
//
//   CommitGroup group;
//   group.publishes.push_back(std::move(command));
//   CommitResults results = store.Commit(std::move(group));
//   if (results.publishes[0].ok()) …  // survives kill -9 and power loss
//
// Errors carry these rules:
//   ABORTED             DIRECTORY_MOVED   the directory is not the one the recipients stem from
//   ABORTED             BULLETIN_MOVED    a bulletin it refers to is not there, or not any more
//   ALREADY_EXISTS      ID_TAKEN          the id was used by another sender or for other bytes
//   RESOURCE_EXHAUSTED  DISK_LOW          below the free-space watermark; nothing was recorded
//   OUT_OF_RANGE        CURSOR_AHEAD      acknowledging what was never delivered
//   DATA_LOSS           ROLLBACK          reader and store hold different histories
//   INVALID_ARGUMENT    LIMIT_EXCEEDED    one past a limit of commands.h
//   UNAVAILABLE         OUTCOME_UNKNOWN   the write failed and may be on disk: retry with the id
//   UNAVAILABLE         STORE_FAILED      an earlier failure; see health()
//   NOT_FOUND           none              no such bulletin, entry, chunk or directory; a receipt
//                                         about none, or of a member without an inbox
//
// Thread-safe, Commit excepted: one thread at a time. Implementations: broker/store/rocks_store.h;
// tests/broker/store/memory_store.h. Both pass tests/broker/store/store_contract.h.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/bytes.h"
#include "base/digest.h"
#include "base/strong_id.h"
#include "broker/store/commands.h"
#include "broker/store/records.h"

namespace shield::store {

class Store {
 public:
  virtual ~Store() = default;

  // Makes the group durable. From then on what a publish ended is a tombstone to every reader: its
  // state and, by ReadBulletin, `ended_by`; chunks and slots are not served, and a sweep erases
  // them. A refused command leaves no trace and does not hinder the others. A
  // publish whose id and request_hash are already committed for the same sender returns the stored
  // receipt with `replayed` set, whatever the directory is by now.
  virtual CommitResults Commit(CommitGroup group) = 0;

  // Staging of what is too large for a command: chunks 0, 1, 2, … of a part, in order, each of
  // kChunkBytes but the last. They become readable when a publish that names the upload commits.
  // Drop what will not be published; uploads that a crash left behind are swept at start.
  virtual absl::StatusOr<UploadId> BeginUpload() = 0;
  virtual absl::Status PutChunk(UploadId upload, uint32_t part, uint32_t chunk, ByteSpan bytes) = 0;
  virtual absl::Status DropUpload(UploadId upload) = 0;

  // The stored receipt when exactly this request was committed, nothing when the id is unused,
  // ID_TAKEN otherwise. To be asked before anything that depends on the time.
  virtual absl::StatusOr<std::optional<PublishReceipt>> FindReceipt(const BulletinId& id,
                                                                    const MemberId& sender,
                                                                    const Digest& request_hash) = 0;

  virtual absl::StatusOr<BulletinRecord> ReadBulletin(const BulletinId& id) = 0;
  // The same of many, in their order, with their recipient trees and payloads. Each may be as it
  // stood at another moment of the call. NOT_FOUND when one of them is not there.
  virtual absl::StatusOr<std::vector<BulletinContents>> ReadContents(
      std::span<const BulletinId> ids) = 0;
  virtual absl::StatusOr<std::vector<RecipientCursor>> ReadRecipientCursors(
      const BulletinId& id) = 0;
  // What members signed about it, by member in the order of their first entries, then by state.
  virtual absl::StatusOr<std::vector<ReceiptRecord>> ReadReceipts(const BulletinId& id) = 0;
  // Whether one of this member in this state is kept: what AddReceipts would not keep again. False
  // for a bulletin or a member that is not there.
  virtual absl::StatusOr<bool> HasReceipt(const BulletinId& id, const MemberId& member,
                                          uint8_t state) = 0;
  // The bulletins that share this one, ascending by id.
  virtual absl::StatusOr<std::vector<BulletinId>> ReadShares(const BulletinId& id) = 0;
  // Which live bulletins end before `until`, from `from` on; looks at no more than `max_rows`
  // places, of which those that ended otherwise give nothing. INVALID_ARGUMENT, LIMIT_EXCEEDED: a
  // place beyond kMaxDueRowsPassed rows of one end.
  virtual absl::StatusOr<DueScan> ReadDue(const DuePlace& from, absl::Time until,
                                          size_t max_rows) = 0;
  // How many bulletins have ended by `now` and are not erased yet; counts up to `max`.
  virtual absl::StatusOr<uint64_t> CountUnerased(absl::Time now, uint64_t max) = 0;
  // Part 0 is the payload, part n the n-th object; see kChunkBytes.
  virtual absl::StatusOr<Bytes> ReadChunk(const BulletinId& id, uint32_t part, uint32_t chunk) = 0;

  // Entries after `after`. Pins nothing: a long replay calls again with the last seq it got.
  virtual absl::StatusOr<InboxScan> ScanInbox(const MemberId& member, uint64_t after,
                                              const ScanLimits& limits) = 0;
  // A member the store has never heard of has an empty inbox.
  virtual absl::StatusOr<InboxPosition> ReadPosition(const MemberId& member) = 0;
  // The chain hash of one entry; of seq 0 the genesis. NOT_FOUND beyond the last entry.
  virtual absl::StatusOr<Digest> ReadChainHash(const MemberId& member, uint64_t seq) = 0;

  // A token for a reader that has been sent everything up to `seq`; ROLLBACK when the entry a token
  // given earlier names is missing or another's. The epoch does not decide: a restored store that
  // still holds the entry serves its readers on, and the chain hash at their cursor, which they
  // send beside the token, binds everything before it.
  virtual absl::StatusOr<ResumeToken> MakeResumeToken(const MemberId& member, uint64_t seq) = 0;
  virtual absl::Status CheckResumeToken(const MemberId& member, const ResumeToken& token) = 0;

  // The newest directory, NOT_FOUND before the first; its version alone (0: none) costs nothing.
  virtual absl::StatusOr<DirectoryRecord> ReadDirectory() = 0;
  virtual uint64_t directory_version() = 0;

  // The transparency log (RFC 6962). `size` may be any past size; OUT_OF_RANGE beyond the present.
  virtual uint64_t log_size() = 0;
  virtual absl::StatusOr<Digest> ReadLogRoot(uint64_t size) = 0;
  virtual absl::StatusOr<std::vector<Digest>> ReadInclusionPath(uint64_t index, uint64_t size) = 0;
  virtual absl::StatusOr<std::vector<Digest>> ReadConsistencyPath(uint64_t old_size,
                                                                  uint64_t new_size) = 0;
  // `count` complete nodes of one level from `first` on, and as many entries, which leaves are the
  // hashes of.
  virtual absl::StatusOr<std::vector<Digest>> ReadLogNodes(uint32_t level, uint64_t first,
                                                           uint32_t count) = 0;
  virtual absl::StatusOr<std::vector<Bytes>> ReadLogEntries(uint64_t first, uint32_t count) = 0;
  // `indexes` strictly ascending, at least one; a proof for VerifyBatch of crypto/merkle.h.
  virtual absl::StatusOr<std::vector<Digest>> ReadBatchPath(std::span<const uint64_t> indexes,
                                                            uint64_t size) = 0;

  // What the broker keeps of the witnesses of its log: one text, replaced as a whole, of at most
  // kMaxWitnessedBytes; empty before the first. It is no part of any commit, and durable on return.
  // LIMIT_EXCEEDED; DISK_LOW when less than the floor would stay free.
  static constexpr size_t kMaxWitnessedBytes = 128 * 1024;
  virtual absl::Status KeepWitnessed(absl::string_view text) = 0;
  virtual absl::StatusOr<std::string> ReadWitnessed() = 0;

  // The feed: commits after `after`, ascending and without gap, at most `max` of them. It survives
  // restarts; a caller that repeats a number sees the same commit again.
  virtual uint64_t last_commit() = 0;
  virtual absl::StatusOr<std::vector<std::shared_ptr<const CommitEvent>>> ReadCommits(
      uint64_t after, size_t max) = 0;

  // What was read back is whole and yet not what this broker writes: fails the store for good, as a
  // wrong checksum does. Returns `what`.
  virtual absl::Status ReportDamage(absl::Status what) = 0;

  // OK, or why the store failed. Failed is for good. To look costs next to nothing.
  virtual absl::Status health() = 0;

  // Walks everything: chains, density, digests, log root, references. DATA_LOSS names the first
  // thing that does not hold. Slow; takes no lock that Commit needs.
  virtual absl::StatusOr<StoreReport> Verify() = 0;
};

}  // namespace shield::store
