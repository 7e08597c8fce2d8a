#include "tests/broker/store/memory_store.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "broker/store/check_command.h"
#include "broker/store/store_errors.h"
#include "crypto/merkle.h"
#include "crypto/merkle_frontier.h"
#include "crypto/sha256.h"
#include "policy/proof/inbox_chain.h"

namespace shield::testing {

using namespace shield::store;  // NOLINT: the fake speaks of nothing else

namespace {

// What an entry counts against ScanLimits::max_bytes beyond its slot.
constexpr size_t kEntryFixedBytes = 100;

}  // namespace

MemoryStore::MemoryStore() { epoch_.fill(7); }

void MemoryStore::FailNextCommit(absl::Status cause) {
  MutexLock lock(mutex_);
  fail_next_ = std::move(cause);
}

void MemoryStore::SetDiskLow(bool low) {
  MutexLock lock(mutex_);
  disk_low_ = low;
}

void MemoryStore::DamageStatement(const BulletinId& id) {
  MutexLock lock(mutex_);
  bulletins_.at(id).record.statement[0] ^= 1;
}

void MemoryStore::RenewEpoch() {
  MutexLock lock(mutex_);
  ++epoch_[0];
}

absl::Status MemoryStore::Usable() {
  return failure_.ok() ? absl::OkStatus() : StoreFailed(failure_);
}

CommitResults MemoryStore::Commit(CommitGroup group) {
  MutexLock lock(mutex_);
  CommitResults results;
  absl::Status refuse = Usable();
  if (refuse.ok() && !fail_next_.ok()) {
    failure_ = std::exchange(fail_next_, absl::OkStatus());
    refuse = OutcomeUnknown(failure_);
  }
  const uint64_t before = commits_.size();
  // Before the publishes: entries of this very group have been shown to nobody yet.
  for (AcknowledgeCommand& command : group.acknowledges) {
    if (refuse.ok()) {
      results.acknowledges.push_back(Acknowledge(command));
    } else {
      results.acknowledges.emplace_back(refuse);
    }
  }
  for (PublishCommand& command : group.publishes) {
    if (refuse.ok()) {
      results.publishes.push_back(Publish(std::move(command)));
    } else {
      results.publishes.emplace_back(refuse);
    }
  }
  for (const ReceiptsCommand& command : group.receipts) {
    if (refuse.ok()) {
      results.receipts.push_back(AddReceipts(command, before));
    } else {
      results.receipts.emplace_back(refuse);
    }
  }
  for (DirectoryCommand& command : group.directories) {
    if (refuse.ok()) {
      results.directories.push_back(SetDirectory(std::move(command)));
    } else {
      results.directories.emplace_back(refuse);
    }
  }
  for (FreshCommand& command : group.freshes) {
    results.freshes.push_back(refuse.ok() ? SetFresh(std::move(command)) : refuse);
  }
  for (const SweepCommand& command : group.sweeps) {
    if (refuse.ok()) {
      results.sweeps.push_back(Sweep(command));
    } else {
      results.sweeps.emplace_back(refuse);
    }
  }
  return results;
}

absl::StatusOr<PublishReceipt> MemoryStore::Publish(PublishCommand command) {
  ASSIGN_OR_RETURN(std::optional<PublishReceipt> replay,
                   Find(command.id, command.sender, command.request_hash));
  if (replay.has_value()) return *std::move(replay);
  RETURN_IF_ERROR(CheckCommand(command));
  const uint64_t version = directory_.has_value() ? directory_->version : 0;
  if (command.directory_version != version) {
    return DirectoryMoved(command.directory_version, version);
  }
  RETURN_IF_ERROR(CheckReferred(command));
  const bool withdraws =
      !command.referrals.empty() && command.referrals.front().effect == Effect::kWithdraws;
  if (disk_low_ && !withdraws) return DiskLow(0, 1);
  Parts parts;
  if (FindShared(command.referrals) == nullptr) {
    ASSIGN_OR_RETURN(parts, TakeParts(command));
  }
  const std::vector<MemberId> told = ToTell(command);

  const PublishReceipt receipt{.commit = commits_.size() + 1,
                               .log_index = log_.size(),
                               .directory_version = version,
                               .recipients = command.deliveries.size(),
                               .told = told.size(),
                               .warnings = command.warnings};
  Bulletin bulletin{.record = RecordOf(command, receipt),
                    .request_hash = command.request_hash,
                    .receipt = receipt,
                    .leaves = {},
                    .places = {},
                    .parts = std::move(parts)};
  for (const MemberId& member : told) {
    command.deliveries.push_back({.member = member, .slot_digest = Sha256(ByteSpan())});
  }
  Deliver(command, bulletin);
  std::vector<BulletinId> ended = End(command);
  log_.push_back(LeafHash(command.log_entry));
  log_entries_.push_back(command.log_entry);
  commits_.push_back(
      std::make_shared<const CommitEvent>(CommitEvent{.commit = bulletin.record.commit,
                                                      .kind = CommitKind::kPublish,
                                                      .id = command.id,
                                                      .directory_version = version,
                                                      .log_index = bulletin.record.log_index,
                                                      .places = bulletin.places,
                                                      .ended = std::move(ended)}));
  bulletins_.emplace(command.id, std::move(bulletin));
  return receipt;
}

absl::Status MemoryStore::CheckReferred(const PublishCommand& command) {
  for (const Referral& referral : command.referrals) {
    const auto found = bulletins_.find(referral.id);
    if (found == bulletins_.end()) return BulletinMoved(referral.id);
    const BulletinRecord record = Standing(found->second);
    if (!Permits(referral.effect, record.state)) return BulletinMoved(referral.id);
    if (referral.effect != Effect::kShares) continue;
    if (FindShared(record.referrals) != nullptr || command.part_bytes != record.part_bytes) {
      return absl::InvalidArgumentError("a share is of an original, with its parts");
    }
  }
  return absl::OkStatus();
}

std::vector<BulletinId> MemoryStore::SharesOf(const BulletinId& id) const {
  std::vector<BulletinId> shares;
  for (const auto& [share, bulletin] : bulletins_) {
    const BulletinId* original = FindShared(bulletin.record.referrals);
    if (original != nullptr && *original == id) shares.push_back(share);
  }
  std::sort(shares.begin(), shares.end());
  return shares;
}

std::vector<MemberId> MemoryStore::ToTell(const PublishCommand& command) const {
  std::set<MemberId> known(command.not_told.begin(), command.not_told.end());
  for (const Delivery& delivery : command.deliveries) known.insert(delivery.member);
  std::vector<MemberId> told;
  for (const Referral& referral : command.referrals) {
    if (!Ends(referral.effect)) continue;
    std::vector<BulletinId> held = SharesOf(referral.id);
    held.insert(held.begin(), referral.id);
    for (const BulletinId& id : held) {
      for (const InboxPlace& place : bulletins_.at(id).places) {
        if (known.insert(place.member).second) told.push_back(place.member);
      }
    }
  }
  return told;
}

std::vector<BulletinId> MemoryStore::End(const PublishCommand& command) {
  std::vector<BulletinId> ended;
  for (const Referral& referral : command.referrals) {
    if (!Ends(referral.effect)) continue;
    BulletinRecord& record = bulletins_.at(referral.id).record;
    record.state = referral.effect == Effect::kWithdraws ? BulletinState::kWithdrawn
                                                         : BulletinState::kSuperseded;
    record.ended_by = command.id;
    record.ending = command.statement;
    ended.push_back(referral.id);
    const std::vector<BulletinId> shares = SharesOf(referral.id);
    ended.insert(ended.end(), shares.begin(), shares.end());
  }
  for (const BulletinId& id : ended) bulletins_.at(id).to_erase = true;
  return ended;
}

// A share ends with its original.
BulletinRecord MemoryStore::Standing(const Bulletin& bulletin) const {
  BulletinRecord record = bulletin.record;
  const BulletinId* original = FindShared(record.referrals);
  if (original == nullptr || record.state != BulletinState::kLive) return record;
  const BulletinRecord& shared = bulletins_.at(*original).record;
  record.state = shared.state;
  record.ended_by = shared.ended_by;
  record.ending = shared.ending;
  return record;
}

absl::StatusOr<SweepReceipt> MemoryStore::Sweep(const SweepCommand& command) {
  SweepReceipt receipt;
  for (auto& [id, bulletin] : bulletins_) {
    BulletinRecord& record = bulletin.record;
    const bool due = record.state == BulletinState::kLive && record.expires <= command.now;
    if (due) record.state = BulletinState::kExpired;
    if (!due && !bulletin.to_erase) continue;
    bulletin.to_erase = false;
    for (uint64_t leaf = 0; leaf < record.recipients; ++leaf) {
      const InboxPlace& place = bulletin.places[leaf];
      InboxEntry& entry = inboxes_.at(place.member).entries[place.seq - 1];
      receipt.slots += entry.slot.empty() ? 0 : 1;
      entry.slot.clear();
    }
    bulletin.parts.clear();
    ++receipt.bulletins;
  }
  return receipt;
}

absl::StatusOr<MemoryStore::Parts> MemoryStore::TakeParts(const PublishCommand& command) {
  Parts parts;
  std::vector<uint64_t> staged;
  if (command.upload.has_value()) {
    auto upload = uploads_.find(command.upload->number);
    if (upload == uploads_.end()) return absl::InvalidArgumentError("no such upload");
    staged = upload->second.part_bytes;
    RETURN_IF_ERROR(CheckParts(command, staged));
    parts = std::move(upload->second.parts);
    uploads_.erase(upload);
  } else {
    RETURN_IF_ERROR(CheckParts(command, staged));
  }
  if (!command.payload.empty()) parts[{0, 0}] = command.payload;
  return parts;
}

void MemoryStore::Deliver(const PublishCommand& command, Bulletin& bulletin) {
  uint32_t leaf_index = 0;
  for (const Delivery& delivery : command.deliveries) {
    Inbox& inbox = inboxes_[delivery.member];
    const uint64_t seq = inbox.entries.size() + 1;
    const Digest prev = seq == 1 ? InboxGenesis(delivery.member) : inbox.entries.back().chain_hash;
    inbox.entries.push_back(
        {.seq = seq,
         .id = command.id,
         .leaf_index = leaf_index++,
         .slot = ToBytes(delivery.slot),
         .slot_digest = delivery.slot_digest,
         .chain_hash = InboxNext(
             prev, seq, {bulletin.record.log_index, command.text_digest, delivery.slot_digest})});
    if (bulletin.leaves.size() < bulletin.record.recipients) {
      bulletin.leaves.push_back(delivery.leaf);
    }
    bulletin.places.push_back({delivery.member, seq, inbox.entries.back().chain_hash});
  }
}

absl::StatusOr<uint64_t> MemoryStore::Acknowledge(const AcknowledgeCommand& command) {
  auto found = inboxes_.find(command.member);
  const uint64_t last = found == inboxes_.end() ? 0 : found->second.entries.size();
  if (command.seq > last) return CursorAhead(command.seq, last);
  ASSIGN_OR_RETURN(const Digest hash, ChainHash(command.member, command.seq));
  if (hash != command.hash) return HistoryDiffers(command.seq);
  if (found == inboxes_.end()) return uint64_t{0};
  found->second.acknowledged = std::max(found->second.acknowledged, command.seq);
  return found->second.acknowledged;
}

// First entries come with publishes, in the order of their deliveries.
std::optional<size_t> MemoryStore::NumberOf(const MemberId& member, uint64_t committed_before) {
  std::vector<MemberId> known;
  for (uint64_t commit = 1; commit <= committed_before; ++commit) {
    for (const InboxPlace& place : commits_[commit - 1]->places) {
      if (place.seq == 1) known.push_back(place.member);
    }
  }
  const auto found = std::find(known.begin(), known.end(), member);
  if (found == known.end()) return std::nullopt;
  return static_cast<size_t>(found - known.begin());
}

absl::StatusOr<uint64_t> MemoryStore::AddReceipts(const ReceiptsCommand& command,
                                                  uint64_t committed_before) {
  RETURN_IF_ERROR(CheckCommand(command));
  const std::optional<size_t> number = NumberOf(command.member, committed_before);
  if (!number.has_value()) return absl::NotFoundError("a member without an inbox holds nothing");
  for (const NewReceipt& receipt : command.receipts) {
    const auto found = bulletins_.find(receipt.id);
    if (found == bulletins_.end() || found->second.record.commit > committed_before) {
      return absl::NotFoundError("a receipt is about no bulletin");
    }
  }
  uint64_t added = 0;
  for (const NewReceipt& receipt : command.receipts) {
    auto& kept = bulletins_.at(receipt.id).receipts;
    const bool is_new = kept.try_emplace({*number, receipt.state},
                                         ReceiptRecord{command.member, receipt.state, receipt.note})
                            .second;
    if (!is_new) continue;
    ++added;
    commits_.push_back(std::make_shared<const CommitEvent>(
        CommitEvent{.commit = commits_.size() + 1,
                    .kind = CommitKind::kReceipt,
                    .id = receipt.id,
                    .directory_version = directory_.has_value() ? directory_->version : 0,
                    .log_index = log_.size()}));
    log_.push_back(LeafHash(receipt.log_entry));
    log_entries_.push_back(receipt.log_entry);
  }
  return added;
}

absl::StatusOr<std::vector<ReceiptRecord>> MemoryStore::ReadReceipts(const BulletinId& id) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(const Bulletin* bulletin, Find(id));
  std::vector<ReceiptRecord> receipts;
  for (const auto& [key, receipt] : bulletin->receipts) receipts.push_back(receipt);
  return receipts;
}

