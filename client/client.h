// The library's face: publish, receive, acknowledge, fetch.
//
//   ASSIGN_OR_RETURN(Home home, Home::Open(folder));
//   ASSIGN_OR_RETURN(Client client, Client::Open(home, passphrase, connection, clock, random));
//   ASSIGN_OR_RETURN(Published published, client.Publish(draft));
//   client.Subscribe([](const OpenedBulletin& bulletin) { …; return absl::OkStatus(); });
//
// A Client is a value: copies share one state and connection. Thread-safe. Nothing it gives back
// has been taken from the broker on trust: every entry has passed the checks of
// docs/spec/sealing.md in their order, or carries the rule code of the one that failed.
//
// Calls are retried while the deadline lasts, with exponential backoff and jitter, when the broker
// could not be reached or says so; publishing again sends the same bytes under the same id, also
// from another run of the program, so a lost answer never doubles a bulletin. Errors keep the rule
// codes of docs/spec/wire.md; what authentication of data failed gives DATA_LOSS and is never
// retried.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/strong_id.h"
#include "client/board/share_memory.h"
#include "client/board/status_board.h"
#include "client/connection.h"
#include "client/draft/draft.h"
#include "client/home/home.h"
#include "client/publish/plan_share.h"
#include "client/publish/publication_plan.h"
#include "client/publish/publish_conditions.h"
#include "client/receive/inbox_item.h"
#include "client/receive/visit_shelf.h"
#include "client/state/fork_alarm.h"
#include "policy/decision.h"

namespace shield {

class ClientCore;
class VerifiedDirectory;
struct AuditReport;
struct BrokerRetention;
struct KnownLeaves;

// Told OK with each message of a subscription, and the error each time that the broker was not
// reached, the stream was cut off or the home had no room for what came (RESOURCE_EXHAUSTED),
// before it is tried again. DATA_LOSS is told when the broker's log does not hold
// (client/log/log_keeper.h), and again every ten minutes that it lasts; and when it takes back
// entries that it gave and never signed, INBOX_CUT_BACK: what comes goes on being handed over.
// FAILED_PRECONDITION INBOX_ANEW is no failure of the line either: entries that the broker has
// lost, which the authority knows, stay here as what was carried. What it returns for another
// error, if not OK, ends the subscription.
using LinkObserver = std::function<absl::Status(const absl::Status& link)>;

struct ClientOptions {
  absl::Duration timeout = absl::Seconds(10);  // of one operation, retries included
  absl::Duration first_backoff = absl::Milliseconds(100);
  absl::Duration max_backoff = absl::Seconds(5);
  LinkObserver on_link = nullptr;  // on the thread of Subscribe
};

// What a synchronisation brought.
struct SyncReport {
  uint64_t received = 0;  // entries new to this home
  uint64_t refused = 0;   // of them, those that failed a check
  // DIRECTORY_EXPIRED, DIRECTORY_STALE, BROKER_RESTORED, LOG_UNCHECKED, …
  std::vector<std::string> warnings;
};

struct ExportReport {
  std::string folder;
  std::vector<std::string> files;  // names inside it
};

// What is exported where, and for whom.
struct ExportOrder {
  std::string folder;
  bool sealed = false;  // to be carried: nothing in it is in clear
  std::optional<MemberId> reader =
      std::nullopt;  // for this reader of what this home published; sealed
};

// What an import took into the home.
struct ImportReport {
  BulletinId id;
  Tlp tlp = Tlp::kUnspecified;
  // It was here before; at most a payload it lacked, or a newer directory, was added.
  bool already = false;
  uint64_t directory_version = 0;          // the newest one afterwards
  bool newer_directory = false;            // the folder brought it
  std::vector<std::string> warnings = {};  // DIRECTORY_EXPIRED, DIRECTORY_STALE
};

// Content that this home keeps. It goes with the first Sync or Import after which the authority's
// signatures show that its end has passed: the clock of the machine alone erases nothing.
struct Retained {
  enum class Place { kInbox, kCarried, kPublished };
  BulletinId id;
  Place place = Place::kInbox;
  BulletinClass bulletin_class = BulletinClass::kUnspecified;
  Tlp tlp = Tlp::kUnspecified;
  absl::Time expires = absl::UnixEpoch();
};

// What ExportLog wrote.
struct LogExport {
  uint64_t files = 0;
  uint64_t log_size = 0;
};

// Called with each entry once, in order, a refused one as well; what only repeats an earlier entry
// is left out. One that was closed for now, under embargo, or without its payload comes a second
// time, out of order, when it has opened or is refused for good, not when it has ended; within 25 s
// while no more than 256 wait and the broker is reached and gives what it is asked for at once.
// What it withholds is asked for less and less often (client/receive/hand_over.h). An error stops
// the subscription; the entry is handed over again by the next. Where several subscribers share one
// home, each entry goes to one of them. A handler may use the client: no lock that another call
// needs is held; only Subscribe is refused.
using InboxHandler = std::function<absl::Status(const OpenedBulletin&)>;

class Client {
 public:
  // Reads keys, network and state of `home`. `clock` and `random` must outlive the client.
  static absl::StatusOr<Client> Open(const Home& home, const Passphrase& passphrase,
                                     std::shared_ptr<Connection> connection, Clock& clock,
                                     Random& random, const ClientOptions& options = {});
  // The same with keys that have been read already.
  static absl::StatusOr<Client> Open(const Home& home, MemberKeys keys,
                                     std::shared_ptr<Connection> connection, Clock& clock,
                                     Random& random, const ClientOptions& options = {});

