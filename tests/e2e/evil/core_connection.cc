#include "tests/e2e/evil/core_connection.h"

#include <optional>
#include <string>
#include <variant>

#include "base/status.h"

namespace shield::testing {
namespace {

absl::Status NotHere() { return absl::UnimplementedError("not for these tests"); }

DeliveryState StateOf(broker::EntryState state) {
  switch (state) {
    case broker::EntryState::kLive:
      return DeliveryState::kLive;
    case broker::EntryState::kEmbargoed:
      return DeliveryState::kEmbargoed;
    case broker::EntryState::kExpired:
      return DeliveryState::kExpired;
    case broker::EntryState::kWithdrawn:
      return DeliveryState::kWithdrawn;
    case broker::EntryState::kSuperseded:
      return DeliveryState::kSuperseded;
  }
  return DeliveryState::kUnspecified;
}

DeliveredEntry AsDelivered(const broker::FeedEntry& fed) {
  const broker::SharedContent& content = fed.shared->content();
  DeliveredEntry entry;
  entry.seq = fed.own.seq;
  entry.statement = content.statement;
  entry.log_index = content.log_index;
  entry.payload = ToBytes(AsBytes(content.payload));
  entry.state = StateOf(content.state);
  entry.ended_by = content.ended_by;
  entry.slot = ToBytes(AsBytes(fed.own.slot));
  entry.slot_hash = fed.own.slot_hash;
  entry.leaf_index = fed.own.leaf_index;
  entry.leaf_proof = fed.own.leaf_proof;
  for (const broker::AudienceOpening& opening : fed.own.openings) {
    entry.openings.push_back({opening.salt, opening.token});
  }
  return entry;
}

class CoreSubscription final : public SubscriptionReader {
 public:
  explicit CoreSubscription(std::unique_ptr<broker::Subscription> inner)
      : inner_(std::move(inner)) {}
  absl::StatusOr<SubscriptionMessage> Read() override {
    ASSIGN_OR_RETURN(const std::optional<broker::FeedMessage> fed, inner_->Next({}));
    if (!fed.has_value()) return absl::UnavailableError("nothing more");
    SubscriptionMessage message;
    if (fed->hello.has_value()) {
      message.hello = SubscriptionMessage::Hello{fed->hello->head, fed->hello->directory_version,
                                                 fed->hello->time};
    }
    for (const broker::FeedEntry& entry : fed->entries) {
      message.entries.push_back(AsDelivered(entry));
    }
    if (fed->mark.has_value()) {
      message.mark =
          SubscriptionMessage::Mark{fed->mark->head, ToBytes(AsBytes(fed->mark->resume_token))};
    }
    return message;
  }
  void Cancel() override {}

 private:
  const std::unique_ptr<broker::Subscription> inner_;
};

class CoreUpload final : public PublishWriter {
 public:
  CoreUpload(std::unique_ptr<broker::PublishSession> session, std::function<void()> settle)
      : session_(std::move(session)), settle_(std::move(settle)) {}
  absl::Status WriteSlots(ByteSpan slots) override { return session_->OnSlots(slots); }
  absl::Status WritePayload(ByteSpan bytes) override { return session_->OnPayload(bytes); }
  absl::Status WriteObject(uint32_t object, ByteSpan bytes) override {
    return session_->OnObject(object, bytes);
  }
  absl::StatusOr<PublishReceipt> Finish() override {
    absl::StatusOr<broker::PublishReceipt> answer = absl::UnknownError("no answer");
    session_->Finish(
        [&answer](absl::StatusOr<broker::PublishReceipt> receipt) { answer = std::move(receipt); });
    settle_();
    RETURN_IF_ERROR(answer.status());
    PublishReceipt receipt;
    receipt.id = answer->id;
    receipt.recipients = answer->recipients;
    receipt.directory_version = answer->directory_version;
    receipt.log_index = answer->log_index;
    receipt.told = answer->told;
    receipt.replayed = answer->replayed;
    receipt.warnings = answer->warnings;
    return receipt;
  }
  void Cancel() override {}

 private:
  const std::unique_ptr<broker::PublishSession> session_;
  const std::function<void()> settle_;
};

class CoreFetch final : public FetchReader {
 public:
  explicit CoreFetch(std::unique_ptr<broker::FetchReader> inner) : inner_(std::move(inner)) {}
  absl::StatusOr<Bytes> Read() override {
    ASSIGN_OR_RETURN(const std::optional<broker::FetchChunk> chunk, inner_->Next());
    if (!chunk.has_value()) return Bytes();
    total_bytes_ = chunk->total_bytes;
    return ToBytes(AsBytes(chunk->bytes));
  }
  uint64_t total_bytes() const override { return total_bytes_; }
  void Cancel() override {}

