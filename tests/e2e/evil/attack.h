// The ways in which evil_shieldd cheats the one member that is its victim.
//
//   Attack attack = *ParseAttack("drop-renumbered:2");
//
// A number `k` counts entries of an inbox and organisations of a directory from 1, bytes from 0.
// Unless its name or a line here says otherwise, what was tampered with is numbered and chained
// anew and every head that covers it is signed by the broker's own key.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace shield::testing {

enum class AttackKind {
  kNone,  // honest
  // Entries.
  kGhost,                // the k-th entry of the donor's inbox is put behind the victim's own
  kFlipStatement,        // byte k of the first statement; without k: the next one with each call
  kFlipSlot,             // byte k of the first slot, which the chain then binds
  kFlipPayload,          // byte k of the first payload
  kCutPayload,           // the last byte of the k-th payload is missing
  kDrop,                 // the k-th entry is left out, numbers and heads are the true ones
  kDropRenumbered,       // the k-th entry is left out
  kReorder,              // the k-th and the next change places, log indexes go with them
  kReorderRelabelled,    // the same, and each gets the log index of its place
  kReplay,               // the k-th comes once more, at the end, under a new log index
  kOtherMembersSlot,     // the k-th with slot and proof of the donor
  kOtherBulletinsSlot,   // the k-th with slot and proof of the next
  kOtherBulletinsBytes,  // the k-th with the payload of the next
  kStripOpenings,        // the k-th without what opens the names in its audience
  kTombstone,            // the k-th is called withdrawn
  kExpire,               // the k-th is called expired
  kSeqJump,              // from the k-th on, numbers are one too high
  kLogBeyond,            // the k-th lies 1,000 beyond the log of the signed heads
  kLogInflated,          // the same, and the heads sign a log as long as that
  kWithhold,             // nothing after the k-th
  kFlipObject,           // byte k of everything that is fetched
  // Heads.
  kHeadAhead,   // the hello signs 1,000 entries that do not exist
  kHeadBack,    // nothing but the true head of the k-th entry is shown
  kHeadOther,   // the hello is of the donor's inbox
  kHeadForged,  // signed by a key that is not the broker's
  kNoHeads,     // none is signed: entries and heartbeats come, and neither hello nor mark
  // Directories. The versions that the victim has been shown are kept.
  kDirectoryRollback,  // once a second version was shown, the first one again
  kDirectoryFrozen,    // the first version for ever, and no word of a newer one
  kDirectoryWithheld,  // the first version for ever, while the newest is named
  kHideOrg,            // the k-th organisation is left out
  kFlipDirectory,      // byte k of the signed note
  kFlipOrg,            // the first byte of the k-th organisation's line
  // The log: what the victim is shown of it, with checkpoints and proofs that fit.
  kLogFork,    // its k-th leaf is another
  kLogBack,    // it ends with its k-th leaf
  kLogDenied,  // nothing is answered about it
  // Receipts, where the victim is an author.
  kSwallowPublish,  // a bulletin is thrown away, its receipt is as it should be
  kFalseReceipt,    // the receipt counts one recipient too many
  // The board of a bulletin, where the victim is its source.
  kForgeReceipts,     // what was delivered is said to be acknowledged
  kSwapReceipts,      // readers are shown with each other's receipts
  kReplayReceipts,    // the receipts of the bulletin that was asked about first, for every other
  kDropReceipts,      // no receipt is shown
  kHideReader,        // the k-th reader is not listed
  kSubstituteReader,  // the k-th reader is listed as another member, who was never sent it
};

struct Attack {
  AttackKind kind = AttackKind::kNone;
  std::optional<uint64_t> k;

  // k, or 1 where entries and organisations are counted and none was given.
  uint64_t place() const { return k.value_or(1); }
};

// "drop-renumbered:2". INVALID_ARGUMENT for a name that is none, or a number out of form.
absl::StatusOr<Attack> ParseAttack(absl::string_view text);

}  // namespace shield::testing