  const MemberId& member() const;

  // Fetches the newest directory, verifies and stores it.
  absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> SyncDirectory();
  // The newest one stored, verified again; NOT_FOUND before the first SyncDirectory.
  absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> NewestDirectory();

  // Whom `draft` would reach, under the newest directory; nothing is sealed or sent.
  absl::StatusOr<PublicationPlan> Plan(const Draft& draft);
  // Once, however often it is called for the same draft before one call returns a receipt; errors
  // that say "is not confirmed" leave open whether it was published. With conditions also ABORTED,
  // rule DIRECTORY_MOVED, and ALREADY_EXISTS; all of them: client/publish/publisher.h.
  absl::StatusOr<Published> Publish(const Draft& draft, const PublishConditions& conditions = {});
  // Whether an earlier Publish, perhaps of another run, left open what became of this draft: then
  // Publish asks for the answer first, and sends nothing twice. Offline.
  absl::StatusOr<bool> IsUnconfirmed(const Draft& draft);

  // What an earlier Publish of this home, which ends or extends `target` so, left open, perhaps of
  // another run: Resume sends its bytes again (client/publish/publisher.h). FindPending is offline.
  absl::StatusOr<std::optional<PendingBulletin>> FindPending(Relation relation,
                                                             const BulletinId& target);
  absl::StatusOr<Published> Resume(const BulletinId& pending);

  // The id under which a draft of this digest (client/publish/draft_digest.h) is on its way, for
  // Resume. Offline.
  absl::StatusOr<std::optional<BulletinId>> FindPendingDraft(const Digest& draft);
  // Whether the broker has committed what an earlier Publish left open; it is asked where the inbox
  // here does not tell. Nothing is sent. Without an answer the error of the connection: then it is
  // not known.
  absl::StatusOr<bool> IsCommitted(const BulletinId& pending);

  // Takes back a bulletin of the own organisation, also one of a colleague's that this member was
  // not sent: whoever holds it is told,
  // and its content is served no more. Once, however often it is called
  // (client/publish/publisher.h).
  absl::StatusOr<Published> Withdraw(const BulletinId& id);
  // What Withdraw would be refused with, by what this home holds: NOT_FOUND, or PERMISSION_DENIED
  // with NOT_SOURCE, WITHDRAWN, … Offline, unless the bulletin is not here.
  absl::Status CheckWithdrawal(const BulletinId& id);
  // The label of what Withdraw would take back. NOT_FOUND: it is not here, and the broker does not
  // give its statement to this member.
  absl::StatusOr<Tlp> WithdrawnLabel(const BulletinId& id);
  // IsUnconfirmed of an earlier Withdraw.
  absl::StatusOr<bool> IsWithdrawalUnconfirmed(const BulletinId& id);

