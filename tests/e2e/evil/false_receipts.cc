#include "tests/e2e/evil/false_receipts.h"

#include <optional>
#include <utility>

#include "base/status.h"
#include "crypto/note.h"
#include "policy/statement.h"

namespace shield::testing {
namespace {

class SwallowedPublish final : public broker::PublishSession {
 public:
  explicit SwallowedPublish(uint64_t log_size) : log_size_(log_size) {}

  absl::Status OnHeader(broker::PublishHeader header) override {
    ASSIGN_OR_RETURN(const SignedNote note, ParseNote(header.statement));
    ASSIGN_OR_RETURN(statement_, ParseStatement(note.text));
    return absl::OkStatus();
  }
  absl::Status OnSlots(ByteSpan) override { return absl::OkStatus(); }
  absl::Status OnPayload(ByteSpan) override { return absl::OkStatus(); }
  absl::Status OnObject(uint32_t, ByteSpan) override { return absl::OkStatus(); }
  void Finish(Callback callback) override {
    if (!statement_.has_value()) return callback(absl::InvalidArgumentError("no header"));
    callback(broker::PublishReceipt{statement_->id,
                                    statement_->recipients,
                                    statement_->directory_version,
                                    log_size_,
                                    0,
                                    false,
                                    {}});
  }

 private:
  const uint64_t log_size_;
  std::optional<Statement> statement_;
};

class InflatedReceipt final : public broker::PublishSession {
 public:
  explicit InflatedReceipt(std::unique_ptr<broker::PublishSession> truth)
      : truth_(std::move(truth)) {}

  absl::Status OnHeader(broker::PublishHeader header) override {
    return truth_->OnHeader(std::move(header));
  }
  absl::Status OnSlots(ByteSpan chunk) override { return truth_->OnSlots(chunk); }
  absl::Status OnPayload(ByteSpan chunk) override { return truth_->OnPayload(chunk); }
  absl::Status OnObject(uint32_t object, ByteSpan chunk) override {
    return truth_->OnObject(object, chunk);
  }
  void Finish(Callback callback) override {
    truth_->Finish([callback](absl::StatusOr<broker::PublishReceipt> receipt) {
      if (receipt.ok()) ++receipt->recipients;
      callback(std::move(receipt));
    });
  }

 private:
  const std::unique_ptr<broker::PublishSession> truth_;
};

}  // namespace

std::unique_ptr<broker::PublishSession> SwallowPublish(uint64_t log_size) {
  return std::make_unique<SwallowedPublish>(log_size);
}

std::unique_ptr<broker::PublishSession> InflateReceipt(
    std::unique_ptr<broker::PublishSession> truth) {
  return std::make_unique<InflatedReceipt>(std::move(truth));
}

}  // namespace shield::testing
