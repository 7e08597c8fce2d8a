#include "tests/e2e/evil/attack.h"

#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace shield::testing {
namespace {

constexpr std::pair<absl::string_view, AttackKind> kNames[] = {
    {"none", AttackKind::kNone},
    {"ghost", AttackKind::kGhost},
    {"flip-statement", AttackKind::kFlipStatement},
    {"flip-slot", AttackKind::kFlipSlot},
    {"flip-payload", AttackKind::kFlipPayload},
    {"cut-payload", AttackKind::kCutPayload},
    {"drop", AttackKind::kDrop},
    {"drop-renumbered", AttackKind::kDropRenumbered},
    {"reorder", AttackKind::kReorder},
    {"reorder-relabelled", AttackKind::kReorderRelabelled},
    {"replay", AttackKind::kReplay},
    {"other-members-slot", AttackKind::kOtherMembersSlot},
    {"other-bulletins-slot", AttackKind::kOtherBulletinsSlot},
    {"other-bulletins-bytes", AttackKind::kOtherBulletinsBytes},
    {"strip-openings", AttackKind::kStripOpenings},
    {"tombstone", AttackKind::kTombstone},
    {"expire", AttackKind::kExpire},
    {"seq-jump", AttackKind::kSeqJump},
    {"log-beyond", AttackKind::kLogBeyond},
    {"log-inflated", AttackKind::kLogInflated},
    {"log-fork", AttackKind::kLogFork},
    {"log-back", AttackKind::kLogBack},
    {"log-denied", AttackKind::kLogDenied},
    {"withhold", AttackKind::kWithhold},
    {"flip-object", AttackKind::kFlipObject},
    {"head-ahead", AttackKind::kHeadAhead},
    {"head-back", AttackKind::kHeadBack},
    {"head-other", AttackKind::kHeadOther},
    {"head-forged", AttackKind::kHeadForged},
    {"no-heads", AttackKind::kNoHeads},
    {"directory-rollback", AttackKind::kDirectoryRollback},
    {"directory-frozen", AttackKind::kDirectoryFrozen},
    {"directory-withheld", AttackKind::kDirectoryWithheld},
    {"hide-org", AttackKind::kHideOrg},
    {"flip-directory", AttackKind::kFlipDirectory},
    {"flip-org", AttackKind::kFlipOrg},
    {"swallow-publish", AttackKind::kSwallowPublish},
    {"false-receipt", AttackKind::kFalseReceipt},
    {"forge-receipts", AttackKind::kForgeReceipts},
    {"swap-receipts", AttackKind::kSwapReceipts},
    {"replay-receipts", AttackKind::kReplayReceipts},
    {"drop-receipts", AttackKind::kDropReceipts},
    {"hide-reader", AttackKind::kHideReader},
    {"substitute-reader", AttackKind::kSubstituteReader},
};

absl::StatusOr<AttackKind> ParseKind(absl::string_view name) {
  for (const auto& known : kNames) {
    if (known.first == name) return known.second;
  }
  return absl::InvalidArgumentError(absl::StrCat("`", name, "` is no attack"));
}

}  // namespace

absl::StatusOr<Attack> ParseAttack(absl::string_view text) {
  const std::vector<absl::string_view> words = absl::StrSplit(text, absl::MaxSplits(':', 1));
  const absl::StatusOr<AttackKind> kind = ParseKind(words[0]);
  if (!kind.ok()) return kind.status();
  Attack attack{*kind, std::nullopt};
  if (words.size() == 1) return attack;
  uint64_t k = 0;
  if (!absl::SimpleAtoi(words[1], &k)) {
    return absl::InvalidArgumentError(absl::StrCat("`", words[1], "` is no number"));
  }
  attack.k = k;
  return attack;
}

}  // namespace shield::testing
