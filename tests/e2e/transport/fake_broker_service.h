// A BrokerService that remembers what it was told and gives what a test put in. One inbox for all.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "broker/core/service.h"

namespace shield::testing {

// What one publish call brought.
struct ReceivedPublish {
  std::string member;
  std::string statement;
  size_t openings = 0;
  std::string slots;
  std::string payload;
  std::vector<std::string> objects;
  size_t largest_chunk = 0;
};

// Thread-safe.
class FakeBrokerService final : public broker::BrokerService {
 public:
  void Listen(broker::FeedListener* listener) { listener_ = listener; }

  // Adds an entry to everybody's inbox and tells the transport.
  void Post(std::string payload);
  // From now on subscriptions say that they have more when they have not.
  void PromiseMore() { promises_more_.store(true); }
  // What the next publish is answered with instead of a receipt.
  void RefusePublishes(absl::Status status);
  // Publishes wait for AnswerHeld instead of being answered.
  void HoldAnswers();
  void AnswerHeld();
  size_t held();

  // Slots, payloads and objects wait for TakeUploads, as for a slow disk.
  void HoldUploads();
  void TakeUploads();

  // Cosignatures wait for TakeCosignatures, as for a slow disk.
  void HoldCosignatures();
  void TakeCosignatures();
  // Returns when one waits.
  void WaitForACosignature();

  std::vector<ReceivedPublish> publishes();
  // Publish calls that have begun and are not gone yet.
  int live_publishes() const { return live_publishes_.load(); }
  std::vector<std::string> directory_lines();
  // What every fetch reads.
  void set_fetched(std::string bytes);
  // What every reader of a status is shown with.
  void ShowReceipts(std::vector<std::string> receipts);
  // From now on fetches give chunks without end.
  void FetchWithoutEnd() { endless_.store(true); }

  absl::StatusOr<broker::BrokerIdentity> GetBroker(const broker::Caller& caller) override;
  absl::StatusOr<std::unique_ptr<broker::DirectoryReader>> GetDirectory(
      const broker::Caller& caller, uint64_t have_version) override;
  absl::StatusOr<std::unique_ptr<broker::DirectorySession>> PublishDirectory(
      const broker::Caller& caller) override;
  absl::StatusOr<std::unique_ptr<broker::PublishSession>> Publish(
      const broker::Caller& caller) override;
  absl::StatusOr<std::unique_ptr<broker::Subscription>> Subscribe(
      const broker::Caller& caller, broker::SubscribeQuery query) override;
  void Acknowledge(const broker::Caller& caller, uint64_t seq, const Digest& hash,
                   AcknowledgeCallback callback) override;
  void AddReceipts(const broker::Caller& caller, std::vector<std::string> notes,
                   ReceiptsCallback callback) override;
  absl::StatusOr<std::unique_ptr<broker::FetchReader>> Fetch(
      const broker::Caller& caller, const broker::FetchQuery& query) override;
  absl::StatusOr<std::vector<broker::RecipientStatus>> GetStatus(const broker::Caller& caller,
                                                                 const BulletinId& id) override;
  absl::StatusOr<std::string> GetStatement(const broker::Caller& caller,
                                           const BulletinId& id) override;
  absl::StatusOr<broker::RetentionPage> GetRetention(const broker::Caller& caller,
                                                     const broker::RetentionQuery& query) override;
  absl::StatusOr<broker::LogProof> Log(const broker::Caller& caller,
                                       const broker::LogQuery& query) override;

 private:
  class Session;
  class Upload;
  class Feed;

  void Commit(ReceivedPublish publish, broker::PublishSession::Callback callback);
  void WaitForUploads();
  std::shared_ptr<const broker::SharedPart> EntryAt(size_t index);

  broker::FeedListener* listener_ = nullptr;
  std::atomic<int> live_publishes_{0};
  std::atomic<bool> promises_more_{false};
  std::atomic<bool> endless_{false};
  Mutex mutex_;
  std::vector<std::shared_ptr<const broker::SharedPart>> inbox_ ABSL_GUARDED_BY(mutex_);
  std::vector<ReceivedPublish> publishes_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> directory_lines_ ABSL_GUARDED_BY(mutex_);
  std::string fetched_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> shown_receipts_ ABSL_GUARDED_BY(mutex_);
  absl::Status refusal_ ABSL_GUARDED_BY(mutex_);
  bool hold_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::function<void()>> held_ ABSL_GUARDED_BY(mutex_);
  CondVar uploads_changed_;
  bool hold_uploads_ ABSL_GUARDED_BY(mutex_) = false;
  CondVar cosignatures_changed_;
  bool hold_cosignatures_ ABSL_GUARDED_BY(mutex_) = false;
  int cosignatures_waiting_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace shield::testing