absl::StatusOr<bool> MemoryStore::HasReceipt(const BulletinId& id, const MemberId& member,
                                             uint8_t state) {
  MutexLock lock(mutex_);
  const absl::StatusOr<const Bulletin*> bulletin = Find(id);
  if (!bulletin.ok()) return false;
  for (const auto& [key, receipt] : (*bulletin)->receipts) {
    if (receipt.member == member && receipt.state == state) return true;
  }
  return false;
}

absl::StatusOr<DirectoryReceipt> MemoryStore::SetDirectory(DirectoryCommand command) {
  RETURN_IF_ERROR(CheckCommand(command));
  const uint64_t version = directory_.has_value() ? directory_->version : 0;
  if (command.expected_version != version) {
    return DirectoryMoved(command.expected_version, version);
  }
  const DirectoryReceipt receipt{
      .commit = commits_.size() + 1, .log_index = log_.size(), .version = command.version};
  directory_ = DirectoryRecord{.version = command.version,
                               .log_index = receipt.log_index,
                               .note = std::move(command.note),
                               .fresh = std::move(command.fresh),
                               .authority = std::move(command.authority),
                               .lines = std::move(command.lines)};
  log_.push_back(LeafHash(command.log_entry));
  log_entries_.push_back(command.log_entry);
  commits_.push_back(std::make_shared<const CommitEvent>(CommitEvent{
      .commit = receipt.commit,
      .kind = CommitKind::kDirectory,
      .directory_version = command.version,
      .log_index = receipt.log_index,
  }));
  return receipt;
}

