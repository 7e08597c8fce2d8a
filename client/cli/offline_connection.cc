#include "client/cli/offline_connection.h"

#include "base/status.h"

namespace shield::cli {
namespace {

absl::Status Offline() {
  return WithHint(
      WithRule(absl::AbortedError("this takes the broker, and --offline was given"), "OFFLINE"),
      "run it again without --offline");
}

class OfflineConnection : public Connection {
 public:
  absl::StatusOr<BrokerAnswer> GetBroker(absl::Duration) override { return Offline(); }
  absl::StatusOr<DirectoryAnswer> GetDirectory(uint64_t, absl::Duration) override {
    return Offline();
  }
  absl::StatusOr<DirectoryReceipt> PublishDirectory(const DirectoryUpload&,
                                                    absl::Duration) override {
    return Offline();
  }
  absl::StatusOr<std::unique_ptr<PublishWriter>> Publish(const PublishOffer&,
                                                         absl::Duration) override {
    return Offline();
  }
  absl::StatusOr<std::unique_ptr<SubscriptionReader>> Subscribe(const SubscriptionStart&,
                                                                absl::Duration) override {
    return Offline();
  }
  absl::StatusOr<uint64_t> Acknowledge(uint64_t, const Digest&, absl::Duration) override {
    return Offline();
  }
  absl::StatusOr<std::vector<std::string>> AddReceipts(const std::vector<std::string>&,
                                                       absl::Duration) override {
    return Offline();
  }
  absl::StatusOr<std::unique_ptr<FetchReader>> Fetch(const FetchSource&, absl::Duration) override {
    return Offline();
  }
  absl::StatusOr<std::vector<ReaderStatus>> GetStatus(const BulletinId&, absl::Duration) override {
    return Offline();
  }
  absl::StatusOr<std::string> GetStatement(const BulletinId&, absl::Duration) override {
    return Offline();
  }
  absl::StatusOr<LogAnswer> GetCheckpoint(uint64_t, absl::Duration) override { return Offline(); }
  absl::StatusOr<LogAnswer> GetCheckpointToCosign(uint64_t, absl::Duration) override {
    return Offline();
  }
  absl::StatusOr<LogAnswer> ProveBatch(const std::vector<uint64_t>&, uint64_t,
                                       absl::Duration) override {
    return Offline();
  }
  absl::StatusOr<Bytes> GetTile(const LogTile&, absl::Duration) override { return Offline(); }
  absl::Status Cosign(const std::string&, absl::Duration) override { return Offline(); }
  absl::StatusOr<LogAnswer> ProveInclusion(uint64_t, uint64_t, absl::Duration) override {
    return Offline();
  }
  absl::StatusOr<LogAnswer> ProveConsistency(uint64_t, uint64_t, absl::Duration) override {
    return Offline();
  }
};

}  // namespace

std::shared_ptr<Connection> NewOfflineConnection() { return std::make_shared<OfflineConnection>(); }

}  // namespace shield::cli
