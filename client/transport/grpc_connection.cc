#include "client/transport/grpc_connection.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/transport/answer_codec.h"
#include "client/transport/grpc_streams.h"
#include "client/transport/pinned_channel.h"
#include "client/transport/raw_call.h"
#include "proto/wire/limits.h"
#include "shield/v1/broker.pb.h"

namespace shield {
namespace {

// What a broker may make a client hold while it reads a directory: 100,000 records of 2 KiB.
constexpr size_t kMaxDirectoryBytes = 200 * 1000 * 1024;

// A bulletin has at most so many recipients (docs/spec/statement.md).
constexpr size_t kMaxReaders = 100'000;

// Appends one message of a directory; `continues` says that it is more of the last organisation.
absl::Status AddPart(v1::DirectoryOrganisation&& message, bool continues,
                     std::vector<DirectoryPart>& parts) {
  const uint32_t index = message.index();
  ASSIGN_OR_RETURN(DirectoryPart part, ToDirectoryPart(std::move(message)));
  if (!continues) {
    parts.push_back(std::move(part));
    return absl::OkStatus();
  }
  if (parts.back().index != index || !part.line.empty() || !part.proof.empty()) {
    return MalformedAnswer("an organisation breaks off");
  }
  for (std::string& line : part.own_lines) parts.back().own_lines.push_back(std::move(line));
  return absl::OkStatus();
}

absl::StatusOr<DirectoryAnswer> ReadDirectory(RawCall& call) {
  DirectoryAnswer answer;
  bool begun = false;
  bool continues = false;
  size_t bytes = 0;
  while (true) {
    ASSIGN_OR_RETURN(const std::optional<grpc::ByteBuffer> buffer, call.Read());
    if (!buffer.has_value()) break;
    bytes += buffer->Length();
    if (bytes > kMaxDirectoryBytes) return MalformedAnswer("the directory is too large");
    ASSIGN_OR_RETURN(auto message, ParseAnswer<v1::GetDirectoryResponse>(*buffer));
    if (message.has_head() == begun) return MalformedAnswer("the head comes first, and once");
    if (message.has_head()) {
      ASSIGN_OR_RETURN(answer, ToDirectoryHead(std::move(*message.mutable_head())));
      begun = true;
      continue;
    }
    const bool more = message.organisation().more();
    RETURN_IF_ERROR(AddPart(std::move(*message.mutable_organisation()), continues, answer.parts));
    continues = more;
  }
  if (!begun || continues) return MalformedAnswer("the directory breaks off");
  return answer;
}

absl::Status WriteBetween(RawCall& call, const std::vector<std::string>& notes) {
  v1::PublishDirectoryRequest request;
  size_t bytes = 0;
  for (const std::string& note : notes) {
    if (bytes > 0 && bytes + note.size() > wire::kChunkBytes) {
      RETURN_IF_ERROR(call.WriteMore(request));
      request.Clear();
      bytes = 0;
    }
    request.mutable_between()->add_notes(note);
    bytes += note.size();
  }
  return bytes > 0 ? call.WriteMore(request) : absl::OkStatus();
}

absl::Status WriteLines(RawCall& call, const std::vector<std::string>& lines) {
  v1::PublishDirectoryRequest request;
  size_t bytes = 0;
  for (const std::string& line : lines) {
    const bool full = request.lines().lines_size() == static_cast<int>(wire::kMaxLines) ||
                      bytes + line.size() > wire::kChunkBytes;
    if (full && bytes > 0) {
      RETURN_IF_ERROR(call.WriteMore(request));
      request.Clear();
      bytes = 0;
    }
    request.mutable_lines()->add_lines(line);
    bytes += line.size();
  }
  return bytes > 0 ? call.WriteMore(request) : absl::OkStatus();
}

class GrpcConnection final : public Connection {
 public:
  explicit GrpcConnection(std::shared_ptr<PinnedChannel> channel) : channel_(std::move(channel)) {}

  absl::StatusOr<BrokerAnswer> GetBroker(absl::Duration timeout) override {
    ASSIGN_OR_RETURN(auto message,
                     Ask<v1::GetBrokerResponse>("GetBroker", v1::GetBrokerRequest(), timeout));
    return BrokerAnswer{message.broker_key(), message.log_key(), message.software(),
                        absl::FromUnixMillis(message.time_unix_ms())};
  }

  absl::StatusOr<DirectoryAnswer> GetDirectory(uint64_t have_version,
                                               absl::Duration timeout) override {
    v1::GetDirectoryRequest request;
    request.set_have_version(have_version);
    ASSIGN_OR_RETURN(const auto call, RawCall::Ask(channel_, "GetDirectory", request, timeout));
    return ReadDirectory(*call);
  }