absl::Status MemoryStore::SetFresh(FreshCommand command) {
  RETURN_IF_ERROR(CheckCommand(command));
  const uint64_t version = directory_.has_value() ? directory_->version : 0;
  if (version == 0 || command.version != version) return DirectoryMoved(command.version, version);
  directory_->fresh = std::move(command.fresh);
  return absl::OkStatus();
}

absl::StatusOr<UploadId> MemoryStore::BeginUpload() {
  MutexLock lock(mutex_);
  RETURN_IF_ERROR(Usable());
  uploads_[next_upload_].part_bytes.assign(kMaxParts, 0);
  return UploadId{next_upload_++};
}

absl::Status MemoryStore::PutChunk(UploadId upload, uint32_t part, uint32_t chunk, ByteSpan bytes) {
  MutexLock lock(mutex_);
  RETURN_IF_ERROR(Usable());
  RETURN_IF_ERROR(CheckChunk(part, chunk, bytes));
  auto found = uploads_.find(upload.number);
  if (found == uploads_.end()) return absl::InvalidArgumentError("no such upload");
  uint64_t& staged = found->second.part_bytes[part];
  RETURN_IF_ERROR(CheckNextChunk(staged, chunk));
  if (disk_low_) return DiskLow(0, 1);
  staged += bytes.size();
  found->second.parts[{part, chunk}] = ToBytes(bytes);
  return absl::OkStatus();
}

