#include "broker/committer/committer.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/status.h"
#include "broker/store/check_command.h"

namespace shield::store {
namespace {

// What a delivery costs in the queue beyond its slot: ids, digests, allocation.
constexpr size_t kDeliveryOverhead = 160;
constexpr size_t kCommandOverhead = 512;

size_t QueuedBytes(const PublishCommand& command) {
  size_t bytes = kCommandOverhead + command.statement.size() + command.payload.size();
  for (const Delivery& delivery : command.deliveries) {
    bytes += delivery.slot.size() + kDeliveryOverhead;
  }
  return bytes;
}

size_t QueuedBytes(const DirectoryCommand& command) {
  size_t bytes = kCommandOverhead + command.note.size() + command.fresh.size();
  for (const std::string& line : command.lines) bytes += line.size();
  return bytes;
}

size_t QueuedBytes(const ReceiptsCommand& command) {
  size_t bytes = kCommandOverhead;
  for (const NewReceipt& receipt : command.receipts) bytes += receipt.note.size() + 64;
  return bytes;
}

absl::Status QueueFull(size_t commands) {
  return WithRetryDelay(WithHint(WithRule(absl::ResourceExhaustedError(absl::StrCat(
                                              "the broker is busy: ", commands, " commands wait")),
                                          kRuleQueueFull),
                                 "nothing was recorded; retry with the same id"),
                        absl::Seconds(1));
}

absl::Status Draining() {
  return WithRetryDelay(
      WithHint(WithRule(absl::UnavailableError("the broker is shutting down"), kRuleDraining),
               "nothing was recorded; retry with the same id"),
      absl::Seconds(5));
}

absl::Status WaitedTooLong() {
  return WithHint(absl::DeadlineExceededError("the deadline passed before the commit began"),
                  "nothing was recorded; retry with the same id");
}

bool Withdraws(const PublishCommand& command) {
  for (const Referral& referral : command.referrals) {
    if (referral.effect == Effect::kWithdraws) return true;
  }
  return false;
}

template <typename Result, typename Done>
void Answer(std::vector<Result>& results, std::vector<Done>& done) {
  SHIELD_CHECK(results.size() == done.size());
  for (size_t i = 0; i < done.size(); ++i) done[i](std::move(results[i]));
}

}  // namespace

Committer::Committer(Store& store, Clock& clock, CommitterOptions options)
    : store_(store),
      clock_(clock),
      options_(std::move(options)),
      directories_{options_.max_queued_directories, options_.max_queued_directory_bytes},
      withdrawals_{options_.max_queued_withdrawals, options_.max_queued_withdrawal_bytes},
      others_{options_.max_queued, options_.max_queued_bytes},
      receipts_{options_.max_queued_receipts, options_.max_queued_receipt_bytes} {}

Committer::~Committer() { Stop(); }

absl::Status Committer::SubmitPublish(PublishCommand command, absl::Time deadline, PublishDone done,
                                      PublishKept kept) {
  // Who wants to be told what was kept holds statement and payload until then as well; the slots
  // are the same ones.
  const size_t copied = kept == nullptr ? 0 : command.statement.size() + command.payload.size();
  const size_t bytes = QueuedBytes(command) + copied;
  return Enqueue(
      WaitingPublish{std::move(command), {std::move(done), std::move(kept)}, deadline, bytes},
      bytes);
}

absl::Status Committer::SubmitAcknowledge(AcknowledgeCommand command, AcknowledgeDone done) {
  return Enqueue(WaitingAcknowledge{std::move(command), std::move(done), absl::InfiniteFuture(),
                                    kCommandOverhead},
                 kCommandOverhead);
}

absl::Status Committer::SubmitReceipts(ReceiptsCommand command, ReceiptsDone done) {
  const size_t bytes = QueuedBytes(command);
  return Enqueue(
      WaitingReceipts{std::move(command), std::move(done), absl::InfiniteFuture(), bytes}, bytes);
}

absl::Status Committer::SubmitDirectory(DirectoryCommand command, DirectoryDone done) {
  const size_t bytes = QueuedBytes(command);
  return Enqueue(
      WaitingDirectory{std::move(command), std::move(done), absl::InfiniteFuture(), bytes}, bytes);
}

absl::Status Committer::SubmitFresh(FreshCommand command, FreshDone done) {
  return Enqueue(
      WaitingFresh{std::move(command), std::move(done), absl::InfiniteFuture(), kCommandOverhead},
      kCommandOverhead);
}

absl::Status Committer::SubmitSweep(SweepCommand command, SweepDone done) {
  return Enqueue(WaitingSweep{command, std::move(done), absl::InfiniteFuture(), kCommandOverhead},
                 kCommandOverhead);
}

absl::Status Committer::Enqueue(AnyWaiting waiting, size_t bytes) {
  MutexLock lock(mutex_);
  if (stopping_) return Draining();
  Queue& queue = QueueOf(waiting);
  const bool full = queue.waiting.size() >= queue.most || queue.bytes + bytes > queue.most_bytes;
  if (full) return QueueFull(queue.waiting.size());
  queue.bytes += bytes;
  const auto* receipts = std::get_if<WaitingReceipts>(&waiting);
  if (receipts != nullptr) waiting_receipts_ += receipts->command.receipts.size();
  queue.waiting.push_back(std::move(waiting));
  arrived_.NotifyOne();
  return absl::OkStatus();
}

Committer::Queue& Committer::QueueOf(const AnyWaiting& waiting) {
  if (std::holds_alternative<WaitingDirectory>(waiting) ||
      std::holds_alternative<WaitingFresh>(waiting)) {
    return directories_;
  }
  if (std::holds_alternative<WaitingReceipts>(waiting)) return receipts_;
  const auto* publish = std::get_if<WaitingPublish>(&waiting);
  return publish != nullptr && Withdraws(publish->command) ? withdrawals_ : others_;
}

bool Committer::NothingWaits() const {
  return directories_.waiting.empty() && withdrawals_.waiting.empty() && others_.waiting.empty() &&
         receipts_.waiting.empty();
}

Committer::AnyWaiting Committer::Queue::Pop() {
  AnyWaiting first = std::move(waiting.front());
  waiting.pop_front();
  bytes -= std::visit([](const auto& w) { return w.bytes; }, first);
  return first;
}

bool Committer::Step() {
  Round round;
  {
    MutexLock lock(mutex_);
    if (NothingWaits()) return false;
    round = TakeRound();
  }
  Commit(std::move(round));
  return true;
}

Committer::Round Committer::TakeRound() {
  Round round;
  const absl::Time now = clock_.Now();
  const bool urgent = !directories_.waiting.empty() || !withdrawals_.waiting.empty();
  if (!urgent && ReceiptsAreNext()) return TakeReceipts(now);
  passed_receipts_ = receipts_.waiting.empty() ? 0 : passed_receipts_ + 1;
  for (Queue* first : {&directories_, &withdrawals_}) {
    if (first->waiting.empty()) continue;
    Join(round, first->Pop(), now);
    return round;
  }
  while (!others_.waiting.empty() && Fits(round, others_.waiting.front())) {
    Join(round, others_.Pop(), now);
  }
  return round;
}

bool Committer::ReceiptsAreNext() const {
  if (receipts_.waiting.empty()) return false;
  return others_.waiting.empty() || passed_receipts_ >= options_.max_groups_before_receipts;
}

Committer::Round Committer::TakeReceipts(absl::Time now) {
  Round round;
  passed_receipts_ = 0;
  while (!receipts_.waiting.empty()) {
    const auto& next = std::get<WaitingReceipts>(receipts_.waiting.front());
    const size_t receipts = round.receipts + next.command.receipts.size();
    if (!round.group.receipts.empty() && receipts > options_.max_group_receipts) break;
    Join(round, receipts_.Pop(), now);
  }
  waiting_receipts_ -= round.receipts;
  receipts_rest_until_ =
      std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(options_.receipts_rest);
  return round;
}

bool Committer::GoesAlone(const AnyWaiting& waiting) {
  const auto* publish = std::get_if<WaitingPublish>(&waiting);
  if (publish != nullptr) return EndsOthers(publish->command.referrals);
  return std::holds_alternative<WaitingSweep>(waiting);
}

bool Committer::Fits(const Round& round, const AnyWaiting& waiting) const {
  if (round.closed) return false;
  if (GoesAlone(waiting)) {
    return round.group.publishes.empty() && round.group.acknowledges.empty();
  }
  if (const auto* publish = std::get_if<WaitingPublish>(&waiting)) {
    const size_t publishes = round.group.publishes.size();
    if (publishes == 0) return true;
    return publishes < options_.max_group_publishes &&
           round.entries + publish->command.deliveries.size() <= options_.max_group_entries;
  }
  return round.group.acknowledges.size() < options_.max_group_acknowledges;
}

void Committer::Join(Round& round, AnyWaiting waiting, absl::Time now) const {
  if (auto* publish = std::get_if<WaitingPublish>(&waiting)) {
    if (publish->deadline <= now) {
      round.expired.push_back(std::move(publish->done.done));
      return;
    }
    round.entries += publish->command.deliveries.size();
    round.closed = EndsOthers(publish->command.referrals);
    round.group.publishes.push_back(std::move(publish->command));
    round.publish_calls.push_back(std::move(publish->done));
  } else if (auto* acknowledge = std::get_if<WaitingAcknowledge>(&waiting)) {
    round.group.acknowledges.push_back(std::move(acknowledge->command));
    round.acknowledge_done.push_back(std::move(acknowledge->done));
  } else if (auto* receipts = std::get_if<WaitingReceipts>(&waiting)) {
    round.receipts += receipts->command.receipts.size();
    round.group.receipts.push_back(std::move(receipts->command));
    round.receipts_done.push_back(std::move(receipts->done));
  } else if (auto* directory = std::get_if<WaitingDirectory>(&waiting)) {
    round.group.directories.push_back(std::move(directory->command));
    round.directory_done.push_back(std::move(directory->done));
  } else if (auto* fresh = std::get_if<WaitingFresh>(&waiting)) {
    round.group.freshes.push_back(std::move(fresh->command));
    round.fresh_done.push_back(std::move(fresh->done));
  } else if (auto* sweep = std::get_if<WaitingSweep>(&waiting)) {
    round.closed = true;
    round.group.sweeps.push_back(sweep->command);
    round.sweep_done.push_back(std::move(sweep->done));
  }
}

void Committer::TellKept(const std::vector<absl::StatusOr<PublishReceipt>>& results,
                         const std::vector<PublishCalls>& calls) {
  SHIELD_CHECK(results.size() == calls.size());
  for (size_t i = 0; i < calls.size(); ++i) {
    if (calls[i].kept && results[i].ok() && !results[i]->replayed) calls[i].kept(*results[i]);
  }
}

void Committer::Commit(Round round) {
  const uint64_t before = store_.last_commit();
  CommitResults results = store_.Commit(std::move(round.group));
  const uint64_t after = store_.last_commit();
  TellKept(results.publishes, round.publish_calls);
  if (after != before && options_.on_commit) options_.on_commit(after);
  for (PublishDone& done : round.expired) done(WaitedTooLong());
  for (size_t i = 0; i < round.publish_calls.size(); ++i) {
    round.publish_calls[i].done(std::move(results.publishes[i]));
  }
  Answer(results.acknowledges, round.acknowledge_done);
  Answer(results.receipts, round.receipts_done);
  Answer(results.directories, round.directory_done);
  Answer(results.freshes, round.fresh_done);
  Answer(results.sweeps, round.sweep_done);

  if (failure_told_) return;
  absl::Status health = store_.health();
  if (health.ok()) return;
  failure_told_ = true;
  if (options_.on_failure) options_.on_failure(health);
}

void Committer::Start() {
  SHIELD_CHECK(!thread_.joinable());
  thread_ = std::thread([this] { Run(); });
}

void Committer::Run() {
  while (true) {
    {
      MutexLock lock(mutex_);
      while (NothingWaits() && !stopping_) arrived_.Wait(mutex_);
      if (NothingWaits()) return;
      WaitForMoreReceipts();
    }
    Step();
  }
}

bool Committer::OnlyReceiptsWait() const {
  return directories_.waiting.empty() && withdrawals_.waiting.empty() && others_.waiting.empty();
}

// The first after a quiet moment go at once.
void Committer::WaitForMoreReceipts() {
  while (OnlyReceiptsWait() && waiting_receipts_ < options_.enough_receipts && !stopping_) {
    const auto left = receipts_rest_until_ - std::chrono::steady_clock::now();
    if (left <= std::chrono::steady_clock::duration::zero()) return;
    arrived_.WaitFor(mutex_, absl::FromChrono(left));
  }
}

void Committer::Stop() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    arrived_.NotifyAll();
  }
  if (thread_.joinable()) {
    thread_.join();
  } else {
    while (Step()) {
    }
  }
}

size_t Committer::queued() {
  MutexLock lock(mutex_);
  return directories_.waiting.size() + withdrawals_.waiting.size() + others_.waiting.size() +
         receipts_.waiting.size();
}

}  // namespace shield::store