  absl::StatusOr<DirectoryReceipt> PublishDirectory(const DirectoryUpload& upload,
                                                    absl::Duration timeout) override {
    v1::PublishDirectoryRequest head;
    head.mutable_head()->set_note(upload.note);
    head.mutable_head()->set_fresh(upload.fresh);
    head.mutable_head()->set_authority(upload.authority);
    ASSIGN_OR_RETURN(const auto call, RawCall::Open(channel_, "PublishDirectory", head, timeout));
    RETURN_IF_ERROR(WriteBetween(*call, upload.between));
    RETURN_IF_ERROR(WriteLines(*call, upload.lines));
    v1::PublishDirectoryRequest end;
    end.mutable_end();
    RETURN_IF_ERROR(call->WriteLast(end));
    ASSIGN_OR_RETURN(const grpc::ByteBuffer answer, ReadAnswer(*call));
    ASSIGN_OR_RETURN(const auto message, ParseAnswer<v1::PublishDirectoryResponse>(answer));
    return DirectoryReceipt{message.version(), message.log_index()};
  }

  absl::StatusOr<std::unique_ptr<PublishWriter>> Publish(const PublishOffer& offer,
                                                         absl::Duration timeout) override {
    v1::PublishRequest request;
    request.mutable_header()->set_statement(offer.statement);
    for (const AudienceOpening& opening : offer.openings) {
      v1::Opening& one = *request.mutable_header()->add_openings();
      one.set_salt(ToString(opening.salt));
      one.set_token(opening.token);
    }
    ASSIGN_OR_RETURN(auto call, RawCall::Open(channel_, "Publish", request, timeout));
    return std::make_unique<GrpcPublishWriter>(std::move(call));
  }

  absl::StatusOr<std::unique_ptr<SubscriptionReader>> Subscribe(const SubscriptionStart& start,
                                                                absl::Duration timeout) override {
    v1::SubscribeRequest request;
    request.set_after(start.after);
    if (start.after != 0) request.set_after_hash(ToString(start.after_hash.span()));
    request.set_resume_token(ToString(start.resume_token));
    request.set_catch_up(start.catch_up);
    ASSIGN_OR_RETURN(auto call, RawCall::Ask(channel_, "Subscribe", request, timeout));
    return std::make_unique<GrpcSubscriptionReader>(std::move(call));
  }

  absl::StatusOr<uint64_t> Acknowledge(uint64_t seq, const Digest& hash,
                                       absl::Duration timeout) override {
    v1::AcknowledgeRequest request;
    request.set_seq(seq);
    request.set_hash(ToString(hash.span()));
    ASSIGN_OR_RETURN(const auto message,
                     Ask<v1::AcknowledgeResponse>("Acknowledge", request, timeout));
    return message.acknowledged();
  }

  absl::StatusOr<std::vector<std::string>> AddReceipts(const std::vector<std::string>& notes,
                                                       absl::Duration timeout) override {
    v1::AddReceiptsRequest request;
    for (const std::string& note : notes) request.add_receipts(note);
    ASSIGN_OR_RETURN(auto message, Ask<v1::AddReceiptsResponse>("AddReceipts", request, timeout));
    return ToRules(std::move(message), notes.size());
  }

  absl::StatusOr<std::unique_ptr<FetchReader>> Fetch(const FetchSource& source,
                                                     absl::Duration timeout) override {
    v1::FetchRequest request;
    request.set_id(ToString(source.id.span()));
    request.set_object(source.object);
    request.set_offset(source.offset);
    ASSIGN_OR_RETURN(auto call, RawCall::Ask(channel_, "Fetch", request, timeout));
    return std::make_unique<GrpcFetchReader>(std::move(call));
  }

  absl::StatusOr<std::vector<ReaderStatus>> GetStatus(const BulletinId& id,
                                                      absl::Duration timeout) override {
    v1::GetStatusRequest request;
    request.set_id(ToString(id.span()));
    ASSIGN_OR_RETURN(const auto call, RawCall::Ask(channel_, "GetStatus", request, timeout));
    std::vector<ReaderStatus> readers;
    while (true) {
      ASSIGN_OR_RETURN(const std::optional<grpc::ByteBuffer> buffer, call->Read());
      if (!buffer.has_value()) return readers;
      ASSIGN_OR_RETURN(const auto message, ParseAnswer<v1::GetStatusResponse>(*buffer));
      RETURN_IF_ERROR(AppendReaders(message, readers));
      if (readers.size() > kMaxReaders) return MalformedAnswer("the status is too long");
    }
  }