absl::Status MemoryStore::DropUpload(UploadId upload) {
  MutexLock lock(mutex_);
  RETURN_IF_ERROR(Usable());
  uploads_.erase(upload.number);
  return absl::OkStatus();
}

absl::StatusOr<const MemoryStore::Bulletin*> MemoryStore::Find(const BulletinId& id) {
  RETURN_IF_ERROR(Usable());
  auto found = bulletins_.find(id);
  if (found == bulletins_.end()) return store::NoSuchBulletin(id);
  return &found->second;
}

absl::StatusOr<std::optional<PublishReceipt>> MemoryStore::Find(const BulletinId& id,
                                                                const MemberId& sender,
                                                                const Digest& request_hash) {
  auto found = bulletins_.find(id);
  if (found == bulletins_.end()) return std::nullopt;
  const Bulletin& bulletin = found->second;
  if (bulletin.record.sender != sender || bulletin.request_hash != request_hash) {
    return IdTaken(id);
  }
  PublishReceipt receipt = bulletin.receipt;
  receipt.replayed = true;
  return receipt;
}

absl::StatusOr<std::optional<PublishReceipt>> MemoryStore::FindReceipt(const BulletinId& id,
                                                                       const MemberId& sender,
                                                                       const Digest& request_hash) {
  MutexLock lock(mutex_);
  RETURN_IF_ERROR(Usable());
  return Find(id, sender, request_hash);
}

