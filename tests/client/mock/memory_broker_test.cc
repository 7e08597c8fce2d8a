// What the broker in memory does that tests/e2e/contract cannot bring about at shieldd: time that
// passes, records that change, an inbox that is taken away.
#include "client/mock/memory_broker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/status.h"
#include "client/client.h"
#include "tests/client/support/sample_network.h"

namespace shield::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;

constexpr absl::Duration kCall = absl::Seconds(10);

class MemoryBrokerTest : public ::testing::Test {
 protected:
  BulletinId Publish(const Draft& draft) {
    const absl::StatusOr<Published> published = network_.Open("an-lise").Publish(draft);
    EXPECT_TRUE(published.ok()) << published.status();
    return published->id;
  }
  // The rule by which the payload is refused; empty when it is served.
  std::string RuleOfFetch(const BulletinId& id) {
    const auto reader = guard_->Fetch({id}, kCall);
    EXPECT_TRUE(reader.ok() || absl::IsNotFound(reader.status())) << reader.status();
    return RuleOf(reader.status());
  }
  DeliveredEntry FirstEntry() {
    const auto subscription = *guard_->Subscribe({}, kCall);
    return subscription->Read()->entries.at(0);
  }
  SampleNetwork network_;
  const std::shared_ptr<Connection> guard_ =
      network_.broker().Connect(*MemberId::Parse("meir-guard"));
};

TEST_F(MemoryBrokerTest, ServesAPayloadFromTheEndOfItsEmbargoUntilItExpires) {
  Draft draft = network_.Green("x");
  draft.not_before = network_.clock().Now() + absl::Hours(1);
  draft.expires = network_.clock().Now() + absl::Hours(2);
  const BulletinId id = Publish(draft);
  EXPECT_EQ(RuleOfFetch(id), "EMBARGOED");
  EXPECT_EQ(FirstEntry().state, DeliveryState::kEmbargoed);
  EXPECT_THAT(FirstEntry().payload, IsEmpty());
  EXPECT_THAT(FirstEntry().slot, Not(IsEmpty()));
  network_.clock().Advance(absl::Hours(1));
  EXPECT_EQ(RuleOfFetch(id), "");
  EXPECT_EQ(FirstEntry().state, DeliveryState::kLive);
  EXPECT_THAT(FirstEntry().payload, Not(IsEmpty()));
  network_.clock().Advance(absl::Hours(1));
  EXPECT_EQ(RuleOfFetch(id), "EXPIRED");
  EXPECT_EQ(FirstEntry().state, DeliveryState::kExpired);
  EXPECT_THAT(FirstEntry().payload, IsEmpty());
  EXPECT_THAT(FirstEntry().slot, IsEmpty());
}

TEST_F(MemoryBrokerTest, ServesNoPayloadToWhomPolicyDeniesItMeanwhile) {
  const BulletinId id =
      Publish(network_.DraftOf("+++\ntitle = \"x\"\nkind = \"notice\"\ntlp = \"AMBER+STRICT\"\nto "
                               "= [\"org:meir\"]\n+++\nBody.\n"));
  EXPECT_EQ(RuleOfFetch(id), "");
  network_.Member("meir-guard").vetting = 1;
  network_.PublishDirectory();
  EXPECT_EQ(RuleOfFetch(id), "VETTING_TOO_LOW");
  EXPECT_EQ(FirstEntry().state, DeliveryState::kLive);
  EXPECT_THAT(FirstEntry().payload, IsEmpty());
  EXPECT_THAT(FirstEntry().slot, Not(IsEmpty()));
}

TEST_F(MemoryBrokerTest, EndsASubscriptionWhoseInboxWasTakenAway) {
  Publish(network_.Green("x"));
  const auto subscription = *guard_->Subscribe({}, kCall);
  ASSERT_TRUE(subscription->Read()->mark.has_value());
  network_.broker().TakeInbox(*MemberId::Parse("meir-guard"));
  EXPECT_TRUE(absl::IsUnavailable(subscription->Read().status()));
}

}  // namespace
}  // namespace shield::testing
