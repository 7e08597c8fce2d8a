// What a member's client remembers: state.db in its home, one SQLite file.
//
// The state is what catches a cheating broker (docs/design/threat_model.md): how far the inbox
// goes and its chain hash, which ids have been seen under which text, and the newest directory. So
// everything that belongs together is written in one transaction, and what a call has returned for
// survives kill -9, and a power cut as well, but for what is found out or done again when it is
// lost: SetHanded, SettleReceipts, and what was asked for as durable later. That
// follows with the next call that is durable now, MakeDurable at the latest. Bulletins are kept as
// they came, sealed; content is opened on demand and never written in clear. Tables:
// docs/design/client.md.
//
// Thread-safe. Several processes may share one home: each write is a transaction of its own, and a
// write that builds on what another process has moved meanwhile gives ABORTED: read again.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
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
#include "client/state/fork_alarm.h"
#include "client/state/outbox.h"
#include "policy/decide.h"
#include "policy/proof/receipt.h"

namespace shield {

// How far the inbox has come. The others never exceed size.
struct InboxCursor {
  uint64_t size = 0;          // entries stored
  Digest head;                // chain hash after the last of them
  uint64_t confirmed = 0;     // a head that the broker signed has passed through here
  uint64_t handed = 0;        // the application has taken everything up to here
  uint64_t acknowledged = 0;  // the broker has confirmed the cursor up to here
};

// What the checks made of an entry.
enum class Finding {
  kHeld,          // all held once
  kClosedForNow,  // one that may hold later did not: policy, standing, a clock, a proof not here
                  // yet
  kRefused,       // one that can never hold did not: signature, chain, slot, digest, label, …
};

// An inbox entry as received, and what the client concluded about it.
struct KeptEntry {
  DeliveredEntry delivered;        // on a tombstone slot and payload are empty
  std::optional<BulletinId> id;    // nothing when the statement cannot be read
  Digest chain_hash;               // after this entry
  uint64_t directory_version = 0;  // the directory it was checked against
  absl::Time received;
  Finding finding = Finding::kHeld;
  std::string fault;  // rule code of the check that failed; empty when held
  std::string fault_sentence;
  // From here on only when held: the moment at which everything did, where reader and author
  // belonged then, and the rule codes of warnings that stay with it (UNTRUSTED_SOURCE).
  absl::Time checked = absl::UnixEpoch();
  std::optional<OrgId> own_org = {};
  std::optional<OrgId> author_org = {};
  std::vector<std::string> marks = {};
  // Of a share: the id of what it passes on; `author_org` is that one's author's.
  std::optional<BulletinId> original = {};
  // When its content is to go, as its statement says; nothing when that cannot be read.
  std::optional<absl::Time> expires = {};
  // It came in a folder, or its entry was set aside (SetAside): it has no number (seq 0), and the
  // application may be handed it from `opens_from` on.
  bool carried = false;
  absl::Time opens_from = absl::UnixEpoch();
};

// A head that the broker signed for this inbox.
struct KeptHead {
  uint64_t seq = 0;
  Digest hash;
  std::string note;
};

struct KeptDirectory {
  uint64_t version = 0;
  Digest digest;  // of the note's text
  DirectoryAnswer answer;
  bool carried = false;  // came in a folder: the broker would show more of it
  // network.shield as it was when this was verified: by its keys the note is signed. What is pinned
  // may have gone on since.
  std::string network = {};
};

// A checkpoint that the broker signed with this key.
struct KeptCheckpoint {
  std::string log_key;  // vkey
  uint64_t size = 0;
  Digest root;
  std::string note;
};

// A statement and where the log is said to hold it.
struct LoggedStatement {
  uint64_t seq = 0;                   // of an entry; 0 of what this home published
  std::optional<BulletinId> id = {};  // of what this home published
  std::string statement;
  uint64_t log_index = 0;
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
  std::optional<absl::Time> acknowledge_by = {};  // what its content asks for
  // Whom it was sealed to, ascending, and the slots in that order, so that a reader's folder can be
  // made of it. Both empty once it has ended, and of what has more than kMaxKeptSlots readers.
  Bytes seal_keys = {};  // 32 bytes each
  Bytes slots = {};
  std::vector<OrgId> orgs = {};  // where each of them was at publish
};

// What this member has to say about a bulletin until the broker has taken it: signed when it is
// sent, since keys change.
struct DueReceipt {
  BulletinId id;
  Digest text_digest;  // of its statement
  ReceiptState state = ReceiptState::kUnspecified;
  absl::Time time;  // when it came, was shown, was acknowledged
};

// Of how many readers the slots are kept at most: 400 kB.
inline constexpr uint64_t kMaxKeptSlots = 2000;

// A text an author's key has signed under an id, as first seen.
struct SeenBulletin {
  std::string author_key;  // vkey
  BulletinId id;
  Digest text_digest;
};

// A bulletin that a signed statement says it ends, and how.
struct ClaimedEnding {
  BulletinId id;
  Digest text_digest;
  DeliveryState state = DeliveryState::kWithdrawn;
};

// What was closed for now when it was judged last.
struct ClosedStatement {
  uint64_t place = 0;            // number of the entry, or order in which it was carried
  std::optional<BulletinId> id;  // nothing when the statement cannot be read
  std::string statement;
};

// What was carried, and in which order.
struct CarriedPlace {
  uint64_t place = 0;
  BulletinId id;
};

// A text under an id.
struct BulletinText {
  BulletinId id;
  Digest text_digest;
};

// What an entry that held changes beside its own row.
struct EntryEffects {
  std::optional<SeenBulletin> seen;
  std::optional<SeenBulletin> original_seen = {};  // of a share
  // What its statement says it ends: kept for bulletins that come later, with the moment at which
  // the statement held.
  std::vector<ClaimedEnding> claims;
  absl::Time held = absl::UnixEpoch();
  std::optional<PastSeat> seat = {};  // of its author at that moment
  // Those of them that are here, or of which a share is, and were proven: their entries, and those
  // of their shares, lose slot and payload.
  std::vector<ClaimedEnding> ended;
  // What may have ended it: the bulletin itself and, of a share, its original; and how many claims
  // against them were weighed, as FindEndings gave them.
  std::vector<BulletinText> weighed = {};
  uint64_t endings_weighed = 0;
};

// Content that this home keeps of a bulletin, and until when its author lets it.
struct RetainedContent {
  enum class Place { kInbox, kCarried, kPublished };  // the last: slots of what it published
  Place place = Place::kInbox;
  BulletinId id;
  std::string statement;
  absl::Time expires;
};

// What a home's inbox belongs to.
struct InboxLog {
  std::string key = {};
  absl::Time since = absl::UnixEpoch();
};

// A signed statement that says it ended a bulletin.
struct KeptEnding {
  DeliveryState state = DeliveryState::kWithdrawn;
  std::string note;
  absl::Time held = absl::UnixEpoch();  // when it did for the first time …
  std::optional<PastSeat> seat = {};    // … and where its author sat then
};

// What a home has been shown of the witnesses of a log.
struct QuorumSeen {
  absl::Time known;  // since when this home knows that a quorum is asked for
  absl::Time witnessed = absl::InfinitePast();  // the newest moment by which a quorum had cosigned
  uint64_t size = 0;                            // the largest log that a quorum has cosigned
};

// For how long a broker has not answered what it was asked about its log.
struct LogSilence {
  absl::Time since;
  uint64_t failures = 0;  // counted
};

class ClientState {
 public:
  static constexpr uint64_t kSchemaVersion = 7;