  // Passes a bulletin of this home on (docs/spec/statement.md, "Shares"). The reason goes to the
  // new readers as a message of its own that answers the share, after it: an error of that
  // one leaves the share published, and names it. Each is sent once, as Publish does. Errors:
  //   PERMISSION_DENIED and a policy rule   NEED_TO_KNOW_MISSING, CLIENT_NOT_TRANSITIVE, …
  absl::StatusOr<PublicationPlan> PlanShare(const ShareOrder& order);
  absl::StatusOr<SharedOn> Share(const ShareOrder& order);

  // Whether `member` would be sent the draft, or may have a bulletin of this home now, and by which
  // rule. Under the newest directory held; offline.
  absl::StatusOr<Decision> Explain(const Draft& draft, const MemberId& member);
  absl::StatusOr<Decision> Explain(const BulletinId& id, const MemberId& member);

  // Fetches and verifies everything new in the inbox. Works beside a Subscribe, from its handler as
  // from any other thread; of several, one goes on at a time.
  absl::StatusOr<SyncReport> Sync();
  // Hands every entry the application has not had to `handler`, what is stored first, then what
  // comes; each lies on the disk before it is handed over, and after a power cut the last ones may
  // be handed over once more. Resumes by itself after broken connections. Returns when the handler
  // gave an error (that error), when Stop was called (CANCELLED, or DATA_LOSS with the last LOG_…
  // rule of which the LinkObserver was told), or on an error that trying again cannot mend. One at
  // a time: FAILED_PRECONDITION, rule ALREADY_SUBSCRIBED, while another of this client goes on.
  absl::Status Subscribe(const InboxHandler& handler);
  // For good: ends every Subscribe of this client, also one that begins later, and every waiting
  // for another try. From any thread.
  void Stop();
  // Acknowledges one entry: signs a receipt that says so, which its source sees, and moves the
  // cursor, of which the broker knows, to it. What has ended may be acknowledged still. The receipt
  // is kept and follows later when the broker cannot be reached; the error says that it could not.
  // One that the broker refuses gives its rule (docs/spec/receipt.md). Nothing is signed for what
  // could not be read here.
  absl::Status Acknowledge(uint64_t seq);
  // The same for every entry up to `seq` that has not been acknowledged. What could not be read
  // here (it is under embargo, or had ended when it came) is passed over: the cursor moves, nothing
  // is signed.
  absl::Status AcknowledgeThrough(uint64_t seq);
  // Sends the receipts that are due: what came, was opened or acknowledged and the broker has not
  // confirmed. Sync and Subscribe do so by themselves; after Show nothing else may.
  absl::Status SendReceipts();

  // What is stored, oldest first. Offline: an item whose payload is not here has no title.
  absl::StatusOr<std::vector<InboxItem>> Inbox(uint64_t after = 0);
  // One of them. NOT_FOUND when there is none.
  absl::StatusOr<InboxItem> Item(uint64_t seq);
  absl::StatusOr<InboxItem> Item(const BulletinId& id);
  // The number of the last one, 0 for none.
  absl::StatusOr<uint64_t> LastEntry();
  // What content this home keeps of bulletins that end before `until`, the earliest first, at most
  // `max`. Offline. Names nobody.
  absl::StatusOr<std::vector<Retained>> ContentThatEnds(absl::Time until, uint64_t max);
  // What falls due for erasure at the broker before `until`, at most `max`, for an auditor
  // (client/audit/broker_retention.h).
  absl::StatusOr<BrokerRetention> ListDueAtBroker(absl::Time until, uint64_t max);
  // What was found of two signed texts that cannot both be true, oldest first: an author, the
  // authority or the broker cheats or was robbed of its keys. Offline.
  absl::StatusOr<std::vector<ForkAlarm>> Alarms();
  // Those of them that no known loss explains (client/audit/standing_alarms.h). Offline.
  absl::StatusOr<std::vector<ForkAlarm>> StandingAlarms();
  // Opens one entry. NOT_FOUND when there is none; a refused one gives DATA_LOSS with its rule, one
  // that policy does not let this member read now PERMISSION_DENIED. Fetches a payload that is not
  // here yet, and keeps it. Offline otherwise. A receipt that it was opened is due from then on.
  absl::StatusOr<OpenedBulletin> Show(uint64_t seq);
  absl::StatusOr<OpenedBulletin> Show(const BulletinId& id);
  // The same for whoever sends it on and shows it to nobody: no receipt is due.
  absl::StatusOr<OpenedBulletin> Read(const BulletinId& id);
  // Writes the n-th attachment (from 1), opened, to `path`; nothing stays there when a check fails.
  // No receipt is due for it: what was opened is the bulletin that names it.
  absl::Status FetchAttachment(const BulletinId& id, size_t number, const std::string& path);

