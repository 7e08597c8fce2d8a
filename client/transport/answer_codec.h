// From the messages of shield.v1 to the values of client/connection.h, strictly: what the broker
// sends is checked for form here (docs/spec/wire.md section 4), for truth by the caller.
#pragma once

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include "absl/status/statusor.h"
#include "client/connection.h"
#include "proto/wire/strict_parse.h"
#include "shield/v1/broker.pb.h"

namespace shield {

// A message of type M; DATA_LOSS when the broker sent something else.
template <typename M>
absl::StatusOr<M> ParseAnswer(const grpc::ByteBuffer& buffer);

// Errors are DATA_LOSS, rule ANSWER_MALFORMED.
absl::StatusOr<SubscriptionMessage> ToSubscriptionMessage(v1::SubscribeResponse&& message);
// The head alone: no parts yet.
absl::StatusOr<DirectoryAnswer> ToDirectoryHead(v1::DirectoryHead&& message);
absl::StatusOr<DirectoryPart> ToDirectoryPart(v1::DirectoryOrganisation&& message);
absl::StatusOr<PublishReceipt> ToPublishReceipt(v1::PublishResponse&& message);
absl::Status AppendReaders(const v1::GetStatusResponse& message,
                           std::vector<ReaderStatus>& readers);
// The statement alone, which was asked for.
absl::StatusOr<std::string> ToStatement(v1::GetStatusResponse&& message);
// The rules of a call with `count` receipts.
absl::StatusOr<std::vector<std::string>> ToRules(v1::AddReceiptsResponse&& message, size_t count);
absl::StatusOr<RetentionPage> ToRetentionPage(v1::GetRetentionResponse&& message);
absl::StatusOr<Bytes> ToChunk(const v1::FetchResponse& message);
absl::StatusOr<LogAnswer> ToLogAnswer(v1::LogResponse&& message);
absl::StatusOr<Bytes> ToTile(const v1::LogResponse& message);

absl::Status MalformedAnswer(absl::string_view what);

template <typename M>
absl::StatusOr<M> ParseAnswer(const grpc::ByteBuffer& buffer) {
  grpc::Slice slice;
  if (!buffer.DumpToSingleSlice(&slice).ok()) return MalformedAnswer("it cannot be read");
  absl::StatusOr<M> message = wire::ParseStrict<M>(
      absl::string_view(reinterpret_cast<const char*>(slice.begin()), slice.size()));
  if (!message.ok()) return MalformedAnswer(message.status().message());
  return message;
}

}  // namespace shield
