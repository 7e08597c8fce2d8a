#include "tests/e2e/evil/false_inbox.h"

#include <algorithm>
#include <utility>

#include "crypto/note.h"
#include "crypto/sha256.h"

namespace shield::testing {
namespace {

constexpr uint64_t kBeyond = 1000;

void FlipByte(std::string& bytes, uint64_t at) {
  if (at < bytes.size()) bytes[at] = static_cast<char>(bytes[at] ^ 1);
}

// The same bulletin in the donor's inbox, if it is there.
const ShownEntry* SameBulletin(const std::vector<ShownEntry>& donor, const ShownEntry& entry) {
  for (const ShownEntry& other : donor) {
    if (other.content.statement == entry.content.statement) return &other;
  }
  return nullptr;
}

void TakeSlot(ShownEntry& entry, const ShownEntry& from) {
  entry.own.slot = from.own.slot;
  entry.own.slot_hash = from.own.slot_hash;
  entry.own.leaf_index = from.own.leaf_index;
  entry.own.leaf_proof = from.own.leaf_proof;
}

void End(ShownEntry& entry, broker::EntryState state) {
  entry.content.state = state;
  entry.content.payload.clear();
  entry.own.slot.clear();
}

// A log index that no entry has had.
void Append(FalseInbox& inbox, ShownEntry entry) {
  entry.content.log_index = inbox.log_size++;
  inbox.entries.push_back(std::move(entry));
}

// Attacks that give the victim what another has.
void UseDonor(const Attack& attack, const TrueInboxes& truth, FalseInbox& inbox) {
  const size_t at = attack.place() - 1;
  if (attack.kind == AttackKind::kGhost) {
    if (at < truth.donor.size()) Append(inbox, truth.donor[at]);
    return;
  }
  if (at >= inbox.entries.size()) return;
  const ShownEntry* other = SameBulletin(truth.donor, inbox.entries[at]);
  if (other != nullptr) TakeSlot(inbox.entries[at], *other);
}

// Attacks on which entries come, and in which order.
void Rearrange(const Attack& attack, FalseInbox& inbox) {
  const size_t at = attack.place() - 1;
  std::vector<ShownEntry>& entries = inbox.entries;
  if (attack.kind == AttackKind::kWithhold) {
    entries.resize(std::min<size_t>(entries.size(), attack.place()));
    return;
  }
  if (at >= entries.size()) return;
  const auto place = entries.begin() + static_cast<ptrdiff_t>(at);
  switch (attack.kind) {
    case AttackKind::kDrop:
      inbox.renumbered = false;
      [[fallthrough]];
    case AttackKind::kDropRenumbered:
      entries.erase(place);
      return;
    case AttackKind::kReplay:
      Append(inbox, entries[at]);
      return;
    case AttackKind::kReorder:
    case AttackKind::kReorderRelabelled:
      if (at + 1 >= entries.size()) return;
      std::swap(entries[at], entries[at + 1]);
      if (attack.kind == AttackKind::kReorder) return;
      std::swap(entries[at].content.log_index, entries[at + 1].content.log_index);
      return;
    default:
      return;
  }
}

// Attacks on one entry by itself.
void Alter(const Attack& attack, FalseInbox& inbox) {
  const size_t at = attack.place() - 1;
  if (inbox.entries.empty()) return;
  ShownEntry& first = inbox.entries.front();
  switch (attack.kind) {
    case AttackKind::kFlipStatement:
      return FlipByte(first.content.statement, attack.k.value_or(0));
    case AttackKind::kFlipPayload:
      return FlipByte(first.content.payload, attack.k.value_or(0));
    case AttackKind::kFlipSlot:
      FlipByte(first.own.slot, attack.k.value_or(0));
      first.own.slot_hash = Sha256(first.own.slot);
      return;
    default:
      break;
  }
  if (at >= inbox.entries.size()) return;
  ShownEntry& entry = inbox.entries[at];
  switch (attack.kind) {
    case AttackKind::kCutPayload:
      if (!entry.content.payload.empty()) entry.content.payload.pop_back();
      return;
    case AttackKind::kOtherBulletinsSlot:
      if (at + 1 < inbox.entries.size()) TakeSlot(entry, inbox.entries[at + 1]);
      return;
    case AttackKind::kOtherBulletinsBytes:
      if (at + 1 < inbox.entries.size()) {
        entry.content.payload = inbox.entries[at + 1].content.payload;
      }
      return;
    case AttackKind::kStripOpenings:
      entry.own.openings.clear();
      return;
    case AttackKind::kTombstone:
      return End(entry, broker::EntryState::kWithdrawn);
    case AttackKind::kExpire:
      return End(entry, broker::EntryState::kExpired);
    default:
      return;
  }
}

// Attacks on numbers that the broker alone gives.
void Inflate(const Attack& attack, FalseInbox& inbox) {
  const size_t at = attack.place() - 1;
  for (size_t i = at; i < inbox.entries.size(); ++i) {
    if (attack.kind == AttackKind::kSeqJump) {
      inbox.renumbered = false;
      ++inbox.entries[i].own.seq;
    } else {
      inbox.entries[i].content.log_index += kBeyond;
    }
  }
  if (attack.kind == AttackKind::kLogInflated) inbox.log_size += kBeyond;
}

void Renumber(FalseInbox& inbox) {
  uint64_t seq = 0;
  for (ShownEntry& entry : inbox.entries) entry.own.seq = ++seq;
}

}  // namespace

FalseInbox Falsify(const Attack& attack, const TrueInboxes& truth) {
  FalseInbox inbox{truth.victim, /*renumbered=*/true, truth.log_size};
  switch (attack.kind) {
    case AttackKind::kGhost:
    case AttackKind::kOtherMembersSlot:
      UseDonor(attack, truth, inbox);
      break;
    case AttackKind::kSeqJump:
    case AttackKind::kLogBeyond:
    case AttackKind::kLogInflated:
      Inflate(attack, inbox);
      break;
    case AttackKind::kDrop:
    case AttackKind::kDropRenumbered:
    case AttackKind::kReplay:
    case AttackKind::kReorder:
    case AttackKind::kReorderRelabelled:
    case AttackKind::kWithhold:
      Rearrange(attack, inbox);
      break;
    default:
      Alter(attack, inbox);
  }
  if (inbox.renumbered) Renumber(inbox);
  return inbox;
}

InboxLink LinkOf(const ShownEntry& entry) {
  const absl::StatusOr<SignedNote> note = ParseNote(entry.content.statement);
  const Digest text = note.ok() ? Sha256(note->text) : Sha256(entry.content.statement);
  return {entry.content.log_index, text, entry.own.slot_hash};
}

}  // namespace shield::testing
