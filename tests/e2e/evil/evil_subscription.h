// What the victim is given instead of its inbox.
//
// The true inbox is read from its beginning; the false one is made of it anew with each message and
// goes on wherever the victim says it stands: the broker signs whatever chain hash the victim
// names.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "base/strong_id.h"
#include "broker/core/feed.h"
#include "broker/store/store.h"
#include "crypto/signing_key.h"
#include "policy/origin.h"
#include "policy/proof/inbox_chain.h"
#include "tests/e2e/evil/attack.h"
#include "tests/e2e/evil/false_inbox.h"

namespace shield::testing {

// What it takes to sign as the broker. Outlives what borrows it.
struct StolenOffice {
  Origin network;
  SigningKey broker_key;
  SigningKey log_key;
  SigningKey other_key;  // that of nobody
  store::Store& store;
  Clock& clock;
};

struct Deceived {
  MemberId member;
  std::optional<MemberId> donor;
  broker::SubscribeQuery query;
  uint64_t directory_version = 0;  // what it is told; 0: the truth
};

// Used by one thread at a time.
class EvilSubscription final : public broker::Subscription {
 public:
  // `own` and `donor` are true subscriptions from the beginning; `donor` may be null.
  EvilSubscription(const StolenOffice& office, const Attack& attack, Deceived victim,
                   std::unique_ptr<broker::Subscription> own,
                   std::unique_ptr<broker::Subscription> donor);

  absl::StatusOr<std::optional<broker::FeedMessage>> Next(
      const broker::FeedLimits& limits) override;
  bool HasMore() const override;
  broker::FeedHeartbeat Heartbeat() const override;

 private:
  absl::Status Learn();
  broker::FeedMessage Greet() const;
  broker::FeedMessage GiveRest();
  std::string SignHead(const InboxPosition& position, uint64_t log_size) const;

  const StolenOffice& office_;
  const Attack attack_;
  const Deceived victim_;
  const std::unique_ptr<broker::Subscription> own_;
  const std::unique_ptr<broker::Subscription> donor_;
  TrueInboxes truth_;
  std::vector<InboxPosition> true_positions_;  // after each true entry
  bool greeted_ = false;
  bool marked_ = false;
  InboxPosition given_;
};

}  // namespace shield::testing
