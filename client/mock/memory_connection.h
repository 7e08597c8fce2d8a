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
  absl::StatusOr<std::unique_ptr<FetchReader>> Fetch(const FetchSource& source,
                                                     absl::Duration timeout) override;
  absl::StatusOr<std::vector<ReaderStatus>> GetStatus(const BulletinId& id,
                                                      absl::Duration timeout) override;
  absl::StatusOr<LogAnswer> GetCheckpoint(absl::Duration timeout) override;
  absl::StatusOr<LogAnswer> ProveInclusion(uint64_t index, uint64_t size,
                                           absl::Duration timeout) override;
  absl::StatusOr<LogAnswer> ProveConsistency(uint64_t old_size, uint64_t new_size,
                                             absl::Duration timeout) override;

 private:
  MemoryBroker& broker_;
  const MemberId member_;
};

}  // namespace shield
