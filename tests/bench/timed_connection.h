// A connection that notes when each step of a publish call began and ended, and otherwise is the
// one it was made from.
#pragma once

#include <memory>

#include "absl/time/time.h"
#include "base/mutex.h"
#include "client/connection.h"

namespace shield::testing {

// On a busy machine the processor time of this process says more than the clock on the wall.
struct Moment {
  absl::Time wall;
  absl::Duration cpu;  // of all threads of this process so far

  static Moment Now();
};

// The steps of one upload, one after the other.
struct UploadTimes {
  Moment begun;     // sealed: the call to the broker opens
  Moment written;   // everything has been handed to the connection
  Moment answered;  // the broker has committed and said so
};

// Thread-safe as the inner one is.
class TimedConnection final : public Connection {
 public:
  explicit TimedConnection(std::shared_ptr<Connection> inner) : inner_(std::move(inner)) {}

  // Of the last upload that was answered.
  UploadTimes last_upload() const;

  absl::StatusOr<std::unique_ptr<PublishWriter>> Publish(const PublishOffer& offer,
                                                         absl::Duration timeout) override;

  absl::StatusOr<BrokerAnswer> GetBroker(absl::Duration timeout) override {
    return inner_->GetBroker(timeout);
  }
  absl::StatusOr<DirectoryAnswer> GetDirectory(uint64_t have_version,
                                               absl::Duration timeout) override {
    return inner_->GetDirectory(have_version, timeout);
  }
  absl::StatusOr<DirectoryReceipt> PublishDirectory(const DirectoryUpload& upload,
                                                    absl::Duration timeout) override {
    return inner_->PublishDirectory(upload, timeout);
  }
  absl::StatusOr<std::unique_ptr<SubscriptionReader>> Subscribe(const SubscriptionStart& start,
                                                                absl::Duration timeout) override {
    return inner_->Subscribe(start, timeout);
  }
  absl::StatusOr<uint64_t> Acknowledge(uint64_t seq, const Digest& hash,
                                       absl::Duration timeout) override {
    return inner_->Acknowledge(seq, hash, timeout);
  }
  absl::StatusOr<std::vector<std::string>> AddReceipts(const std::vector<std::string>& notes,
                                                       absl::Duration timeout) override {
    return inner_->AddReceipts(notes, timeout);
  }
  absl::StatusOr<std::unique_ptr<FetchReader>> Fetch(const FetchSource& source,
                                                     absl::Duration timeout) override {
    return inner_->Fetch(source, timeout);
  }
  absl::StatusOr<std::vector<ReaderStatus>> GetStatus(const BulletinId& id,
                                                      absl::Duration timeout) override {
    return inner_->GetStatus(id, timeout);
  }
  absl::StatusOr<std::string> GetStatement(const BulletinId& id, absl::Duration timeout) override {
    return inner_->GetStatement(id, timeout);
  }
  absl::StatusOr<RetentionPage> GetRetention(const RetentionQuery& query,
                                             absl::Duration timeout) override {
    return inner_->GetRetention(query, timeout);
  }
  absl::StatusOr<LogAnswer> GetCheckpoint(uint64_t old_size, absl::Duration timeout) override {
    return inner_->GetCheckpoint(old_size, timeout);
  }
  absl::StatusOr<LogAnswer> GetCheckpointToCosign(uint64_t old_size,
                                                  absl::Duration timeout) override {
    return inner_->GetCheckpointToCosign(old_size, timeout);
  }
  absl::StatusOr<Bytes> GetTile(const LogTile& tile, absl::Duration timeout) override {
    return inner_->GetTile(tile, timeout);
  }
  absl::Status Cosign(const std::string& note, absl::Duration timeout) override {
    return inner_->Cosign(note, timeout);
  }
  absl::StatusOr<LogAnswer> ProveBatch(const std::vector<uint64_t>& indexes, uint64_t size,
                                       absl::Duration timeout) override {
    return inner_->ProveBatch(indexes, size, timeout);
  }
  absl::StatusOr<LogAnswer> ProveInclusion(uint64_t index, uint64_t size,
                                           absl::Duration timeout) override {
    return inner_->ProveInclusion(index, size, timeout);
  }
  absl::StatusOr<LogAnswer> ProveConsistency(uint64_t old_size, uint64_t new_size,
                                             absl::Duration timeout) override {
    return inner_->ProveConsistency(old_size, new_size, timeout);
  }

 private:
  class Writer;

  void Note(const UploadTimes& times);

  const std::shared_ptr<Connection> inner_;
  mutable Mutex mutex_;
  UploadTimes last_upload_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace shield::testing