absl::StatusOr<BulletinRecord> MemoryStore::ReadBulletin(const BulletinId& id) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(const Bulletin* bulletin, Find(id));
  return Standing(*bulletin);
}

uint64_t MemoryStore::reads_for_feeds() {
  MutexLock lock(mutex_);
  return reads_for_feeds_;
}

absl::StatusOr<std::vector<store::BulletinContents>> MemoryStore::ReadContents(
    std::span<const BulletinId> ids) {
  MutexLock lock(mutex_);
  std::vector<store::BulletinContents> contents;
  for (const BulletinId& id : ids) {
    ++reads_for_feeds_;
    ASSIGN_OR_RETURN(store::BulletinContents one, ContentsOf(id));
    contents.push_back(std::move(one));
  }
  return contents;
}

absl::StatusOr<store::BulletinContents> MemoryStore::ContentsOf(const BulletinId& id) {
  ASSIGN_OR_RETURN(const Bulletin* bulletin, Find(id));
  store::BulletinContents contents{.record = Standing(*bulletin), .leaves = bulletin->leaves};
  if (contents.record.state != BulletinState::kLive || !PayloadIsWhole(contents.record)) {
    return contents;
  }
  const BulletinId* original = FindShared(bulletin->record.referrals);
  if (original != nullptr) bulletin = &bulletins_.at(*original);
  contents.payload = bulletin->parts.at({0, 0});
  return contents;
}

absl::StatusOr<std::vector<RecipientCursor>> MemoryStore::ReadRecipientCursors(
    const BulletinId& id) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(const Bulletin* bulletin, Find(id));
  std::vector<RecipientCursor> cursors;
  for (const InboxPlace& place : bulletin->places) {
    const bool acknowledged = inboxes_[place.member].acknowledged >= place.seq;
    const bool told = cursors.size() >= bulletin->record.recipients;
    cursors.push_back({place.member, place.seq, acknowledged, told});
  }
  return cursors;
}

