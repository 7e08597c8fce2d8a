// A broker in memory, for programs that test themselves against the library.
//
//   MemoryBroker broker(network, broker_key, log_key, clock);
//   broker.SetDirectory({note, fresh, lines});
//   std::shared_ptr<Connection> connection = broker.Connect(member);
//
// It keeps the contract of docs/spec/delivery.md as far as one process can: a publish is checked
// against policy and recipient set, inboxes are dense and chained, heads and checkpoints are
// signed, a repeated publish gives the same receipt, a member is shown its part of the directory, a
// payload is served from the end of its embargo until it expires, to whom policy lets have it.
// What it refuses it refuses with the code and rule of shieldd (docs/spec/wire.md section 3);
// tests/e2e/contract holds both to it. It keeps nothing on disk, limits no rates, and takes the
// member's word for who is calling and the first directory from anyone.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "base/strong_id.h"
#include "client/connection.h"
#include "crypto/merkle.h"
#include "crypto/signing_key.h"
#include "policy/audience.h"
#include "policy/proof/directory_tree.h"
#include "policy/proof/fresh.h"
#include "policy/proof/hidden_audience.h"
#include "policy/proof/network_file.h"
#include "policy/proof/receipt.h"
#include "policy/proof/recipient_set.h"
#include "policy/proof/verified_directory.h"
#include "policy/statement.h"
#include "policy/terms.h"

namespace shield {

// Thread-safe. Outlives its connections.
class MemoryBroker {
 public:
  // Borrows `clock`.
  MemoryBroker(NetworkFile network, SigningKey broker_key, SigningKey log_key, Clock& clock);

  // Makes an upload the newest directory, whoever brings it; the same again gives the same receipt.
  // Errors as VerifyDirectory, CheckNextVersion and VerifyFreshNote; FAILED_PRECONDITION
  // (DIRECTORY_STALE) for a freshness note issued before the one that is held.
  absl::StatusOr<DirectoryReceipt> SetDirectory(const DirectoryUpload& upload);

  // A connection of `member`. Calls give UNAUTHENTICATED when the directory does not have it as
  // active; of a suspended one, those that reports need go through.
  std::shared_ptr<Connection> Connect(const MemberId& member);

  // Every subscription says a heartbeat with its next message, at once if it has nothing else to
  // say, as a broker does by itself after 20 s of silence. Several before that message count once.
  void Beat();

  // How many bulletins have been committed.
  uint64_t committed();

  // What a broker that cheats can do to one reader, for tests of readers. TakeInbox empties an
  // inbox and gives what it held; Forge puts an entry at its end, whatever it says, numbered,
  // chained, signed and, beyond the end of the log, logged at its index; HeadOf signs the end of an
  // inbox, which a hello never does before the entries have been given.
  std::vector<DeliveredEntry> TakeInbox(const MemberId& reader);
  void Forge(const MemberId& reader, DeliveredEntry entry);
  std::string HeadOf(const MemberId& reader);

 private:
  friend class MemoryConnection;
  friend class MemorySubscription;
  friend class MemoryUpload;

  using Addressees = std::map<X25519PublicKey, MemberId>;
  struct Bulletin {
    std::string statement;
    Digest text_digest;
    MemberId author;
    OrgId source;           // its author's organisation at publish …
    CommunityId community;  // … and that organisation's community
    Bytes payload;
    std::vector<Bytes> objects;
    std::vector<Opening> openings;
    std::vector<MemberId> readers = {};          // in the order of the recipient tree
    std::map<MemberId, OrgId> orgs = {};         // where each of them was at publish
    std::vector<MemberId> told = {};             // holders of what it ended, without a slot
    DeliveryState state = DeliveryState::kLive;  // or withdrawn, or superseded
    PublishReceipt receipt = {};
    std::map<std::pair<MemberId, ReceiptState>, std::string> receipts = {};  // signed notes
    std::optional<BulletinId> shares = {};  // of a share: the original, whose bytes these are
  };
  // What a share passes on, and how the sharer has it.
  struct PassedOn {
    BulletinId original;
    Reader sharer;
    bool holds_by_share = false;
  };
  // A bulletin that another refers to, and how that one leaves it.
  struct Referral {
    BulletinId id;
    DeliveryState state = DeliveryState::kLive;
  };
  struct Upload {
    PublishOffer offer;
    Bytes slots;
    Bytes payload;
    std::vector<Bytes> objects;
  };
  struct Inbox {
    std::vector<DeliveredEntry> entries;
    std::vector<Digest> hashes;  // after each entry
    uint64_t acknowledged = 0;

    // The chain hash after entry `seq`, which is there.
    Digest HashAt(const MemberId& reader, uint64_t seq) const;
  };