  // Opens or creates `path` for `owner` ("<origin>/<member-id>"). A file of another owner or
  // another schema gives FAILED_PRECONDITION and is left as it is.
  static absl::StatusOr<std::unique_ptr<ClientState>> Open(const std::string& path,
                                                           absl::string_view owner);

  absl::StatusOr<InboxCursor> Position();

  // Stores the next entry with its effects, in one transaction, and that a receipt for it is due
  // when it held and has a slot. `previous` is the chain hash before
  // it. False when another process has stored the same entry already. Errors:
  //   ABORTED              the inbox does not end at seq - 1 with `previous`
  //   DATA_LOSS ROLLBACK   another entry is stored under this number
  //   DATA_LOSS INBOX_GAP  a signed head has another chain hash at this number
  absl::StatusOr<bool> Append(const KeptEntry& entry, const Digest& previous,
                              const EntryEffects& effects,
                              Durability durability = Durability::kNow);
  // What was stored before, by whatever process, survives a power cut from here on.
  absl::Status MakeDurable();
  // The same, unless every entry that was stored and every receipt that was noted survives one
  // already, but for what SetHanded noted: that was so, and is noted again when it is lost.
  absl::Status EnsureDurable();
  // What a later check made of an entry, or of what was carried, that was closed for now and in the
  // state `was` when it was read; nothing else of it changes. False, and nothing is written, when
  // another process has settled, ended, cut it back or set it aside since, or stored another claim
  // that it has ended.
  absl::StatusOr<bool> Settle(const KeptEntry& entry, DeliveryState was,
                              const EntryEffects& effects);
  // The payload of an entry that came without and has not ended. No effect on what has taken its
  // place meanwhile.
  absl::Status StorePayload(const KeptEntry& entry, ByteSpan payload);
  // Removes what no signed head has confirmed, cursors included: it came from a broker whose chain
  // broke afterwards, and comes again. False when there is nothing of it; with `last`, also when
  // the inbox no longer ends with that chain hash.
  absl::StatusOr<bool> CutBack(const std::optional<Digest>& last = std::nullopt);