absl::StatusOr<std::vector<BulletinId>> MemoryStore::ReadShares(const BulletinId& id) {
  MutexLock lock(mutex_);
  RETURN_IF_ERROR(Find(id).status());
  return SharesOf(id);
}

absl::StatusOr<store::DueScan> MemoryStore::ReadDue(const store::DuePlace& from, absl::Time until,
                                                    size_t max_rows) {
  MutexLock lock(mutex_);
  RETURN_IF_ERROR(Usable());
  RETURN_IF_ERROR(store::CheckDuePlace(from));
  // In the order of the store on disk, which forgets what a sweep has expired.
  std::set<std::pair<absl::Time, BulletinId>> ends;
  for (const auto& [id, bulletin] : bulletins_) {
    const BulletinRecord& record = bulletin.record;
    if (record.state == BulletinState::kExpired || record.expires >= until) continue;
    if (record.expires >= from.end) ends.emplace(record.expires, id);
  }
  store::DueScan scan;
  store::DuePlace place = from;
  uint64_t passed = from.rows;
  size_t seen = 0;
  for (const auto& [end, id] : ends) {
    if (end == from.end && passed > 0) {
      --passed;
      continue;
    }
    if (seen++ == max_rows) {
      scan.next = place;
      return scan;
    }
    place = end == place.end ? store::DuePlace{end, place.rows + 1} : store::DuePlace{end, 1};
    if (Standing(bulletins_.at(id)).state == BulletinState::kLive) scan.ids.push_back(id);
  }
  return scan;
}

absl::StatusOr<uint64_t> MemoryStore::CountUnerased(absl::Time now, uint64_t max) {
  MutexLock lock(mutex_);
  RETURN_IF_ERROR(Usable());
  uint64_t count = 0;
  for (const auto& [id, bulletin] : bulletins_) {
    const bool due =
        bulletin.record.state == BulletinState::kLive && bulletin.record.expires <= now;
    count += due || bulletin.to_erase ? 1 : 0;
  }
  return std::min(count, max);
}

absl::StatusOr<Bytes> MemoryStore::ReadChunk(const BulletinId& id, uint32_t part, uint32_t chunk) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(const Bulletin* bulletin, Find(id));
  const bool live = Standing(*bulletin).state == BulletinState::kLive;
  const BulletinId* original = FindShared(bulletin->record.referrals);
  if (original != nullptr) bulletin = &bulletins_.at(*original);
  auto found = bulletin->parts.find({part, chunk});
  if (!live || found == bulletin->parts.end()) {
    return absl::NotFoundError(
        absl::StrCat("bulletin `", id.ToHex(), "` has no chunk ", chunk, " of part ", part));
  }
  return found->second;
}

absl::StatusOr<InboxScan> MemoryStore::ScanInbox(const MemberId& member, uint64_t after,
                                                 const ScanLimits& limits) {
  MutexLock lock(mutex_);
  ++reads_for_feeds_;
  RETURN_IF_ERROR(Usable());
  InboxScan scan;
  const std::vector<InboxEntry>& entries = inboxes_[member].entries;
  scan.last_seq = entries.size();
  size_t bytes = 0;
  for (uint64_t i = after; i < entries.size() && scan.entries.size() < limits.max_entries; ++i) {
    bytes += entries[i].slot.size() + kEntryFixedBytes;
    if (!scan.entries.empty() && bytes > limits.max_bytes) break;
    scan.entries.push_back(entries[i]);
  }
  return scan;
}

absl::StatusOr<store::InboxPosition> MemoryStore::ReadPosition(const MemberId& member) {
  MutexLock lock(mutex_);
  RETURN_IF_ERROR(Usable());
  const Inbox& inbox = inboxes_[member];
  ASSIGN_OR_RETURN(const Digest hash, ChainHash(member, inbox.entries.size()));
  return store::InboxPosition{inbox.entries.size(), hash, inbox.acknowledged};
}

