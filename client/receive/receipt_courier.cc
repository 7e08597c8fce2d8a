#include "client/receive/receipt_courier.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "client/receive/openings.h"
#include "client/receive/verify_entry.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "policy/proof/receipt.h"

namespace shield {
namespace {

// When the bulletin was issued; nothing when its entry is here no more, or has another text.
absl::StatusOr<std::optional<absl::Time>> IssuedOf(ClientState& state, const DueReceipt& due) {
  ASSIGN_OR_RETURN(const std::optional<KeptEntry> kept, state.FindBulletin(due.id));
  if (!kept.has_value()) return std::nullopt;
  const absl::StatusOr<SignedNote> note = ParseNote(kept->delivered.statement);
  if (!note.ok() || Sha256(note->text) != due.text_digest) return std::nullopt;
  const absl::StatusOr<Statement> statement = ReadClaimedStatement(kept->delivered.statement);
  if (!statement.ok()) return std::nullopt;
  return std::make_optional(statement->issued);
}

absl::StatusOr<std::string> Signed(const ClientParts& parts, const DueReceipt& due) {
  ASSIGN_OR_RETURN(const std::optional<absl::Time> issued, IssuedOf(parts.state, due));
  const absl::Time seen = std::min(due.time, parts.clock.Now());
  const absl::Time time = issued.has_value() ? std::max(seen, *issued) : seen;
  const MemberKeys& keys = parts.keys;
  return SignReceipt({keys.network, keys.member, due.id, due.text_digest, due.state, time},
                     keys.sign);
}

// Whether a receipt that was refused so may be taken later: a clock is set right in the end.
bool MayHoldLater(const std::string& rule) { return rule == "CLOCK_SKEW"; }

// What the broker said of a batch. How many are due no more.
absl::StatusOr<size_t> Conclude(ClientState& state, const std::vector<DueReceipt>& due,
                                const std::vector<std::string>& rules) {
  size_t settled = 0;
  for (size_t i = 0; i < due.size(); ++i) {
    if (MayHoldLater(rules[i])) {
      RETURN_IF_ERROR(state.PutOffReceipt(due[i]));
      continue;
    }
    RETURN_IF_ERROR(state.SettleReceipt(due[i]));
    ++settled;
  }
  return settled;
}

}  // namespace

absl::StatusOr<std::vector<RefusedReceipt>> SendDueReceipts(const ClientParts& parts,
                                                            absl::Duration timeout) {
  std::vector<RefusedReceipt> refused;
  const absl::Time end = parts.clock.Now() + kReceiptTurn;
  for (;;) {
    ASSIGN_OR_RETURN(const std::vector<DueReceipt> due,
                     parts.state.DueReceipts(kMaxReceiptsInCall));
    if (due.empty()) return refused;
    std::vector<std::string> notes;
    notes.reserve(due.size());
    for (const DueReceipt& receipt : due) {
      ASSIGN_OR_RETURN(std::string note, Signed(parts, receipt));
      notes.push_back(std::move(note));
    }
    ASSIGN_OR_RETURN(const std::vector<std::string> rules,
                     parts.connection.AddReceipts(notes, timeout));
    if (rules.size() != due.size()) {
      return absl::DataLossError("the broker answers for another number of receipts");
    }
    for (size_t i = 0; i < due.size(); ++i) {
      if (!rules[i].empty()) refused.push_back({due[i].id, due[i].state, rules[i]});
    }
    ASSIGN_OR_RETURN(const size_t settled, Conclude(parts.state, due, rules));
    const bool further = settled > 0 && due.size() == kMaxReceiptsInCall;
    if (!further || parts.retrier.stopped() || parts.clock.Now() >= end) return refused;
  }
}

absl::Status NoteReceiptOf(const ClientParts& parts, const KeptEntry& kept, ReceiptState state) {
  const bool sealed_to_us = kept.delivered.slot_hash != Sha256(ByteSpan());
  if (kept.carried || kept.finding != Finding::kHeld || !kept.id.has_value() || !sealed_to_us) {
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const SignedNote note, ParseNote(kept.delivered.statement));
  return parts.state.NoteReceipt({*kept.id, Sha256(note.text), state, parts.clock.Now()});
}

ReceiptCourier::ReceiptCourier(const ClientParts& parts)
    : parts_(parts), thread_([this] { Run(); }) {}

ReceiptCourier::~ReceiptCourier() {
  {
    MutexLock lock(mutex_);
    ending_ = true;
    woken_.NotifyAll();
    ended_.NotifyAll();
  }
  thread_.join();
}

void ReceiptCourier::Wake() {
  MutexLock lock(mutex_);
  awake_ = true;
  woken_.NotifyAll();
}

bool ReceiptCourier::WaitUntilWoken(absl::Duration pause) {
  MutexLock lock(mutex_);
  if (pause > absl::ZeroDuration()) {
    // What becomes due meanwhile waits for the end of the pause.
    if (!ending_) ended_.WaitFor(mutex_, pause);
  } else {
    while (!ending_ && !awake_) woken_.Wait(mutex_);
  }
  awake_ = false;
  return !ending_;
}

void ReceiptCourier::Run() {
  absl::Duration pause;
  while (WaitUntilWoken(pause)) {
    // What could not be sent stays due, for this thread or the next run.
    const bool sent = SendDueReceipts(parts_).ok();
    pause = sent ? absl::ZeroDuration()
                 : std::clamp(2 * pause, kFirstReceiptPause, kLongestReceiptPause);
  }
  if (pause == absl::ZeroDuration()) SendDueReceipts(parts_).status().IgnoreError();
}

}  // namespace shield
