#include "broker/transport/codec.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "proto/wire/limits.h"

namespace shield::broker {
namespace {

constexpr size_t kSaltBytes = 16;

absl::Status Malformed(absl::string_view what) {
  return WithRule(absl::InvalidArgumentError(absl::StrCat("request refused: ", what)),
                  "REQUEST_MALFORMED");
}

absl::Status CheckSize(absl::string_view bytes, size_t limit, absl::string_view what) {
  if (bytes.size() <= limit) return absl::OkStatus();
  return WithRule(
      absl::InvalidArgumentError(absl::StrCat("request refused: ", what, " has ", bytes.size(),
                                              " bytes, and ", limit, " is the limit")),
      "LIMIT_EXCEEDED");
}

absl::StatusOr<AudienceOpening> ToOpening(v1::Opening&& opening) {
  if (opening.salt().size() != kSaltBytes) return Malformed("the salt of an opening is 16 bytes");
  RETURN_IF_ERROR(CheckSize(opening.token(), wire::kMaxTokenBytes, "the token of an opening"));
  return AudienceOpening{ToBytes(AsBytes(opening.salt())), std::move(*opening.mutable_token())};
}

std::string Raw(const Digest& digest) { return ToString(digest.span()); }

void FillHead(DirectoryHead&& from, v1::DirectoryHead& to) {
  to.set_note(std::move(from.note));
  to.set_fresh(std::move(from.fresh));
  to.set_authority(std::move(from.authority));
  to.set_unchanged(from.unchanged);
}

void FillOrganisation(DirectoryOrganisation&& from, v1::DirectoryOrganisation& to) {
  to.set_index(from.index);
  for (const Digest& hash : from.proof) to.add_proof(Raw(hash));
  to.set_line(std::move(from.line));
  for (std::string& line : from.own_lines) to.add_own_lines(std::move(line));
  to.set_more(from.more);
}

}  // namespace

absl::StatusOr<PublishHeader> ToHeader(v1::PublishHeader&& header) {
  RETURN_IF_ERROR(CheckSize(header.statement(), wire::kMaxStatementBytes, "the statement"));
  PublishHeader result;
  result.statement = std::move(*header.mutable_statement());
  for (v1::Opening& opening : *header.mutable_openings()) {
    ASSIGN_OR_RETURN(AudienceOpening value, ToOpening(std::move(opening)));
    result.openings.push_back(std::move(value));
  }
  return result;
}

absl::StatusOr<SubscribeQuery> ToSubscribeQuery(v1::SubscribeRequest&& request) {
  SubscribeQuery query;
  query.after = request.after();
  if (query.after != 0) {
    ASSIGN_OR_RETURN(query.after_hash, ToDigest(request.after_hash(), "after_hash"));
  } else if (!request.after_hash().empty()) {
    return Malformed("after_hash is given, but after is 0");
  }
  RETURN_IF_ERROR(
      CheckSize(request.resume_token(), wire::kMaxResumeTokenBytes, "the resume token"));
  query.resume_token = std::move(*request.mutable_resume_token());
  return query;
}

absl::StatusOr<FetchQuery> ToFetchQuery(const v1::FetchRequest& request) {
  ASSIGN_OR_RETURN(const BulletinId id, ToBulletinId(request.id()));
  if (request.object() > wire::kMaxObjects) {
    return Malformed(absl::StrCat("a bulletin has at most ", wire::kMaxObjects, " objects"));
  }
  return FetchQuery{id, request.object(), request.offset()};
}

absl::StatusOr<BulletinId> ToBulletinId(absl::string_view bytes) {
  const std::optional<BulletinId> id = BulletinId::FromBytes(AsBytes(bytes));
  if (!id.has_value()) return Malformed("the id of a bulletin is 16 bytes");
  return *id;
}

absl::StatusOr<Digest> ToDigest(absl::string_view bytes, absl::string_view what) {
  const std::optional<Digest> digest = Digest::FromBytes(AsBytes(bytes));
  if (!digest.has_value()) return Malformed(absl::StrCat(what, " is 32 bytes"));
  return *digest;
}

absl::StatusOr<std::vector<std::string>> ToReceipts(v1::AddReceiptsRequest&& request) {
  std::vector<std::string> notes;
  notes.reserve(static_cast<size_t>(request.receipts_size()));
  for (std::string& note : *request.mutable_receipts()) {
    RETURN_IF_ERROR(CheckSize(note, wire::kMaxReceiptBytes, "a receipt"));
    notes.push_back(std::move(note));
  }
  if (notes.empty()) return Malformed("there is no receipt");
  return notes;
}

absl::StatusOr<RetentionQuery> ToRetentionQuery(const v1::GetRetentionRequest& request) {
  if (request.until_unix_s() < 0 || request.from_unix_s() < 0) {
    return Malformed("a time is before 1970");
  }
  return RetentionQuery{absl::FromUnixSeconds(request.until_unix_s()),
                        {absl::FromUnixSeconds(request.from_unix_s()), request.from_rows()}};
}

absl::StatusOr<LogQuery> ToLogQuery(const v1::LogRequest& request) {
  switch (request.query_case()) {
    case v1::LogRequest::kCheckpoint:
      return LogQuery(
          CheckpointQuery{request.checkpoint().old_size(), request.checkpoint().to_cosign()});
    case v1::LogRequest::kInclusion:
      return LogQuery(InclusionQuery{request.inclusion().index(), request.inclusion().size()});
    case v1::LogRequest::kConsistency:
      return LogQuery(
          ConsistencyQuery{request.consistency().old_size(), request.consistency().new_size()});
    case v1::LogRequest::kBatch: {
      const auto& indexes = request.batch().indexes();
      return LogQuery(BatchQuery{{indexes.begin(), indexes.end()}, request.batch().size()});
    }
    case v1::LogRequest::kTile:
      return LogQuery(TileQuery{request.tile().level(), request.tile().index(),
                                request.tile().width(), request.tile().entries()});
    case v1::LogRequest::kCosign:
      RETURN_IF_ERROR(
          CheckSize(request.cosign().note(), wire::kMaxNoteBytes, "a cosigned checkpoint"));
      return LogQuery(CosignQuery{request.cosign().note()});
    case v1::LogRequest::QUERY_NOT_SET:
      break;
  }
  return Malformed("a log request asks for nothing");
}

absl::Status CheckChunk(absl::string_view bytes, absl::string_view what) {
  if (bytes.empty()) return Malformed(absl::StrCat(what, " is empty"));
  return CheckSize(bytes, wire::kChunkBytes, what);
}

v1::GetBrokerResponse ToMessage(const BrokerIdentity& identity) {
  v1::GetBrokerResponse message;
  message.set_broker_key(identity.broker_key);
  message.set_log_key(identity.log_key);
  message.set_software(identity.software);
  message.set_time_unix_ms(absl::ToUnixMillis(identity.time));
  return message;
}

v1::PublishResponse ToMessage(const PublishReceipt& receipt) {
  v1::PublishResponse message;
  message.set_id(ToString(receipt.id.span()));
  message.set_recipients(receipt.recipients);
  message.set_directory_version(receipt.directory_version);
  message.set_log_index(receipt.log_index);
  message.set_replayed(receipt.replayed);
  message.set_told(receipt.told);
  for (const std::string& warning : receipt.warnings) message.add_warnings(warning);
  return message;
}

v1::PublishDirectoryResponse ToMessage(const DirectoryReceipt& receipt) {
  v1::PublishDirectoryResponse message;
  message.set_version(receipt.version);
  message.set_log_index(receipt.log_index);
  return message;
}

v1::GetDirectoryResponse ToMessage(DirectoryPart&& part) {
  v1::GetDirectoryResponse message;
  if (auto* head = std::get_if<DirectoryHead>(&part)) {
    FillHead(std::move(*head), *message.mutable_head());
  } else {
    FillOrganisation(std::get<DirectoryOrganisation>(std::move(part)),
                     *message.mutable_organisation());
  }
  return message;
}

v1::FetchResponse ToMessage(FetchChunk&& chunk, bool first) {
  v1::FetchResponse message;
  message.set_data(std::move(chunk.bytes));
  if (first) message.set_total_bytes(chunk.total_bytes);
  return message;
}

v1::GetStatusResponse ToMessage(std::span<const RecipientStatus> recipients) {
  v1::GetStatusResponse message;
  for (const RecipientStatus& recipient : recipients) {
    v1::RecipientStatus& one = *message.add_recipients();
    one.set_member(recipient.member.str());
    one.set_org(recipient.org.str());
    one.set_acknowledged(recipient.acknowledged);
    one.set_told(recipient.told);
    for (const std::string& receipt : recipient.receipts) one.add_receipts(receipt);
    if (recipient.shared_by.has_value()) one.set_shared_by(recipient.shared_by->str());
  }
  return message;
}

v1::GetRetentionResponse ToMessage(RetentionPage&& page) {
  v1::GetRetentionResponse message;
  for (RetentionRow& row : page.rows) {
    v1::RetentionRow& to = *message.add_rows();
    if (row.id.has_value()) to.set_id(ToString(row.id->span()));
    to.set_text_digest(Raw(row.text_digest));
    to.set_log_index(row.log_index);
    to.set_bulletin_class(std::move(row.bulletin_class));
    to.set_label(std::move(row.label));
    to.set_issued_unix_s(absl::ToUnixSeconds(row.issued));
    to.set_expires_unix_s(absl::ToUnixSeconds(row.expires));
    to.set_row_days(row.row_days);
  }
  message.set_more(page.next.has_value());
  if (page.next.has_value()) {
    message.set_next_unix_s(absl::ToUnixSeconds(page.next->end));
    message.set_next_rows(page.next->rows);
  }
  message.set_unerased(page.unerased);
  return message;
}

v1::LogResponse ToMessage(LogProof&& proof) {
  v1::LogResponse message;
  message.set_checkpoint(std::move(proof.checkpoint));
  for (const Digest& hash : proof.proof) {
    if (proof.batch) {
      message.mutable_batch_proof()->append(Raw(hash));
    } else {
      message.add_proof(Raw(hash));
    }
  }
  message.set_tile(std::move(proof.tile));
  message.set_witnessed(std::move(proof.witnessed));
  for (const Digest& hash : proof.witnessed_proof) message.add_witnessed_proof(Raw(hash));
  return message;
}

v1::AddReceiptsResponse ToMessage(std::vector<std::string>&& rules) {
  v1::AddReceiptsResponse message;
  for (std::string& rule : rules) message.add_rules(std::move(rule));
  return message;
}

grpc::ByteBuffer Encode(const google::protobuf::MessageLite& message) {
  grpc::Slice slice(message.ByteSizeLong());
  message.SerializeWithCachedSizesToArray(const_cast<uint8_t*>(slice.begin()));
  return grpc::ByteBuffer(&slice, 1);
}

}  // namespace shield::broker
