// A broker whose store is damaged cannot give a payload. That says nothing of the bulletin.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/status.h"
#include "client/client.h"
#include "tests/client/support/sample_network.h"

namespace shield::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class DamagedBrokerTest : public ::testing::Test {
 protected:
  DamagedBrokerTest() {
    Client analyst = network_.Open("an-lise");
    for (const char* title : {"first", "second"}) {
      EXPECT_TRUE(analyst.Publish(network_.Green(title)).ok());
    }
    script().AlterMessages([](SubscriptionMessage& message) {
      for (DeliveredEntry& entry : message.entries) entry.payload.clear();
    });
    script().AlterPieces([this](Bytes piece) -> absl::StatusOr<Bytes> {
      if (!damaged_) return piece;
      return WithRule(absl::DataLossError("a stored chunk cannot be read"), "STORE_FAILED");
    });
  }
  ScriptedConnection& script() { return network_.Script("meir-guard"); }
  void ExpectBothAreOpen() {
    const auto items = guard_.Inbox();
    ASSERT_TRUE(items.ok()) << items.status();
    ASSERT_THAT(*items, SizeIs(2));
    for (const InboxItem& item : *items) {
      EXPECT_EQ(item.state, InboxState::kLive);
      EXPECT_EQ(item.fault, "");
      EXPECT_TRUE(guard_.Show(item.seq).ok());
    }
    EXPECT_THAT(*guard_.Alarms(), IsEmpty());
  }

  SampleNetwork network_;
  Client guard_ = network_.Open("meir-guard");
  bool damaged_ = true;
};

TEST_F(DamagedBrokerTest, IsAskedAgainForThePayloadAndNoBulletinIsClosedForGood) {
  const absl::Status during = guard_.Sync().status();
  EXPECT_TRUE(absl::IsUnavailable(during)) << during;
  EXPECT_EQ(RuleOf(during), "STORE_FAILED");
  EXPECT_THAT(*guard_.Inbox(), IsEmpty());
  damaged_ = false;
  const auto after = guard_.Sync();
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_EQ(after->received, 2u);
  EXPECT_EQ(after->refused, 0u);
  ExpectBothAreOpen();
}

TEST_F(DamagedBrokerTest, IsAskedAgainInTheSameSync) {
  damaged_ = false;
  script().FailNext("Fetch", WithRule(absl::DataLossError("a read failed"), "STORE_FAILED"));
  const auto report = guard_.Sync();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->refused, 0u);
  ExpectBothAreOpen();
}

TEST_F(DamagedBrokerTest, ClosesNoBulletinThatIsOnlyShownLater) {
  damaged_ = false;
  script().FailNext("Fetch", absl::NotFoundError("not now"));
  script().FailNext("Fetch", absl::NotFoundError("not now"));
  ASSERT_TRUE(guard_.Sync().ok());
  damaged_ = true;
  EXPECT_FALSE(guard_.Show(1).ok());
  EXPECT_TRUE(guard_.Sync().ok());
  damaged_ = false;
  ExpectBothAreOpen();
}

// The counterpart: bytes that were not signed are a fault of what came.
TEST_F(DamagedBrokerTest, IsNotWhoGivesOtherBytes) {
  script().AlterPieces([](Bytes piece) -> absl::StatusOr<Bytes> {
    piece.back() ^= 1;
    return piece;
  });
  const auto report = guard_.Sync();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->refused, 2u);
  EXPECT_EQ(guard_.Inbox()->front().fault, "DIGEST_MISMATCH");
}

}  // namespace
}  // namespace shield::testing