 private:
  const std::unique_ptr<broker::FetchReader> inner_;
  uint64_t total_bytes_ = 0;
};

void AddPart(broker::DirectoryPart part, DirectoryAnswer& answer) {
  if (const auto* head = std::get_if<broker::DirectoryHead>(&part)) {
    answer.note = head->note;
    answer.fresh = head->fresh;
    answer.authority = head->authority;
    answer.unchanged = head->unchanged;
    return;
  }
  auto& org = std::get<broker::DirectoryOrganisation>(part);
  if (!org.line.empty()) answer.parts.push_back({org.index, org.proof, org.line, {}});
  std::vector<std::string>& lines = answer.parts.back().own_lines;
  lines.insert(lines.end(), org.own_lines.begin(), org.own_lines.end());
}

}  // namespace

absl::StatusOr<DirectoryAnswer> CoreConnection::GetDirectory(uint64_t have_version,
                                                             absl::Duration) {
  ASSIGN_OR_RETURN(const auto reader, broker_.GetDirectory(caller_, have_version));
  DirectoryAnswer answer;
  for (;;) {
    ASSIGN_OR_RETURN(std::optional<broker::DirectoryPart> part, reader->Next());
    if (!part.has_value()) return answer;
    AddPart(*std::move(part), answer);
  }
}

absl::StatusOr<std::unique_ptr<PublishWriter>> CoreConnection::Publish(const PublishOffer& offer,
                                                                       absl::Duration) {
  ASSIGN_OR_RETURN(auto session, broker_.Publish(caller_));
  broker::PublishHeader header{offer.statement, {}};
  for (const AudienceOpening& opening : offer.openings) {
    header.openings.push_back({opening.salt, opening.token});
  }
  RETURN_IF_ERROR(session->OnHeader(std::move(header)));
  return std::make_unique<CoreUpload>(std::move(session), settle_);
}

absl::StatusOr<std::unique_ptr<SubscriptionReader>> CoreConnection::Subscribe(
    const SubscriptionStart& start, absl::Duration) {
  broker::SubscribeQuery query{start.after, std::nullopt, ToString(start.resume_token)};
  if (start.after > 0) query.after_hash = start.after_hash;
  ASSIGN_OR_RETURN(auto subscription, broker_.Subscribe(caller_, std::move(query)));
  return std::make_unique<CoreSubscription>(std::move(subscription));
}

absl::StatusOr<uint64_t> CoreConnection::Acknowledge(uint64_t seq, const Digest& hash,
                                                     absl::Duration) {
  absl::StatusOr<uint64_t> answer = absl::UnknownError("no answer");
  broker_.Acknowledge(caller_, seq, hash,
                      [&answer](absl::StatusOr<uint64_t> cursor) { answer = std::move(cursor); });
  settle_();
  return answer;
}

absl::StatusOr<std::vector<std::string>> CoreConnection::AddReceipts(
    const std::vector<std::string>& notes, absl::Duration) {
  absl::StatusOr<std::vector<std::string>> answer = absl::UnknownError("no answer");
  broker_.AddReceipts(caller_, notes, [&answer](absl::StatusOr<std::vector<std::string>> rules) {
    answer = std::move(rules);
  });
  settle_();
  return answer;
}

absl::StatusOr<std::unique_ptr<FetchReader>> CoreConnection::Fetch(const FetchSource& source,
                                                                   absl::Duration) {
  ASSIGN_OR_RETURN(auto reader, broker_.Fetch(caller_, {source.id, source.object, source.offset}));
  return std::make_unique<CoreFetch>(std::move(reader));
}

absl::StatusOr<BrokerAnswer> CoreConnection::GetBroker(absl::Duration) { return NotHere(); }

absl::StatusOr<DirectoryReceipt> CoreConnection::PublishDirectory(const DirectoryUpload&,
                                                                  absl::Duration) {
  return NotHere();
}

absl::StatusOr<std::vector<ReaderStatus>> CoreConnection::GetStatus(const BulletinId&,
                                                                    absl::Duration) {
  return NotHere();
}

absl::StatusOr<std::string> CoreConnection::GetStatement(const BulletinId&, absl::Duration) {
  return NotHere();
}

absl::StatusOr<RetentionPage> CoreConnection::GetRetention(const RetentionQuery&, absl::Duration) {
  return NotHere();
}

absl::StatusOr<LogAnswer> CoreConnection::Ask(const broker::LogQuery& query) {
  ASSIGN_OR_RETURN(broker::LogProof proof, broker_.Log(caller_, query));
  return LogAnswer{std::move(proof.checkpoint), std::move(proof.proof), std::move(proof.witnessed),
                   std::move(proof.witnessed_proof)};
}

absl::StatusOr<Bytes> CoreConnection::GetTile(const LogTile& tile, absl::Duration) {
  ASSIGN_OR_RETURN(
      const broker::LogProof proof,
      broker_.Log(caller_, broker::TileQuery{tile.level, tile.index, tile.width, tile.entries}));
  return ToBytes(AsBytes(proof.tile));
}

absl::Status CoreConnection::Cosign(const std::string& note, absl::Duration) {
  return broker_.Log(caller_, broker::CosignQuery{note}).status();
}

absl::StatusOr<LogAnswer> CoreConnection::GetCheckpoint(uint64_t old_size, absl::Duration) {
  return Ask(broker::CheckpointQuery{old_size});
}

absl::StatusOr<LogAnswer> CoreConnection::GetCheckpointToCosign(uint64_t old_size, absl::Duration) {
  return Ask(broker::CheckpointQuery{old_size, true});
}

absl::StatusOr<LogAnswer> CoreConnection::ProveInclusion(uint64_t index, uint64_t size,
                                                         absl::Duration) {
  return Ask(broker::InclusionQuery{index, size});
}

absl::StatusOr<LogAnswer> CoreConnection::ProveConsistency(uint64_t old_size, uint64_t new_size,
                                                           absl::Duration) {
  return Ask(broker::ConsistencyQuery{old_size, new_size});
}

absl::StatusOr<LogAnswer> CoreConnection::ProveBatch(const std::vector<uint64_t>& indexes,
                                                     uint64_t size, absl::Duration) {
  return Ask(broker::BatchQuery{indexes, size});
}

}  // namespace shield::testing
