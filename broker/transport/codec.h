// Between the messages of shield.v1 and the values of broker/core/service.h. Form is checked here
// and only here: sizes, counts, lengths of digests and ids (docs/spec/wire.md section 4).
#pragma once

#include <grpcpp/support/byte_buffer.h>

#include <span>

#include "absl/status/statusor.h"
#include "broker/core/service.h"
#include "shield/v1/broker.pb.h"

namespace shield::broker {

// Requests. Errors are INVALID_ARGUMENT with rule REQUEST_MALFORMED or LIMIT_EXCEEDED.
absl::StatusOr<PublishHeader> ToHeader(v1::PublishHeader&& header);
absl::StatusOr<SubscribeQuery> ToSubscribeQuery(v1::SubscribeRequest&& request);
absl::StatusOr<FetchQuery> ToFetchQuery(const v1::FetchRequest& request);
absl::StatusOr<BulletinId> ToBulletinId(absl::string_view bytes);
absl::StatusOr<Digest> ToDigest(absl::string_view bytes, absl::string_view what);
absl::StatusOr<std::vector<std::string>> ToReceipts(v1::AddReceiptsRequest&& request);
absl::StatusOr<RetentionQuery> ToRetentionQuery(const v1::GetRetentionRequest& request);
absl::StatusOr<LogQuery> ToLogQuery(const v1::LogRequest& request);
absl::Status CheckChunk(absl::string_view bytes, absl::string_view what);

// Answers.
v1::GetBrokerResponse ToMessage(const BrokerIdentity& identity);
v1::PublishResponse ToMessage(const PublishReceipt& receipt);
v1::PublishDirectoryResponse ToMessage(const DirectoryReceipt& receipt);
v1::GetDirectoryResponse ToMessage(DirectoryPart&& part);
v1::FetchResponse ToMessage(FetchChunk&& chunk, bool first);
v1::GetStatusResponse ToMessage(std::span<const RecipientStatus> recipients);
v1::GetRetentionResponse ToMessage(RetentionPage&& page);
v1::LogResponse ToMessage(LogProof&& proof);
v1::AddReceiptsResponse ToMessage(std::vector<std::string>&& rules);

grpc::ByteBuffer Encode(const google::protobuf::MessageLite& message);

}  // namespace shield::broker
