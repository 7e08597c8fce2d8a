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
      finished_(*this, [](bool) {}) {
  method_.request(&context(), &reader_, queue.completions(), ExpectRequest());
}

UploadCall::~UploadCall() {
  // Letting go of chunks is a write as well.
  if (sink_ != nullptr) thread_.Post([sink = std::move(sink_)] {});
}

void UploadCall::Begin() {
  if (const absl::Status opened = Open(); !opened.ok()) return Refuse(opened);
  ReadOn();
}

absl::Status UploadCall::Open() {
  ASSIGN_OR_RETURN(const Caller caller, gatekeeper_.Admit(context()));
  ASSIGN_OR_RETURN(place_, method_.places.Take(caller.owner(), caller.of_authority));
  ASSIGN_OR_RETURN(std::unique_ptr<UploadSink> sink, method_.handler(caller));
  sink_ = std::move(sink);
  return absl::OkStatus();
}

void UploadCall::ReadOn() {
  const bool enough = arrived_.size() >= kAheadMessages || arrived_bytes_ >= kAheadBytes;
  if (over_ || reading_ || ended_ || enough) return;
  reading_ = true;
  pace_.WaitSince(queue().clock().Now());
  reader_.Read(&message_, Expect(read_));
}

void UploadCall::OnRead(bool ok) {
  reading_ = false;
  if (over_) return;
  pace_.Moved(message_.Length(), queue().clock().Now());
  if (ok) {
    gatekeeper_.CountMessage(context(), message_.Length());
    arrived_bytes_ += message_.Length();
    arrived_.push_back(std::move(message_));
    message_.Clear();
  } else {
    ended_ = true;
  }
  TakeOn();
  ReadOn();
}

// What has arrived goes to the sink, in one piece, once that has taken what it has.
void UploadCall::TakeOn() {
  if (taking_) return;
  if (arrived_.empty()) {
    if (ended_) Refuse(NotComplete());
    return;
  }
  taking_ = true;
  messages_.swap(arrived_);
  arrived_bytes_ = 0;
  Operation* const taken = Expect(taken_);
  thread_.Post([this, taken] { Take(taken); });
}

void UploadCall::Take(Operation* taken) {
  for (const grpc::ByteBuffer& message : messages_) {
    const absl::StatusOr<UploadSink::Progress> progress = sink_->Take(MessageBytes(message).view());
    if (!progress.ok()) {
      refusal_ = progress.status();
      break;
    }
    if (*progress == UploadSink::Progress::kComplete) return Complete(taken);
  }
  RunOnQueue(taken);
}

void UploadCall::Complete(Operation* taken) {
  sink_->Finish([this, taken](absl::StatusOr<grpc::ByteBuffer> response) {
    reply_ = std::move(response);
    HalfReplied(taken);
  });
  HalfReplied(taken);
}

// The answer may come while Finish still runs, and once it is sent the call may go away.
void UploadCall::HalfReplied(Operation* taken) {
  if (halves_left_.fetch_sub(1, std::memory_order_acq_rel) == 1) RunOnQueue(taken);
}

void UploadCall::OnTaken() {
  taking_ = false;
  messages_.clear();
  if (over_) return;
  if (!refusal_.ok()) return Refuse(refusal_);
  if (reply_.has_value()) return Answer();
  TakeOn();
  ReadOn();
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
  // While something of it is being taken the sender may be waiting for us.
  if (over_ || taking_) return;
  const absl::string_view fault = pace_.FaultAt(now);
  if (!fault.empty()) Refuse(TooSlow(fault));
}

}  // namespace shield::broker
