// The life of one call on a completion queue, whatever its kind.
//
// A call object is posted to gRPC before any request exists, serves one request, and deletes itself
// when nothing is outstanding any more: every operation it started has come back, and gRPC has said
// that the call is done. Nothing else deletes it. A fixed number is posted per method and the
// number of live ones is capped (MethodSlots), so that opening and resetting streams as fast as a
// peer can (CVE-2023-44487) costs a fixed amount of memory.
//
// Everything happens on the one thread of the call's queue, so calls hold no lock.
#pragma once

#include <grpcpp/alarm.h>
#include <grpcpp/server_context.h>

#include <functional>
#include <list>
#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace shield::broker {

class Call;
class CallQueue;

// What a completion queue carries as its tag.
class Completion {
 public:
  virtual ~Completion() = default;
  virtual void Arrived(bool ok) = 0;
};

// How many calls of one method are posted and live on one queue. Of the queue's thread.
class MethodSlots {
 public:
  // `post` makes a call object that requests itself.
  MethodSlots(int max_live, std::function<void(MethodSlots&)> post);

  void Fill();     // posts what is missing
  void Arrived();  // a posted call has become a live one
  void Failed();   // a posted call came back without a request: the server is going down
  void Ended();    // a live call is over

 private:
  static constexpr int kPosted = 16;

  const int max_live_;
  const std::function<void(MethodSlots&)> post_;
  int posted_ = 0;
  int live_ = 0;
  bool open_ = true;
};

class Call {
 public:
  // `context` may be of a class derived from grpc::ServerContext.
  Call(CallQueue& queue, MethodSlots& slots,
       std::unique_ptr<grpc::ServerContext> context = std::make_unique<grpc::ServerContext>());
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  // Looks whether there is something to do; asked when there is news and once a second. Starts
  // operations at most: a call never goes away inside it. Cuts off a peer that does not take its
  // answer within kAnswerPatience.
  virtual void Step(absl::Time now);

  static constexpr absl::Duration kAnswerPatience = absl::Seconds(20);

 protected:
  // One operation of a call: what to do when it comes back.
  class Operation final : public Completion {
   public:
    Operation(Call& call, std::function<void(bool)> then) : call_(call), then_(std::move(then)) {}
    void Arrived(bool ok) override;

   private:
    Call& call_;
    const std::function<void(bool)> then_;
  };

  virtual ~Call();

  // The tag to start an operation with. Each operation is started at most once at a time.
  Operation* Expect(Operation& operation) {
    ++outstanding_;
    return &operation;
  }

  // To be started with the request for a call.
  Operation* ExpectRequest();

  // A request has come: serve it.
  virtual void Begin() = 0;
  // gRPC is done with the call: answered, or the peer is gone.
  virtual void Done() {}

  // Runs `operation`, which has been expected, on the queue's thread; from any thread.
  void RunOnQueue(Operation* operation);

  // The answer, or the refusal, is on its way out: the tag to send it with.
  Operation* ExpectAnswered(Operation& operation);

  // Ends the call at once although a read or a write is under way.
  void CutShort(absl::StatusCode code, const char* why);

  // An error for the wire (disclosure.h).
  grpc::Status Told(const absl::Status& status);

  CallQueue& queue() { return queue_; }
  grpc::ServerContext& context() { return *context_; }

 private:
  void Requested(bool ok);
  void Settle();

  CallQueue& queue_;
  MethodSlots& slots_;
  const std::unique_ptr<grpc::ServerContext> context_;
  grpc::Alarm alarm_;
  int outstanding_ = 0;
  bool live_ = false;
  absl::Time answering_since_ = absl::InfiniteFuture();
  std::list<Call*>::iterator place_;  // in the queue's list, while live
  Operation requested_;
  Operation done_;
};

}  // namespace shield::broker