  // Under which log key the inbox was followed to its end last, and from which moment on that key
  // counts: when the directory was issued that named it in another's place. Empty and long ago
  // before the first. What was published before that moment is in UnloggedPublications no more.
  absl::StatusOr<InboxLog> FollowedLog();
  absl::Status SetFollowedLog(const InboxLog& log);
  // The broker lost what came after entry `after`, and the authority has signed that this is known
  // by naming the key of `log`: what was held of it, or was closed for now, stays as what was
  // carried here (what held takes the place of what did not), cursors and signed heads go back, and
  // the inbox goes on from there, followed under `log` (SetFollowedLog), all in one transaction. So
  // it happens once for a key: false, and nothing changes, when the inbox is followed under that
  // key already.
  absl::StatusOr<bool> SetAside(uint64_t after, const InboxLog& log);

  // Notes a signed head. False when the entry stored under its number has another chain hash; then
  // nothing is noted.
  absl::StatusOr<bool> NoteHead(const KeptHead& head, Durability durability = Durability::kNow);
  // Notes the head of a mark as NoteHead does, and its resume token: so that a broker restored from
  // an old copy is told. One of another store than the last makes the receipts of all that has not
  // ended due again: those that store holds already it takes as they are. What was stored before
  // survives a power cut from here on, as after MakeDurable.
  absl::StatusOr<bool> NoteMark(const KeptHead& head, ByteSpan resume_token);
  // Of the last mark; empty before the first.
  absl::StatusOr<Bytes> ResumeToken();
  // The one with the highest number.
  absl::StatusOr<std::optional<KeptHead>> HighestHead();

  // Everything up to `entry` has been handed. With `opens_from` it was handed closed and waits,
  // from then on, to be handed once more; `opened` is due from now on, as with NoteReceipt. ABORTED
  // when it has been cut back meanwhile, another in its place or not.
  absl::Status SetHanded(const KeptEntry& entry,
                         std::optional<absl::Time> opens_from = std::nullopt,
                         const std::optional<DueReceipt>& opened = std::nullopt);
  // FAILED_PRECONDITION, rule CURSOR_AHEAD, beyond the last entry.
  absl::Status SetAcknowledged(uint64_t seq);
  // Numbers above `after` of entries that wait and may open by `now`, the lowest first.
  absl::StatusOr<std::vector<uint64_t>> Waiting(uint64_t after, absl::Time now, uint64_t max);
  absl::StatusOr<bool> IsWaiting(uint64_t seq);
  // It has been handed once more, and `opened` is due from now on, or never will be. No effect on
  // what has taken its place meanwhile.
  absl::Status EndWaiting(const KeptEntry& entry,
                          const std::optional<DueReceipt>& opened = std::nullopt);

