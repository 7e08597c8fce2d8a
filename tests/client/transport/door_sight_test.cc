#include <gtest/gtest.h>

#include "client/transport/door.h"
#include "crypto/sha256.h"

namespace shield::testing {
namespace {

class DoorSightTest : public ::testing::Test {
 protected:
  const Digest pin_ = Sha256("the broker's key");
  const Digest other_ = Sha256("somebody else's key");
  Door door_{pin_};
};

TEST_F(DoorSightTest, WhoeverShowsThePinnedKeyAndAnswersIsTheBroker) {
  EXPECT_EQ(door_.sight(), Door::Sight::kNobody);
  EXPECT_TRUE(door_.Knock(pin_));
  EXPECT_EQ(door_.sight(), Door::Sight::kRightKey);
  door_.Answered();
  EXPECT_EQ(door_.sight(), Door::Sight::kAnswered);
}

// A call that began before may be answered by a connection that is going.
TEST_F(DoorSightTest, AnAnswerOfBeforeDoesNotHideSomebodyElse) {
  door_.Knock(pin_);
  door_.Answered();
  EXPECT_FALSE(door_.Knock(other_));
  door_.Answered();
  EXPECT_EQ(door_.sight(), Door::Sight::kWrongKey);
  door_.Knock(pin_);
  door_.KnockWithoutKey();
  door_.Answered();
  EXPECT_EQ(door_.sight(), Door::Sight::kWrongKey);
}

}  // namespace
}  // namespace shield::testing
