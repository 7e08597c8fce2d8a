#include "client/cli/offline_connection.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/export/export_folder.h"

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
  absl::StatusOr<RetentionPage> GetRetention(const RetentionQuery&, absl::Duration) override {
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

constexpr size_t kPieceBytes = 64 * 1024;

// How far it has come is all that is known of its size.
class FileReader final : public FetchReader {
 public:
  explicit FileReader(ExportedFile file) : file_(std::move(file)) {}
  absl::StatusOr<Bytes> Read() override {
    Bytes piece(kPieceBytes);
    ASSIGN_OR_RETURN(const size_t got, file_.Read(piece));
    piece.resize(got);
    read_ += got;
    return piece;
  }
  absl::Status Skip(uint64_t offset) {
    while (read_ < offset) {
      Bytes piece(static_cast<size_t>(std::min<uint64_t>(kPieceBytes, offset - read_)));
      ASSIGN_OR_RETURN(const size_t got, file_.Read(piece));
      if (got == 0) return absl::OkStatus();
      read_ += got;
    }
    return absl::OkStatus();
  }
  uint64_t total_bytes() const override { return read_; }
  void Cancel() override {}

 private:
  ExportedFile file_;
  uint64_t read_ = 0;
};

class FolderConnection final : public OfflineConnection {
 public:
  explicit FolderConnection(ExportFolder folder) : folder_(std::move(folder)) {}

  absl::StatusOr<std::unique_ptr<FetchReader>> Fetch(const FetchSource& source,
                                                     absl::Duration) override {
    if (source.object == 0) return Offline();
    absl::StatusOr<ExportedFile> file =
        folder_.OpenFile(absl::StrCat("attachments/", source.object, ".age"));
    if (!file.ok()) {
      return WithHint(file.status(),
                      "--from takes the folder that `shield bulletin import` took, as it was made "
                      "with --sealed or --for");
    }
    auto reader = std::make_unique<FileReader>(*std::move(file));
    RETURN_IF_ERROR(reader->Skip(source.offset));
    return std::unique_ptr<FetchReader>(std::move(reader));
  }

 private:
  const ExportFolder folder_;
};

}  // namespace

absl::StatusOr<std::shared_ptr<Connection>> NewFolderConnection(const std::string& folder) {
  ASSIGN_OR_RETURN(ExportFolder opened, ExportFolder::Open(folder));
  return std::make_shared<FolderConnection>(std::move(opened));
}

std::shared_ptr<Connection> NewOfflineConnection() { return std::make_shared<OfflineConnection>(); }

}  // namespace shield::cli
