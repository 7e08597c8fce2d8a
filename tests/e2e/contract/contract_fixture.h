// What every part of the contract needs: a network before the broker of the parameter, envelopes
// sealed by hand, and readers that look at each message.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "client/publish/plan_bulletin.h"
#include "client/publish/seal_bulletin.h"
#include "client/receive/openings.h"
#include "policy/proof/inbox_chain.h"
#include "tests/e2e/contract/contract_network.h"

namespace shield::testing {

inline constexpr absl::Duration kCall = absl::Seconds(30);

// One bulletin as it is uploaded.
struct Envelope {
  BulletinId id;
  SealedBulletin sealed;
  std::vector<Bytes> objects;
};

// What a subscription gave up to its mark.
struct Caught {
  SubscriptionMessage::Hello hello;
  std::vector<DeliveredEntry> entries;
  SubscriptionMessage::Mark mark;
};

// "CODE RULE", so that one comparison says both.
std::string CodeAndRule(const absl::Status& status);

class ConnectionContract : public ::testing::TestWithParam<ContractBroker> {
 protected:
  // A bulletin by ann for the organisations of `to`, under the authority's published directory.
  Envelope Seal(const std::vector<std::string>& to, const std::string& title = "x");
  // The same with an object of these bytes.
  Envelope SealWithObject(const std::vector<std::string>& to, const Bytes& object);
  // A bulletin by `author` for `to` that stands to `original` so.
  Envelope Referring(Relation relation, const Envelope& original,
                     const std::vector<std::string>& to, Tlp tlp = Tlp::kAmberStrict,
                     const std::string& author = "ann");
  // What takes `original` back; signed by `author`, whether policy lets it or not.
  Envelope Withdrawal(const Envelope& original, const std::string& author = "ann");
  // By `author`, whether policy lets it or not: sealed to those policy gives, if it gives any.
  Envelope Composed(const std::string& author, BulletinClass bulletin_class, Tlp tlp,
                    const std::vector<std::string>& to, std::vector<Reference> references = {});
  static Reference Referred(Relation relation, const Envelope& original);
  // `original` passed on by `sharer` to these members.
  Envelope Passed(const Envelope& original, const std::string& sharer,
                  const std::vector<std::string>& to);
  // Signed anew by `author` after `change`; nothing else is adapted to it.
  Envelope Altered(Envelope envelope, const std::function<void(Statement&)>& change,
                   const std::string& author = "ann");

  // Uploads the whole of it as `member`.
  absl::StatusOr<PublishReceipt> Send(const Envelope& envelope, const std::string& member = "ann");
  // The receipt of a new bulletin for `to`; must be accepted.
  Envelope MustPublish(const std::vector<std::string>& to, const std::string& title = "x");

  // What a fetch is refused with, wherever that comes; OK when it is served whole.
  absl::Status RefusalOfFetch(const std::string& member, const FetchSource& source);
  // The refusal of a subscription, wherever it comes, or all that comes before the mark.
  absl::StatusOr<Caught> CatchUp(const std::string& member, const SubscriptionStart& start);
  // From the beginning; must be given.
  Caught All(const std::string& member);
  // The position that a note of the broker's signs for `member`.
  InboxPosition Signed(const std::string& head, const std::string& member);
  // Where the inbox stands after these entries, by its chain.
  static InboxPosition After(const std::string& member, InboxPosition position,
                             const std::vector<DeliveredEntry>& entries);

  Connection& As(const std::string& member);

  const std::unique_ptr<ContractNetwork> network_ = NewContractNetwork(GetParam());

 private:
  PublishingMember AuthorOf(const std::string& member);
  Envelope SealDraft(const Draft& draft, const std::vector<Reference>& references,
                     const std::string& author);

  std::map<std::string, std::shared_ptr<Connection>> connections_;
};

inline std::string NameOf(const ::testing::TestParamInfo<ContractBroker>& info) {
  return info.param == ContractBroker::kMemory ? "Memory" : "Shieldd";
}

}  // namespace shield::testing
