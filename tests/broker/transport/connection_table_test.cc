#include "broker/transport/connection_table.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <utility>
#include <vector>

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
  limits.reserved_for_authorities = 1;
  limits.per_key = 2;
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

  std::optional<Ends> AddMember(const std::string& name, const Digest& pin) {
    auto ends = Add(name, "members");
    SHIELD_CHECK(table_.Authenticate(name, pin) && table_.Settle(name, /*of_authority=*/false));
    return ends;
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

TEST_F(ConnectionTableTest, AFullHouseLetsAnAuthorityInAndNobodyElse) {
  std::vector<std::optional<Ends>> members;
  for (uint8_t i = 0; i < 6; ++i) members.push_back(AddMember(absl::StrCat("m", i), Pin(i)));
  const auto late = Add("late", "b");
  ASSERT_TRUE(table_.Authenticate("late", Pin(7)));
  EXPECT_FALSE(table_.Settle("late", /*of_authority=*/false));
  EXPECT_TRUE(WasCut(*late));
  table_.Remove(late->id);
  const auto authority = Add("authority", "c");
  ASSERT_TRUE(table_.Authenticate("authority", Pin(8)));
  EXPECT_TRUE(table_.Settle("authority", /*of_authority=*/true));
  EXPECT_FALSE(Add("later", "b").has_value());
  EXPECT_FALSE(WasCut(*authority));
  for (const auto& member : members) EXPECT_FALSE(WasCut(*member));
}

TEST_F(ConnectionTableTest, OfOneKeyTheNewestConnectionsStay) {
  const auto first = AddMember("a1", Pin(1));
  const auto second = AddMember("a2", Pin(1));
  const auto other = AddMember("b1", Pin(2));
  EXPECT_FALSE(WasCut(*first));
  const auto third = AddMember("a3", Pin(1));
  EXPECT_TRUE(WasCut(*first));
  EXPECT_FALSE(WasCut(*second));
  EXPECT_FALSE(WasCut(*third));
  EXPECT_FALSE(WasCut(*other));
}

TEST_F(ConnectionTableTest, TheAddressWithMostConnectionsMakesRoom) {
  const auto lonely = Add("a1", "a");
  const auto first = Add("b1", "b");
  const auto second = Add("b2", "b");
  const auto third = Add("b3", "b");
  const auto newest = Add("c1", "c");
  EXPECT_TRUE(WasCut(*first));
  for (const auto* other : {&lonely, &second, &third, &newest}) EXPECT_FALSE(WasCut(**other));
}

TEST_F(ConnectionTableTest, AnAddressOfStrangersIsSlowedDownAndOneOfMembersIsNot) {
  ConnectionLimits limits;
  limits.strangers_at_once = 2;
  limits.strangers_per_second = 1;
  ConnectionTable table(limits);
  const auto arrives = [&](const std::string& name, absl::Time at) {
    return table.Add(Descriptor(socket(AF_UNIX, SOCK_STREAM, 0)), {name, "a"}, at).has_value();
  };
  EXPECT_TRUE(arrives("a1", kStart));
  EXPECT_TRUE(arrives("a2", kStart));
  EXPECT_FALSE(arrives("a3", kStart));
  EXPECT_TRUE(arrives("a4", kStart + absl::Seconds(1)));
  ASSERT_TRUE(table.Authenticate("a4", Pin(1)));
  ASSERT_TRUE(table.Settle("a4", false));
  ASSERT_TRUE(table.Settle("a4", false));
  EXPECT_TRUE(arrives("a5", kStart + absl::Seconds(1)));
  EXPECT_FALSE(arrives("a6", kStart + absl::Seconds(1)));
}

TEST_F(ConnectionTableTest, WhoseCallWasRefusedHasAMomentToReadWhy) {
  const auto revoked = AddMember("a1", Pin(1));
  table_.CutSoon("a1", kStart);
  table_.CutOverdue(kStart + absl::Milliseconds(499));
  EXPECT_FALSE(WasCut(*revoked));
  table_.CutOverdue(kStart + absl::Milliseconds(500));
  EXPECT_TRUE(WasCut(*revoked));
}

TEST_F(ConnectionTableTest, WhoHasShownNoKeyHereCanBeCutToo) {
  const auto anonymous = Add("a1", "a");
  const auto member = AddMember("a2", Pin(1));
  table_.CutAnonymous();
  EXPECT_TRUE(WasCut(*anonymous));
  EXPECT_FALSE(WasCut(*member));
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

TEST_F(ConnectionTableTest, TwoOpenConnectionsNeverHaveOneName) {
  const auto first = Add("a1", "a");
  EXPECT_FALSE(Add("a1", "a").has_value());
  EXPECT_FALSE(WasCut(*first));
}

TEST_F(ConnectionTableTest, APortThatIsUsedAgainBelongsToTheNewConnection) {
  auto old = Add("a1", "a");
  ASSERT_TRUE(table_.Authenticate("a1", Pin(1)));
  old->far = Descriptor();
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

// Both ends of a connection over loopback, whose bytes the system counts.
std::pair<Descriptor, Descriptor> TcpPair() {
  const Descriptor listening(socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof(address);
  SHIELD_CHECK(bind(listening.get(), raw, size) == 0 && listen(listening.get(), 1) == 0);
  SHIELD_CHECK(getsockname(listening.get(), raw, &size) == 0);
  Descriptor far(socket(AF_INET, SOCK_STREAM, 0));
  SHIELD_CHECK(connect(far.get(), raw, size) == 0);
  Descriptor near(accept(listening.get(), nullptr, nullptr));
  SHIELD_CHECK(near.get() >= 0);
  return {std::move(near), std::move(far)};
}

// Ten thousand that wait are not all asked at every round.
TEST(ConnectionTable, LooksAtAShareOfManyAndComesRoundToAll) {
  constexpr size_t kMany = 400;
  ConnectionLimits limits;
  limits.unserved_bytes = 0;
  const std::string flood(size_t{32} * 1024, 'x');  // more than a call is good for
  ConnectionTable table(limits);
  std::vector<Descriptor> far;
  for (size_t i = 0; i < kMany; ++i) {
    auto [near, other] = TcpPair();
    const std::string name = absl::StrCat("m", i);
    ASSERT_TRUE(table.Add(std::move(near), {name, "members"}, kStart).has_value());
    Digest pin = Pin(static_cast<uint8_t>(i));
    pin.bytes[1] = static_cast<uint8_t>(i / 256);
    ASSERT_TRUE(table.Authenticate(name, pin) && table.Settle(name, false));
    ASSERT_EQ(send(other.get(), flood.data(), flood.size(), 0), static_cast<ssize_t>(flood.size()));
    far.push_back(std::move(other));
  }
  const auto cut = [&] {
    return static_cast<size_t>(std::count_if(far.begin(), far.end(), [](const Descriptor& end) {
      char byte = 0;
      return recv(end.get(), &byte, 1, MSG_DONTWAIT) == 0 || errno != EAGAIN;
    }));
  };
  for (size_t round = 1; round <= ConnectionTable::kRounds; ++round) {
    table.CutOverdue(kStart);
    EXPECT_EQ(cut(), round * kMany / ConnectionTable::kRounds);
  }
}

}  // namespace
}  // namespace shield::broker
