#include "broker/store/store_values.h"

#include <limits>
#include <utility>

#include "absl/time/time.h"
#include "broker/store/record_reader.h"
#include "crypto/sha256.h"

namespace shield::store {
namespace {

// First byte of every structured value; another one is another format.
constexpr uint8_t kValueFormat = 1;

// How an inbox row holds its slot.
constexpr uint8_t kSlotGone = 0;     // digest only: a tombstone, or an entry that never had one
constexpr uint8_t kSlotPresent = 1;  // the slot itself

constexpr uint64_t kNever = std::numeric_limits<uint64_t>::max();

void PutU8(std::string& out, uint8_t value) { out.push_back(static_cast<char>(value)); }

void PutBlock(std::string& out, ByteSpan bytes) {
  PutU32(out, static_cast<uint32_t>(bytes.size()));
  PutBytes(out, bytes);
}

template <typename Id>
absl::string_view TextOf(const std::optional<Id>& id) {
  return id.has_value() ? id->text() : absl::string_view();
}

// An identifier, or nothing where there is none; false for any other text.
template <typename Id>
bool ReadOptionalId(RecordReader& reader, std::optional<Id>& id) {
  const std::string text = reader.Text();
  if (text.empty()) return true;
  id = Id::Parse(text);
  return id.has_value();
}

uint64_t EncodeTime(absl::Time time) {
  if (time == absl::InfiniteFuture()) return kNever;
  return static_cast<uint64_t>(std::max<int64_t>(0, absl::ToUnixSeconds(time)));
}

absl::Time DecodeTime(uint64_t seconds) {
  if (seconds == kNever) return absl::InfiniteFuture();
  return absl::FromUnixSeconds(static_cast<int64_t>(seconds));
}

}  // namespace

std::string EncodeBulletin(const BulletinValue& value) {
  const BulletinRecord& record = value.record;
  std::string out;
  out.reserve(record.statement.size() + 256);
  PutU8(out, kValueFormat);
  PutU8(out, static_cast<uint8_t>(record.state));
  const std::array<uint8_t, 16> none{};
  PutBytes(out, record.ended_by.has_value() ? record.ended_by->span() : ByteSpan(none));
  PutU64(out, record.commit);
  PutU64(out, record.log_index);
  PutU64(out, record.directory_version);
  PutU64(out, record.recipients);
  PutU64(out, record.told);
  PutU64(out, EncodeTime(record.expires));
  PutBytes(out, record.text_digest.span());
  PutBytes(out, value.request_hash.span());
  PutU64(out, value.upload);
  PutBlock(out, AsBytes(record.sender.text()));
  PutU32(out, static_cast<uint32_t>(record.part_bytes.size()));
  for (uint64_t bytes : record.part_bytes) PutU64(out, bytes);
  PutU32(out, static_cast<uint32_t>(record.openings.size()));
  for (const StoredOpening& opening : record.openings) {
    PutBlock(out, opening.salt);
    PutBlock(out, AsBytes(opening.token));
  }
  PutBlock(out, AsBytes(TextOf(record.source)));
  PutBlock(out, AsBytes(TextOf(record.community)));
  PutU32(out, static_cast<uint32_t>(record.named.size()));
  for (const NamedRecipient& named : record.named) {
    PutU32(out, named.leaf_index);
    PutBlock(out, AsBytes(named.org.text()));
  }
  PutU32(out, static_cast<uint32_t>(record.referrals.size()));
  for (const Referral& referral : record.referrals) {
    PutBytes(out, referral.id.span());
    PutU8(out, static_cast<uint8_t>(referral.effect));
  }
  PutU32(out, static_cast<uint32_t>(value.warnings.size()));
  for (const std::string& warning : value.warnings) PutBlock(out, AsBytes(warning));
  PutBytes(out, record.statement);
  return out;
}

std::optional<BulletinValue> DecodeBulletin(const BulletinId& id, absl::string_view bytes) {
  RecordReader reader(bytes);
  if (reader.U8() != kValueFormat) return std::nullopt;
  const uint8_t state = reader.U8();
  const BulletinId ended_by(reader.Id());
  const uint64_t commit = reader.U64();
  const uint64_t log_index = reader.U64();
  const uint64_t directory_version = reader.U64();
  const uint64_t recipients = reader.U64();
  const uint64_t told = reader.U64();
  const absl::Time expires = DecodeTime(reader.U64());
  const Digest text_digest = reader.Hash();
  const Digest request_hash = reader.Hash();
  const uint64_t upload = reader.U64();
  const std::optional<MemberId> sender = MemberId::Parse(reader.Text());
  if (!sender.has_value()) return std::nullopt;
  if (state < static_cast<uint8_t>(BulletinState::kLive) ||
      state > static_cast<uint8_t>(BulletinState::kSuperseded)) {
    return std::nullopt;
  }
  BulletinValue value{.record = {.id = id,
                                 .sender = *sender,
                                 .state = static_cast<BulletinState>(state),
                                 .text_digest = text_digest,
                                 .commit = commit,
                                 .log_index = log_index,
                                 .directory_version = directory_version,
                                 .recipients = recipients,
                                 .told = told,
                                 .expires = expires},
                      .request_hash = request_hash,
                      .upload = upload};
  if (ended_by != BulletinId(std::array<uint8_t, 16>{})) value.record.ended_by = ended_by;
  for (uint32_t left = reader.Count(8); left > 0; --left) {
    value.record.part_bytes.push_back(reader.U64());
  }
  for (uint32_t left = reader.Count(8); left > 0; --left) {
    StoredOpening opening{.salt = ToBytes(reader.Block()), .token = reader.Text()};
    value.record.openings.push_back(std::move(opening));
  }
  if (!ReadOptionalId(reader, value.record.source) ||
      !ReadOptionalId(reader, value.record.community)) {
    return std::nullopt;
  }
  for (uint32_t left = reader.Count(8); left > 0; --left) {
    const uint32_t leaf_index = reader.U32();
    std::optional<OrgId> org = OrgId::Parse(reader.Text());
    if (!org.has_value()) return std::nullopt;
    value.record.named.push_back({leaf_index, *std::move(org)});
  }
  for (uint32_t left = reader.Count(17); left > 0; --left) {
    const BulletinId referred(reader.Id());
    const uint8_t effect = reader.U8();
    if (effect < static_cast<uint8_t>(Effect::kNone) ||
        effect > static_cast<uint8_t>(Effect::kWithdraws)) {
      return std::nullopt;
    }
    value.record.referrals.push_back({referred, static_cast<Effect>(effect)});
  }
  for (uint32_t left = reader.Count(4); left > 0; --left) value.warnings.push_back(reader.Text());
  value.record.statement = ToBytes(reader.Rest());
  if (!reader.Complete()) return std::nullopt;
  return value;
}

std::string EncodeInboxEntry(const InboxEntry& entry) {
  std::string out;
  out.reserve(1 + 16 + 32 + 4 + 1 + std::max<size_t>(entry.slot.size(), 32));
  AppendInboxEntry(out, entry, entry.slot);
  return out;
}

void AppendInboxEntry(std::string& out, const InboxEntry& entry, ByteSpan slot) {
  PutU8(out, kValueFormat);
  PutBytes(out, entry.id.span());
  PutBytes(out, entry.chain_hash.span());
  PutU32(out, entry.leaf_index);
  PutU8(out, slot.empty() ? kSlotGone : kSlotPresent);
  PutBytes(out, slot.empty() ? entry.slot_digest.span() : slot);
}

std::optional<InboxEntry> DecodeInboxEntry(uint64_t seq, absl::string_view bytes) {
  RecordReader reader(bytes);
  if (reader.U8() != kValueFormat) return std::nullopt;
  const BulletinId id(reader.Id());
  const Digest chain_hash = reader.Hash();
  const uint32_t leaf_index = reader.U32();
  const uint8_t kind = reader.U8();
  const ByteSpan slot = kind == kSlotPresent ? reader.Rest() : ByteSpan();
  const Digest slot_digest = kind == kSlotPresent ? Sha256(slot) : reader.Hash();
  if (!reader.Complete() || kind > kSlotPresent) return std::nullopt;
  if (kind == kSlotPresent && slot.empty()) return std::nullopt;
  return InboxEntry{.seq = seq,
                    .id = id,
                    .leaf_index = leaf_index,
                    .slot = ToBytes(slot),
                    .slot_digest = slot_digest,
                    .chain_hash = chain_hash};
}

void AppendRecipient(std::string& tile, const RecipientValue& value) {
  PutU32(tile, value.member.value);
  PutU64(tile, value.seq);
  PutBytes(tile, value.leaf.span());
}

std::optional<std::vector<RecipientValue>> DecodeRecipients(absl::string_view tile) {
  constexpr size_t kBytes = 4 + 8 + 32;
  if (tile.empty() || tile.size() % kBytes != 0 || tile.size() / kBytes > kRecipientsPerTile) {
    return std::nullopt;
  }
  std::vector<RecipientValue> values;
  values.reserve(tile.size() / kBytes);
  RecordReader reader(tile);
  for (size_t left = tile.size() / kBytes; left > 0; --left) {
    RecipientValue value;
    value.member.value = reader.U32();
    value.seq = reader.U64();
    value.leaf = reader.Hash();
    values.push_back(value);
  }
  return values;
}

std::string EncodeReceipt(const ReceiptValue& value) {
  std::string out;
  out.reserve(1 + 8 + value.note.size());
  PutU8(out, kValueFormat);
  PutU64(out, value.commit);
  PutBytes(out, value.note);
  return out;
}

std::optional<ReceiptValue> DecodeReceipt(absl::string_view bytes) {
  RecordReader reader(bytes);
  if (reader.U8() != kValueFormat) return std::nullopt;
  const uint64_t commit = reader.U64();
  const ByteSpan note = reader.Rest();
  if (!reader.Complete() || note.empty()) return std::nullopt;
  return ReceiptValue{.commit = commit, .note = ToBytes(note)};
}

std::string EncodeCommit(const CommitValue& value) {
  std::string out;
  PutU8(out, kValueFormat);
  PutU8(out, static_cast<uint8_t>(value.kind));
  PutU64(out, value.log_index);
  PutU64(out, value.directory_version);
  PutBytes(out, value.running_hash.span());
  if (value.id.has_value()) PutBytes(out, value.id->span());
  return out;
}

std::optional<CommitValue> DecodeCommit(absl::string_view bytes) {
  RecordReader reader(bytes);
  if (reader.U8() != kValueFormat) return std::nullopt;
  CommitValue value;
  value.kind = static_cast<CommitKind>(reader.U8());
  value.log_index = reader.U64();
  value.directory_version = reader.U64();
  value.running_hash = reader.Hash();
  if (value.kind == CommitKind::kPublish || value.kind == CommitKind::kReceipt) {
    value.id = BulletinId(reader.Id());
  } else if (value.kind != CommitKind::kDirectory) {
    return std::nullopt;
  }
  if (!reader.Complete()) return std::nullopt;
  return value;
}

Digest NextRunningHash(const Digest& previous, uint64_t commit, const CommitValue& value,
                       const Digest& log_leaf) {
  std::string input("shield/v1/store-commit");
  PutU8(input, 0);
  PutBytes(input, previous.span());
  PutU64(input, commit);
  PutU8(input, static_cast<uint8_t>(value.kind));
  if (value.id.has_value()) {
    PutBytes(input, value.id->span());
  } else {
    PutU64(input, value.directory_version);
  }
  PutU64(input, value.log_index);
  PutBytes(input, log_leaf.span());
  return Sha256(AsBytes(input));
}

std::string EncodeDirectory(const DirectoryValue& value) {
  std::string out;
  PutU8(out, kValueFormat);
  PutU64(out, value.version);
  PutU64(out, value.log_index);
  PutU32(out, value.blocks);
  PutBlock(out, value.note);
  PutBlock(out, value.fresh);
  PutBlock(out, value.authority);
  return out;
}

std::optional<DirectoryValue> DecodeDirectory(absl::string_view bytes) {
  RecordReader reader(bytes);
  if (reader.U8() != kValueFormat) return std::nullopt;
  DirectoryValue value;
  value.version = reader.U64();
  value.log_index = reader.U64();
  value.blocks = reader.U32();
  value.note = ToBytes(reader.Block());
  value.fresh = ToBytes(reader.Block());
  value.authority = ToBytes(reader.Block());
  if (!reader.Complete()) return std::nullopt;
  return value;
}

std::vector<std::string> LineBlocks(const std::vector<std::string>& lines) {
  std::vector<std::string> blocks;
  for (const std::string& line : lines) {
    if (blocks.empty() || blocks.back().size() + line.size() >= kLineBlockBytes) {
      blocks.emplace_back();
    }
    blocks.back().append(line).push_back('\n');
  }
  return blocks;
}

bool AppendLines(absl::string_view block, std::vector<std::string>& lines) {
  while (!block.empty()) {
    const size_t end = block.find('\n');
    if (end == absl::string_view::npos) return false;
    lines.emplace_back(block.substr(0, end));
    block.remove_prefix(end + 1);
  }
  return true;
}

std::string EncodeU64(uint64_t value) {
  std::string out;
  PutU64(out, value);
  return out;
}

std::optional<uint64_t> DecodeU64(absl::string_view bytes) {
  if (bytes.size() != 8) return std::nullopt;
  return ReadU64(AsBytes(bytes));
}

std::string EncodeU32(uint32_t value) {
  std::string out;
  PutU32(out, value);
  return out;
}

std::optional<uint32_t> DecodeU32(absl::string_view bytes) {
  if (bytes.size() != 4) return std::nullopt;
  return ReadU32(AsBytes(bytes));
}

}  // namespace shield::store