  absl::StatusOr<std::string> GetStatement(const BulletinId& id, absl::Duration timeout) override {
    v1::GetStatusRequest request;
    request.set_id(ToString(id.span()));
    request.set_statement_only(true);
    ASSIGN_OR_RETURN(const auto call, RawCall::Ask(channel_, "GetStatus", request, timeout));
    ASSIGN_OR_RETURN(const std::optional<grpc::ByteBuffer> buffer, call->Read());
    if (!buffer.has_value()) return MalformedAnswer("there is no statement in it");
    ASSIGN_OR_RETURN(auto message, ParseAnswer<v1::GetStatusResponse>(*buffer));
    ASSIGN_OR_RETURN(std::string statement, ToStatement(std::move(message)));
    ASSIGN_OR_RETURN(const std::optional<grpc::ByteBuffer> more, call->Read());
    if (more.has_value()) return MalformedAnswer("it goes on after the statement");
    return statement;
  }

  absl::StatusOr<RetentionPage> GetRetention(const RetentionQuery& query,
                                             absl::Duration timeout) override {
    v1::GetRetentionRequest request;
    request.set_until_unix_s(absl::ToUnixSeconds(query.until));
    request.set_from_unix_s(absl::ToUnixSeconds(query.from.end));
    request.set_from_rows(query.from.rows);
    ASSIGN_OR_RETURN(auto message, Ask<v1::GetRetentionResponse>("GetRetention", request, timeout));
    return ToRetentionPage(std::move(message));
  }

  absl::StatusOr<LogAnswer> GetCheckpoint(uint64_t old_size, absl::Duration timeout) override {
    v1::LogRequest request;
    request.mutable_checkpoint()->set_old_size(old_size);
    return AskLog(request, timeout);
  }

  absl::StatusOr<LogAnswer> GetCheckpointToCosign(uint64_t old_size,
                                                  absl::Duration timeout) override {
    v1::LogRequest request;
    request.mutable_checkpoint()->set_old_size(old_size);
    request.mutable_checkpoint()->set_to_cosign(true);
    return AskLog(request, timeout);
  }

  absl::StatusOr<Bytes> GetTile(const LogTile& tile, absl::Duration timeout) override {
    v1::LogRequest request;
    request.mutable_tile()->set_level(tile.level);
    request.mutable_tile()->set_index(tile.index);
    request.mutable_tile()->set_width(tile.width);
    request.mutable_tile()->set_entries(tile.entries);
    ASSIGN_OR_RETURN(const auto message, Ask<v1::LogResponse>("Log", request, timeout));
    return ToTile(message);
  }

  absl::Status Cosign(const std::string& note, absl::Duration timeout) override {
    v1::LogRequest request;
    request.mutable_cosign()->set_note(note);
    return Ask<v1::LogResponse>("Log", request, timeout).status();
  }

  absl::StatusOr<LogAnswer> ProveBatch(const std::vector<uint64_t>& indexes, uint64_t size,
                                       absl::Duration timeout) override {
    v1::LogRequest request;
    for (const uint64_t index : indexes) request.mutable_batch()->add_indexes(index);
    request.mutable_batch()->set_size(size);
    return AskLog(request, timeout);
  }

  absl::StatusOr<LogAnswer> ProveInclusion(uint64_t index, uint64_t size,
                                           absl::Duration timeout) override {
    v1::LogRequest request;
    request.mutable_inclusion()->set_index(index);
    request.mutable_inclusion()->set_size(size);
    return AskLog(request, timeout);
  }

  absl::StatusOr<LogAnswer> ProveConsistency(uint64_t old_size, uint64_t new_size,
                                             absl::Duration timeout) override {
    v1::LogRequest request;
    request.mutable_consistency()->set_old_size(old_size);
    request.mutable_consistency()->set_new_size(new_size);
    return AskLog(request, timeout);
  }

 private:
  template <typename Answer>
  absl::StatusOr<Answer> Ask(absl::string_view method, const google::protobuf::MessageLite& request,
                             absl::Duration timeout) {
    ASSIGN_OR_RETURN(const grpc::ByteBuffer answer, CallOnce(channel_, method, request, timeout));
    return ParseAnswer<Answer>(answer);
  }

  absl::StatusOr<LogAnswer> AskLog(const v1::LogRequest& request, absl::Duration timeout) {
    ASSIGN_OR_RETURN(auto message, Ask<v1::LogResponse>("Log", request, timeout));
    return ToLogAnswer(std::move(message));
  }

  const std::shared_ptr<PinnedChannel> channel_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Connection>> NewGrpcConnection(
    const GrpcConnectionOptions& options) {
  if (options.address.find(':') == std::string::npos) {
    return WithHint(absl::InvalidArgumentError(absl::StrCat("broker address `", options.address,
                                                            "` refused: it is not HOST:PORT")),
                    "write it like broker.example:7443");
  }
  ASSIGN_OR_RETURN(std::shared_ptr<PinnedChannel> channel, PinnedChannel::Create(options));
  return std::make_unique<GrpcConnection>(std::move(channel));
}

}  // namespace shield
