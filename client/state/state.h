// What a member's client remembers: state.db in its home, one SQLite file.
//
// The state is what catches a cheating broker (docs/design/threat_model.md): how far the inbox
// goes and its chain hash, which ids have been seen under which text, and the newest directory. So
// everything that belongs together is written in one transaction, and what a call has returned for
// survives kill -9. Bulletins are kept as they came, sealed; content is opened on demand and never
// written in clear. Tables: docs/design/client.md.
//
// Thread-safe. Several processes may share one home: each write is a transaction of its own, and a
// write that builds on what another process has moved meanwhile gives ABORTED: read again.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/bytes.h"
#include "base/digest.h"
#include "base/mutex.h"
#include "base/strong_id.h"
#include "client/connection.h"
#include "client/state/database.h"
#include "client/state/outbox.h"

namespace shield {

// How far the inbox has come. handed and acknowledged never exceed size.
struct InboxCursor {
  uint64_t size = 0;          // entries stored
  Digest head;                // chain hash after the last of them
  uint64_t handed = 0;        // the application has taken everything up to here
  uint64_t acknowledged = 0;  // the broker has confirmed the cursor up to here
};

// An inbox entry as received, and what the client concluded about it.
struct KeptEntry {
  DeliveredEntry delivered;        // on a tombstone slot and payload are empty
  std::optional<BulletinId> id;    // nothing when the statement cannot be read
  Digest chain_hash;               // after this entry
  uint64_t directory_version = 0;  // the directory it was checked against
  absl::Time received;
  std::string fault;  // rule code of a failed check; empty: everything held
  std::string fault_sentence;
};

// Two texts under one name: proof that someone cheats. Both are kept.
struct ForkAlarm {
  std::string kind;  // bulletin, directory or inbox
  std::string subject;
  std::string first;
  std::string second;
  absl::Time found;
};

struct KeptDirectory {
  uint64_t version = 0;
  Digest digest;  // of the note's text
  DirectoryAnswer answer;
};

// What this home has published.
struct Publication {
  BulletinId id;
  std::string statement;
  std::vector<AudienceOpening> openings;
  uint64_t recipients = 0;
  uint64_t directory_version = 0;
  uint64_t log_index = 0;
  absl::Time published;
};

// A text an author's key has signed under an id, as first seen.
struct SeenBulletin {
  std::string author_key;  // vkey
  BulletinId id;
  Digest text_digest;
};

class ClientState {
 public:
  static constexpr uint64_t kSchemaVersion = 1;

  // Opens or creates `path` for `owner` ("<origin>/<member-id>"). A file of another owner or of a
  // newer schema gives FAILED_PRECONDITION.
  static absl::StatusOr<std::unique_ptr<ClientState>> Open(const std::string& path,
                                                           absl::string_view owner);

  absl::StatusOr<InboxCursor> Position();

  // Stores the next entry. `previous` is the chain hash before it; unless the inbox still ends
  // there with seq - 1 entries: ABORTED. The id is noted as seen in the same transaction.
  absl::Status Append(const KeptEntry& entry, const Digest& previous,
                      const std::optional<SeenBulletin>& seen);
  absl::Status SetHanded(uint64_t seq);
  absl::Status SetAcknowledged(uint64_t seq);

  absl::StatusOr<std::vector<KeptEntry>> Entries(uint64_t after, uint64_t max);
  absl::StatusOr<std::optional<KeptEntry>> FindEntry(uint64_t seq);
  // The first entry with this id.
  absl::StatusOr<std::optional<KeptEntry>> FindBulletin(const BulletinId& id);
  // Every entry whose bulletin is `id` becomes `state` and loses its slot and payload.
  absl::Status EndBulletin(const BulletinId& id, DeliveryState state, absl::string_view ended_by);

  absl::StatusOr<std::optional<Digest>> FindSeen(absl::string_view author_key,
                                                 const BulletinId& id);

  absl::Status RecordFork(const ForkAlarm& alarm);
  absl::StatusOr<std::vector<ForkAlarm>> Forks();

  // Makes `directory` the newest; its parts replace those of the version before, its note is kept
  // beside the older ones. An older version gives DATA_LOSS (rule ROLLBACK); the same
  // version under another digest is recorded as a fork and gives DATA_LOSS.
  absl::Status StoreDirectory(const KeptDirectory& directory, absl::Time now);
  // Replaces the freshness note of the newest directory.
  absl::Status StoreFreshness(absl::string_view fresh);
  absl::StatusOr<std::optional<KeptDirectory>> NewestDirectory();
  absl::StatusOr<std::optional<std::string>> DirectoryNote(uint64_t version);

  // Notes it, and takes it out of the outbox in the same transaction.
  absl::Status RecordPublication(const Publication& publication);
  absl::StatusOr<std::vector<Publication>> Publications();
  absl::StatusOr<std::optional<Publication>> FindPublication(const BulletinId& id);

  // Stores what is about to be sent and returns it. It takes the place of the row of the same draft
  // whose statement is `replaced_statement`; another row that is there stays and is returned.
  absl::StatusOr<OutboxEntry> PutOutbox(const OutboxEntry& entry,
                                        absl::string_view replaced_statement = {});
  absl::StatusOr<std::optional<OutboxEntry>> FindOutbox(const Digest& draft);
  // Unless it has been replaced.
  absl::Status RemoveOutbox(const OutboxEntry& entry);
  absl::Status ForgetOutbox(absl::Time begun_before);
  // The spool files of all rows.
  absl::StatusOr<std::set<std::string>> SpoolInUse();

  // The token of the last mark, so that a broker restored from an old copy is told.
  absl::Status SetResumeToken(ByteSpan token);
  absl::StatusOr<Bytes> ResumeToken();

 private:
  explicit ClientState(SqlDatabase database) : database_(std::move(database)) {}
  absl::Status Prepare(absl::string_view owner) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<InboxCursor> PositionLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<std::optional<KeptDirectory>> NewestDirectoryLocked()
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status RecordForkLocked(const ForkAlarm& alarm) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status AdvanceMark(absl::string_view mark, uint64_t seq);

  Mutex mutex_;
  SqlDatabase database_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace shield
