#include "tests/e2e/evil/evil_subscription.h"

#include <utility>

#include "base/status.h"
#include "broker/store/records.h"
#include "crypto/sha256.h"

namespace shield::testing {
namespace {

using broker::FeedMessage;

// Everything that a true subscription has now is put behind `known`.
absl::Status Drain(broker::Subscription& subscription, std::vector<ShownEntry>& known) {
  for (;;) {
    ASSIGN_OR_RETURN(const std::optional<FeedMessage> message, subscription.Next({}));
    if (!message.has_value()) return absl::OkStatus();
    for (const broker::FeedEntry& entry : message->entries) {
      known.push_back({entry.shared->content(), entry.own});
    }
  }
}

broker::FeedEntry AsFed(const ShownEntry& entry) {
  return {std::make_shared<const broker::SharedPart>(entry.content), entry.own};
}

}  // namespace

EvilSubscription::EvilSubscription(const StolenOffice& office, const Attack& attack,
                                   Deceived victim, std::unique_ptr<broker::Subscription> own,
                                   std::unique_ptr<broker::Subscription> donor)
    : office_(office),
      attack_(attack),
      victim_(std::move(victim)),
      own_(std::move(own)),
      donor_(std::move(donor)),
      given_{victim_.query.after, victim_.query.after_hash.value_or(InboxGenesis(victim_.member))} {
}

absl::Status EvilSubscription::Learn() {
  RETURN_IF_ERROR(Drain(*own_, truth_.victim));
  if (donor_ != nullptr) RETURN_IF_ERROR(Drain(*donor_, truth_.donor));
  truth_.log_size = office_.store.log_size();
  InboxChain chain(victim_.member);
  true_positions_ = {chain.position()};
  for (const ShownEntry& entry : truth_.victim) {
    true_positions_.push_back(chain.Extend(LinkOf(entry)));
  }
  return absl::OkStatus();
}

std::string EvilSubscription::SignHead(const InboxPosition& position, uint64_t log_size) const {
  const bool forged = attack_.kind == AttackKind::kHeadForged;
  const bool other = attack_.kind == AttackKind::kHeadOther && victim_.donor.has_value();
  const InboxHead head{office_.network, other ? *victim_.donor : victim_.member, position, log_size,
                       office_.clock.Now()};
  return SignInboxHead(head, forged ? office_.other_key : office_.broker_key);
}

absl::StatusOr<std::optional<FeedMessage>> EvilSubscription::Next(const broker::FeedLimits&) {
  RETURN_IF_ERROR(Learn());
  if (!greeted_) {
    greeted_ = true;
    if (attack_.kind != AttackKind::kNoHeads) return Greet();
  }
  FeedMessage message = GiveRest();
  if (message.entries.empty() && marked_) return std::nullopt;
  marked_ = true;
  return message;
}

FeedMessage EvilSubscription::Greet() const {
  InboxPosition position = given_;
  if (attack_.kind == AttackKind::kHeadAhead) {
    position = {given_.seq + 1000, Sha256("entries that do not exist")};
  }
  if (attack_.kind == AttackKind::kHeadBack && attack_.place() < true_positions_.size()) {
    position = true_positions_[attack_.place()];
  }
  const broker::FeedHeartbeat now = Heartbeat();
  FeedMessage message;
  message.hello =
      broker::FeedHello{SignHead(position, truth_.log_size), now.directory_version, now.time};
  return message;
}

FeedMessage EvilSubscription::GiveRest() {
  const FalseInbox inbox = Falsify(attack_, truth_);
  FeedMessage message;
  InboxChain chain(given_);
  for (const ShownEntry& entry : inbox.entries) {
    if (entry.own.seq <= given_.seq || attack_.kind == AttackKind::kHeadBack) continue;
    message.entries.push_back(AsFed(entry));
    chain.Extend(LinkOf(entry));
  }
  given_ = chain.position();
  if (attack_.kind == AttackKind::kNoHeads) return message;
  const InboxPosition end = inbox.renumbered ? given_ : true_positions_.back();
  message.mark =
      broker::FeedMark{SignHead(end, inbox.log_size), std::string(store::ResumeToken::kSize, '\0')};
  return message;
}

bool EvilSubscription::HasMore() const { return !greeted_ || !marked_ || own_->HasMore(); }

broker::FeedHeartbeat EvilSubscription::Heartbeat() const {
  broker::FeedHeartbeat heartbeat = own_->Heartbeat();
  if (victim_.directory_version > 0) heartbeat.directory_version = victim_.directory_version;
  return heartbeat;
}

}  // namespace shield::testing