  absl::StatusOr<std::vector<KeptEntry>> Entries(uint64_t after, uint64_t max);
  absl::StatusOr<std::optional<KeptEntry>> FindEntry(uint64_t seq);
  // The first entry with this id that held, or what was carried under it; where none did, the
  // first.
  absl::StatusOr<std::optional<KeptEntry>> FindBulletin(const BulletinId& id);
  // The first entry that is a share of it and was not refused, or a share that was carried.
  absl::StatusOr<std::optional<KeptEntry>> FindShareOf(const BulletinId& original);
  // Entries that are closed for now, with numbers below `before`: the newest first, at most `max`.
  static constexpr uint64_t kNewest = uint64_t{1} << 62;
  absl::StatusOr<std::vector<ClosedStatement>> ClosedForNow(uint64_t before, uint64_t max);
  // The statements of entries before `seq` under this id that were not refused, at most
  // kMaxEarlier.
  static constexpr uint64_t kMaxEarlier = 16;
  absl::StatusOr<std::vector<std::string>> EarlierStatements(const BulletinId& id, uint64_t seq);
  // The highest log index of the entries up to `seq`; nothing when there is none.
  absl::StatusOr<std::optional<uint64_t>> HighestLogIndex(uint64_t seq);
  // Who says that the bulletin with this text has ended, at most kMaxEndings.
  static constexpr uint64_t kMaxEndings = 64;
  absl::StatusOr<std::vector<KeptEnding>> FindEndings(const BulletinId& id,
                                                      const Digest& text_digest);

  absl::StatusOr<std::optional<Digest>> FindSeen(absl::string_view author_key,
                                                 const BulletinId& id);

  // That it is due, unless one of this state has been before.
  absl::Status NoteReceipt(const DueReceipt& receipt, Durability durability = Durability::kNow);
  // That it is due, also when one of this state was taken or refused before; that keeps its time.
  absl::Status RenewReceipt(const DueReceipt& receipt);
  // Those that have been tried least often, of them the oldest first.
  absl::StatusOr<std::vector<DueReceipt>> DueReceipts(uint64_t max);
  // They have been taken or refused: they are due no more, unless the broker is set back
  // (NoteMark) or their entry is cut back and comes again.
  absl::Status SettleReceipts(std::span<const DueReceipt> receipts);
  // It was tried and stays due: others go first.
  absl::Status PutOffReceipt(const DueReceipt& receipt);
  // When this home noted it.
  absl::StatusOr<std::optional<absl::Time>> FindReceipt(const BulletinId& id, ReceiptState state);

  // Stores what came in a folder, held, with its effects and, if that shows more than what is here,
  // the directory it came with, in one transaction. It takes the place of what was set aside under
  // its id and does not hold, whichever text that is. False when what holds is here as the same
  // text; DATA_LOSS, rule BULLETIN_FORK, as another. ABORTED when another has stored something else
  // that counts: a newer directory or another claim that it has ended, since these were looked at.
  absl::StatusOr<bool> StoreCarried(const KeptEntry& entry, const EntryEffects& effects,
                                    const std::optional<KeptDirectory>& directory,
                                    uint64_t newest_version);
  // What a bulletin that is not kept, because it has ended itself, says of others.
  absl::Status StoreEffects(const EntryEffects& effects, absl::string_view statement);
  // What was carried and no held entry has taken the place of, oldest first.
  absl::StatusOr<std::vector<KeptEntry>> Carried();
  // The same of what was carried, by its place: it was set aside so.
  absl::StatusOr<std::vector<ClosedStatement>> CarriedClosedForNow(uint64_t before, uint64_t max);
  // What was carried under this id, whether it has an entry by now or not.
  absl::StatusOr<std::optional<KeptEntry>> FindCarried(const BulletinId& id);
  // What was carried after `after`, has no entry yet, and the application has not been handed
  // though it may be opened at `now`. The oldest come first, at most `max`.
  absl::StatusOr<std::vector<CarriedPlace>> CarriedToHand(uint64_t after, absl::Time now,
                                                          uint64_t max);
  absl::StatusOr<bool> IsCarriedToHand(const BulletinId& id);
  // With `opens_from` it was handed closed and waits, from then on, to be handed once more.
  absl::Status SetCarriedHanded(const BulletinId& id,
                                std::optional<absl::Time> opens_from = std::nullopt);
  // What was carried after `after`, was handed closed and may open by `now`; not what has an entry
  // by now. The oldest come first, at most `max`.
  absl::StatusOr<std::vector<CarriedPlace>> CarriedWaiting(uint64_t after, absl::Time now,
                                                           uint64_t max);
  absl::StatusOr<bool> IsCarriedWaiting(const BulletinId& id);
  // Whether the application was handed this text as carried, open or ended.
  absl::StatusOr<bool> WasHandedCarried(const BulletinId& id, absl::string_view statement);

