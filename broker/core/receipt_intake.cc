#include "broker/core/receipt_intake.h"

#include <optional>
#include <utility>

#include "base/status.h"
#include "policy/proof/log_leaf.h"
#include "policy/proof/receipt.h"

namespace shield::broker {
namespace {

static_assert(store::kMaxReceiptState == kReceiptStates);
static_assert(store::kMaxReceiptBytes == kMaxReceiptBytes);

constexpr absl::string_view kNoSuchBulletin = "NO_SUCH_BULLETIN";

// What the broker can say of a receipt without looking at what it is about.
absl::StatusOr<VerifiedReceipt> ReadReceipt(const std::string& note, const Seat& seat,
                                            absl::Time now) {
  ASSIGN_OR_RETURN(VerifiedReceipt receipt, VerifyReceipt(note, seat.directory()));
  if (receipt.receipt().member != seat.member->id) {
    return WithRule(absl::InvalidArgumentError("receipt refused: it is another member's"),
                    "RECEIPT_MALFORMED");
  }
  if (receipt.key_period().Contains(now)) return receipt;
  return WithRule(absl::DataLossError("receipt refused: its key is not in force"), "BAD_SIGNATURE");
}

// The rule by which a receipt that is the caller's is refused; empty when it is not.
absl::StatusOr<std::string> RuleAgainst(const CoreParts& parts, const Seat& seat,
                                        const Receipt& receipt) {
  ASSIGN_OR_RETURN(const std::optional<uint32_t> leaf,
                   parts.holders.LeafOf(seat.member->id, receipt.bulletin));
  if (!leaf.has_value()) return std::string(kNoSuchBulletin);
  ASSIGN_OR_RETURN(const ShelvedBulletinPtr bulletin,
                   parts.shelf.Take(receipt.bulletin, *seat.posted));
  if (bulletin->record.text_digest != receipt.statement_digest) {
    return std::string(kNoSuchBulletin);
  }
  return RuleOf(CheckReceiptTime(receipt.time, bulletin->statement.issued, parts.clock.Now()));
}

store::NewReceipt Accepted(const VerifiedReceipt& verified, const std::string& note) {
  const Receipt& receipt = verified.receipt();
  return {.id = receipt.bulletin,
          .state = static_cast<uint8_t>(receipt.state),
          .note = ToBytes(AsBytes(note)),
          .log_entry = LogEntry(LogKind::kReceipt, verified.text_digest())};
}

}  // namespace

absl::StatusOr<JudgedReceipts> JudgeReceipts(const CoreParts& parts, const Seat& seat,
                                             std::span<const std::string> notes) {
  JudgedReceipts judged;
  judged.accepted.reserve(notes.size());
  judged.rules.reserve(notes.size());
  const absl::Time now = parts.clock.Now();
  for (const std::string& note : notes) {
    const absl::StatusOr<VerifiedReceipt> receipt = ReadReceipt(note, seat, now);
    if (!receipt.ok()) {
      judged.rules.push_back(RuleOf(receipt.status()));
      continue;
    }
    ASSIGN_OR_RETURN(std::string rule, RuleAgainst(parts, seat, receipt->receipt()));
    if (rule.empty()) judged.accepted.push_back(Accepted(*receipt, note));
    judged.rules.push_back(std::move(rule));
  }
  return judged;
}

}  // namespace shield::broker
