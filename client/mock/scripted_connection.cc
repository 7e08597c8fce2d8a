#include "client/mock/scripted_connection.h"

#include <utility>

#include "base/status.h"

namespace shield {
namespace {

class ScriptedUpload final : public PublishWriter {
 public:
  ScriptedUpload(std::unique_ptr<PublishWriter> inner, bool lose_receipt,
                 std::function<void()> before_finish, std::function<void(PublishReceipt&)> alter)
      : inner_(std::move(inner)),
        lose_receipt_(lose_receipt),
        before_finish_(std::move(before_finish)),
        alter_(std::move(alter)) {}

  absl::Status WriteSlots(ByteSpan slots) override { return inner_->WriteSlots(slots); }
  absl::Status WritePayload(ByteSpan bytes) override { return inner_->WritePayload(bytes); }
  absl::Status WriteObject(uint32_t object, ByteSpan bytes) override {
    return inner_->WriteObject(object, bytes);
  }
  absl::StatusOr<PublishReceipt> Finish() override {
    if (before_finish_) before_finish_();
    absl::StatusOr<PublishReceipt> receipt = inner_->Finish();
    if (receipt.ok() && lose_receipt_) return absl::UnavailableError("the answer was lost");
    if (receipt.ok() && alter_) alter_(*receipt);
    return receipt;
  }
  void Cancel() override { inner_->Cancel(); }

 private:
  const std::unique_ptr<PublishWriter> inner_;
  const bool lose_receipt_;
  const std::function<void()> before_finish_;
  const std::function<void(PublishReceipt&)> alter_;
};

class ScriptedSubscription final : public SubscriptionReader {
 public:
  ScriptedSubscription(std::unique_ptr<SubscriptionReader> inner,
                       std::function<void(SubscriptionMessage&)> alter,
                       std::function<absl::Status()> begin_read)
      : inner_(std::move(inner)), alter_(std::move(alter)), begin_read_(std::move(begin_read)) {}

  absl::StatusOr<SubscriptionMessage> Read() override {
    RETURN_IF_ERROR(begin_read_());
    absl::StatusOr<SubscriptionMessage> message = inner_->Read();
    if (message.ok() && alter_) alter_(*message);
    return message;
  }
  void Cancel() override { inner_->Cancel(); }

 private:
  const std::unique_ptr<SubscriptionReader> inner_;
  const std::function<void(SubscriptionMessage&)> alter_;
  const std::function<absl::Status()> begin_read_;
};

class ScriptedFetch final : public FetchReader {
 public:
  ScriptedFetch(std::unique_ptr<FetchReader> inner,
                std::function<absl::StatusOr<Bytes>(Bytes)> alter)
      : inner_(std::move(inner)), alter_(std::move(alter)) {}

  absl::StatusOr<Bytes> Read() override {
    ASSIGN_OR_RETURN(Bytes piece, inner_->Read());
    if (piece.empty() || !alter_) return piece;
    return alter_(std::move(piece));
  }
  uint64_t total_bytes() const override { return inner_->total_bytes(); }
  void Cancel() override { inner_->Cancel(); }

