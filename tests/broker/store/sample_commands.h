// Commands for tests of stores: short to write, valid unless a test spoils them.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/base64.h"
#include "base/check.h"
#include "broker/store/store.h"
#include "crypto/merkle.h"
#include "crypto/sha256.h"
#include "policy/proof/log_leaf.h"

namespace shield::testing {

inline MemberId Member(absl::string_view id) {
  std::optional<MemberId> member = MemberId::Parse(id);
  SHIELD_CHECK(member.has_value());
  return *member;
}

// The id whose bytes begin with `number`, big-endian.
inline BulletinId SampleId(uint64_t number) {
  Bytes bytes;
  AppendU64(bytes, number);
  bytes.resize(BulletinId::kSize, 0x5a);
  return *BulletinId::FromBytes(bytes);
}

inline std::vector<MemberId> SampleMembers(size_t count) {
  std::vector<MemberId> members;
  for (size_t i = 0; i < count; ++i) members.push_back(Member(absl::StrCat("member-", i)));
  return members;
}

// `text` as a signed note whose signature nobody has made.
inline std::string SampleNote(absl::string_view text) {
  return absl::StrCat(text, "\n\u2014 sample.example/analyst ",
                      Base64Encode(Bytes(4 + 64, 0x37), Base64Form::kPadded), "\n");
}

// A publish of `id` by `analyst` to `members`, with a payload of `payload_bytes` inside.
inline store::PublishCommand SamplePublish(uint64_t number, const std::vector<MemberId>& members,
                                           uint64_t directory_version = 0,
                                           size_t payload_bytes = 100) {
  const std::string text = absl::StrCat("statement ", number, "\n");
  store::PublishCommand command{.id = SampleId(number), .sender = Member("analyst")};
  command.request_hash = Sha256(absl::StrCat("request ", number));
  command.directory_version = directory_version;
  command.statement = ToBytes(AsBytes(SampleNote(text)));
  command.text_digest = Sha256(text);
  command.openings = {{Bytes(16, 3), absl::StrCat("org:org-", number)}};
  command.payload = Bytes(payload_bytes, static_cast<uint8_t>(number));
  if (payload_bytes > 0) command.part_bytes = {payload_bytes};
  command.log_entry = ToBytes(AsBytes(text));
  command.expires = absl::FromUnixSeconds(1'800'000'000);
  constexpr size_t kSlotBytes = 168;
  Bytes slots;
  for (const MemberId& member : members) {
    Append(slots, AsBytes(absl::StrCat("slot of ", member.text(), " in ", number, " ")));
    slots.resize((command.deliveries.size() + 1) * kSlotBytes, 0x42);
    command.deliveries.push_back({.member = member});
  }
  command.slots = std::make_shared<const Bytes>(std::move(slots));
  for (size_t i = 0; i < members.size(); ++i) {
    store::Delivery& delivery = command.deliveries[i];
    delivery.slot = ByteSpan(*command.slots).subspan(i * kSlotBytes, kSlotBytes);
    delivery.slot_digest = Sha256(delivery.slot);
    delivery.leaf = LeafHash(delivery.slot_digest.span());
  }
  return command;
}

// Gives a sample's first delivery this slot and takes the others' away.
inline void SetOnlySlot(store::PublishCommand& command, Bytes slot) {
  command.slots = std::make_shared<const Bytes>(std::move(slot));
  for (store::Delivery& delivery : command.deliveries) delivery.slot = {};
  command.deliveries.at(0).slot = *command.slots;
  command.deliveries.at(0).slot_digest = Sha256(ByteSpan(*command.slots));
}

// A withdrawal of `target`: no slot, no payload, nobody in its own audience.
inline store::PublishCommand SampleWithdrawal(uint64_t number, uint64_t target) {
  store::PublishCommand command = SamplePublish(number, {}, 0, 0);
  command.referrals = {{SampleId(target), store::Effect::kWithdraws}};
  return command;
}

inline store::PublishCommand SampleVersion(uint64_t number, uint64_t target,
                                           const std::vector<MemberId>& members) {
  store::PublishCommand command = SamplePublish(number, members);
  command.referrals = {{SampleId(target), store::Effect::kSupersedes}};
  return command;
}

// Gives `target`, whose payload has `bytes`, on to `members`.
inline store::PublishCommand SampleShare(uint64_t number, uint64_t target,
                                         const std::vector<MemberId>& members, size_t bytes = 100) {
  store::PublishCommand command = SamplePublish(number, members, 0, 0);
  command.part_bytes = {bytes};
  command.referrals = {{SampleId(target), store::Effect::kShares}};
  return command;
}

inline store::DirectoryCommand SampleDirectory(uint64_t expected, uint64_t version,
                                               size_t lines = 3) {
  store::DirectoryCommand command{.expected_version = expected, .version = version};
  command.note = ToBytes(AsBytes(absl::StrCat("directory note ", version, "\n")));
  command.fresh = ToBytes(AsBytes(absl::StrCat("fresh note ", version, "\n")));
  command.authority = ToBytes(AsBytes(absl::StrCat("rotations before ", version, "\n")));
  for (size_t i = 0; i < lines; ++i) {
    command.lines.push_back(absl::StrCat("org org-", i, " version=", version));
  }
  command.log_entry = command.note;
  return command;
}

// A receipt of `member` about a bulletin, as SampleNote signs it.
inline store::NewReceipt SampleReceipt(uint64_t number, const MemberId& member, uint8_t state) {
  const std::string text = absl::StrCat("receipt of ", member.text(), " for ", number, " in state ",
                                        static_cast<int>(state), "\n");
  return {.id = SampleId(number),
          .state = state,
          .note = ToBytes(AsBytes(SampleNote(text))),
          .log_entry = LogEntry(LogKind::kReceipt, Sha256(text))};
}

// Commits one command alone.
inline absl::StatusOr<store::PublishReceipt> Commit(store::Store& store,
                                                    store::PublishCommand command) {
  store::CommitGroup group;
  group.publishes.push_back(std::move(command));
  return store.Commit(std::move(group)).publishes.at(0);
}
inline absl::StatusOr<uint64_t> Commit(store::Store& store, store::AcknowledgeCommand command) {
  store::CommitGroup group;
  group.acknowledges.push_back(std::move(command));
  return store.Commit(std::move(group)).acknowledges.at(0);
}
inline absl::StatusOr<uint64_t> Commit(store::Store& store, store::ReceiptsCommand command) {
  store::CommitGroup group;
  group.receipts.push_back(std::move(command));
  return store.Commit(std::move(group)).receipts.at(0);
}
inline absl::StatusOr<store::DirectoryReceipt> Commit(store::Store& store,
                                                      store::DirectoryCommand command) {
  store::CommitGroup group;
  group.directories.push_back(std::move(command));
  return store.Commit(std::move(group)).directories.at(0);
}
inline absl::Status Commit(store::Store& store, store::FreshCommand command) {
  store::CommitGroup group;
  group.freshes.push_back(std::move(command));
  return store.Commit(std::move(group)).freshes.at(0);
}

inline absl::StatusOr<store::SweepReceipt> Commit(store::Store& store,
                                                  store::SweepCommand command) {
  store::CommitGroup group;
  group.sweeps.push_back(command);
  return store.Commit(std::move(group)).sweeps.at(0);
}

// The acknowledgement of everything up to `seq`, with the hash the store has for it.
inline store::AcknowledgeCommand SampleAcknowledge(store::Store& store, const MemberId& member,
                                                   uint64_t seq) {
  const absl::StatusOr<Digest> hash = store.ReadChainHash(member, seq);
  SHIELD_CHECK(hash.ok());
  return {.member = member, .seq = seq, .hash = *hash};
}

}  // namespace shield::testing
