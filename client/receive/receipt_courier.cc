#include "client/receive/receipt_courier.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/status.h"
#include "client/receive/openings.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "policy/proof/receipt.h"

namespace shield {
namespace {

std::string Signed(const MemberKeys& keys, const DueReceipt& due) {
  return SignReceipt({keys.network, keys.member, due.id, due.text_digest, due.state, due.time},
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

absl::Status SendDueReceipts(const ClientParts& parts, absl::Duration timeout) {
  for (;;) {
    ASSIGN_OR_RETURN(const std::vector<DueReceipt> due,
                     parts.state.DueReceipts(kMaxReceiptsInCall));
    if (due.empty()) return absl::OkStatus();
    std::vector<std::string> notes;
    notes.reserve(due.size());
    for (const DueReceipt& receipt : due) notes.push_back(Signed(parts.keys, receipt));
    ASSIGN_OR_RETURN(const std::vector<std::string> rules,
                     parts.connection.AddReceipts(notes, timeout));
    if (rules.size() != due.size()) {
      return absl::DataLossError("the broker answers for another number of receipts");
    }
    ASSIGN_OR_RETURN(const size_t settled, Conclude(parts.state, due, rules));
    if (settled == 0 || due.size() < kMaxReceiptsInCall) return absl::OkStatus();
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
  if (pause == absl::ZeroDuration()) SendDueReceipts(parts_).IgnoreError();
}

}  // namespace shield
