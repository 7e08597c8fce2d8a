#include "tests/e2e/transport/fake_broker_service.h"

#include <algorithm>
#include <utility>

#include "base/status.h"

namespace shield::testing {
namespace {

using broker::Caller;

const BulletinId kSomeId(std::array<uint8_t, 16>{1, 2, 3});
constexpr size_t kReaders = 10'000;
constexpr size_t kChunk = 64 * 1024;

class ChunksOf final : public broker::FetchReader {
 public:
  ChunksOf(std::string bytes, uint64_t offset) : bytes_(std::move(bytes)), offset_(offset) {}
  absl::StatusOr<std::optional<broker::FetchChunk>> Next() override {
    if (offset_ >= bytes_.size()) return std::nullopt;
    broker::FetchChunk chunk{bytes_.substr(offset_, kChunk), bytes_.size()};
    offset_ += chunk.bytes.size();
    return chunk;
  }

 private:
  const std::string bytes_;
  uint64_t offset_;
};

class EndlessChunks final : public broker::FetchReader {
 public:
  absl::StatusOr<std::optional<broker::FetchChunk>> Next() override {
    return broker::FetchChunk{std::string(kChunk, 'x'), uint64_t{1} << 40};
  }
};

// A head, an organisation in two parts, and another one.
class SmallDirectory final : public broker::DirectoryReader {
 public:
  absl::StatusOr<std::optional<broker::DirectoryPart>> Next() override {
    switch (part_++) {
      case 0:
        return broker::DirectoryPart(
            broker::DirectoryHead{"the note", "the fresh note", "", false});
      case 1:
        return broker::DirectoryPart(
            broker::DirectoryOrganisation{0, {Digest{}}, "org a", {"member a1"}, true});
      case 2:
        return broker::DirectoryPart(
            broker::DirectoryOrganisation{0, {}, "", {"member a2"}, false});
      case 3:
        return broker::DirectoryPart(broker::DirectoryOrganisation{1, {}, "org b", {}, false});
      default:
        return std::nullopt;
    }
  }

 private:
  int part_ = 0;
};

}  // namespace

class FakeBrokerService::Session final : public broker::PublishSession {
 public:
  Session(FakeBrokerService& service, const Caller& caller) : service_(service) {
    ++service_.live_publishes_;
    received_.member = caller.member.has_value() ? caller.member->str() : "";
  }
  ~Session() override { --service_.live_publishes_; }
  absl::Status OnHeader(broker::PublishHeader header) override {
    received_.statement = std::move(header.statement);
    received_.openings = header.openings.size();
    return absl::OkStatus();
  }
  absl::Status OnSlots(ByteSpan chunk) override { return Take(chunk, received_.slots); }
  absl::Status OnPayload(ByteSpan chunk) override { return Take(chunk, received_.payload); }
  absl::Status OnObject(uint32_t object, ByteSpan chunk) override {
    received_.objects.resize(std::max<size_t>(received_.objects.size(), object + 1));
    return Take(chunk, received_.objects[object]);
  }
  void Finish(Callback callback) override {
    service_.Commit(std::move(received_), std::move(callback));
  }

 private:
  absl::Status Take(ByteSpan chunk, std::string& into) {
    service_.WaitForUploads();
    into.append(AsText(chunk).data(), chunk.size());
    received_.largest_chunk = std::max(received_.largest_chunk, chunk.size());
    return absl::OkStatus();
  }

  FakeBrokerService& service_;
  ReceivedPublish received_;
};

class FakeBrokerService::Upload final : public broker::DirectorySession {
 public:
  explicit Upload(FakeBrokerService& service) : service_(service) {}
  absl::Status OnHead(broker::DirectoryHeading) override { return absl::OkStatus(); }
  absl::Status OnBetween(std::vector<std::string>) override { return absl::OkStatus(); }
  absl::Status OnLines(std::vector<std::string> lines) override {
    MutexLock lock(service_.mutex_);
    for (std::string& line : lines) service_.directory_lines_.push_back(std::move(line));
    return absl::OkStatus();
  }
  void Finish(Callback callback) override { callback(broker::DirectoryReceipt{7, 42}); }

 private:
  FakeBrokerService& service_;
};

class FakeBrokerService::Feed final : public broker::Subscription {
 public:
  Feed(FakeBrokerService& service, uint64_t after) : service_(service), position_(after) {}