  // Content of what expires before `until`, the earliest first, at most `max`.
  absl::StatusOr<std::vector<RetainedContent>> Retained(absl::Time until, uint64_t max);
  // Removes slots and payloads of what has expired by `moment`; statements and chain stay. How many
  // bulletins lost something.
  absl::StatusOr<uint64_t> DropExpired(absl::Time moment);

  absl::Status RecordFork(const ForkAlarm& alarm);
  absl::StatusOr<std::vector<ForkAlarm>> Forks();

  // Makes `directory` the newest. Its note is kept beside the older ones, and its parts beside
  // those that are here, of kMaxPartVersions versions at most; parts of what had only been carried
  // and is newer go. One that was carried shows less. `checked_against` is the version held when it
  // was verified, 0 for none. An older one than that gives DATA_LOSS (rule ROLLBACK); one that is
  // only older than what another thread or process has stored meanwhile is ignored. The same
  // version under another digest is recorded as a fork and gives DATA_LOSS.
  absl::Status StoreDirectory(const KeptDirectory& directory, uint64_t checked_against,
                              absl::Time now);
  static constexpr uint64_t kMaxPartVersions = 16;
  // The oldest from `version` on of which parts are here.
  absl::StatusOr<std::optional<KeptDirectory>> DirectoryFrom(uint64_t version);
  // Of how many organisations of that version parts are here.
  absl::StatusOr<uint64_t> CountParts(uint64_t version);
  // Replaces the freshness note of this version.
  absl::Status StoreFreshness(uint64_t version, absl::string_view fresh);
  // Empty when there is none.
  absl::StatusOr<std::string> Freshness(uint64_t version);
  // 0 before the first.
  absl::StatusOr<uint64_t> NewestVersion();
  absl::StatusOr<std::optional<KeptDirectory>> NewestDirectory();
  absl::StatusOr<std::optional<std::string>> DirectoryNote(uint64_t version);
  // Whether the newest one came in a folder.
  absl::StatusOr<bool> NewestIsCarried();

  // The one with the highest size that was stored for this key.
  absl::StatusOr<std::optional<KeptCheckpoint>> NewestCheckpoint(absl::string_view log_key);
  // All that are kept, by key and size: at most kMaxCheckpoints of a key, the newest.
  static constexpr uint64_t kMaxCheckpoints = 64;
  absl::StatusOr<std::vector<KeptCheckpoint>> Checkpoints();
  // Keeps a checkpoint whose log was proven to begin with that of `proven_from` leaves, the newest
  // one held (0: none). False, and nothing is stored, when another process has stored one since.
  absl::StatusOr<bool> StoreCheckpoint(const KeptCheckpoint& checkpoint, uint64_t proven_from);

