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

// The statement it is about; nothing when its entry is not held here, or has another text.
absl::StatusOr<std::optional<Statement>> SubjectOf(ClientState& state, const DueReceipt& due) {
  ASSIGN_OR_RETURN(const std::optional<KeptEntry> kept, state.FindBulletin(due.id));
  if (!kept.has_value() || kept->carried || kept->finding != Finding::kHeld) return std::nullopt;
  const absl::StatusOr<SignedNote> note = ParseNote(kept->delivered.statement);
  if (!note.ok() || Sha256(note->text) != due.text_digest) return std::nullopt;
  absl::StatusOr<Statement> statement = ReadClaimedStatement(kept->delivered.statement);
  if (!statement.ok()) return std::nullopt;
  return std::optional<Statement>(*std::move(statement));
}

absl::StatusOr<std::string> Signed(const ClientParts& parts, const DueReceipt& due) {
  ASSIGN_OR_RETURN(const std::optional<Statement> subject, SubjectOf(parts.state, due));
  const absl::Time seen = std::min(due.time, parts.clock.Now());
  const absl::Time time = subject.has_value() ? std::max(seen, subject->issued) : seen;
  const MemberKeys& keys = parts.keys;
  return SignReceipt({keys.network, keys.member, due.id, due.text_digest, due.state, time},
                     keys.sign);
}

// Whether a receipt that was refused so may be taken later: a clock is set right in the end, and a
// broker that knows nothing of what it has delivered was set back, and may be put right.
absl::StatusOr<bool> MayHoldLater(const ClientParts& parts, const DueReceipt& due,
                                  const std::string& rule) {
  if (rule == "CLOCK_SKEW") return true;
  if (rule != "NO_SUCH_BULLETIN") return false;
  ASSIGN_OR_RETURN(const std::optional<Statement> subject, SubjectOf(parts.state, due));
  return subject.has_value() && parts.clock.Now() < subject->expires;
}

// What the broker said of a batch. How many are due no more.
absl::StatusOr<size_t> Conclude(const ClientParts& parts, const std::vector<DueReceipt>& due,
                                const std::vector<std::string>& rules) {
  std::vector<DueReceipt> settled;
  absl::Status error;
  for (size_t i = 0; i < due.size(); ++i) {
    const absl::StatusOr<bool> later = MayHoldLater(parts, due[i], rules[i]);
    if (later.ok() && !*later) settled.push_back(due[i]);
    error.Update(later.ok() && *later ? parts.state.PutOffReceipt(due[i]) : later.status());
  }
  RETURN_IF_ERROR(parts.state.SettleReceipts(settled));
  RETURN_IF_ERROR(error);
  return settled.size();
}

bool IsSignedFor(const KeptEntry& kept) {
  const bool sealed_to_us = kept.delivered.slot_hash != Sha256(ByteSpan());
  return !kept.carried && kept.finding == Finding::kHeld && kept.id.has_value() && sealed_to_us;
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
    // Nobody is told of an entry that a power cut could still take back.
    RETURN_IF_ERROR(parts.state.EnsureDurable());
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
    ASSIGN_OR_RETURN(const size_t settled, Conclude(parts, due, rules));
    const bool further = settled > 0 && due.size() == kMaxReceiptsInCall;
    if (!further || parts.retrier.stopped() || parts.clock.Now() >= end) return refused;
  }
}

// How long to leave the broker alone after a turn that ended so: as long as it says, when it says
// when it would take more of this member's; else twice as long each time.
absl::Duration PauseAfter(const absl::Status& turn, absl::Duration pause) {
  if (turn.ok()) return absl::ZeroDuration();
  const absl::Duration asked = RetryDelayOf(turn).value_or(absl::ZeroDuration());
  const bool precise = RuleOf(turn) == "RATE_LIMITED";
  return std::clamp(precise ? asked : std::max(asked, 2 * pause), kFirstReceiptPause,
                    kLongestReceiptPause);
}

absl::StatusOr<std::optional<DueReceipt>> ReceiptOf(const ClientParts& parts, const KeptEntry& kept,
                                                    ReceiptState state) {
  if (!IsSignedFor(kept)) return std::nullopt;
  ASSIGN_OR_RETURN(const SignedNote note, ParseNote(kept.delivered.statement));
  return std::optional(DueReceipt{*kept.id, Sha256(note.text), state, parts.clock.Now()});
}

absl::Status NoteReceiptOf(const ClientParts& parts, const KeptEntry& kept, ReceiptState state,
                           Durability durability) {
  ASSIGN_OR_RETURN(const std::optional<DueReceipt> receipt, ReceiptOf(parts, kept, state));
  return receipt.has_value() ? parts.state.NoteReceipt(*receipt, durability) : absl::OkStatus();
}

absl::Status RenewReceiptOf(const ClientParts& parts, const KeptEntry& kept, ReceiptState state) {
  ASSIGN_OR_RETURN(const std::optional<DueReceipt> receipt, ReceiptOf(parts, kept, state));
  return receipt.has_value() ? parts.state.RenewReceipt(*receipt) : absl::OkStatus();
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

void ReceiptCourier::KeepTheRest() {
  MutexLock lock(mutex_);
  keeping_ = true;
}

bool ReceiptCourier::MaySendTheRest() {
  MutexLock lock(mutex_);
  return !keeping_;
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

bool ReceiptCourier::WaitForOthers() {
  uint8_t part = 0;
  parts_.random.Fill({&part, 1});
  MutexLock lock(mutex_);
  if (!ending_) ended_.WaitFor(mutex_, kReceiptSpread * part / 255);
  return !ending_;
}

void ReceiptCourier::Run() {
  absl::Duration pause;
  while (WaitUntilWoken(pause) && WaitForOthers()) {
    // What could not be sent stays due, for this thread or the next run.
    pause = PauseAfter(SendDueReceipts(parts_).status(), pause);
  }
  const bool willing = pause == absl::ZeroDuration() && MaySendTheRest();
  if (willing) SendDueReceipts(parts_).status().IgnoreError();
}

}  // namespace shield
