#include "broker/core/receipt_intake.h"

#include <optional>
#include <set>
#include <utility>

#include "base/status.h"
#include "policy/proof/log_leaf.h"
#include "policy/proof/receipt.h"
#include "policy/proof/verified_statement.h"

namespace shield::broker {
namespace {

static_assert(store::kMaxReceiptState == kReceiptStates);
static_assert(store::kMaxReceiptBytes == kMaxReceiptBytes);

constexpr absl::string_view kNoSuchBulletin = "NO_SUCH_BULLETIN";

// A receipt and what became of it.
struct Judged {
  std::string rule = {};                       // by which it is refused; empty when it is kept
  std::optional<store::NewReceipt> news = {};  // nothing when it is kept already
};

using Subject = std::pair<BulletinId, ReceiptState>;

store::NewReceipt Accepted(const VerifiedReceipt& verified, const std::string& note) {
  const Receipt& receipt = verified.receipt();
  return {.id = receipt.bulletin,
          .state = static_cast<uint8_t>(receipt.state),
          .note = ToBytes(AsBytes(note)),
          .log_entry = LogEntry(LogKind::kReceipt, verified.text_digest())};
}

absl::StatusOr<Receipt> ReadOwn(const std::string& note, const Seat& seat) {
  ASSIGN_OR_RETURN(Receipt receipt, ReadClaimedReceipt(note, seat.directory().note().network));
  if (receipt.member == seat.member->id) return receipt;
  return WithRule(absl::InvalidArgumentError("receipt refused: it is another member's"),
                  "RECEIPT_MALFORMED");
}

// The rule by which what it is about refuses it; empty when nothing does.
absl::StatusOr<std::string> RuleOfSubject(const CoreParts& parts, const Seat& seat,
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

// Keys are asked for as of the directory's own date at least, as at the door (KeyTime).
absl::StatusOr<VerifiedReceipt> CheckSigned(const std::string& note, const Seat& seat,
                                            absl::Time now) {
  ASSIGN_OR_RETURN(VerifiedReceipt receipt, VerifyReceipt(note, seat.directory()));
  if (receipt.key_period().Contains(KeyTime(seat.directory(), now))) return receipt;
  return WithRule(absl::DataLossError("receipt refused: its key is not in force"), "BAD_SIGNATURE");
}

// What costs least comes first: a signature is looked at last, and not at all for what is kept.
absl::StatusOr<Judged> Judge(const CoreParts& parts, const Seat& seat, const std::string& note,
                             const std::set<Subject>& accepted) {
  const absl::StatusOr<Receipt> receipt = ReadOwn(note, seat);
  if (!receipt.ok()) return Judged{RuleOf(receipt.status())};
  ASSIGN_OR_RETURN(std::string rule, RuleOfSubject(parts, seat, *receipt));
  if (!rule.empty()) return Judged{std::move(rule)};
  if (accepted.contains({receipt->bulletin, receipt->state})) return Judged{};
  ASSIGN_OR_RETURN(const bool kept, parts.store.HasReceipt(receipt->bulletin, receipt->member,
                                                           static_cast<uint8_t>(receipt->state)));
  if (kept) return Judged{};
  const absl::StatusOr<VerifiedReceipt> verified = CheckSigned(note, seat, parts.clock.Now());
  if (!verified.ok()) return Judged{RuleOf(verified.status())};
  return Judged{"", Accepted(*verified, note)};
}

}  // namespace

absl::StatusOr<JudgedReceipts> JudgeReceipts(const CoreParts& parts, const Seat& seat,
                                             std::span<const std::string> notes) {
  JudgedReceipts judged;
  judged.accepted.reserve(notes.size());
  judged.rules.reserve(notes.size());
  std::set<Subject> accepted;
  for (const std::string& note : notes) {
    ASSIGN_OR_RETURN(Judged each, Judge(parts, seat, note, accepted));
    if (each.news.has_value()) {
      accepted.emplace(each.news->id, static_cast<ReceiptState>(each.news->state));
      judged.accepted.push_back(*std::move(each.news));
    }
    judged.rules.push_back(std::move(each.rule));
  }
  return judged;
}

}  // namespace shield::broker
