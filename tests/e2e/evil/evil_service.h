// A broker that serves everybody honestly but one member. It stands between the core and the
// transport, where the operator of a broker could put it, and has every key that the broker has.
//
//   EvilService evil(broker, office, attack, {victim, donor});
//   TransportServer::Start(options, evil, broker.pins(), clock, log);
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/strong_id.h"
#include "broker/core/service.h"
#include "tests/e2e/evil/attack.h"
#include "tests/e2e/evil/evil_subscription.h"
#include "tests/e2e/evil/false_board.h"
#include "tests/e2e/evil/shown_directories.h"

namespace shield::testing {

struct Parties {
  MemberId victim;
  std::optional<MemberId> donor;  // whose slots and entries are used
};

// Thread-safe. Borrows what it is given.
class EvilService final : public broker::BrokerService {
 public:
  EvilService(broker::BrokerService& truth, const StolenOffice& office, const Attack& attack,
              Parties parties);

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
  bool IsVictim(const broker::Caller& caller) const {
    return attack_.kind != AttackKind::kNone && caller.member == parties_.victim;
  }
  // The attack of one call: a sweep goes on to the next byte.
  Attack AttackOfCall();
  absl::StatusOr<std::unique_ptr<broker::Subscription>> SubscribeDonor();

  broker::BrokerService& truth_;
  const StolenOffice& office_;
  const Attack attack_;
  const Parties parties_;
  ShownDirectories directories_;
  FalseBoard board_;
  std::atomic<uint64_t> calls_ = 0;
};

}  // namespace shield::testing
