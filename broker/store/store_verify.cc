#include "broker/store/store_verify.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "broker/store/check_command.h"
#include "broker/store/store_errors.h"
#include "broker/store/store_folder.h"
#include "broker/store/store_values.h"
#include "broker/store/stored_rows.h"
#include "crypto/merkle.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "policy/proof/inbox_chain.h"
#include "policy/proof/log_leaf.h"
#include "policy/proof/receipt.h"

namespace shield::store {
namespace {

using Snapshot = std::shared_ptr<const rocksdb::Snapshot>;

// What the inbox walk needs of a bulletin: about 100 bytes each.
struct BulletinFacts {
  Digest text_digest;
  absl::Time expires;
  uint64_t log_index = 0;
  uint64_t recipients = 0;
  uint64_t told = 0;
  bool ended = false;  // by its own row; a share may have ended with its original
  bool shares = false;
  bool erased = false;  // ended, and nothing of it waits to be erased
  uint64_t found = 0;   // entries met in inboxes
};

struct Walk {
  RocksDatabase& database;
  Snapshot snapshot;
  StoreReport report;
  absl::flat_hash_map<BulletinId, BulletinFacts> bulletins;
  std::vector<MemberId> members;     // by number
  uint64_t publishes = 0;            // commits of that kind
  uint64_t receipts = 0;             // likewise
  uint64_t directory_log_index = 0;  // of the last directory
};

absl::Status Broken(absl::string_view what) { return StoreCorrupt(what); }

absl::Status WalkCommits(Walk& walk) {
  Digest running;
  MerkleFrontier log;
  auto visit = [&](absl::string_view key, absl::string_view row) -> absl::StatusOr<bool> {
    const uint64_t commit = ++walk.report.commits;
    const std::optional<CommitValue> value = DecodeCommit(row);
    if (AsBytes(key).size() != 8 || ReadU64(AsBytes(key)) != commit || !value.has_value()) {
      return Broken(absl::StrCat("commit ", commit, " is missing or cannot be read"));
    }
    if (value->log_index != log.size()) {
      return Broken(absl::StrCat("commit ", commit, " names log leaf ", value->log_index));
    }
    ASSIGN_OR_RETURN(const Digest leaf, ReadLogNode(walk.database, 0, value->log_index));
    ASSIGN_OR_RETURN(const Bytes entry, ReadLogEntry(walk.database, value->log_index));
    if (LeafHash(entry) != leaf) {
      return Broken(absl::StrCat("log leaf ", value->log_index, " is not the hash of its entry"));
    }
    running = NextRunningHash(running, commit, *value, leaf);
    if (running != value->running_hash) {
      return Broken(absl::StrCat("the running hash does not hold at commit ", commit));
    }
    for (const MerkleNode& node : log.Append(leaf)) {
      ASSIGN_OR_RETURN(const Digest stored, ReadLogNode(walk.database, node.level, node.index));
      if (stored != node.hash) {
        return Broken(absl::StrCat("log node ", node.index, " of level ", node.level,
                                   " is not the hash of its children"));
      }
    }
    if (value->kind == CommitKind::kDirectory) {
      walk.report.directory_version = value->directory_version;
      walk.directory_log_index = value->log_index;
    } else {
      ++(value->kind == CommitKind::kPublish ? walk.publishes : walk.receipts);
    }
    return true;
  };
  RETURN_IF_ERROR(walk.database.Scan(Column::kCommit, "", "", visit, walk.snapshot.get()));
  walk.report.log_leaves = log.size();
  walk.report.log_root = log.Root();
  return absl::OkStatus();
}

// Of what has ended nothing is left, once no erasure waits.
absl::Status CheckErased(Walk& walk, const BulletinValue& value) {
  ASSIGN_OR_RETURN(const auto waiting, walk.database.Get(Column::kMeta, ErasureKey(value.record.id),
                                                         walk.snapshot.get()));
  if (value.upload == 0 || waiting.has_value()) return absl::OkStatus();
  const std::string left = absl::StrCat("bulletin `", value.record.id.ToHex(),
                                        "` was erased, and chunks of it are left");
  return walk.database.Scan(
      Column::kPayload, PayloadKey(value.upload, 0, 0), PayloadKey(value.upload + 1, 0, 0),
      [&](absl::string_view, absl::string_view) -> absl::StatusOr<bool> { return Broken(left); },
      walk.snapshot.get());
}

absl::Status CheckChunks(Walk& walk, const BulletinValue& value) {
  if (FindShared(value.record.referrals) != nullptr) return absl::OkStatus();
  if (value.record.state != BulletinState::kLive) return CheckErased(walk, value);
  for (uint32_t part = 0; part < value.record.part_bytes.size(); ++part) {
    uint64_t left = value.record.part_bytes[part];
    for (uint32_t chunk = 0; left > 0; ++chunk) {
      const uint64_t expected = std::min<uint64_t>(left, kChunkBytes);
      ASSIGN_OR_RETURN(auto bytes,
                       walk.database.Get(Column::kPayload, PayloadKey(value.upload, part, chunk),
                                         walk.snapshot.get()));
      if (!bytes.has_value() || bytes->size() != expected) {
        return Broken(absl::StrCat("chunk ", chunk, " of part ", part, " of bulletin `",
                                   value.record.id.ToHex(), "` is missing or cut short"));
      }
      left -= expected;
      walk.report.payload_bytes += expected;
    }
  }
  return absl::OkStatus();
}

absl::Status CheckCommitOf(Walk& walk, const BulletinRecord& record) {
  ASSIGN_OR_RETURN(
      auto row, walk.database.Get(Column::kCommit, CommitKey(record.commit), walk.snapshot.get()));
  const std::optional<CommitValue> commit = row.has_value() ? DecodeCommit(*row) : std::nullopt;
  if (!commit.has_value() || commit->id != record.id || commit->log_index != record.log_index) {
    return Broken(absl::StrCat("bulletin `", record.id.ToHex(), "` names commit ", record.commit,
                               ", which is another's"));
  }
  return absl::OkStatus();
}

// What was signed is what the chains and the log speak of.
absl::Status CheckText(const BulletinRecord& record) {
  const absl::StatusOr<SignedNote> note =
      ParseNote(AsText(record.statement), {.max_text_bytes = kMaxStatementBytes});
  if (note.ok() && Sha256(note->text) == record.text_digest) return absl::OkStatus();
  return Broken(absl::StrCat("the statement of bulletin `", record.id.ToHex(),
                             "` is not the one whose digest stands beside it"));
}

Key ExpiryKeyOf(absl::Time expires, const BulletinId& id) {
  return ExpiryKey(static_cast<uint64_t>(std::max<int64_t>(0, absl::ToUnixSeconds(expires))), id);
}

absl::Status CheckExpiryOf(Walk& walk, const BulletinRecord& record) {
  const bool expected =
      record.state == BulletinState::kLive && record.expires != absl::InfiniteFuture();
  if (!expected) return absl::OkStatus();
  ASSIGN_OR_RETURN(auto row,
                   walk.database.Get(Column::kExpiry, ExpiryKeyOf(record.expires, record.id),
                                     walk.snapshot.get()));
  if (row.has_value()) return absl::OkStatus();
  return Broken(absl::StrCat("bulletin `", record.id.ToHex(), "` has no expiry row"));
}

// What a bulletin refers to is there, and what ended it says so.
absl::Status CheckReferrals(Walk& walk, const BulletinValue& value) {
  const BulletinRecord& record = value.record;
  const std::string where = absl::StrCat("bulletin `", record.id.ToHex(), "` ");
  for (const Referral& referral : record.referrals) {
    ASSIGN_OR_RETURN(const auto target,
                     ReadBulletinRow(walk.database, referral.id, walk.snapshot.get()));
    if (!target.has_value()) return Broken(absl::StrCat(where, "refers to one that is not there"));
    if (referral.effect != Effect::kShares) continue;
    ASSIGN_OR_RETURN(
        const auto row,
        walk.database.Get(Column::kMeta, ShareKey(referral.id, record.id), walk.snapshot.get()));
    if (!row.has_value()) return Broken(absl::StrCat(where, "is a share that is not listed"));
  }
  const bool ended =
      record.state == BulletinState::kWithdrawn || record.state == BulletinState::kSuperseded;
  if (ended != record.ended_by.has_value()) {
    return Broken(absl::StrCat(where, "has ended by nothing, or not ended by something"));
  }
  if (!ended) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto ending,
                   ReadBulletinRow(walk.database, *record.ended_by, walk.snapshot.get()));
  if (ending.has_value()) {
    for (const Referral& referral : ending->record.referrals) {
      if (referral.id == record.id && Ends(referral.effect)) return absl::OkStatus();
    }
  }
  return Broken(absl::StrCat(where, "was ended by one that does not say so"));
}

// Only what has ended is erased.
absl::Status CheckErasure(const BulletinValue& value, const std::optional<std::string>& row) {
  if (!row.has_value()) return absl::OkStatus();
  const bool ended =
      value.record.state != BulletinState::kLive || FindShared(value.record.referrals) != nullptr;
  if (ended && DecodeU64(*row).value_or(UINT64_MAX) <= value.record.recipients) {
    return absl::OkStatus();
  }
  return Broken(absl::StrCat("bulletin `", value.record.id.ToHex(), "` is live and to be erased"));
}

absl::Status WalkBulletins(Walk& walk) {
  auto visit = [&](absl::string_view key, absl::string_view row) -> absl::StatusOr<bool> {
    const std::optional<BulletinId> id = BulletinId::FromBytes(AsBytes(key));
    const std::optional<BulletinValue> value =
        id.has_value() ? DecodeBulletin(*id, row) : std::nullopt;
    if (!value.has_value()) return Broken("a bulletin row cannot be read");
    RETURN_IF_ERROR(CheckCommitOf(walk, value->record));
    RETURN_IF_ERROR(CheckText(value->record));
    RETURN_IF_ERROR(CheckExpiryOf(walk, value->record));
    RETURN_IF_ERROR(CheckChunks(walk, *value));
    RETURN_IF_ERROR(CheckReferrals(walk, *value));
    const BulletinRecord& record = value->record;
    RETURN_IF_ERROR(
        ReadRecipientRows(walk.database, *id, record.recipients + record.told, walk.snapshot.get())
            .status());
    ASSIGN_OR_RETURN(const auto erasure,
                     walk.database.Get(Column::kMeta, ErasureKey(*id), walk.snapshot.get()));
    RETURN_IF_ERROR(CheckErasure(*value, erasure));
    const bool ended = record.state != BulletinState::kLive;
    walk.bulletins.emplace(
        *id, BulletinFacts{record.text_digest, record.expires, record.log_index, record.recipients,
                           record.told, ended, FindShared(record.referrals) != nullptr,
                           ended && !erasure.has_value()});
    ++walk.report.bulletins;
    return true;
  };
  RETURN_IF_ERROR(walk.database.Scan(Column::kBulletin, "", "", visit, walk.snapshot.get()));
  // Each row has a commit of its own, so equal numbers mean that each commit has its row.
  if (walk.report.bulletins == walk.publishes) return absl::OkStatus();
  return Broken(absl::StrCat(walk.publishes, " bulletins were committed, but ",
                             walk.report.bulletins, " are there"));
}

// Each row of the erasures and of the shares is of bulletins that are there.
absl::Status WalkIds(Walk& walk, absl::string_view prefix, size_t ids) {
  auto visit = [&](absl::string_view key, absl::string_view) -> absl::StatusOr<bool> {
    bool known = key.size() == prefix.size() + ids * BulletinId::kSize;
    for (size_t at = prefix.size(); known && at < key.size(); at += BulletinId::kSize) {
      const auto id = BulletinId::FromBytes(AsBytes(key.substr(at, BulletinId::kSize)));
      known = id.has_value() && walk.bulletins.contains(*id);
    }
    if (known) return true;
    return Broken("a row of the erasures or of the shares names no bulletin");
  };
  return walk.database.Scan(Column::kMeta, prefix, AfterPrefix(prefix), visit, walk.snapshot.get());
}

// Each row of the expiry column is of a bulletin that expires then.
absl::Status WalkExpiry(Walk& walk) {
  auto visit = [&](absl::string_view key, absl::string_view) -> absl::StatusOr<bool> {
    const std::optional<BulletinId> id = key.size() == 8 + BulletinId::kSize
                                             ? BulletinId::FromBytes(AsBytes(key.substr(8)))
                                             : std::nullopt;
    if (!id.has_value()) return Broken("an expiry row cannot be read");
    const auto bulletin = walk.bulletins.find(*id);
    if (bulletin == walk.bulletins.end() || key != ExpiryKeyOf(bulletin->second.expires, *id)) {
      return Broken(absl::StrCat("bulletin `", id->ToHex(), "` does not expire when a row says"));
    }
    return true;
  };
  return walk.database.Scan(Column::kExpiry, "", "", visit, walk.snapshot.get());
}

// The head row is of the last directory's commit, and its lines are complete.
absl::Status WalkDirectory(Walk& walk) {
  ASSIGN_OR_RETURN(auto row, walk.database.Get(Column::kMeta, DirectoryKey(), walk.snapshot.get()));
  const std::optional<DirectoryValue> value =
      row.has_value() ? DecodeDirectory(*row) : DirectoryValue{};
  if (!value.has_value() || value->version != walk.report.directory_version ||
      value->log_index != walk.directory_log_index) {
    return Broken("the directory row is not of the last directory's commit");
  }
  uint32_t blocks = 0;
  std::vector<std::string> lines;
  auto visit = [&](absl::string_view key, absl::string_view block) -> absl::StatusOr<bool> {
    lines.clear();
    if (key != absl::string_view(DirectoryLinesKey(blocks)) || !AppendLines(block, lines)) {
      return Broken(absl::StrCat("block ", blocks,
                                 " of the directory's lines is missing or cannot "
                                 "be read"));
    }
    ++blocks;
    return true;
  };
  RETURN_IF_ERROR(walk.database.Scan(Column::kMeta, DirectoryLinesPrefix(),
                                     AfterPrefix(DirectoryLinesPrefix()), visit,
                                     walk.snapshot.get()));
  if (blocks == value->blocks) return absl::OkStatus();
  return Broken(absl::StrCat("the directory has ", value->blocks, " blocks of lines, but ", blocks,
                             " are there"));
}

// Slots are there until their bulletin has ended, and gone when it has been erased; who was told
// never had one.
absl::Status CheckSlot(const BulletinFacts& facts, const InboxEntry& entry,
                       absl::string_view where) {
  const bool told = entry.leaf_index >= facts.recipients;
  if (told && entry.slot_digest != Sha256(ByteSpan())) {
    return Broken(absl::StrCat(where, "has a slot that nobody gave it"));
  }
  if (!entry.slot.empty() && facts.erased) {
    return Broken(absl::StrCat(where, "holds a slot of a bulletin that was erased"));
  }
  const bool may_be_gone = told || facts.ended || facts.shares;
  if (entry.slot.empty() && !may_be_gone) {
    return Broken(absl::StrCat(where, "has lost its slot"));
  }
  return absl::OkStatus();
}

absl::Status WalkInbox(Walk& walk, MemberNumber number, const MemberId& member) {
  InboxChain chain(member);
  Key prefix;
  PutU32(prefix, number.value);
  auto visit = [&](absl::string_view key, absl::string_view row) -> absl::StatusOr<bool> {
    const uint64_t seq = chain.position().seq + 1;
    const std::string where =
        absl::StrCat("entry ", seq, " of the inbox of `", member.text(), "` ");
    const std::optional<InboxEntry> entry = DecodeInboxEntry(seq, row);
    if (key.size() != 12 || ReadU64(AsBytes(key).subspan(4)) != seq || !entry.has_value()) {
      return Broken(absl::StrCat(where, "is missing or cannot be read"));
    }
    auto bulletin = walk.bulletins.find(entry->id);
    if (bulletin == walk.bulletins.end()) {
      return Broken(absl::StrCat(where, "names a bulletin that is not there"));
    }
    BulletinFacts& facts = bulletin->second;
    RETURN_IF_ERROR(CheckSlot(facts, *entry, where));
    chain.Extend({facts.log_index, facts.text_digest, entry->slot_digest});
    if (chain.position().hash != entry->chain_hash) {
      return Broken(absl::StrCat(where, "breaks the chain"));
    }
    ++facts.found;
    ++walk.report.inbox_entries;
    return true;
  };
  RETURN_IF_ERROR(walk.database.Scan(Column::kInbox, InboxKey(number, 0), AfterPrefix(prefix),
                                     visit, walk.snapshot.get()));
  ASSIGN_OR_RETURN(auto cursor,
                   walk.database.Get(Column::kMeta, CursorKey(number), walk.snapshot.get()));
  if (cursor.has_value() && DecodeU64(*cursor).value_or(UINT64_MAX) > chain.position().seq) {
    return Broken(absl::StrCat("the cursor of `", member.text(), "` is beyond its last entry"));
  }
  return absl::OkStatus();
}

absl::Status WalkMembers(Walk& walk) {
  std::vector<std::optional<MemberId>> found;
  auto visit = [&](absl::string_view key, absl::string_view row) -> absl::StatusOr<bool> {
    std::optional<MemberId> member = MemberId::Parse(key.substr(1));
    const uint32_t number = DecodeU32(row).value_or(UINT32_MAX);
    if (!member.has_value() || number == UINT32_MAX) return Broken("a member row cannot be read");
    if (number >= found.size()) found.resize(number + size_t{1});
    found[number] = *std::move(member);
    return true;
  };
  RETURN_IF_ERROR(walk.database.Scan(Column::kMeta, MemberPrefix(), AfterPrefix(MemberPrefix()),
                                     visit, walk.snapshot.get()));
  for (const std::optional<MemberId>& member : found) {
    if (!member.has_value()) return Broken("member numbers have a gap");
    walk.members.push_back(*member);
  }
  walk.report.members = walk.members.size();
  return absl::OkStatus();
}

// Each receipt has a commit of its own and is the leaf that the log holds there.
absl::Status CheckReceipt(Walk& walk, const BulletinId& id, const ReceiptRow& receipt) {
  const std::string where = absl::StrCat("a receipt about bulletin `", id.ToHex(), "` ");
  if (!walk.bulletins.contains(id)) return Broken(absl::StrCat(where, "is about none"));
  if (receipt.member.value >= walk.members.size()) {
    return Broken(absl::StrCat(where, "is of an unknown member"));
  }
  ASSIGN_OR_RETURN(
      const auto row,
      walk.database.Get(Column::kCommit, CommitKey(receipt.value.commit), walk.snapshot.get()));
  const std::optional<CommitValue> commit = row.has_value() ? DecodeCommit(*row) : std::nullopt;
  if (!commit.has_value() || commit->kind != CommitKind::kReceipt || commit->id != id) {
    return Broken(absl::StrCat(where, "names another's commit"));
  }
  ASSIGN_OR_RETURN(const Digest leaf, ReadLogNode(walk.database, 0, commit->log_index));
  const absl::StatusOr<SignedNote> note = ParseNote(AsText(receipt.value.note));
  if (!note.ok() || LogLeafHash(LogKind::kReceipt, Sha256(note->text)) != leaf) {
    return Broken(absl::StrCat(where, "is not the one that the log holds"));
  }
  const absl::StatusOr<Receipt> said = ParseReceipt(note->text);
  const bool elsewhere =
      said.ok() && (said->bulletin != id || said->member != walk.members[receipt.member.value] ||
                    static_cast<uint8_t>(said->state) != receipt.state);
  return elsewhere ? Broken(absl::StrCat(where, "lies in the place of another")) : absl::OkStatus();
}

absl::Status WalkReceipts(Walk& walk) {
  auto visit = [&](absl::string_view key, absl::string_view row) -> absl::StatusOr<bool> {
    const std::optional<ReceiptRow> receipt = ReadReceiptRow(key, row);
    if (!receipt.has_value()) return Broken("a receipt row cannot be read");
    const auto id = BulletinId::FromBytes(AsBytes(key.substr(0, BulletinId::kSize)));
    RETURN_IF_ERROR(CheckReceipt(walk, *id, *receipt));
    ++walk.report.receipts;
    return true;
  };
  RETURN_IF_ERROR(walk.database.Scan(Column::kReceipt, "", "", visit, walk.snapshot.get()));
  if (walk.report.receipts == walk.receipts) return absl::OkStatus();
  return Broken(absl::StrCat(walk.receipts, " receipts were committed, but ", walk.report.receipts,
                             " are there"));
}

// Each recipient row points at the entry that the fan-out made, and at no other.
absl::Status WalkRecipients(Walk& walk) {
  for (const auto& [id, facts] : walk.bulletins) {
    const uint64_t holders = facts.recipients + facts.told;
    if (facts.found != holders) {
      return Broken(absl::StrCat("bulletin `", id.ToHex(), "` has ", holders, " holders, but ",
                                 facts.found, " inbox entries"));
    }
    ASSIGN_OR_RETURN(const auto rows,
                     ReadRecipientRows(walk.database, id, holders, walk.snapshot.get()));
    for (uint32_t leaf = 0; leaf < rows.size(); ++leaf) {
      ASSIGN_OR_RETURN(const InboxEntry entry,
                       ReadInboxRow(walk.database, rows[leaf].member, rows[leaf].seq));
      if (entry.id != id || entry.leaf_index != leaf) {
        return Broken(absl::StrCat("recipient ", leaf, " of bulletin `", id.ToHex(),
                                   "` points at another's inbox entry"));
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<StoreReport> VerifyDatabase(RocksDatabase& database) {
  RETURN_IF_ERROR(database.CheckFiles());
  Walk walk{database,
            Snapshot(database.raw().GetSnapshot(),
                     [&database](const rocksdb::Snapshot* taken) {
                       database.raw().ReleaseSnapshot(taken);
                     }),
            {},
            {},
            {}};
  RETURN_IF_ERROR(WalkCommits(walk));
  RETURN_IF_ERROR(WalkDirectory(walk));
  RETURN_IF_ERROR(WalkBulletins(walk));
  RETURN_IF_ERROR(WalkExpiry(walk));
  RETURN_IF_ERROR(WalkIds(walk, ErasurePrefix(), 1));
  RETURN_IF_ERROR(WalkIds(walk, ShareRowsPrefix(), 2));
  RETURN_IF_ERROR(WalkMembers(walk));
  for (uint32_t number = 0; number < walk.members.size(); ++number) {
    RETURN_IF_ERROR(WalkInbox(walk, MemberNumber{number}, walk.members[number]));
  }
  RETURN_IF_ERROR(WalkRecipients(walk));
  RETURN_IF_ERROR(WalkReceipts(walk));
  return walk.report;
}

absl::StatusOr<StoreReport> VerifyStore(const std::filesystem::path& folder) {
  FailStop fail_stop;
  RETURN_IF_ERROR(CheckStore(folder, fail_stop));
  ASSIGN_OR_RETURN(auto database, RocksDatabase::Open(DatabasePath(folder),
                                                      RocksDatabase::Mode::kReadOnly, fail_stop));
  return VerifyDatabase(*database);
}

}  // namespace shield::store
