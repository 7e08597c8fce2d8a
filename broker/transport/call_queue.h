// One completion queue and the one thread that serves it.
#pragma once

#include <grpcpp/alarm.h>
#include <grpcpp/completion_queue.h>

#include <atomic>
#include <list>
#include <memory>
#include <thread>

#include "base/clock.h"
#include "base/mutex.h"
#include "broker/transport/call.h"
#include "broker/transport/disclosure.h"
#include "broker/transport/pass_pacer.h"

namespace shield::broker {

class CallQueue {
 public:
  // `clock` and `disclosure` must outlive the queue.
  CallQueue(std::unique_ptr<grpc::ServerCompletionQueue> completions, Clock& clock,
            Disclosure& disclosure);
  // Shut down before.
  ~CallQueue();

  grpc::ServerCompletionQueue* completions() { return completions_.get(); }
  Clock& clock() { return clock_; }
  Disclosure& disclosure() { return disclosure_; }

  void Start();

  // There is news: every live call is stepped, at once or when PassPacer says. Cheap and
  // thread-safe; many at once are one.
  void Wake();

  // Blocks until no call is live. New ones must not come any more.
  void WaitUntilIdle();

  // Ends the thread, once idle and once the server has been shut down.
  void ShutDown();

  bool OnOwnThread() const { return std::this_thread::get_id() == thread_.get_id(); }

  // The live calls; from the queue's thread.
  std::list<Call*>::iterator Join(Call* call);
  void Leave(std::list<Call*>::iterator place);

 private:
  // Steps every live call whenever its alarm fires.
  class Bell final : public Completion {
   public:
    explicit Bell(CallQueue& queue) : queue_(queue) {}
    void Arrived(bool ok) override;
    // False once the queue is closing.
    bool Ring(absl::Duration in);
    void Silence();

   private:
    CallQueue& queue_;
    grpc::Alarm alarm_;
  };

  void Run();
  void StepAll();
  // Steps them because there is news.
  void Pass();

  const std::unique_ptr<grpc::ServerCompletionQueue> completions_;
  Clock& clock_;
  Disclosure& disclosure_;
  std::atomic<bool> woken_{false};
  PassPacer passes_;
  Bell news_;
  Bell second_;

  Mutex mutex_;
  CondVar idle_;
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  size_t live_count_ ABSL_GUARDED_BY(mutex_) = 0;

  std::list<Call*> live_;  // of the thread
  std::thread thread_;
};

}  // namespace shield::broker
