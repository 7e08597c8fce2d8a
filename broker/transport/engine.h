// The completion queues, their threads, and what is posted on them.
//
// K queues with one thread each own the subscribers' streams; one more queue and thread serves all
// other calls, so that a publish is not behind a thousand deliveries (docs/adr/0004), and what an
// upload brings is taken on a thread of its own (upload_thread.h).
#pragma once

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/server_builder.h>

#include <deque>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "broker/core/service.h"
#include "broker/transport/call_queue.h"
#include "broker/transport/download_call.h"
#include "broker/transport/gatekeeper.h"
#include "broker/transport/limits.h"
#include "broker/transport/newest_subscriptions.h"
#include "broker/transport/subscribe_call.h"
#include "broker/transport/unary_call.h"
#include "broker/transport/upload_call.h"
#include "shield/v1/broker.grpc.pb.h"

namespace shield::broker {

// Every method takes and gives encoded messages: they are read strictly, and only once admitted.
using RawBroker = v1::Broker::WithRawMethod_GetBroker<v1::Broker::WithRawMethod_GetDirectory<
    v1::Broker::WithRawMethod_PublishDirectory<v1::Broker::WithRawMethod_Publish<
        v1::Broker::WithRawMethod_Subscribe<v1::Broker::WithRawMethod_Acknowledge<
            v1::Broker::WithRawMethod_AddReceipts<v1::Broker::WithRawMethod_Fetch<
                v1::Broker::WithRawMethod_GetStatus<v1::Broker::WithRawMethod_GetRetention<
                    v1::Broker::WithRawMethod_Log<v1::Broker::Service>>>>>>>>>>>;

class Engine {
 public:
  // Everything referred to must outlive the engine.
  // `pacing` is what calls are paced by.
  Engine(BrokerService& service, Gatekeeper& gatekeeper, Clock& pacing, Disclosure& disclosure,
         const CallLimits& limits);

  // Adds services and queues to a server that is about to be built.
  void Register(grpc::ServerBuilder& builder, unsigned subscriber_shards);

  // Once the server runs: posts calls and starts the threads.
  void Start();

  // There is news for subscribers.
  void Wake();

  // After the server has been shut down: waits for the last call and ends the threads.
  void Stop();

 private:
  void AddSlots(int max_live, std::function<void(MethodSlots&)> post);

  Gatekeeper& gatekeeper_;
  Clock& pacing_;
  Disclosure& disclosure_;
  const CallLimits limits_;

  RawBroker raw_;
  grpc::AsyncGenericService unknown_;
  MemberSubscriptions newest_;
  CallPlaces publishes_;
  CallPlaces directory_uploads_;
  CallPlaces downloading_;
  CallPlaces asking_;

  const std::vector<UnaryMethod> unary_;
  const std::vector<UploadMethod> uploads_;
  const std::vector<DownloadMethod> downloads_;
  const SubscribeMethod subscribe_;

  UploadThread upload_thread_;
  std::deque<MethodSlots> slots_;  // outlive the queues
  std::unique_ptr<CallQueue> general_;
  std::vector<std::unique_ptr<CallQueue>> shards_;
};

}  // namespace shield::broker
