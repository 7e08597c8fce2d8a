// A member's connection straight to the core of a broker in this process: the client and the broker
// as they are, without the network between them.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "broker/core/service.h"
#include "client/connection.h"

namespace shield::testing {

// Thread-compatible. Calls never wait: `settle` lets the broker commit what was given to it, and a
// subscription with nothing more to say ends with UNAVAILABLE. Acknowledging, publishing, reading,
// receipts and the log only; GetBroker, GetStatus and directory uploads give UNIMPLEMENTED.
class CoreConnection final : public Connection {
 public:
  // Borrows `broker`.
  CoreConnection(broker::BrokerService& broker, broker::Caller caller, std::function<void()> settle)
      : broker_(broker), caller_(std::move(caller)), settle_(std::move(settle)) {}

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
  absl::StatusOr<LogAnswer> Ask(const broker::LogQuery& query);

  broker::BrokerService& broker_;
  const broker::Caller caller_;
  const std::function<void()> settle_;
};

}  // namespace shield::testing