absl::StatusOr<Digest> MemoryStore::ChainHash(const MemberId& member, uint64_t seq) {
  if (seq == 0) return InboxGenesis(member);
  auto inbox = inboxes_.find(member);
  if (inbox == inboxes_.end() || seq > inbox->second.entries.size()) {
    return absl::NotFoundError(absl::StrCat("the inbox has no entry ", seq));
  }
  return inbox->second.entries[seq - 1].chain_hash;
}

absl::StatusOr<Digest> MemoryStore::ReadChainHash(const MemberId& member, uint64_t seq) {
  MutexLock lock(mutex_);
  RETURN_IF_ERROR(Usable());
  return ChainHash(member, seq);
}

absl::StatusOr<ResumeToken> MemoryStore::MakeResumeToken(const MemberId& member, uint64_t seq) {
  MutexLock lock(mutex_);
  RETURN_IF_ERROR(Usable());
  ResumeToken token{.epoch = epoch_, .seq = seq, .id = {}};
  if (seq == 0) return token;
  const std::vector<InboxEntry>& entries = inboxes_[member].entries;
  if (seq > entries.size()) {
    return absl::NotFoundError(absl::StrCat("the inbox has no entry ", seq));
  }
  const ByteSpan id = entries[seq - 1].id.span();
  std::copy(id.begin(), id.end(), token.id.begin());
  return token;
}

absl::Status MemoryStore::CheckResumeToken(const MemberId& member, const ResumeToken& token) {
  absl::StatusOr<ResumeToken> mine = MakeResumeToken(member, token.seq);
  if (absl::IsNotFound(mine.status())) return HistoryDiffers(token.seq);
  RETURN_IF_ERROR(mine.status());
  return mine->id == token.id ? absl::OkStatus() : HistoryDiffers(token.seq);
}

absl::StatusOr<DirectoryRecord> MemoryStore::ReadDirectory() {
  MutexLock lock(mutex_);
  RETURN_IF_ERROR(Usable());
  if (!directory_.has_value()) return absl::NotFoundError("the broker has no directory yet");
  return *directory_;
}

uint64_t MemoryStore::directory_version() {
  MutexLock lock(mutex_);
  return directory_.has_value() ? directory_->version : 0;
}

uint64_t MemoryStore::log_size() {
  MutexLock lock(mutex_);
  return log_.size();
}

absl::StatusOr<Digest> MemoryStore::ReadLogRoot(uint64_t size) {
  MutexLock lock(mutex_);
  RETURN_IF_ERROR(Usable());
  RETURN_IF_ERROR(CheckLogRange(size, size, log_.size()));
  return MerkleTree({log_.begin(), log_.begin() + static_cast<ptrdiff_t>(size)}).Root();
}

absl::StatusOr<std::vector<Digest>> MemoryStore::ReadInclusionPath(uint64_t index, uint64_t size) {
  MutexLock lock(mutex_);
  RETURN_IF_ERROR(Usable());
  RETURN_IF_ERROR(CheckLogRange(index + 1, size, log_.size()));
  return MerkleTree({log_.begin(), log_.begin() + static_cast<ptrdiff_t>(size)})
      .InclusionPath(index);
}

absl::StatusOr<std::vector<Digest>> MemoryStore::ReadConsistencyPath(uint64_t old_size,
                                                                     uint64_t new_size) {
  MutexLock lock(mutex_);
  RETURN_IF_ERROR(Usable());
  RETURN_IF_ERROR(CheckLogRange(old_size, new_size, log_.size()));
  return MerkleTree({log_.begin(), log_.begin() + static_cast<ptrdiff_t>(new_size)})
      .ConsistencyPath(old_size);
}