  // All that is stored, each with its content, one at a time: for whoever makes something of it all
  // and shows it to nobody (client/receive/visit_shelf.h). `visitor` may use the client.
  absl::Status VisitShelf(Fetching fetching, const ShelfVisitor& visitor);
  // Exactly this version of the directory, as far as this home has it. NOT_FOUND.
  absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> DirectoryAt(uint64_t version);

  // What this home has published, oldest first: the entries whose author it is. Offline.
  absl::StatusOr<std::vector<InboxItem>> Publications();
  // Whom a bulletin of this home is for; nothing unless every word of it can be read here: names
  // are shown to its author and, RED apart, to the analysts and the digest seat of its source.
  absl::StatusOr<std::optional<std::vector<AudienceToken>>> AudienceOf(const BulletinId& id);
  // Who has received, opened and acknowledged a bulletin of the own organisation, by the receipts
  // that each of them signed (client/board/status_board.h). NOT_FOUND for whoever may not know.
  absl::StatusOr<StatusBoard> Board(const BulletinId& id);
  // A look of many: `memory` is what those before have learnt of its shares, and learns
  // (client/board/share_memory.h).
  absl::StatusOr<StatusBoard> Board(const BulletinId& id, ShareMemory& memory);
  // Who holds it, by the broker's word.
  absl::StatusOr<std::vector<ReaderStatus>> Readers(const BulletinId& id);
  // Who certainly has it from its source and may have it now: to them it need not be sealed again
  // (client/board/served_readers.h). Errors as Board, and the fault of that board.
  absl::StatusOr<std::set<MemberId>> Served(const BulletinId& id);

  // Writes the bulletin with everything needed to check it offline into `folder`, which must be
  // empty or not there (docs/spec/content.md, "Exports"). client/export/verify_export.h checks it.
  absl::StatusOr<ExportReport> Export(const BulletinId& id, const std::string& folder);
  // The same as ordered; SLOTS_NOT_KEPT, NOT_SOURCE, NOT_IN_SNAPSHOT and policy's rules for a
  // folder that is for another reader (client/export/slot_of_reader.h).
  absl::StatusOr<ExportReport> Export(const BulletinId& id, const ExportOrder& order);
  // Takes the bulletin, and a newer directory, out of a folder that Export wrote: with the checks
  // of the wire, whole or not at all, asking no broker (docs/spec/carriage.md). Errors, by rule,
  // are in client/export/import_bulletin.h.
  absl::StatusOr<ImportReport> Import(const std::string& folder);

  // Walks the whole log and everything that this home can hold against the broker
  // (client/audit/audit_home.h): what Sync has brought. DATA_LOSS names the first break.
  absl::StatusOr<AuditReport> Audit();
  // The entries of the log that this home knows; offline unless `ask`.
  absl::StatusOr<KnownLeaves> LogLeaves(bool ask);
  // A proof that the log holds a bulletin of this home, for others (client/audit/prove_logged.h).
  absl::StatusOr<std::string> ProveLogged(const BulletinId& id);
  // Writes the log as C2SP tlog-tiles lays it out (client/audit/log_copy.h).
  absl::StatusOr<LogExport> ExportLog(const std::string& folder);
  // The newest checkpoint, proven to continue the one that is held, with the cosignature of this
  // home's witness key, which is made when there is none; with `hand_in` the broker is given it.
  absl::StatusOr<std::string> CosignLog(bool hand_in);

 private:
  explicit Client(std::shared_ptr<ClientCore> core) : core_(std::move(core)) {}
  std::shared_ptr<ClientCore> core_;
};

}  // namespace shield
