#include "broker/transport/stream_gate.h"

namespace shield::broker {
namespace {

class StreamGate final : public grpc::AuthMetadataProcessor {
 public:
  explicit StreamGate(Gatekeeper& gatekeeper) : gatekeeper_(gatekeeper) {}

  // It is quick, and a queue in front of it would be one more without an end.
  bool IsBlocking() const override { return false; }

  grpc::Status Process(const InputMetadata&, grpc::AuthContext* peer, OutputMetadata*,
                       OutputMetadata*) override {
    if (peer != nullptr && gatekeeper_.MayStart(*peer)) return grpc::Status::OK;
    return grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "too many calls wait");
  }

 private:
  Gatekeeper& gatekeeper_;
};

}  // namespace

std::shared_ptr<grpc::AuthMetadataProcessor> NewStreamGate(Gatekeeper& gatekeeper) {
  return std::make_shared<StreamGate>(gatekeeper);
}

}  // namespace shield::broker
