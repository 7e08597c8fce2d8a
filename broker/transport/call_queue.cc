#include "broker/transport/call_queue.h"

#include <grpc/support/time.h>

namespace shield::broker {
namespace {

constexpr absl::Duration kStepEvery = absl::Seconds(1);

}  // namespace

CallQueue::CallQueue(std::unique_ptr<grpc::ServerCompletionQueue> completions, Clock& clock,
                     Disclosure& disclosure)
    : completions_(std::move(completions)),
      clock_(clock),
      disclosure_(disclosure),
      news_(*this),
      second_(*this) {}

CallQueue::~CallQueue() {
  if (thread_.joinable()) ShutDown();
}

void CallQueue::Start() {
  thread_ = std::thread([this] { Run(); });
  second_.Ring(kStepEvery);
}

void CallQueue::Wake() {
  if (woken_.exchange(true, std::memory_order_acq_rel)) return;
  news_.Ring(passes_.RestAt(clock_.Now()));
}

void CallQueue::WaitUntilIdle() {
  MutexLock lock(mutex_);
  while (live_count_ > 0) idle_.Wait(mutex_);
}

void CallQueue::ShutDown() {
  {
    MutexLock lock(mutex_);
    closing_ = true;
  }
  second_.Silence();
  news_.Silence();
  completions_->Shutdown();
  thread_.join();
}

std::list<Call*>::iterator CallQueue::Join(Call* call) {
  MutexLock lock(mutex_);
  ++live_count_;
  return live_.insert(live_.end(), call);
}

void CallQueue::Leave(std::list<Call*>::iterator place) {
  live_.erase(place);
  MutexLock lock(mutex_);
  if (--live_count_ == 0) idle_.NotifyAll();
}

void CallQueue::Bell::Arrived(bool ok) {
  const bool is_news = this == &queue_.news_;
  if (!ok) {
    if (is_news) queue_.woken_.store(false, std::memory_order_release);
    return;
  }
  if (is_news) return queue_.Pass();
  queue_.StepAll();
  Ring(kStepEvery);
}

bool CallQueue::Bell::Ring(absl::Duration in) {
  MutexLock lock(queue_.mutex_);
  if (queue_.closing_) return false;
  const gpr_timespec when =
      in == absl::ZeroDuration()
          ? gpr_time_0(GPR_CLOCK_MONOTONIC)
          : gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                         gpr_time_from_millis(absl::ToInt64Milliseconds(in), GPR_TIMESPAN));
  alarm_.Set(queue_.completions(), when, this);
  return true;
}

void CallQueue::Bell::Silence() { alarm_.Cancel(); }

void CallQueue::Run() {
  void* tag = nullptr;
  bool ok = false;
  while (completions_->Next(&tag, &ok)) static_cast<Completion*>(tag)->Arrived(ok);
}

// What comes from here on asks for a pass of its own.
void CallQueue::Pass() {
  passes_.Begin(clock_.Now());
  // Not a store: what the streams are looked at for must not be read before it.
  woken_.exchange(false, std::memory_order_acq_rel);
  StepAll();
  passes_.End(clock_.Now());
}

void CallQueue::StepAll() {
  const absl::Time now = clock_.Now();
  for (Call* call : live_) call->Step(now);
}

}  // namespace shield::broker
