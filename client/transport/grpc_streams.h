// The streams of a connection over gRPC.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "client/connection.h"
#include "client/transport/raw_call.h"

namespace shield {

class GrpcPublishWriter final : public PublishWriter {
 public:
  explicit GrpcPublishWriter(std::unique_ptr<RawCall> call) : call_(std::move(call)) {}
  absl::Status WriteSlots(ByteSpan slots) override;
  absl::Status WritePayload(ByteSpan bytes) override;
  absl::Status WriteObject(uint32_t object, ByteSpan bytes) override;
  absl::StatusOr<PublishReceipt> Finish() override;
  void Cancel() override { call_->Cancel(); }

 private:
  const std::unique_ptr<RawCall> call_;
};

class GrpcSubscriptionReader final : public SubscriptionReader {
 public:
  explicit GrpcSubscriptionReader(std::unique_ptr<RawCall> call) : call_(std::move(call)) {}
  absl::StatusOr<SubscriptionMessage> Read() override;
  void Cancel() override { call_->Cancel(); }

 private:
  const std::unique_ptr<RawCall> call_;
};

class GrpcFetchReader final : public FetchReader {
 public:
  explicit GrpcFetchReader(std::unique_ptr<RawCall> call) : call_(std::move(call)) {}
  absl::StatusOr<Bytes> Read() override;
  uint64_t total_bytes() const override { return total_bytes_; }
  void Cancel() override { call_->Cancel(); }

 private:
  const std::unique_ptr<RawCall> call_;
  uint64_t total_bytes_ = 0;
};

}  // namespace shield
