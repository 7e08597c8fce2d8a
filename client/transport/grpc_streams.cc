#include "client/transport/grpc_streams.h"

#include <algorithm>
#include <utility>

#include "base/status.h"
#include "client/transport/answer_codec.h"
#include "proto/wire/limits.h"
#include "shield/v1/broker.pb.h"

namespace shield {
namespace {

constexpr size_t kSlotBytes = 168;
constexpr size_t kWholeSlotsBytes = wire::kChunkBytes / kSlotBytes * kSlotBytes;

// The broker sends a heartbeat every 20 seconds; three that are missing are an end.
constexpr absl::Duration kLongestSilence = absl::Seconds(60);

// Calls `write` with pieces of `bytes` of at most `limit`.
template <typename Write>
absl::Status InPieces(ByteSpan bytes, size_t limit, Write write) {
  while (!bytes.empty()) {
    const ByteSpan piece = bytes.first(std::min(limit, bytes.size()));
    RETURN_IF_ERROR(write(AsText(piece)));
    bytes = bytes.subspan(piece.size());
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status GrpcPublishWriter::WriteSlots(ByteSpan slots) {
  return InPieces(slots, kWholeSlotsBytes, [this](absl::string_view piece) {
    v1::PublishRequest request;
    request.set_slots(std::string(piece));
    return call_->WriteMore(request);
  });
}

absl::Status GrpcPublishWriter::WritePayload(ByteSpan bytes) {
  return InPieces(bytes, wire::kChunkBytes, [this](absl::string_view piece) {
    v1::PublishRequest request;
    request.set_payload(std::string(piece));
    return call_->WriteMore(request);
  });
}

absl::Status GrpcPublishWriter::WriteObject(uint32_t object, ByteSpan bytes) {
  return InPieces(bytes, wire::kChunkBytes, [this, object](absl::string_view piece) {
    v1::PublishRequest request;
    request.mutable_object()->set_object(object);
    request.mutable_object()->set_data(std::string(piece));
    return call_->WriteMore(request);
  });
}

absl::StatusOr<PublishReceipt> GrpcPublishWriter::Finish() {
  v1::PublishRequest request;
  request.mutable_end();
  RETURN_IF_ERROR(call_->WriteLast(request));
  ASSIGN_OR_RETURN(const grpc::ByteBuffer answer, ReadAnswer(*call_));
  ASSIGN_OR_RETURN(v1::PublishResponse message, ParseAnswer<v1::PublishResponse>(answer));
  return ToPublishReceipt(std::move(message));
}

absl::StatusOr<SubscriptionMessage> GrpcSubscriptionReader::Read() {
  ASSIGN_OR_RETURN(const std::optional<grpc::ByteBuffer> buffer, call_->Read(kLongestSilence));
  if (!buffer.has_value()) return absl::UnavailableError("the broker ended the subscription");
  ASSIGN_OR_RETURN(v1::SubscribeResponse message, ParseAnswer<v1::SubscribeResponse>(*buffer));
  return ToSubscriptionMessage(std::move(message));
}

absl::StatusOr<Bytes> GrpcFetchReader::Read() {
  while (true) {
    ASSIGN_OR_RETURN(const std::optional<grpc::ByteBuffer> buffer, call_->Read());
    if (!buffer.has_value()) return Bytes();
    ASSIGN_OR_RETURN(const v1::FetchResponse message, ParseAnswer<v1::FetchResponse>(*buffer));
    if (message.total_bytes() != 0) total_bytes_ = message.total_bytes();
    // A first message without data only tells the size.
    if (!message.data().empty()) return ToChunk(message);
  }
}

}  // namespace shield
