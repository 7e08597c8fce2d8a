#include "broker/transport/engine.h"

#include <algorithm>

#include "broker/transport/shells.h"
#include "broker/transport/unknown_call.h"

namespace shield::broker {
namespace {

constexpr int kUnknownCalls = 4;

// Requests a call of `method`; gRPC wants the queue twice, for the call and for the news of it.
template <typename Method>
auto WithMessage(RawBroker& raw, Method method) {
  return [&raw, method](grpc::ServerContext* context, grpc::ByteBuffer* message, auto* responder,
                        grpc::ServerCompletionQueue* queue, void* tag) {
    (raw.*method)(context, message, responder, queue, queue, tag);
  };
}

template <typename Method>
auto WithoutMessage(RawBroker& raw, Method method) {
  return
      [&raw, method](grpc::ServerContext* context, auto* reader, grpc::ServerCompletionQueue* queue,
                     void* tag) { (raw.*method)(context, reader, queue, queue, tag); };
}

}  // namespace

Engine::Engine(BrokerService& service, Gatekeeper& gatekeeper, Clock& pacing,
               Disclosure& disclosure, const CallLimits& limits)
    : gatekeeper_(gatekeeper),
      pacing_(pacing),
      disclosure_(disclosure),
      limits_(limits),
      newest_{NewestSubscriptions(static_cast<size_t>(limits.subscriptions_per_member)),
              NewestSubscriptions(static_cast<size_t>(limits.catch_ups_per_member))},
      publishes_(limits.publishes),
      directory_uploads_(limits.directory_uploads),
      downloading_(limits.downloads),
      asking_(limits.unary),
      unary_{
          {WithMessage(raw_, &RawBroker::RequestGetBroker), GetBrokerShell(service), asking_},
          {WithMessage(raw_, &RawBroker::RequestAcknowledge), AcknowledgeShell(service), asking_},
          {WithMessage(raw_, &RawBroker::RequestAddReceipts), AddReceiptsShell(service), asking_},
          {WithMessage(raw_, &RawBroker::RequestGetRetention), GetRetentionShell(service), asking_},
          {WithMessage(raw_, &RawBroker::RequestLog), LogShell(service, upload_thread_), asking_},
      },
      uploads_{
          {WithoutMessage(raw_, &RawBroker::RequestPublish), PublishShell(service), publishes_,
           limits.publish},
          {WithoutMessage(raw_, &RawBroker::RequestPublishDirectory),
           PublishDirectoryShell(service), directory_uploads_, limits.directory_upload},
      },
      downloads_{
          {WithMessage(raw_, &RawBroker::RequestGetDirectory), GetDirectoryShell(service),
           downloading_, limits.download},
          {WithMessage(raw_, &RawBroker::RequestFetch), FetchShell(service), downloading_,
           limits.download},
          {WithMessage(raw_, &RawBroker::RequestGetStatus), GetStatusShell(service), downloading_,
           limits.download},
      },
      subscribe_{WithMessage(raw_, &RawBroker::RequestSubscribe), SubscribeShell(service),
                 limits.heartbeat, limits.stalled} {}

void Engine::Register(grpc::ServerBuilder& builder, unsigned subscriber_shards) {
  builder.RegisterService(&raw_);
  builder.RegisterAsyncGenericService(&unknown_);
  general_ = std::make_unique<CallQueue>(builder.AddCompletionQueue(), pacing_, disclosure_);
  for (unsigned i = 0; i < std::max(1U, subscriber_shards); ++i) {
    shards_.push_back(
        std::make_unique<CallQueue>(builder.AddCompletionQueue(), pacing_, disclosure_));
  }
}

void Engine::Start() {
  for (const UnaryMethod& method : unary_) {
    AddSlots(limits_.live, [this, &method](MethodSlots& slots) {
      new UnaryCall(*general_, slots, method, gatekeeper_);
    });
  }
  for (const UploadMethod& method : uploads_) {
    AddSlots(limits_.live, [this, &method](MethodSlots& slots) {
      new UploadCall(*general_, slots, method, gatekeeper_, upload_thread_);
    });
  }
  for (const DownloadMethod& method : downloads_) {
    AddSlots(limits_.live, [this, &method](MethodSlots& slots) {
      new DownloadCall(*general_, slots, method, gatekeeper_);
    });
  }
  const int shards = static_cast<int>(shards_.size());
  const int per_shard = std::max(1, (limits_.subscriptions + shards - 1) / shards);
  for (const auto& shard : shards_) {
    AddSlots(per_shard, [this, &shard](MethodSlots& slots) {
      new SubscribeCall(*shard, slots, subscribe_, gatekeeper_, newest_);
    });
  }
  AddSlots(kUnknownCalls, [this](MethodSlots& slots) {
    new UnknownCall(*general_, slots, unknown_, gatekeeper_, limits_.unknown_per_connection);
  });
  upload_thread_.Start();
  // Only now: until the threads run, the slots are this thread's.
  general_->Start();
  for (const auto& shard : shards_) shard->Start();
}

void Engine::Wake() {
  for (const auto& shard : shards_) shard->Wake();
}

void Engine::Stop() {
  general_->WaitUntilIdle();
  for (const auto& shard : shards_) shard->WaitUntilIdle();
  upload_thread_.Stop();
  general_->ShutDown();
  for (const auto& shard : shards_) shard->ShutDown();
}

void Engine::AddSlots(int max_live, std::function<void(MethodSlots&)> post) {
  slots_.emplace_back(max_live, std::move(post)).Fill();
}

}  // namespace shield::broker
