// A member's connection to a MemoryBroker.
#pragma once

#include <memory>
#include <vector>

#include "client/connection.h"
#include "client/mock/memory_broker.h"

namespace shield {

// Thread-safe.
class MemoryConnection final : public Connection {
 public:
  MemoryConnection(MemoryBroker& broker, const MemberId& member)
      : broker_(broker), member_(member) {}

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
  // Always the newest.
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
  // Whether `start` is where a reader of `inbox` may stand: CURSOR_AHEAD, ROLLBACK or
  // MESSAGE_MALFORMED otherwise.
  static absl::Status CheckStart(const MemberId& member, const MemoryBroker::Inbox& inbox,
                                 const SubscriptionStart& start);
  static absl::Status CheckToken(const MemberId& member, const MemoryBroker::Inbox& inbox,
                                 const Bytes& token);

  MemoryBroker& broker_;
  const MemberId member_;
};

}  // namespace shield