absl::StatusOr<std::vector<Digest>> MemoryStore::ReadLogNodes(uint32_t level, uint64_t first,
                                                              uint32_t count) {
  MutexLock lock(mutex_);
  RETURN_IF_ERROR(Usable());
  RETURN_IF_ERROR(CheckLogNodes(level, first, count, log_.size()));
  const MerkleTree tree(log_);
  std::vector<Digest> nodes;
  nodes.reserve(count);
  for (uint32_t i = 0; i < count; ++i) nodes.push_back(tree.Node(level, first + i));
  return nodes;
}

absl::StatusOr<std::vector<Bytes>> MemoryStore::ReadLogEntries(uint64_t first, uint32_t count) {
  MutexLock lock(mutex_);
  RETURN_IF_ERROR(Usable());
  RETURN_IF_ERROR(CheckLogNodes(0, first, count, log_.size()));
  const auto begin = log_entries_.begin() + static_cast<ptrdiff_t>(first);
  return std::vector<Bytes>(begin, begin + count);
}

absl::StatusOr<std::vector<Digest>> MemoryStore::ReadBatchPath(std::span<const uint64_t> indexes,
                                                               uint64_t size) {
  MutexLock lock(mutex_);
  RETURN_IF_ERROR(Usable());
  RETURN_IF_ERROR(CheckLogRange(indexes.back() + 1, size, log_.size()));
  const MerkleTree tree({log_.begin(), log_.begin() + static_cast<ptrdiff_t>(size)});
  return StoredBatchPath(indexes, size,
                         [&tree](uint32_t level, uint64_t index) -> absl::StatusOr<Digest> {
                           return tree.Node(level, index);
                         });
}

uint64_t MemoryStore::last_commit() {
  MutexLock lock(mutex_);
  return commits_.size();
}

absl::StatusOr<std::vector<std::shared_ptr<const CommitEvent>>> MemoryStore::ReadCommits(
    uint64_t after, size_t max) {
  MutexLock lock(mutex_);
  RETURN_IF_ERROR(Usable());
  std::vector<std::shared_ptr<const CommitEvent>> events;
  for (uint64_t i = after; i < commits_.size() && events.size() < max; ++i) {
    events.push_back(commits_[i]);
  }
  return events;
}

absl::Status MemoryStore::ReportDamage(absl::Status what) {
  MutexLock lock(mutex_);
  if (failure_.ok()) failure_ = what;
  return what;
}

absl::Status MemoryStore::KeepWitnessed(absl::string_view text) {
  MutexLock lock(mutex_);
  RETURN_IF_ERROR(Usable());
  if (text.size() > kMaxWitnessedBytes) {
    return LimitExceeded("bytes of witnesses", text.size(), kMaxWitnessedBytes);
  }
  witnessed_ = std::string(text);
  return absl::OkStatus();
}

absl::StatusOr<std::string> MemoryStore::ReadWitnessed() {
  MutexLock lock(mutex_);
  RETURN_IF_ERROR(Usable());
  return witnessed_;
}

absl::Status MemoryStore::health() {
  MutexLock lock(mutex_);
  return failure_;
}

absl::StatusOr<StoreReport> MemoryStore::Verify() {
  MutexLock lock(mutex_);
  RETURN_IF_ERROR(Usable());
  StoreReport report{.commits = commits_.size(),
                     .bulletins = bulletins_.size(),
                     .members = 0,
                     .inbox_entries = 0,
                     .receipts = 0,
                     .log_leaves = log_.size(),
                     .payload_bytes = 0,
                     .directory_version = directory_.has_value() ? directory_->version : 0,
                     .log_root = MerkleTree(log_).Root()};
  for (const auto& [member, inbox] : inboxes_) {
    if (inbox.entries.empty()) continue;
    ++report.members;
    report.inbox_entries += inbox.entries.size();
  }
  for (const auto& [id, bulletin] : bulletins_) {
    report.receipts += bulletin.receipts.size();
    if (bulletin.record.state != BulletinState::kLive) continue;
    for (const auto& [place, bytes] : bulletin.parts) report.payload_bytes += bytes.size();
  }
  return report;
}

}  // namespace shield::testing
