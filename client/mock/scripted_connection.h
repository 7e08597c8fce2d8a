// A connection that passes calls on to another one, but for what its script says: failures before a
// call, answers that get lost, messages that a cheating broker changed.
//
//   ScriptedConnection connection(broker.Connect(member));
//   connection.FailNext("Publish", absl::UnavailableError("cut off"));
//   connection.LoseNextReceipt();
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "client/connection.h"

namespace shield {

// Thread-safe; the script is set before it is used.
class ScriptedConnection final : public Connection {
 public:
  explicit ScriptedConnection(std::shared_ptr<Connection> inner) : inner_(std::move(inner)) {}

  // The next call of this name (as the methods are named) gives `status` instead. Several queue.
  // "Read": the next read of a subscription, where a broker's refusal of the call arrives, too.
  void FailNext(const std::string& call, absl::Status status);
  // Called before the next call of this name, as the broker is about to get it, once. Several
  // queue: each goes before a call of its own.
  void BeforeNext(const std::string& call, std::function<void()> action);
  // The next publish is committed, its answer lost: UNAVAILABLE.
  void LoseNextReceipt();
  // What happens to each receipt of a publish on its way.
  void AlterReceipts(std::function<void(PublishReceipt&)> alter);
  // Called before the next upload is finished, once.
  void BeforeNextFinish(std::function<void()> action);
  // What happens to each message of a subscription on its way.
  void AlterMessages(std::function<void(SubscriptionMessage&)> alter);
  // What happens to each directory answer on its way.
  void AlterDirectories(std::function<void(DirectoryAnswer&)> alter);
  // What happens to each answer to GetStatus on its way.
  void AlterReaders(std::function<void(std::vector<ReaderStatus>&)> alter);
  // What happens to each answer to AddReceipts on its way.
  void AlterRules(std::function<void(std::vector<std::string>&)> alter);
  // What happens to each page of what falls due on its way.
  void AlterRetention(std::function<void(RetentionPage&)> alter);
  // What happens to each answer about the log on its way.
  void AlterLogAnswers(std::function<void(LogAnswer&)> alter);
  void AlterTiles(std::function<void(Bytes&)> alter);
  // What happens to each fetched piece on its way.
  void AlterPieces(std::function<absl::StatusOr<Bytes>(Bytes)> alter);

  // How often a call of this name was made.
  int calls(const std::string& call);

  absl::StatusOr<BrokerAnswer> GetBroker(absl::Duration timeout) override;
  absl::StatusOr<DirectoryAnswer> GetDirectory(uint64_t have_version,
                                               absl::Duration timeout) override;
  absl::StatusOr<DirectoryReceipt> PublishDirectory(const DirectoryUpload& upload,
                                                    absl::Duration timeout) override;
  absl::StatusOr<std::unique_ptr<PublishWriter>> Publish(const PublishOffer& offer,
                                                         absl::Duration timeout) override;
  absl::StatusOr<std::unique_ptr<SubscriptionReader>> Subscribe(const SubscriptionStart& start,
                                                                absl::Duration timeout) override;
  absl::StatusOr<uint64_t> Acknowledge(uint64_t seq, const Digest& hash,
                                       absl::Duration timeout) override;
  absl::StatusOr<std::vector<std::string>> AddReceipts(const std::vector<std::string>& notes,
                                                       absl::Duration timeout) override;
  absl::StatusOr<std::unique_ptr<FetchReader>> Fetch(const FetchSource& source,
                                                     absl::Duration timeout) override;
  absl::StatusOr<std::vector<ReaderStatus>> GetStatus(const BulletinId& id,
                                                      absl::Duration timeout) override;
  absl::StatusOr<std::string> GetStatement(const BulletinId& id, absl::Duration timeout) override;
  absl::StatusOr<RetentionPage> GetRetention(const RetentionQuery& query,
                                             absl::Duration timeout) override;
  absl::StatusOr<LogAnswer> GetCheckpoint(uint64_t old_size, absl::Duration timeout) override;
  absl::StatusOr<LogAnswer> GetCheckpointToCosign(uint64_t old_size,
                                                  absl::Duration timeout) override;
  absl::StatusOr<Bytes> GetTile(const LogTile& tile, absl::Duration timeout) override;
  absl::Status Cosign(const std::string& note, absl::Duration timeout) override;
  absl::StatusOr<LogAnswer> ProveBatch(const std::vector<uint64_t>& indexes, uint64_t size,
                                       absl::Duration timeout) override;
  absl::StatusOr<LogAnswer> ProveInclusion(uint64_t index, uint64_t size,
                                           absl::Duration timeout) override;
  absl::StatusOr<LogAnswer> ProveConsistency(uint64_t old_size, uint64_t new_size,
                                             absl::Duration timeout) override;

 private:
  std::function<void()> NextAction(const std::string& call);
  absl::Status Begin(const std::string& call);
  absl::StatusOr<LogAnswer> Altered(absl::StatusOr<LogAnswer> answer) const;

  const std::shared_ptr<Connection> inner_;
  std::function<void(PublishReceipt&)> alter_receipt_;
  std::function<void(SubscriptionMessage&)> alter_message_;
  std::function<void(DirectoryAnswer&)> alter_directory_;
  std::function<void(std::vector<ReaderStatus>&)> alter_readers_;
  std::function<void(std::vector<std::string>&)> alter_rules_;
  std::function<void(RetentionPage&)> alter_retention_;
  std::function<void(LogAnswer&)> alter_log_;
  std::function<void(Bytes&)> alter_tile_;
  std::function<absl::StatusOr<Bytes>(Bytes)> alter_piece_;
  Mutex mutex_;
  std::map<std::string, std::vector<absl::Status>> failures_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::vector<std::function<void()>>> actions_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, int> calls_ ABSL_GUARDED_BY(mutex_);
  bool lose_receipt_ ABSL_GUARDED_BY(mutex_) = false;
  std::function<void()> before_finish_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace shield
