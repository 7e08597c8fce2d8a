#include "broker/transport/connection_table.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>

#include "absl/strings/str_cat.h"
#include "base/check.h"

namespace shield::broker {
namespace {

constexpr absl::Time kStart = absl::FromUnixSeconds(1'790'000'000);

Digest Pin(uint8_t first) {
  Digest pin;
  pin.bytes[0] = first;
  return pin;
}

ConnectionLimits SmallLimits() {
  ConnectionLimits limits;
  limits.open = 6;
  limits.unauthenticated = 4;
  limits.unauthenticated_per_address = 3;
  return limits;
}

class ConnectionTableTest : public ::testing::Test {
 protected:
  struct Ends {
    ConnectionId id;
    Descriptor far;
  };

  // A connection of the peer `name` at `address`, whose far end the test keeps.
  std::optional<Ends> Add(const std::string& name, const std::string& address,
                          absl::Time at = kStart) {
    std::array<int, 2> ends;
    SHIELD_CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0);
    const auto id = table_.Add(Descriptor(ends[0]), {name, address}, at);
    Descriptor far(ends[1]);
    if (!id.has_value()) return std::nullopt;
    return Ends{*id, std::move(far)};
  }

  static bool WasCut(const Ends& ends) {
    pollfd wait{ends.far.get(), POLLIN, 0};
    char byte = 0;
    return poll(&wait, 1, 0) > 0 && recv(ends.far.get(), &byte, 1, 0) == 0;
  }

  ConnectionTable table_{SmallLimits()};
};

TEST_F(ConnectionTableTest, OneTooManyOfAnAddressCutsItsOldest) {
  const auto first = Add("a1", "a");
  const auto second = Add("a2", "a");
  const auto third = Add("a3", "a");
  EXPECT_FALSE(WasCut(*first));
  const auto fourth = Add("a4", "a");
  EXPECT_TRUE(WasCut(*first));
  EXPECT_FALSE(WasCut(*second));
  EXPECT_FALSE(WasCut(*fourth));
}

TEST_F(ConnectionTableTest, OneTooManyOfAllCutsTheOldest) {
  const auto first = Add("a1", "a");
  const auto second = Add("b1", "b");
  const auto third = Add("c1", "c");
  const auto fourth = Add("d1", "d");
  EXPECT_FALSE(WasCut(*first));
  const auto fifth = Add("e1", "e");
  EXPECT_TRUE(WasCut(*first));
  EXPECT_FALSE(WasCut(*second));
}

TEST_F(ConnectionTableTest, KnownPeersCountTowardsNoLimitOfAnonymousOnes) {
  const auto member = Add("a1", "a");
  ASSERT_TRUE(table_.Authenticate("a1", Pin(1)));
  for (int i = 0; i < 20; ++i) {
    const auto flood = Add(absl::StrCat("a", 100 + i), "a");
    ASSERT_TRUE(flood.has_value());
    table_.Remove(flood->id);
  }
  const auto other = Add("a2", "a");
  EXPECT_FALSE(WasCut(*member));
  EXPECT_EQ(table_.anonymous(), 1U);
}

TEST_F(ConnectionTableTest, AHouseFullOfKnownPeersLetsNobodyElseIn) {
  std::vector<std::optional<Ends>> members;
  for (uint8_t i = 0; i < 6; ++i) {
    members.push_back(Add(absl::StrCat("m", i), "a"));
    ASSERT_TRUE(table_.Authenticate(absl::StrCat("m", i), Pin(i)));
  }
  EXPECT_FALSE(Add("late", "b").has_value());
  for (const auto& member : members) EXPECT_FALSE(WasCut(*member));
}

TEST_F(ConnectionTableTest, ARevokedPinLosesAllItsConnectionsAndNobodyElse) {
  const auto first = Add("a1", "a");
  const auto second = Add("a2", "a");
  const auto other = Add("b1", "b");
  ASSERT_TRUE(table_.Authenticate("a1", Pin(1)));
  ASSERT_TRUE(table_.Authenticate("a2", Pin(1)));
  ASSERT_TRUE(table_.Authenticate("b1", Pin(2)));
  const Digest revoked[] = {Pin(1), Pin(3)};
  EXPECT_EQ(table_.CutPins(revoked), 2U);
  EXPECT_TRUE(WasCut(*first));
  EXPECT_TRUE(WasCut(*second));
  EXPECT_FALSE(WasCut(*other));
  EXPECT_FALSE(table_.Authenticate("a1", Pin(1)));
}

TEST_F(ConnectionTableTest, AConnectionKeepsTheKeyItShowedFirst) {
  const auto connection = Add("a1", "a");
  EXPECT_TRUE(table_.Authenticate("a1", Pin(1)));
  EXPECT_TRUE(table_.Authenticate("a1", Pin(1)));
  EXPECT_FALSE(table_.Authenticate("a1", Pin(2)));
}

TEST_F(ConnectionTableTest, ACallWithoutAConnectionIsNotServed) {
  EXPECT_FALSE(table_.Authenticate("nobody", Pin(1)));
}

TEST_F(ConnectionTableTest, WhoAsksNothingInTimeIsCut) {
  const auto late = Add("a1", "a");
  const auto member = Add("a2", "a");
  ASSERT_TRUE(table_.Authenticate("a2", Pin(1)));
  const auto newer = Add("a3", "a", kStart + absl::Seconds(1));
  table_.CutOverdue(kStart + absl::Seconds(10) - absl::Nanoseconds(1));
  EXPECT_FALSE(WasCut(*late));
  table_.CutOverdue(kStart + absl::Seconds(10));
  EXPECT_TRUE(WasCut(*late));
  EXPECT_FALSE(WasCut(*member));
  EXPECT_FALSE(WasCut(*newer));
}

TEST_F(ConnectionTableTest, APortThatIsUsedAgainBelongsToTheNewConnection) {
  const auto old = Add("a1", "a");
  ASSERT_TRUE(table_.Authenticate("a1", Pin(1)));
  const auto fresh = Add("a1", "a");
  table_.Remove(old->id);
  EXPECT_TRUE(table_.Authenticate("a1", Pin(2)));
  EXPECT_EQ(table_.open(), 1U);
}

TEST_F(ConnectionTableTest, CountsUnknownCallsPerConnection) {
  const auto connection = Add("a1", "a");
  EXPECT_EQ(table_.CountUnknownCall("a1"), 1);
  EXPECT_EQ(table_.CountUnknownCall("a1"), 2);
  EXPECT_EQ(table_.CountUnknownCall("nobody"), 0);
}

}  // namespace
}  // namespace shield::broker
