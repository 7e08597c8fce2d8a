#include "client/mock/memory_broker.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/mock/memory_connection.h"
#include "client/mock/no_such_bulletin.h"
#include "client/receive/openings.h"
#include "crypto/merkle.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "crypto/slot.h"
#include "policy/account.h"
#include "policy/audience.h"
#include "policy/decide.h"
#include "policy/proof/authority_note.h"
#include "policy/proof/checkpoint.h"
#include "policy/proof/directory_links.h"
#include "policy/proof/fresh.h"
#include "policy/proof/inbox_chain.h"
#include "policy/proof/log_leaf.h"
#include "policy/proof/shown_openings.h"
#include "policy/proof/verified_statement.h"
#include "policy/terms.h"

namespace shield {
namespace {

constexpr uint64_t kInlinePayloadBytes = 64 * 1024;
constexpr absl::Duration kMaxClockSkew = absl::Seconds(120);  // as shieldd's

// Org lines with the lines that follow each.
std::vector<OrgLines> GroupLines(const std::vector<std::string>& lines) {
  std::vector<OrgLines> orgs;
  for (const std::string& line : lines) {
    if (absl::StartsWith(line, "org ")) {
      orgs.push_back({line, {}});
    } else if (!orgs.empty()) {
      orgs.back().own_lines.push_back(line);
    }
  }
  return orgs;
}

absl::Status WrongSet(absl::string_view how) {
  return WithRule(
      absl::InvalidArgumentError(absl::StrCat("the recipients are not those of policy: ", how)),
      "RECIPIENT_SET_MISMATCH");
}

bool Matches(const SizedDigest& signed_form, const Bytes& bytes) {
  return signed_form.bytes == bytes.size() && signed_form.digest == Sha256(bytes);
}

// The leaves of `addressees` with the slots in their order.
absl::StatusOr<RecipientSet> SetOf(const std::map<X25519PublicKey, MemberId>& addressees,
                                   const Bytes& slots) {
  if (slots.size() != addressees.size() * kSlotSize) return WrongSet("another number of slots");
  std::vector<Recipient> recipients;
  for (const auto& [key, member] : addressees) {
    const size_t at = recipients.size() * kSlotSize;
    recipients.push_back({key, Sha256(ByteSpan(slots).subspan(at, kSlotSize))});
  }
  return RecipientSet::Create(std::move(recipients));
}

absl::Status CheckBytes(const Statement& statement, const Bytes& payload,
                        const std::vector<Bytes>& objects) {
  bool same = Matches(statement.payload, payload) && statement.objects.size() == objects.size();
  for (size_t i = 0; same && i < objects.size(); ++i) {
    same = Matches(statement.objects[i], objects[i]);
  }
  if (same) return absl::OkStatus();
  return WithRule(absl::InvalidArgumentError("the bytes are not those the statement describes"),
                  "DIGEST_MISMATCH");
}

}  // namespace

MemoryBroker::MemoryBroker(NetworkFile network, SigningKey broker_key, SigningKey log_key,
                           Clock& clock)
    : network_(std::move(network)),
      broker_key_(std::move(broker_key)),
      log_key_(std::move(log_key)),
      clock_(clock) {}

std::shared_ptr<Connection> MemoryBroker::Connect(const MemberId& member) {
  return std::make_shared<MemoryConnection>(*this, member);
}

absl::StatusOr<DirectoryReceipt> MemoryBroker::SetDirectory(const DirectoryUpload& upload) {
  MutexLock lock(mutex_);
  return SetDirectoryLocked(upload);
}

absl::StatusOr<DirectoryReceipt> MemoryBroker::SetDirectoryLocked(const DirectoryUpload& upload) {
  const bool repeated = directory_ != nullptr && upload.note == directory_->note();
  if (!upload.note.empty() && !repeated) {
    RETURN_IF_ERROR(TakeVersion(upload));
  } else if (directory_ == nullptr) {
    return WithRule(absl::FailedPreconditionError("the broker has no directory yet"),
                    "NO_DIRECTORY");
  } else if (!upload.fresh.empty() && upload.fresh != upload_.fresh) {
    RETURN_IF_ERROR(TakeFreshness(upload.fresh));
  }
  changed_.NotifyAll();
  return directory_receipt_;
}

absl::Status MemoryBroker::TakeVersion(const DirectoryUpload& upload) {
  std::vector<OrgLines> orgs = GroupLines(upload.lines);
  std::optional<HeldDirectory> held;
  if (directory_ != nullptr) held = directory_->held();
  ASSIGN_OR_RETURN(const NetworkFile before, FollowKeptAuthority(network_, upload_.authority));
  ASSIGN_OR_RETURN(const NetworkFile network, FollowAuthority(before, upload.authority));
  ASSIGN_OR_RETURN(std::shared_ptr<const VerifiedDirectory> next,
                   VerifyDirectory(upload.note, orgs, network, held));
  ASSIGN_OR_RETURN(const std::optional<HeldDirectory> continued,
                   WalkVersions(held, upload.between, before, upload.authority));
  RETURN_IF_ERROR(CheckNextVersion(*next, continued));
  std::optional<FreshNote> fresh;
  if (!upload.fresh.empty()) {
    ASSIGN_OR_RETURN(fresh, VerifyFreshNote(upload.fresh, *next));
    RETURN_IF_ERROR(FreshAt(*fresh, clock_.Now()));
  }
  directory_ = std::move(next);
  tree_ = std::make_unique<DirectoryTree>(std::move(orgs));
  upload_ = upload;
  fresh_ = std::move(fresh);
  directory_receipt_ = {directory_->version(), log_.size()};
  AppendLog(LogEntry(LogKind::kDirectory, directory_->digest()));
  return absl::OkStatus();
}

absl::Status MemoryBroker::TakeFreshness(const std::string& note) {
  ASSIGN_OR_RETURN(FreshNote fresh, VerifyFreshNote(note, *directory_));
  RETURN_IF_ERROR(FreshAt(fresh, clock_.Now()));
  if (fresh_.has_value() && fresh.issued < fresh_->issued) {
    return WithRule(absl::FailedPreconditionError("a note that was issued later is held already"),
                    "DIRECTORY_STALE");
  }
  fresh_ = std::move(fresh);
  upload_.fresh = note;
  return absl::OkStatus();
}

absl::Status MemoryBroker::CheckUploader(const MemberId& caller) {
  if (directory_ == nullptr) return absl::OkStatus();
  RETURN_IF_ERROR(CheckCaller(caller));
  const MemberRecord& member = *directory_->directory().FindMember(caller);
  const bool authority = directory_->directory().OrgOf(member).kind == OrgKind::kAuthority;
  if (authority && (member.Has(Role::kVetting) || member.Has(Role::kAnalyst))) {
    return absl::OkStatus();
  }
  return WithRule(absl::PermissionDeniedError(
                      "only a vetting seat or an analyst of the authority publishes a directory"),
                  "PUBLISHER_NOT_AUTHORISED");
}

void MemoryBroker::Beat() {
  MutexLock lock(mutex_);
  ++beats_;
  changed_.NotifyAll();
}

uint64_t MemoryBroker::committed() {
  MutexLock lock(mutex_);
  return bulletins_.size();
}

std::vector<DeliveredEntry> MemoryBroker::TakeInbox(const MemberId& reader) {
  MutexLock lock(mutex_);
  std::vector<DeliveredEntry> entries = std::move(inboxes_[reader].entries);
  inboxes_[reader] = Inbox();
  changed_.NotifyAll();
  return entries;
}

void MemoryBroker::Forge(const MemberId& reader, DeliveredEntry entry) {
  MutexLock lock(mutex_);
  const absl::StatusOr<SignedNote> note = ParseNote(entry.statement);
  const Digest text = note.ok() ? Sha256(note->text) : Digest{};
  while (log_.size() < entry.log_index) AppendLog({});
  if (log_.size() == entry.log_index) AppendLog(LogEntry(LogKind::kBulletin, text));
  PutInto(reader, std::move(entry), text);
  changed_.NotifyAll();
}

std::string MemoryBroker::HeadOf(const MemberId& reader) {
  MutexLock lock(mutex_);
  return SignedHead(reader, inboxes_[reader].entries.size());
}

absl::Status MemoryBroker::CheckCaller(const MemberId& caller) {
  RETURN_IF_ERROR(CheckReporter(caller));
  const Directory& records = directory_->directory();
  const MemberRecord& member = *records.FindMember(caller);
  if (!IsOnlySuspended(member, records.OrgOf(member), clock_.Now())) return absl::OkStatus();
  return WithRule(absl::UnauthenticatedError("this membership is suspended"), "SUSPENDED");
}

absl::Status MemoryBroker::CheckReporter(const MemberId& caller) {
  const MemberRecord* member =
      directory_ == nullptr ? nullptr : directory_->directory().FindMember(caller);
  if (member != nullptr) {
    const OrgRecord& org = directory_->directory().OrgOf(*member);
    const bool active = !AccountFault(*member, org, clock_.Now()).has_value();
    if (active || IsOnlySuspended(*member, org, clock_.Now())) return absl::OkStatus();
  }
  return WithRule(
      absl::UnauthenticatedError(absl::StrCat("`", caller.text(), "` is not an active member")),
      "NOT_ENROLLED");
}

absl::StatusOr<PublishReceipt> MemoryBroker::Commit(const MemberId& caller, const Upload& upload) {
  MutexLock lock(mutex_);
  RETURN_IF_ERROR(CheckReporter(caller));
  return CommitLocked(caller, upload);
}

absl::StatusOr<PublishReceipt> MemoryBroker::CommitLocked(const MemberId& caller,
                                                          const Upload& upload) {
  ASSIGN_OR_RETURN(const Statement claimed, ReadClaimedStatement(upload.offer.statement));
  if (const auto known = bulletins_.find(claimed.id); known != bulletins_.end()) {
    return ReplayOf(known->second, caller, upload);
  }
  if (claimed.author != caller) {
    return WithRule(absl::PermissionDeniedError("the caller is not the author"), "NOT_SOURCE");
  }
  ASSIGN_OR_RETURN(const VerifiedStatement verified,
                   VerifyStatement(upload.offer.statement, directory_->directory(), clock_.Now()));
  RETURN_IF_ERROR(CheckInForce(claimed));
  ASSIGN_OR_RETURN(const std::vector<Referral> referrals, CheckReferences(claimed));
  ASSIGN_OR_RETURN(std::vector<Opening> openings, OpeningsOf(claimed, upload.offer));
  ASSIGN_OR_RETURN(const std::optional<PassedOn> passed_on, CheckShare(claimed));
  ASSIGN_OR_RETURN(const Recipients chosen, ChooseRecipients(claimed, openings, passed_on));
  const Addressees addressees = AddresseesOf(chosen.recipients, claimed.issued);
  ASSIGN_OR_RETURN(const RecipientSet set, SetOf(addressees, upload.slots));
  RETURN_IF_ERROR(set.CheckNamedBy(claimed));
  const Bulletin* original = passed_on.has_value() ? &bulletins_.at(passed_on->original) : nullptr;
  if (original == nullptr) {
    RETURN_IF_ERROR(CheckBytes(claimed, upload.payload, upload.objects));
  } else if (!upload.payload.empty() || !upload.objects.empty()) {
    return WithRule(absl::InvalidArgumentError("the call is out of order: a share has its "
                                               "original's bytes and sends none"),
                    "MESSAGE_MALFORMED");
  }

  const OrgRecord& source =
      directory_->directory().OrgOf(*directory_->directory().FindMember(caller));
  Bulletin bulletin{verified.note(),  verified.text_digest(), caller,         source.id,
                    source.community, upload.payload,         upload.objects, std::move(openings)};
  if (original != nullptr) {
    bulletin.payload = original->payload;
    bulletin.objects = original->objects;
    bulletin.shares = passed_on->original;
  }
  bulletin.receipt.id = claimed.id;
  bulletin.receipt.recipients = set.size();
  bulletin.receipt.directory_version = directory_->version();
  bulletin.receipt.log_index = log_.size();
  for (const Rule warning : chosen.warnings) {
    bulletin.receipt.warnings.emplace_back(RuleName(warning));
  }
  AppendLog(LogEntry(LogKind::kBulletin, verified.text_digest()));
  Deliver(bulletin, set, addressees, upload.slots);
  Tell(bulletin, HoldersToTell(bulletin, referrals));
  End(referrals, bulletin.statement);
  PublishReceipt receipt = bulletin.receipt;
  bulletins_.emplace(claimed.id, std::move(bulletin));
  changed_.NotifyAll();
  return receipt;
}

absl::Status MemoryBroker::CheckInForce(const Statement& statement) {
  if (statement.directory_version != directory_->version() ||
      statement.directory_digest != directory_->digest()) {
    return WithRule(absl::AbortedError("the directory has moved"), "DIRECTORY_MOVED");
  }
  const absl::Time now = clock_.Now();
  if (absl::AbsDuration(statement.issued - now) > kMaxClockSkew) {
    return WithRule(absl::FailedPreconditionError("the statement was issued at another time"),
                    "CLOCK_SKEW");
  }
  // What must be taken back must not wait for the authority.
  if (statement.IsWithdrawal()) return absl::OkStatus();
  if (directory_->ExpiredAt(now)) {
    return WithRule(absl::FailedPreconditionError("the directory has expired"),
                    "DIRECTORY_EXPIRED");
  }
  if (fresh_.has_value() && FreshAt(*fresh_, now).ok()) return absl::OkStatus();
  return WithRule(absl::FailedPreconditionError("the directory has no valid freshness note"),
                  "DIRECTORY_STALE");
}

absl::StatusOr<PublishReceipt> MemoryBroker::ReplayOf(const Bulletin& known, const MemberId& caller,
                                                      const Upload& upload) {
  if (known.author != caller || known.statement != upload.offer.statement) {
    return WithRule(absl::AlreadyExistsError("the id is taken"), "ID_TAKEN");
  }
  PublishReceipt receipt = known.receipt;
  receipt.replayed = true;
  return receipt;
}

absl::StatusOr<Recipients> MemoryBroker::ChooseRecipients(
    const Statement& statement, const std::vector<Opening>& openings,
    const std::optional<PassedOn>& passed_on) {
  const Directory& records = directory_->directory();
  ASSIGN_OR_RETURN(std::vector<AudienceToken> audience,
                   OpenAudience(statement.audience, openings, OpeningsNeeded::kAll));
  ASSIGN_OR_RETURN(const Terms terms, TermsOf(records, statement, std::move(audience)));
  if (passed_on.has_value()) return ChooseReaders(terms, *passed_on);
  const Decision decision = DecidePublish(records, terms, statement.issued);
  if (!decision.allowed) return RefusalOf(decision);
  return ResolveRecipients(records, terms, statement.issued);
}

MemoryBroker::Addressees MemoryBroker::AddresseesOf(const std::vector<Chosen>& recipients,
                                                    absl::Time issued) {
  Addressees addressees;
  for (const Chosen& each : recipients) {
    const auto key = directory_->SealKey(each.member, issued);
    if (key.has_value()) addressees.emplace(*key, each.member);
  }
  return addressees;
}

void MemoryBroker::Deliver(Bulletin& bulletin, const RecipientSet& set,
                           const Addressees& addressees, const Bytes& slots) {
  uint32_t index = 0;
  for (const auto& [key, member] : addressees) {
    const ByteSpan slot = ByteSpan(slots).subspan(index * kSlotSize, kSlotSize);
    DeliveredEntry entry = EntryFor(bulletin, member);
    if (bulletin.payload.size() <= kInlinePayloadBytes) entry.payload = bulletin.payload;
    entry.slot = ToBytes(slot);
    entry.slot_hash = Sha256(slot);
    entry.leaf_index = index;
    entry.leaf_proof = set.InclusionPath(index);
    PutInto(member, std::move(entry), bulletin.text_digest);
    bulletin.readers.push_back(member);
    bulletin.orgs.emplace(member, directory_->directory().FindMember(member)->org);
    ++index;
  }
}

absl::Status MemoryBroker::CheckServed(const Bulletin& bulletin, const MemberId& reader) {
  if (bulletin.shares.has_value()) return CheckShareServed(bulletin, reader);
  const Directory& records = directory_->directory();
  ASSIGN_OR_RETURN(const Statement statement, ReadClaimedStatement(bulletin.statement));
  ASSIGN_OR_RETURN(std::vector<AudienceToken> audience,
                   OpenAudience(statement.audience, bulletin.openings, OpeningsNeeded::kAll));
  absl::StatusOr<Terms> terms = TermsOf(records, statement, std::move(audience));
  // Its author is not in the directory any more: nobody can be told why.
  if (!terms.ok()) return NoSuchBulletin();
  terms->source = bulletin.source;
  terms->community = bulletin.community;
  terms->author_standing = AuthorStanding::kProvenAtPublish;
  Reader holder = Reader::Holder(reader);
  if (terms->targets.Names(reader)) holder.org_at_publish = bulletin.orgs.at(reader);
  const Decision decision = Decide(records, *terms, holder, clock_.Now());
  if (decision.allowed) return absl::OkStatus();
  return WithRule(
      absl::NotFoundError(absl::StrCat("the bulletin is not served: ", decision.sentence)),
      RuleName(decision.rule));
}

DeliveredEntry MemoryBroker::Given(const MemberId& reader, DeliveredEntry entry) {
  const absl::StatusOr<Statement> statement = ReadClaimedStatement(entry.statement);
  if (!statement.ok() || entry.state != DeliveryState::kLive) return entry;
  const auto found = bulletins_.find(statement->id);
  if (found == bulletins_.end() || found->second.statement != entry.statement) return entry;
  if (!found->second.orgs.contains(reader)) return entry;
  const absl::Time now = clock_.Now();
  if (now >= statement->expires) {
    entry.state = DeliveryState::kExpired;
    entry.slot.clear();
  } else if (now < statement->not_before) {
    entry.state = DeliveryState::kEmbargoed;
  }
  const bool live = entry.state == DeliveryState::kLive;
  if (!live || !CheckServed(found->second, reader).ok()) entry.payload.clear();
  return entry;
}

DeliveredEntry MemoryBroker::EntryFor(const Bulletin& bulletin, const MemberId& member) {
  DeliveredEntry entry;
  entry.statement = bulletin.statement;
  entry.log_index = bulletin.receipt.log_index;
  entry.state = DeliveryState::kLive;
  if (bulletin.shares.has_value()) {
    entry.shared_original = bulletins_.at(*bulletin.shares).statement;
  }
  const absl::StatusOr<Statement> statement = ReadClaimedStatement(bulletin.statement);
  if (!statement.ok()) return entry;  // it was read when it was taken
  const MemberRecord* record = directory_->directory().FindMember(member);
  entry.openings = WriteOpenings(OpeningsShownTo(
      {*record, directory_->directory().OrgOf(*record)},
      {bulletin.source, statement->bulletin_class, statement->tlp}, bulletin.openings));
  return entry;
}

void MemoryBroker::PutInto(const MemberId& member, DeliveredEntry entry,
                           const Digest& text_digest) {
  Inbox& inbox = inboxes_[member];
  entry.seq = inbox.entries.size() + 1;
  const Digest previous = inbox.HashAt(member, inbox.hashes.size());
  inbox.hashes.push_back(
      InboxNext(previous, entry.seq, {entry.log_index, text_digest, entry.slot_hash}));
  inbox.entries.push_back(std::move(entry));
}

Digest MemoryBroker::Inbox::HashAt(const MemberId& reader, uint64_t seq) const {
  return seq == 0 ? InboxGenesis(reader) : hashes[seq - 1];
}

std::string MemoryBroker::SignedHead(const MemberId& member, uint64_t seq) {
  InboxHead head{network_.network, member};
  head.position = {seq, inboxes_[member].HashAt(member, seq)};
  head.log_size = log_.size();
  head.time = clock_.Now();
  return SignInboxHead(head, broker_key_);
}

void MemoryBroker::AppendLog(Bytes entry) {
  log_.push_back(LeafHash(entry));
  log_entries_.push_back(std::move(entry));
}

MerkleTree MemoryBroker::LogOf(uint64_t size) {
  return MerkleTree({log_.begin(), log_.begin() + static_cast<ptrdiff_t>(size)});
}

std::string MemoryBroker::SignedCheckpoint(uint64_t size) {
  return SignCheckpoint({network_.network.KeyName("log"), size, LogOf(size).Root()}, log_key_);
}

}  // namespace shield
