#include "tests/bench/timed_connection.h"

#include <ctime>
#include <utility>

#include "absl/time/clock.h"
#include "base/status.h"

namespace shield::testing {

Moment Moment::Now() {
  timespec cpu = {};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
  return {absl::Now(), absl::DurationFromTimespec(cpu)};
}

class TimedConnection::Writer final : public PublishWriter {
 public:
  Writer(std::unique_ptr<PublishWriter> inner, TimedConnection& connection, Moment begun)
      : inner_(std::move(inner)), connection_(connection) {
    times_.begun = begun;
  }

  absl::Status WriteSlots(ByteSpan slots) override { return inner_->WriteSlots(slots); }
  absl::Status WritePayload(ByteSpan bytes) override { return inner_->WritePayload(bytes); }
  absl::Status WriteObject(uint32_t object, ByteSpan bytes) override {
    return inner_->WriteObject(object, bytes);
  }
  absl::StatusOr<PublishReceipt> Finish() override {
    times_.written = Moment::Now();
    absl::StatusOr<PublishReceipt> receipt = inner_->Finish();
    times_.answered = Moment::Now();
    connection_.Note(times_);
    return receipt;
  }
  void Cancel() override { inner_->Cancel(); }

 private:
  const std::unique_ptr<PublishWriter> inner_;
  TimedConnection& connection_;
  UploadTimes times_;
};

absl::StatusOr<std::unique_ptr<PublishWriter>> TimedConnection::Publish(const PublishOffer& offer,
                                                                        absl::Duration timeout) {
  const Moment begun = Moment::Now();
  ASSIGN_OR_RETURN(std::unique_ptr<PublishWriter> writer, inner_->Publish(offer, timeout));
  return std::make_unique<Writer>(std::move(writer), *this, begun);
}

UploadTimes TimedConnection::last_upload() const {
  MutexLock lock(mutex_);
  return last_upload_;
}

void TimedConnection::Note(const UploadTimes& times) {
  MutexLock lock(mutex_);
  last_upload_ = times;
}

}  // namespace shield::testing