  // Entries that a signed head confirmed and of which it was not yet seen that the log holds them,
  // the oldest first; those that were refused are left out. What SetLogged has passed has been
  // seen.
  absl::StatusOr<std::vector<LoggedStatement>> Unlogged(uint64_t max);
  absl::Status SetLogged(uint64_t seq);
  // The same of what this home has published.
  absl::StatusOr<std::vector<LoggedStatement>> UnloggedPublications(uint64_t max);
  absl::Status SetPublicationLogged(const BulletinId& id);
  // A checkpoint of this key's log that a quorum of witnesses had cosigned by `time` was shown
  // here. The largest size and the newest time are kept.
  absl::Status NoteWitnessed(absl::string_view log_key, uint64_t size, absl::Time time);
  // What is kept of that; it is noted that at `now` this home knew of a quorum.
  absl::StatusOr<QuorumSeen> KnowQuorum(absl::string_view log_key, absl::Time now);
  // The log of this key had so many leaves at `now`; noted once in kHeldStep at most, and a day
  // long.
  static constexpr absl::Duration kHeldStep = absl::Hours(1);
  absl::Status NoteHeldSize(absl::string_view log_key, uint64_t size, absl::Time now);
  // The largest size that was noted at `time` or before and is kept; 0: none.
  absl::StatusOr<uint64_t> HeldSizeAt(absl::string_view log_key, absl::Time time);
  // The broker did not answer at `now` what it was asked about the log. What is known of its
  // silence; a failure within kSilenceStep of the one counted before is not counted.
  static constexpr absl::Duration kSilenceStep = absl::Hours(1);
  absl::StatusOr<LogSilence> NoteLogUnanswered(absl::Time now);
  // It has answered everything.
  absl::Status ForgetLogUnanswered();

  // Notes it and whom it was sealed to, and takes it out of the outbox in the same transaction.
  absl::Status RecordPublication(const Publication& publication,
                                 const std::vector<MemberId>& sealed_to = {});
  // Nothing when this home did not publish it, or sealed it to nobody.
  absl::StatusOr<std::optional<std::set<MemberId>>> SealedTo(const BulletinId& id);
  absl::StatusOr<std::vector<Publication>> Publications();
  absl::StatusOr<std::optional<Publication>> FindPublication(const BulletinId& id);

  // Stores what is about to be sent and returns it. It takes the place of the row of the same draft
  // whose statement is `replaced_statement`; another row that is there stays and is returned.
  absl::StatusOr<OutboxEntry> PutOutbox(const OutboxEntry& entry,
                                        absl::string_view replaced_statement = {});
  absl::StatusOr<std::optional<OutboxEntry>> FindOutbox(const Digest& draft);
  // All rows, the oldest first.
  absl::StatusOr<std::vector<OutboxEntry>> Outbox();
  // Unless it has been replaced.
  absl::Status RemoveOutbox(const OutboxEntry& entry);
  absl::Status ForgetOutbox(absl::Time begun_before);
  // The spool files of all rows.
  absl::StatusOr<std::set<std::string>> SpoolInUse();

 private:
  explicit ClientState(SqlDatabase database) : database_(std::move(database)) {}
  absl::Status Prepare(absl::string_view owner) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<InboxCursor> PositionLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<std::optional<KeptDirectory>> NewestDirectoryLocked()
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status ConfirmLocked(uint64_t seq) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status GiveWayLocked(uint64_t after) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CarryLocked(uint64_t after, uint64_t handed) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status SetAsideLocked(uint64_t after) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<InboxLog> FollowedLogLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status FollowLocked(const InboxLog& log) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<std::optional<Digest>> ChainHashLocked(uint64_t seq)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<std::optional<KeptHead>> HighestHeadLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<bool> NoteHeadLocked(const KeptHead& head) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status SetResumeTokenLocked(ByteSpan token) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status SyncWithThisLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status SayDurableLocked(Durability durability) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status ApplyEffects(const EntryEffects& effects, absl::string_view note)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status NoteReceiptLocked(const DueReceipt& receipt) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status MakeReceiptsDueLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status NoteDeliveryLocked(const KeptEntry& entry, const EntryEffects& effects)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status RecordForkLocked(const ForkAlarm& alarm) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<uint64_t> NewestVersionLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status WriteDirectoryLocked(const KeptDirectory& directory)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status AddCarriedLocked(const KeptDirectory& directory)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status AdvanceMarkLocked(absl::string_view mark, uint64_t seq)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<uint64_t> CountEndingsLocked(const std::vector<BulletinText>& bulletins)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Mutex mutex_;
  SqlDatabase database_ ABSL_GUARDED_BY(mutex_);
  // Whether anything was synced since the file was opened: a process that was killed may have left
  // what it had written and not yet synced, together with its word that it was.
  bool synced_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace shield
