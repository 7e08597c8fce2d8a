// One completion queue of the bare server, its thread and the streams it owns.
#pragma once

#include <grpcpp/alarm.h>
#include <grpcpp/completion_queue.h>

#include <atomic>
#include <list>
#include <memory>
#include <thread>
#include <utility>

#include "broker/transport/pass_pacer.h"
#include "tests/bench/ceiling/bare_log.h"

namespace shield::testing {

// What a queue gives back: an operation that has ended.
class BareTag {
 public:
  virtual ~BareTag() = default;
  virtual void Arrived(bool ok) = 0;
};

// A stream that may have more to send.
class BareStream {
 public:
  virtual ~BareStream() = default;
  virtual void Step() = 0;
};

class BareShard {
 public:
  // `log` must outlive it.
  BareShard(std::unique_ptr<grpc::ServerCompletionQueue> queue, const BareLog& log)
      : queue_(std::move(queue)), log_(log), bell_(*this) {}
  ~BareShard() { ShutDown(); }

  grpc::ServerCompletionQueue* queue() { return queue_.get(); }

  void Start();
  // Every stream is stepped soon: at once after a quiet moment, else when the broker's would be
  // (docs/adr/0008). From any thread; many at once are one.
  void Wake();
  // After the server has been shut down. Idempotent.
  void ShutDown();

  // From the shard's thread.
  // How much of the log is to be sent: what there was when the streams were last stepped.
  uint64_t end() const { return end_; }
  std::list<BareStream*>::iterator Join(BareStream* stream) {
    return streams_.insert(streams_.end(), stream);
  }
  void Leave(std::list<BareStream*>::iterator place) { streams_.erase(place); }

 private:
  class Bell final : public BareTag {
   public:
    explicit Bell(BareShard& shard) : shard_(shard) {}
    void Arrived(bool ok) override;
    void Ring();

   private:
    BareShard& shard_;
    grpc::Alarm alarm_;
  };

  const std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  const BareLog& log_;
  broker::PassPacer pacer_;
  uint64_t end_ = 0;
  std::atomic<bool> woken_{false};
  std::atomic<bool> closing_{false};
  Bell bell_;
  std::list<BareStream*> streams_;
  std::thread thread_;
};

}  // namespace shield::testing
