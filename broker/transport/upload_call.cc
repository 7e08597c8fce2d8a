#include "broker/transport/upload_call.h"

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "broker/transport/call_queue.h"
#include "broker/transport/message_bytes.h"

namespace shield::broker {
namespace {

absl::Status NotComplete() {
  return WithHint(WithRule(absl::InvalidArgumentError("upload refused: it ended before its end"),
                           "OUT_OF_ORDER"),
                  "say `end` when everything has been sent");
}

absl::Status TooSlow(absl::string_view fault) {
  return WithHint(
      WithRule(absl::DeadlineExceededError(absl::StrCat("upload ended: ", fault)), "UPLOAD_IDLE"),
      "send it again over a faster line");
}

}  // namespace

UploadCall::UploadCall(CallQueue& queue, MethodSlots& slots, const UploadMethod& method,
                       Gatekeeper& gatekeeper, UploadThread& thread)
    : Call(queue, slots),
      method_(method),
      gatekeeper_(gatekeeper),
      reader_(&context()),
      thread_(thread),
      pace_(method.pace),
      read_(*this, [this](bool ok) { OnRead(ok); }),
      taken_(*this, [this](bool) { OnTaken(); }),
      replied_(*this, [this](bool) { Answer(); }),
      finished_(*this, [](bool) {}) {
  method_.request(&context(), &reader_, queue.completions(), ExpectRequest());
}

UploadCall::~UploadCall() {
  // Letting go of chunks is a write as well.
  if (sink_ != nullptr) thread_.Post([sink = std::move(sink_)] {});
}

void UploadCall::Begin() {
  if (const absl::Status opened = Open(); !opened.ok()) return Refuse(opened);
  ReadNext();
}

absl::Status UploadCall::Open() {
  ASSIGN_OR_RETURN(const Caller caller, gatekeeper_.Admit(context()));
  ASSIGN_OR_RETURN(place_, method_.places.Take(caller.owner(), caller.of_authority));
  ASSIGN_OR_RETURN(std::unique_ptr<UploadSink> sink, method_.handler(caller));
  sink_ = std::move(sink);
  return absl::OkStatus();
}

void UploadCall::ReadNext() {
  pace_.WaitSince(queue().clock().Now());
  reader_.Read(&message_, Expect(read_));
}

void UploadCall::OnRead(bool ok) {
  if (over_) return;
  pace_.Moved(message_.Length(), queue().clock().Now());
  if (!ok) return Refuse(NotComplete());
  gatekeeper_.CountMessage(context(), message_.Length());
  Operation* const taken = Expect(taken_);
  thread_.Post([this, taken] {
    taken_status_ = sink_->Take(MessageBytes(message_).view());
    RunOnQueue(taken);
  });
}

void UploadCall::OnTaken() {
  message_.Clear();
  if (!taken_status_.ok()) return Refuse(taken_status_.status());
  if (*taken_status_ == UploadSink::Progress::kComplete) return Complete();
  ReadNext();
}

void UploadCall::Complete() {
  Operation* const replied = Expect(replied_);
  thread_.Post([this, replied] {
    sink_->Finish([this, replied](absl::StatusOr<grpc::ByteBuffer> response) {
      reply_ = std::move(response);
      HalfReplied(replied);
    });
    HalfReplied(replied);
  });
}

// The answer may come while Finish still runs, and once it is sent the call may go away.
void UploadCall::HalfReplied(Operation* replied) {
  if (halves_left_.fetch_sub(1, std::memory_order_acq_rel) == 1) RunOnQueue(replied);
}

void UploadCall::Answer() {
  if (!reply_->ok()) return Refuse(reply_->status());
  over_ = true;
  reader_.Finish(**reply_, grpc::Status::OK, ExpectAnswered(finished_));
}

void UploadCall::Refuse(const absl::Status& status) {
  over_ = true;
  place_.reset();
  reader_.FinishWithError(Told(status), ExpectAnswered(finished_));
}

void UploadCall::Step(absl::Time now) {
  Call::Step(now);
  if (over_) return;
  const absl::string_view fault = pace_.FaultAt(now);
  if (!fault.empty()) Refuse(TooSlow(fault));
}

}  // namespace shield::broker
