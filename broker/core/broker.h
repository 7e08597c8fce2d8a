// The broker without its network and its disk: every use-case of service.h over a Store.
//
//   ASSIGN_OR_RETURN(auto broker, Broker::Create(std::move(setup)));
//   broker->Start();                                     // or, in a test: broker->Step()
//   broker->SetFeedListener(server);
//   … server->Drain(…); broker->Stop();
//
// It holds no secret but its own signing keys, and nothing it stores or sends can be opened by it.
// Everything it depends on is an argument, so that a test drives it on one thread with a clock of
// its own. docs/design/architecture.md shows where it stands.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/clock.h"
#include "base/log.h"
#include "broker/committer/committer.h"
#include "broker/core/bulletin_shelf.h"
#include "broker/core/core_parts.h"
#include "broker/core/directory_board.h"
#include "broker/core/directory_intake.h"
#include "broker/core/holder_book.h"
#include "broker/core/inbox_growth.h"
#include "broker/core/log_desk.h"
#include "broker/core/rate_gate.h"
#include "broker/core/retention.h"
#include "broker/core/service.h"
#include "broker/core/signer.h"
#include "broker/store/store.h"
#include "crypto/signing_key.h"
#include "policy/proof/network_file.h"

namespace shield::broker {

inline constexpr absl::string_view kSoftware = "shieldd 0.1.0";

// What a broker is made of. The referenced things outlive it.
struct BrokerSetup {
  NetworkFile network;
  SigningKey broker_key;
  SigningKey log_key;
  store::Store& store;
  Clock& clock;
  LogSink& log;
  RateLimits rates = {};
  RetentionTable retention = {};
  // Runs once, on the committing thread, when the store failed for good.
  std::function<void(const absl::Status&)> on_failure = nullptr;
  // Only goes forward: what is counted in time that passes is counted by it. Null: `clock`.
  Clock* pacing = nullptr;
};

// Thread-safe, Step excepted.
class Broker final : public BrokerService {
 public:
  // Posts the directory the store holds, after verifying it. DATA_LOSS when that fails.
  static absl::StatusOr<std::unique_ptr<Broker>> Create(BrokerSetup setup);
  ~Broker() override;

  const PinOracle& pins() const { return board_; }

  // Who is told of new entries and of revoked pins; set before Start. The listener must live until
  // Stop has returned.
  void SetFeedListener(FeedListener* listener) { listener_.store(listener); }

  // Commits on a thread of its own, until Stop, which commits what waits.
  void Start();
  void Stop();
  // Commits one group on this thread; false when nothing waited.
  bool Step();
  // Begins to erase what has ended by now, in bounded parts between other commits, unless an
  // earlier call still does. Returns at once.
  void Sweep();

  absl::StatusOr<BrokerIdentity> GetBroker(const Caller& caller) override;
  absl::StatusOr<std::unique_ptr<DirectoryReader>> GetDirectory(const Caller& caller,
                                                                uint64_t have_version) override;
  absl::StatusOr<std::unique_ptr<DirectorySession>> PublishDirectory(const Caller& caller) override;
  absl::StatusOr<std::unique_ptr<PublishSession>> Publish(const Caller& caller) override;
  absl::StatusOr<std::unique_ptr<Subscription>> Subscribe(const Caller& caller,
                                                          SubscribeQuery query) override;
  void Acknowledge(const Caller& caller, uint64_t seq, const Digest& hash,
                   AcknowledgeCallback callback) override;
  void AddReceipts(const Caller& caller, std::vector<std::string> notes,
                   ReceiptsCallback callback) override;
  absl::StatusOr<std::unique_ptr<FetchReader>> Fetch(const Caller& caller,
                                                     const FetchQuery& query) override;
  absl::StatusOr<std::vector<RecipientStatus>> GetStatus(const Caller& caller,
                                                         const BulletinId& id) override;
  absl::StatusOr<std::string> GetStatement(const Caller& caller, const BulletinId& id) override;
  absl::StatusOr<RetentionPage> GetRetention(const Caller& caller,
                                             const RetentionQuery& query) override;
  absl::StatusOr<LogProof> Log(const Caller& caller, const LogQuery& query) override;

 private:
  explicit Broker(BrokerSetup setup);

  absl::Status PostStored();
  void OnCommit();
  void SweepOn();
  void Revoked(std::span<const Digest> pins);
  // Whether the caller may have the statement itself: it may withdraw it, or know whom it went to.
  absl::Status CheckMayHaveStatement(const Seat& seat, const ShelvedBulletin& bulletin);
  absl::Status CheckMayKnowHolders(const Seat& seat, const ShelvedBulletin& bulletin);
  // Who holds the bulletin; of a share, to whom `shared_by` has passed it on.
  absl::Status AddHolders(const Seat& seat, const BulletinId& id,
                          const std::optional<MemberId>& shared_by,
                          std::vector<RecipientStatus>& recipients);

  const NetworkFile network_;
  const Signer signer_;
  store::Store& store_;
  Clock& clock_;
  LogSink& log_;
  DirectoryBoard board_;
  BulletinShelf shelf_;
  HolderBook holders_;
  InboxGrowth growth_;
  RateGate rates_;
  const RetentionTable retention_;
  LogDesk log_desk_;
  std::atomic<FeedListener*> listener_ = nullptr;
  std::atomic<bool> sweeping_ = false;
  store::Committer committer_;  // last: its thread uses everything above
  const CoreParts parts_;
};

}  // namespace shield::broker