  absl::StatusOr<std::optional<broker::FeedMessage>> Next(
      const broker::FeedLimits& limits) override {
    broker::FeedMessage message;
    if (std::exchange(first_, false)) {
      message.hello = {"the head", 7, absl::FromUnixSeconds(1'790'000'000)};
    }
    size_t bytes = 0;
    while (message.entries.size() < limits.max_entries && bytes < limits.max_bytes) {
      const auto shared = service_.EntryAt(position_);
      if (shared == nullptr) break;
      bytes += shared->content().payload.size();
      broker::OwnPart own;
      own.seq = ++position_;
      own.slot = std::string(168, 's');
      message.entries.push_back({shared, std::move(own)});
    }
    if (!message.hello.has_value() && message.entries.empty()) return std::nullopt;
    if (service_.EntryAt(position_) == nullptr) message.mark = {"the head", "token"};
    return message;
  }

  bool HasMore() const override {
    return first_ || service_.promises_more_.load() || service_.EntryAt(position_) != nullptr;
  }

  broker::FeedHeartbeat Heartbeat() const override {
    return {7, absl::FromUnixSeconds(1'790'000'000)};
  }

 private:
  FakeBrokerService& service_;
  uint64_t position_;
  bool first_ = true;
};

void FakeBrokerService::Post(std::string payload) {
  {
    MutexLock lock(mutex_);
    broker::SharedContent content;
    content.statement = "statement";
    content.payload = std::move(payload);
    inbox_.push_back(std::make_shared<broker::SharedPart>(std::move(content)));
  }
  if (listener_ != nullptr) listener_->FeedGrew();
}

void FakeBrokerService::RefusePublishes(absl::Status status) {
  MutexLock lock(mutex_);
  refusal_ = std::move(status);
}

void FakeBrokerService::HoldAnswers() {
  MutexLock lock(mutex_);
  hold_ = true;
}

void FakeBrokerService::AnswerHeld() {
  std::vector<std::function<void()>> held;
  {
    MutexLock lock(mutex_);
    held.swap(held_);
  }
  for (const auto& answer : held) answer();
}

size_t FakeBrokerService::held() {
  MutexLock lock(mutex_);
  return held_.size();
}

std::vector<ReceivedPublish> FakeBrokerService::publishes() {
  MutexLock lock(mutex_);
  return publishes_;
}

std::vector<std::string> FakeBrokerService::directory_lines() {
  MutexLock lock(mutex_);
  return directory_lines_;
}

void FakeBrokerService::set_fetched(std::string bytes) {
  MutexLock lock(mutex_);
  fetched_ = std::move(bytes);
}

void FakeBrokerService::Commit(ReceivedPublish publish, broker::PublishSession::Callback callback) {
  absl::StatusOr<broker::PublishReceipt> answer =
      broker::PublishReceipt{kSomeId, 2, 7, 41, 0, false, {"EMPTY_AUDIENCE"}};
  {
    MutexLock lock(mutex_);
    publishes_.push_back(std::move(publish));
    if (!refusal_.ok()) answer = refusal_;
    if (hold_) {
      held_.push_back([answer, callback] { callback(answer); });
      return;
    }
  }
  callback(std::move(answer));
}

std::shared_ptr<const broker::SharedPart> FakeBrokerService::EntryAt(size_t index) {
  MutexLock lock(mutex_);
  return index < inbox_.size() ? inbox_[index] : nullptr;
}

absl::StatusOr<broker::BrokerIdentity> FakeBrokerService::GetBroker(const Caller& caller) {
  return broker::BrokerIdentity{caller.member.has_value() ? caller.member->str() : "nobody",
                                "log key", "shieldd test", absl::FromUnixSeconds(1'790'000'000)};
}

absl::StatusOr<std::unique_ptr<broker::DirectoryReader>> FakeBrokerService::GetDirectory(
    const Caller&, uint64_t) {
  return std::make_unique<SmallDirectory>();
}

absl::StatusOr<std::unique_ptr<broker::DirectorySession>> FakeBrokerService::PublishDirectory(
    const Caller&) {
  return std::make_unique<Upload>(*this);
}

absl::StatusOr<std::unique_ptr<broker::PublishSession>> FakeBrokerService::Publish(
    const Caller& caller) {
  return std::make_unique<Session>(*this, caller);
}

absl::StatusOr<std::unique_ptr<broker::Subscription>> FakeBrokerService::Subscribe(
    const Caller&, broker::SubscribeQuery query) {
  return std::make_unique<Feed>(*this, query.after);
}

void FakeBrokerService::Acknowledge(const Caller&, uint64_t seq, const Digest&,
                                    AcknowledgeCallback callback) {
  callback(seq);
}

void FakeBrokerService::ShowReceipts(std::vector<std::string> receipts) {
  MutexLock lock(mutex_);
  shown_receipts_ = std::move(receipts);
}

// Refuses what does not begin as a receipt.
void FakeBrokerService::AddReceipts(const Caller&, std::vector<std::string> notes,
                                    ReceiptsCallback callback) {
  std::vector<std::string> rules;
  rules.reserve(notes.size());
  for (const std::string& note : notes) {
    rules.emplace_back(note.rfind("shield/receipt/v1", 0) == 0 ? "" : "RECEIPT_MALFORMED");
  }
  callback(std::move(rules));
}

absl::StatusOr<std::unique_ptr<broker::FetchReader>> FakeBrokerService::Fetch(
    const Caller&, const broker::FetchQuery& query) {
  if (endless_.load()) return std::make_unique<EndlessChunks>();
  MutexLock lock(mutex_);
  return std::make_unique<ChunksOf>(fetched_, query.offset);
}

absl::StatusOr<std::vector<broker::RecipientStatus>> FakeBrokerService::GetStatus(
    const Caller&, const BulletinId& id) {
  if (id != kSomeId) return absl::NotFoundError("no such bulletin");
  broker::RecipientStatus reader{*MemberId::Parse("desk-astrid"), *OrgId::Parse("hotel-astrid"),
                                 true};
  MutexLock lock(mutex_);
  reader.receipts = shown_receipts_;
  return std::vector<broker::RecipientStatus>(kReaders, reader);
}

absl::StatusOr<std::string> FakeBrokerService::GetStatement(const Caller&, const BulletinId& id) {
  if (id != kSomeId) return absl::NotFoundError("no such bulletin");
  return std::string("statement");
}

// One page for each call: what it was asked for comes back as a row, and goes on until 3 rows.
absl::StatusOr<broker::RetentionPage> FakeBrokerService::GetRetention(
    const Caller&, const broker::RetentionQuery& query) {
  broker::RetentionPage page;
  page.rows.push_back({.id = query.from.rows == 0 ? std::make_optional(kSomeId) : std::nullopt,
                       .log_index = 7,
                       .bulletin_class = "content",
                       .label = "AMBER+STRICT",
                       .issued = query.from.end,
                       .expires = query.until,
                       .row_days = 30});
  if (query.from.rows < 3) page.next = {query.from.end, query.from.rows + 1};
  page.unerased = 5;
  return page;
}

void FakeBrokerService::HoldUploads() {
  MutexLock lock(mutex_);
  hold_uploads_ = true;
}

void FakeBrokerService::TakeUploads() {
  MutexLock lock(mutex_);
  hold_uploads_ = false;
  uploads_changed_.NotifyAll();
}

void FakeBrokerService::WaitForUploads() {
  MutexLock lock(mutex_);
  while (hold_uploads_) uploads_changed_.Wait(mutex_);
}

void FakeBrokerService::HoldCosignatures() {
  MutexLock lock(mutex_);
  hold_cosignatures_ = true;
}

void FakeBrokerService::TakeCosignatures() {
  MutexLock lock(mutex_);
  hold_cosignatures_ = false;
  cosignatures_changed_.NotifyAll();
}

void FakeBrokerService::WaitForACosignature() {
  MutexLock lock(mutex_);
  while (cosignatures_waiting_ == 0) cosignatures_changed_.Wait(mutex_);
}

absl::StatusOr<broker::LogProof> FakeBrokerService::Log(const Caller&,
                                                        const broker::LogQuery& query) {
  if (std::holds_alternative<broker::CheckpointQuery>(query)) {
    return broker::LogProof{"checkpoint", {}};
  }
  if (std::holds_alternative<broker::CosignQuery>(query)) {
    MutexLock lock(mutex_);
    ++cosignatures_waiting_;
    cosignatures_changed_.NotifyAll();
    while (hold_cosignatures_) cosignatures_changed_.Wait(mutex_);
    --cosignatures_waiting_;
    return broker::LogProof{};
  }
  return broker::LogProof{"checkpoint", {Digest{}, Digest{}}};
}

}  // namespace shield::testing
