#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "base/status.h"
#include "broker/transport/codec.h"
#include "broker/transport/feed_codec.h"
#include "broker/transport/shells.h"
#include "proto/wire/limits.h"
#include "proto/wire/strict_parse.h"

namespace shield::broker {
namespace {

class DirectorySource final : public DownloadSource {
 public:
  explicit DirectorySource(std::unique_ptr<DirectoryReader> reader) : reader_(std::move(reader)) {}

  absl::StatusOr<std::optional<grpc::ByteBuffer>> Next() override {
    ASSIGN_OR_RETURN(std::optional<DirectoryPart> part, reader_->Next());
    if (!part.has_value()) return std::nullopt;
    return Encode(ToMessage(*std::move(part)));
  }

 private:
  const std::unique_ptr<DirectoryReader> reader_;
};

class FetchSource final : public DownloadSource {
 public:
  explicit FetchSource(std::unique_ptr<FetchReader> reader) : reader_(std::move(reader)) {}

  absl::StatusOr<std::optional<grpc::ByteBuffer>> Next() override {
    ASSIGN_OR_RETURN(std::optional<FetchChunk> chunk, reader_->Next());
    if (!chunk.has_value()) return std::nullopt;
    const bool first = std::exchange(first_, false);
    return Encode(ToMessage(*std::move(chunk), first));
  }

 private:
  const std::unique_ptr<FetchReader> reader_;
  bool first_ = true;
};

// Room for the receipts of a few hundred readers beside the rest of a message.
constexpr size_t kMaxStatusBytes = 128 * 1024;
// What a reader takes in a message beside its receipts: two ids, a sharer, flags.
constexpr size_t kReaderBytes = 3 * 64 + 64;

// At least one.
size_t HowManyFit(std::span<const RecipientStatus> recipients) {
  size_t bytes = 0;
  size_t count = 0;
  for (const RecipientStatus& recipient : recipients) {
    bytes += kReaderBytes;
    for (const std::string& receipt : recipient.receipts) bytes += receipt.size() + 4;
    if (count > 0 && bytes > kMaxStatusBytes) break;
    if (++count == wire::kMaxRecipientsShown) break;
  }
  return count;
}

class StatusSource final : public DownloadSource {
 public:
  explicit StatusSource(std::vector<RecipientStatus> recipients)
      : recipients_(std::move(recipients)) {}

  absl::StatusOr<std::optional<grpc::ByteBuffer>> Next() override {
    const std::span<const RecipientStatus> left =
        std::span<const RecipientStatus>(recipients_).subspan(sent_);
    if (left.empty()) return std::nullopt;
    const auto part = left.first(HowManyFit(left));
    sent_ += part.size();
    return Encode(ToMessage(part));
  }

 private:
  const std::vector<RecipientStatus> recipients_;
  size_t sent_ = 0;
};

// One message, and no other.
class StatementSource final : public DownloadSource {
 public:
  explicit StatementSource(std::string statement) : statement_(std::move(statement)) {}

  absl::StatusOr<std::optional<grpc::ByteBuffer>> Next() override {
    if (std::exchange(sent_, true)) return std::nullopt;
    v1::GetStatusResponse message;
    message.set_statement(statement_);
    return Encode(message);
  }

 private:
  const std::string statement_;
  bool sent_ = false;
};

class FeedSource final : public LiveSource {
 public:
  FeedSource(std::unique_ptr<Subscription> subscription, bool catch_up)
      : subscription_(std::move(subscription)), catch_up_(catch_up) {}

  absl::StatusOr<std::optional<grpc::ByteBuffer>> Next() override {
    ASSIGN_OR_RETURN(const std::optional<FeedMessage> message, subscription_->Next(FeedLimits{}));
    if (!message.has_value()) return std::nullopt;
    return EncodeFeedMessage(*message);
  }

  bool HasMore() const override { return subscription_->HasMore(); }
  bool catch_up() const override { return catch_up_; }

  grpc::ByteBuffer Heartbeat() override { return EncodeHeartbeat(subscription_->Heartbeat()); }

 private:
  const std::unique_ptr<Subscription> subscription_;
  const bool catch_up_;
};

}  // namespace

DownloadHandler GetDirectoryShell(BrokerService& service) {
  return [&service](const Caller& caller,
                    absl::string_view bytes) -> absl::StatusOr<std::unique_ptr<DownloadSource>> {
    ASSIGN_OR_RETURN(const v1::GetDirectoryRequest request,
                     wire::ParseStrict<v1::GetDirectoryRequest>(bytes));
    ASSIGN_OR_RETURN(std::unique_ptr<DirectoryReader> reader,
                     service.GetDirectory(caller, request.have_version()));
    return std::make_unique<DirectorySource>(std::move(reader));
  };
}

DownloadHandler FetchShell(BrokerService& service) {
  return [&service](const Caller& caller,
                    absl::string_view bytes) -> absl::StatusOr<std::unique_ptr<DownloadSource>> {
    ASSIGN_OR_RETURN(const v1::FetchRequest request, wire::ParseStrict<v1::FetchRequest>(bytes));
    ASSIGN_OR_RETURN(const FetchQuery query, ToFetchQuery(request));
    ASSIGN_OR_RETURN(std::unique_ptr<FetchReader> reader, service.Fetch(caller, query));
    return std::make_unique<FetchSource>(std::move(reader));
  };
}

DownloadHandler GetStatusShell(BrokerService& service) {
  return [&service](const Caller& caller,
                    absl::string_view bytes) -> absl::StatusOr<std::unique_ptr<DownloadSource>> {
    ASSIGN_OR_RETURN(const v1::GetStatusRequest request,
                     wire::ParseStrict<v1::GetStatusRequest>(bytes));
    ASSIGN_OR_RETURN(const BulletinId id, ToBulletinId(request.id()));
    if (request.statement_only()) {
      ASSIGN_OR_RETURN(std::string statement, service.GetStatement(caller, id));
      return std::make_unique<StatementSource>(std::move(statement));
    }
    ASSIGN_OR_RETURN(std::vector<RecipientStatus> recipients, service.GetStatus(caller, id));
    return std::make_unique<StatusSource>(std::move(recipients));
  };
}

LiveHandler SubscribeShell(BrokerService& service) {
  return [&service](const Caller& caller,
                    absl::string_view bytes) -> absl::StatusOr<std::unique_ptr<LiveSource>> {
    ASSIGN_OR_RETURN(v1::SubscribeRequest request, wire::ParseStrict<v1::SubscribeRequest>(bytes));
    const bool catch_up = request.catch_up();
    ASSIGN_OR_RETURN(SubscribeQuery query, ToSubscribeQuery(std::move(request)));
    ASSIGN_OR_RETURN(std::unique_ptr<Subscription> subscription,
                     service.Subscribe(caller, std::move(query)));
    return std::make_unique<FeedSource>(std::move(subscription), catch_up);
  };
}

}  // namespace shield::broker