  absl::StatusOr<DirectoryReceipt> SetDirectoryLocked(const DirectoryUpload& upload)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status TakeVersion(const DirectoryUpload& upload) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status TakeFreshness(const std::string& note) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CheckUploader(const MemberId& caller) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CheckInForce(const Statement& statement) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<PublishReceipt> Commit(const MemberId& caller, const Upload& upload);
  absl::StatusOr<PublishReceipt> CommitLocked(const MemberId& caller, const Upload& upload)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<PublishReceipt> ReplayOf(const Bulletin& known, const MemberId& caller,
                                          const Upload& upload)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<Recipients> ChooseRecipients(const Statement& statement,
                                              const std::vector<Opening>& openings,
                                              const std::optional<PassedOn>& passed_on)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Addressees AddresseesOf(const std::vector<Chosen>& recipients, absl::Time issued)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Deliver(Bulletin& bulletin, const RecipientSet& set, const Addressees& addressees,
               const Bytes& slots) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // May `reader`, who has an entry of it, have the payload at this moment? NOT_FOUND with the rule.
  absl::Status CheckServed(const Bulletin& bulletin, const MemberId& reader)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // An entry of `reader` as it is given at this moment; one that was forged as it is.
  DeliveredEntry Given(const MemberId& reader, DeliveredEntry entry)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // What all entries of a bulletin have in common, and the openings that are for `member`.
  DeliveredEntry EntryFor(const Bulletin& bulletin, const MemberId& member)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // At the end of the inbox, numbered and chained.
  void PutInto(const MemberId& member, DeliveredEntry entry, const Digest& text_digest)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // memory_references.cc: what a bulletin refers to.
  absl::StatusOr<std::vector<Referral>> CheckReferences(const Statement& statement)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CheckReference(const Statement& statement, const Reference& reference)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<Terms> TermsOfOriginal(const Bulletin& original, const Statement& statement)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // memory_shares.cc: what is passed on. Nothing for a bulletin that is no share.
  absl::StatusOr<std::optional<PassedOn>> CheckShare(const Statement& statement)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::vector<BulletinId> SharesOf(const BulletinId& original)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::optional<absl::Time> HeldByShareUntil(const MemberId& member, const BulletinId& original)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CheckRoomForShare(const BulletinId& original, const MemberId& sharer)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<Recipients> ChooseReaders(const Terms& share, const PassedOn& passed_on)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CheckShareServed(const Bulletin& share, const MemberId& reader)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // What refers to it as ended, and the shares of that.
  std::vector<BulletinId> EndedWith(const Referral& referral) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Who has an entry of it, by a share or without.
  void AddReaders(const Bulletin& bulletin, const std::optional<MemberId>& shared_by,
                  std::vector<ReaderStatus>& readers) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // The offer's; of a withdrawal those of its target, which has been checked.
  absl::StatusOr<std::vector<Opening>> OpeningsOf(const Statement& statement,
                                                  const PublishOffer& offer)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::vector<MemberId> HoldersToTell(const Bulletin& bulletin,
                                      const std::vector<Referral>& referrals)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool IsGone(const MemberId& id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Tell(Bulletin& bulletin, const std::vector<MemberId>& holders)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void End(const std::vector<Referral>& referrals, const std::string& ending)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void EndOne(Bulletin& ended, DeliveryState state, const std::string& ending)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // memory_receipts.cc: what readers sign, and who may see it.
  absl::Status CheckReceipt(const MemberId& caller, const std::string& note)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CheckMayKnowHolders(const MemberId& caller, const Bulletin& bulletin)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CheckMayWithdraw(const MemberId& caller, const Bulletin& bulletin)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // memory_retention.cc: what falls due, as an auditor in `org` is told of it.
  absl::StatusOr<RetentionPage> DueFor(const OrgRecord& org, const RetentionQuery& query)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::Status CheckCaller(const MemberId& caller) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The same, with those let through that are only suspended.
  absl::Status CheckReporter(const MemberId& caller) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The head of entry `seq`, which is there.
  std::string SignedHead(const MemberId& member, uint64_t seq)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AppendLog(Bytes entry) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Of the first `size` leaves, which are there.
  MerkleTree LogOf(uint64_t size) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::string SignedCheckpoint(uint64_t size) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const NetworkFile network_;
  const SigningKey broker_key_;
  const SigningKey log_key_;
  Clock& clock_;
  Mutex mutex_;
  CondVar changed_;
  DirectoryUpload upload_ ABSL_GUARDED_BY(mutex_);
  DirectoryReceipt directory_receipt_ ABSL_GUARDED_BY(mutex_);
  std::optional<FreshNote> fresh_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<DirectoryTree> tree_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const VerifiedDirectory> directory_ ABSL_GUARDED_BY(mutex_);
  std::map<BulletinId, Bulletin> bulletins_ ABSL_GUARDED_BY(mutex_);
  std::map<MemberId, Inbox> inboxes_ ABSL_GUARDED_BY(mutex_);
  std::vector<Digest> log_ ABSL_GUARDED_BY(mutex_);         // leaf hashes …
  std::vector<Bytes> log_entries_ ABSL_GUARDED_BY(mutex_);  // … and what they are the hashes of
  std::string witnessed_ ABSL_GUARDED_BY(mutex_);  // the newest cosigned checkpoint handed in …
  uint64_t witnessed_size_ ABSL_GUARDED_BY(mutex_) = 0;  // … and its size
  uint64_t beats_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace shield