 private:
  const std::unique_ptr<FetchReader> inner_;
  const std::function<absl::StatusOr<Bytes>(Bytes)> alter_;
};

}  // namespace

void ScriptedConnection::FailNext(const std::string& call, absl::Status status) {
  MutexLock lock(mutex_);
  failures_[call].push_back(std::move(status));
}

void ScriptedConnection::BeforeNext(const std::string& call, std::function<void()> action) {
  MutexLock lock(mutex_);
  actions_[call].push_back(std::move(action));
}

void ScriptedConnection::LoseNextReceipt() {
  MutexLock lock(mutex_);
  lose_receipt_ = true;
}

void ScriptedConnection::AlterReceipts(std::function<void(PublishReceipt&)> alter) {
  alter_receipt_ = std::move(alter);
}

void ScriptedConnection::BeforeNextFinish(std::function<void()> action) {
  MutexLock lock(mutex_);
  before_finish_ = std::move(action);
}

void ScriptedConnection::AlterMessages(std::function<void(SubscriptionMessage&)> alter) {
  alter_message_ = std::move(alter);
}

void ScriptedConnection::AlterDirectories(std::function<void(DirectoryAnswer&)> alter) {
  alter_directory_ = std::move(alter);
}

void ScriptedConnection::AlterReaders(std::function<void(std::vector<ReaderStatus>&)> alter) {
  alter_readers_ = std::move(alter);
}

void ScriptedConnection::AlterRules(std::function<void(std::vector<std::string>&)> alter) {
  alter_rules_ = std::move(alter);
}

void ScriptedConnection::AlterRetention(std::function<void(RetentionPage&)> alter) {
  alter_retention_ = std::move(alter);
}

void ScriptedConnection::AlterLogAnswers(std::function<void(LogAnswer&)> alter) {
  alter_log_ = std::move(alter);
}

void ScriptedConnection::AlterTiles(std::function<void(Bytes&)> alter) {
  alter_tile_ = std::move(alter);
}

void ScriptedConnection::AlterPieces(std::function<absl::StatusOr<Bytes>(Bytes)> alter) {
  alter_piece_ = std::move(alter);
}

int ScriptedConnection::calls(const std::string& call) {
  MutexLock lock(mutex_);
  return calls_[call];
}

std::function<void()> ScriptedConnection::NextAction(const std::string& call) {
  MutexLock lock(mutex_);
  std::vector<std::function<void()>>& queued = actions_[call];
  if (queued.empty()) return nullptr;
  std::function<void()> action = std::move(queued.front());
  queued.erase(queued.begin());
  return action;
}

absl::Status ScriptedConnection::Begin(const std::string& call) {
  if (const std::function<void()> action = NextAction(call)) action();
  MutexLock lock(mutex_);
  ++calls_[call];
  std::vector<absl::Status>& queued = failures_[call];
  if (queued.empty()) return absl::OkStatus();
  absl::Status status = queued.front();
  queued.erase(queued.begin());
  return status;
}

absl::StatusOr<BrokerAnswer> ScriptedConnection::GetBroker(absl::Duration timeout) {
  RETURN_IF_ERROR(Begin("GetBroker"));
  return inner_->GetBroker(timeout);
}

absl::StatusOr<DirectoryAnswer> ScriptedConnection::GetDirectory(uint64_t have_version,
                                                                 absl::Duration timeout) {
  RETURN_IF_ERROR(Begin("GetDirectory"));
  ASSIGN_OR_RETURN(DirectoryAnswer answer, inner_->GetDirectory(have_version, timeout));
  if (alter_directory_) alter_directory_(answer);
  return answer;
}

absl::StatusOr<DirectoryReceipt> ScriptedConnection::PublishDirectory(const DirectoryUpload& upload,
                                                                      absl::Duration timeout) {
  RETURN_IF_ERROR(Begin("PublishDirectory"));
  return inner_->PublishDirectory(upload, timeout);
}

absl::StatusOr<std::unique_ptr<PublishWriter>> ScriptedConnection::Publish(
    const PublishOffer& offer, absl::Duration timeout) {
  RETURN_IF_ERROR(Begin("Publish"));
  ASSIGN_OR_RETURN(std::unique_ptr<PublishWriter> inner, inner_->Publish(offer, timeout));
  MutexLock lock(mutex_);
  return std::unique_ptr<PublishWriter>(
      std::make_unique<ScriptedUpload>(std::move(inner), std::exchange(lose_receipt_, false),
                                       std::exchange(before_finish_, nullptr), alter_receipt_));
}

absl::StatusOr<std::unique_ptr<SubscriptionReader>> ScriptedConnection::Subscribe(
    const SubscriptionStart& start, absl::Duration timeout) {
  RETURN_IF_ERROR(Begin("Subscribe"));
  ASSIGN_OR_RETURN(std::unique_ptr<SubscriptionReader> inner, inner_->Subscribe(start, timeout));
  return std::unique_ptr<SubscriptionReader>(std::make_unique<ScriptedSubscription>(
      std::move(inner), alter_message_, [this] { return Begin("Read"); }));
}

absl::StatusOr<uint64_t> ScriptedConnection::Acknowledge(uint64_t seq, const Digest& hash,
                                                         absl::Duration timeout) {
  RETURN_IF_ERROR(Begin("Acknowledge"));
  return inner_->Acknowledge(seq, hash, timeout);
}

absl::StatusOr<std::unique_ptr<FetchReader>> ScriptedConnection::Fetch(const FetchSource& source,
                                                                       absl::Duration timeout) {
  RETURN_IF_ERROR(Begin("Fetch"));
  ASSIGN_OR_RETURN(std::unique_ptr<FetchReader> inner, inner_->Fetch(source, timeout));
  return std::unique_ptr<FetchReader>(
      std::make_unique<ScriptedFetch>(std::move(inner), alter_piece_));
}

absl::StatusOr<std::vector<ReaderStatus>> ScriptedConnection::GetStatus(const BulletinId& id,
                                                                        absl::Duration timeout) {
  RETURN_IF_ERROR(Begin("GetStatus"));
  ASSIGN_OR_RETURN(std::vector<ReaderStatus> readers, inner_->GetStatus(id, timeout));
  if (alter_readers_) alter_readers_(readers);
  return readers;
}

absl::StatusOr<std::string> ScriptedConnection::GetStatement(const BulletinId& id,
                                                             absl::Duration timeout) {
  RETURN_IF_ERROR(Begin("GetStatement"));
  return inner_->GetStatement(id, timeout);
}

absl::StatusOr<std::vector<std::string>> ScriptedConnection::AddReceipts(
    const std::vector<std::string>& notes, absl::Duration timeout) {
  RETURN_IF_ERROR(Begin("AddReceipts"));
  ASSIGN_OR_RETURN(std::vector<std::string> rules, inner_->AddReceipts(notes, timeout));
  if (alter_rules_ != nullptr) alter_rules_(rules);
  return rules;
}

absl::StatusOr<RetentionPage> ScriptedConnection::GetRetention(const RetentionQuery& query,
                                                               absl::Duration timeout) {
  RETURN_IF_ERROR(Begin("GetRetention"));
  ASSIGN_OR_RETURN(RetentionPage page, inner_->GetRetention(query, timeout));
  if (alter_retention_) alter_retention_(page);
  return page;
}

absl::StatusOr<LogAnswer> ScriptedConnection::Altered(absl::StatusOr<LogAnswer> answer) const {
  if (answer.ok() && alter_log_ != nullptr) alter_log_(*answer);
  return answer;
}

absl::StatusOr<LogAnswer> ScriptedConnection::GetCheckpoint(uint64_t old_size,
                                                            absl::Duration timeout) {
  RETURN_IF_ERROR(Begin("GetCheckpoint"));
  return Altered(inner_->GetCheckpoint(old_size, timeout));
}

absl::StatusOr<LogAnswer> ScriptedConnection::GetCheckpointToCosign(uint64_t old_size,
                                                                    absl::Duration timeout) {
  RETURN_IF_ERROR(Begin("GetCheckpointToCosign"));
  return Altered(inner_->GetCheckpointToCosign(old_size, timeout));
}

absl::StatusOr<Bytes> ScriptedConnection::GetTile(const LogTile& tile, absl::Duration timeout) {
  RETURN_IF_ERROR(Begin("GetTile"));
  absl::StatusOr<Bytes> bytes = inner_->GetTile(tile, timeout);
  if (bytes.ok() && alter_tile_ != nullptr) alter_tile_(*bytes);
  return bytes;
}

absl::Status ScriptedConnection::Cosign(const std::string& note, absl::Duration timeout) {
  RETURN_IF_ERROR(Begin("Cosign"));
  return inner_->Cosign(note, timeout);
}

absl::StatusOr<LogAnswer> ScriptedConnection::ProveBatch(const std::vector<uint64_t>& indexes,
                                                         uint64_t size, absl::Duration timeout) {
  RETURN_IF_ERROR(Begin("ProveBatch"));
  return Altered(inner_->ProveBatch(indexes, size, timeout));
}

absl::StatusOr<LogAnswer> ScriptedConnection::ProveInclusion(uint64_t index, uint64_t size,
                                                             absl::Duration timeout) {
  RETURN_IF_ERROR(Begin("ProveInclusion"));
  return Altered(inner_->ProveInclusion(index, size, timeout));
}

absl::StatusOr<LogAnswer> ScriptedConnection::ProveConsistency(uint64_t old_size, uint64_t new_size,
                                                               absl::Duration timeout) {
  RETURN_IF_ERROR(Begin("ProveConsistency"));
  return Altered(inner_->ProveConsistency(old_size, new_size, timeout));
}

}  // namespace shield
