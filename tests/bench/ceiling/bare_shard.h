// One completion queue of the bare server, its thread and the streams it owns.
#pragma once

#include <grpcpp/alarm.h>
#include <grpcpp/completion_queue.h>

#include <atomic>
#include <list>
#include <memory>
#include <thread>

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
  explicit BareShard(std::unique_ptr<grpc::ServerCompletionQueue> queue)
      : queue_(std::move(queue)), bell_(*this) {}
  ~BareShard() { ShutDown(); }

  grpc::ServerCompletionQueue* queue() { return queue_.get(); }

  void Start();
  // Every stream is stepped soon. From any thread; many at once are one.
  void Wake();
  // After the server has been shut down. Idempotent.
  void ShutDown();

  // From the shard's thread.
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
  std::atomic<bool> woken_{false};
  std::atomic<bool> closing_{false};
  Bell bell_;
  std::list<BareStream*> streams_;
  std::thread thread_;
};

}  // namespace shield::testing
