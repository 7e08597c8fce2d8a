#include "client/transport/raw_call.h"

#include <chrono>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace shield {
namespace {

constexpr absl::string_view kService = "/shield.v1.Broker/";

std::chrono::system_clock::time_point In(absl::Duration duration) {
  return std::chrono::system_clock::now() + absl::ToChronoMilliseconds(duration);
}

grpc::ByteBuffer Encode(const google::protobuf::MessageLite& message) {
  grpc::Slice slice(message.ByteSizeLong());
  message.SerializeWithCachedSizesToArray(const_cast<uint8_t*>(slice.begin()));
  return grpc::ByteBuffer(&slice, 1);
}

absl::Status Silent(absl::Duration silence) {
  return WithRule(absl::UnavailableError(absl::StrCat("the broker has been silent for ",
                                                      absl::FormatDuration(silence))),
                  "SILENT");
}

absl::Status NoAnswer() {
  return absl::InternalError("the broker ended the call without an answer");
}

}  // namespace

absl::StatusOr<std::unique_ptr<RawCall>> RawCall::Start(std::shared_ptr<PinnedChannel> channel,
                                                        absl::string_view method,
                                                        absl::Duration timeout) {
  std::unique_ptr<RawCall> call(new RawCall(std::move(channel), timeout));
  call->Prepare(method);
  call->stream_->StartCall(call.get());
  if (!call->Wait()) return call->End();
  return call;
}

absl::StatusOr<std::unique_ptr<RawCall>> RawCall::Open(std::shared_ptr<PinnedChannel> channel,
                                                       absl::string_view method,
                                                       const google::protobuf::MessageLite& first,
                                                       absl::Duration timeout) {
  return StartWith(std::move(channel), method, first, grpc::WriteOptions().set_buffer_hint(),
                   timeout);
}

absl::StatusOr<std::unique_ptr<RawCall>> RawCall::Ask(std::shared_ptr<PinnedChannel> channel,
                                                      absl::string_view method,
                                                      const google::protobuf::MessageLite& request,
                                                      absl::Duration timeout) {
  return StartWith(std::move(channel), method, request, grpc::WriteOptions().set_last_message(),
                   timeout);
}

absl::StatusOr<std::unique_ptr<RawCall>> RawCall::StartWith(
    std::shared_ptr<PinnedChannel> channel, absl::string_view method,
    const google::protobuf::MessageLite& first, grpc::WriteOptions options,
    absl::Duration timeout) {
  std::unique_ptr<RawCall> call(new RawCall(std::move(channel), timeout));
  // The head of the call waits for its first message: to start it is no operation then.
  call->context_.set_initial_metadata_corked(true);
  call->Prepare(method);
  call->stream_->StartCall(nullptr);
  RETURN_IF_ERROR(call->Write(first, options));
  return call;
}

RawCall::RawCall(std::shared_ptr<PinnedChannel> channel, absl::Duration timeout)
    : channel_(std::move(channel)), way_(channel_->Way()) {
  if (timeout != absl::InfiniteDuration()) context_.set_deadline(In(timeout));
}

void RawCall::Prepare(absl::string_view method) {
  grpc::GenericStub stub(way_.channel);
  stream_ = stub.PrepareCall(&context_, absl::StrCat(kService, method), &queue_);
}

RawCall::~RawCall() {
  if (stream_ != nullptr && !end_.has_value()) {
    context_.TryCancel();
    grpc::Status ignored;
    stream_->Finish(&ignored, this);
    Wait();
  }
  queue_.Shutdown();
  void* tag = nullptr;
  bool ok = false;
  while (queue_.Next(&tag, &ok)) continue;
}

absl::Status RawCall::Write(const google::protobuf::MessageLite& message) {
  return Write(message, grpc::WriteOptions());
}

absl::Status RawCall::WriteMore(const google::protobuf::MessageLite& message) {
  return Write(message, grpc::WriteOptions().set_buffer_hint());
}

absl::Status RawCall::WriteLast(const google::protobuf::MessageLite& message) {
  return Write(message, grpc::WriteOptions().set_last_message());
}

absl::Status RawCall::Write(const google::protobuf::MessageLite& message,
                            grpc::WriteOptions options) {
  if (end_.has_value()) return *end_;
  stream_->Write(Encode(message), options, this);
  return Wait() ? absl::OkStatus() : End();
}

absl::StatusOr<std::optional<grpc::ByteBuffer>> RawCall::Read(absl::Duration silence) {
  if (end_.has_value()) {
    if (!end_->ok()) return *end_;
    return std::nullopt;
  }
  grpc::ByteBuffer message;
  stream_->Read(&message, this);
  void* tag = nullptr;
  bool ok = false;
  if (silence != absl::InfiniteDuration() &&
      queue_.AsyncNext(&tag, &ok, In(silence)) == grpc::CompletionQueue::TIMEOUT) {
    context_.TryCancel();
    Wait();
    static_cast<void>(End());
    end_ = Silent(silence);
    return *end_;
  }
  if (silence == absl::InfiniteDuration()) ok = Wait();
  if (!ok) {
    RETURN_IF_ERROR(End());
    return std::nullopt;
  }
  way_.door->Answered();
  return message;
}

bool RawCall::Wait() {
  void* tag = nullptr;
  bool ok = false;
  queue_.Next(&tag, &ok);
  return ok;
}

absl::Status RawCall::End() {
  grpc::Status status;
  stream_->Finish(&status, this);
  Wait();
  end_ = channel_->Translate(way_, status);
  return *end_;
}

absl::StatusOr<grpc::ByteBuffer> CallOnce(std::shared_ptr<PinnedChannel> channel,
                                          absl::string_view method,
                                          const google::protobuf::MessageLite& request,
                                          absl::Duration timeout) {
  ASSIGN_OR_RETURN(const std::unique_ptr<RawCall> call,
                   RawCall::Ask(std::move(channel), method, request, timeout));
  return ReadAnswer(*call);
}

absl::StatusOr<grpc::ByteBuffer> ReadAnswer(RawCall& call) {
  ASSIGN_OR_RETURN(std::optional<grpc::ByteBuffer> answer, call.Read());
  if (!answer.has_value()) return NoAnswer();
  // The answer counts only with the status that follows it.
  ASSIGN_OR_RETURN(const std::optional<grpc::ByteBuffer> more, call.Read());
  if (more.has_value()) return absl::InternalError("the broker answered twice");
  return *std::move(answer);
}

}  // namespace shield
