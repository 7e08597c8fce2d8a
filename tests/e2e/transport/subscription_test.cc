// Subscriptions: at once, in batches, alive while idle, and never held up by somebody else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/status.h"
#include "tests/e2e/transport/transport_fixture.h"

namespace shield::testing {
namespace {

using ::testing::SizeIs;

class Subscriptions : public TransportFixture {
 protected:
  void SetUp() override { StartServer(); }

  static std::unique_ptr<SubscriptionReader> Subscribe(Connection& connection) {
    auto reader = connection.Subscribe({}, absl::InfiniteDuration());
    EXPECT_TRUE(reader.ok()) << reader.status();
    return *std::move(reader);
  }

  // Reads until `count` entries have come; how many messages that took.
  static size_t ReadEntries(SubscriptionReader& reader, size_t count) {
    size_t messages = 0;
    uint64_t last = 0;
    while (last < count) {
      const auto message = reader.Read();
      if (!message.ok()) {
        ADD_FAILURE() << message.status();
        return messages;
      }
      ++messages;
      for (const DeliveredEntry& entry : message->entries) {
        EXPECT_EQ(entry.seq, last + 1);
        last = entry.seq;
      }
    }
    return messages;
  }
};

TEST_F(Subscriptions, SayHelloAtOnce) {
  const auto connection = Connect(EnrolledKey("desk-astrid"));
  const auto reader = Subscribe(*connection);
  const auto message = reader->Read();
  ASSERT_TRUE(message.ok()) << message.status();
  ASSERT_TRUE(message->hello.has_value());
  EXPECT_EQ(message->hello->directory_version, 7U);
  EXPECT_TRUE(message->mark.has_value());
}

TEST_F(Subscriptions, PassOnWhatIsPostedLater) {
  const auto connection = Connect(EnrolledKey("desk-astrid"));
  const auto reader = Subscribe(*connection);
  ASSERT_TRUE(reader->Read().ok());
  for (const size_t size : {size_t{10}, size_t{5'000}, size_t{65'536}}) {
    service_.Post(std::string(size, 'x'));
    const auto message = reader->Read();
    ASSERT_TRUE(message.ok()) << message.status();
    ASSERT_THAT(message->entries, SizeIs(1));
    EXPECT_EQ(message->entries[0].payload, Bytes(size, 'x'));
    EXPECT_EQ(message->entries[0].statement, "statement");
    EXPECT_EQ(message->entries[0].slot, Bytes(168, 's'));
    EXPECT_EQ(message->entries[0].state, DeliveryState::kLive);
  }
}

// A message may wait in a buffer for its successor only as long as there is one.
TEST_F(Subscriptions, ASuccessorThatDoesNotComeHoldsNothingBack) {
  const auto connection = Connect(EnrolledKey("desk-astrid"));
  const auto reader = Subscribe(*connection);
  ASSERT_TRUE(reader->Read().ok());
  service_.PromiseMore();
  service_.Post("x");
  const auto message = reader->Read();
  ASSERT_TRUE(message.ok()) << message.status();
  EXPECT_THAT(message->entries, SizeIs(1));
  EXPECT_TRUE(reader->Read()->heartbeat.has_value());
}

TEST_F(Subscriptions, CatchUpInBatchesWithinBothLimits) {
  for (int i = 0; i < 1000; ++i) service_.Post("small");
  const auto connection = Connect(EnrolledKey("desk-astrid"));
  const auto small = Subscribe(*connection);
  EXPECT_EQ(ReadEntries(*small, 1000), 4U);  // 256 entries a message
  for (int i = 0; i < 100; ++i) service_.Post(std::string(8192, 'x'));
  const auto all = Subscribe(*connection);
  EXPECT_GE(ReadEntries(*all, 1100), 4U + 12U);  // 64 KiB a message
}

TEST_F(Subscriptions, AreKeptAliveWhileIdle) {
  const auto connection = Connect(EnrolledKey("desk-astrid"));
  const auto reader = Subscribe(*connection);
  ASSERT_TRUE(reader->Read().ok());
  for (int i = 0; i < 3; ++i) {
    clock_.Advance(absl::Seconds(20));
    server_->FeedGrew();
    const auto message = reader->Read();
    ASSERT_TRUE(message.ok()) << message.status();
    ASSERT_TRUE(message->heartbeat.has_value());
    EXPECT_EQ(message->heartbeat->directory_version, 7U);
  }
}

TEST_F(Subscriptions, AreNotHeldUpByOneThatDoesNotRead) {
  const auto stalled = Connect(EnrolledKey("desk-stalled"));
  const auto stalled_reader = Subscribe(*stalled);
  ASSERT_TRUE(stalled_reader->Read().ok());
  const auto connection = Connect(EnrolledKey("desk-astrid"));
  const auto reader = Subscribe(*connection);
  constexpr int kEntries = 300;
  for (int i = 0; i < kEntries; ++i) service_.Post(std::string(65'536, 'x'));
  ReadEntries(*reader, kEntries);

  clock_.Advance(absl::Seconds(60));
  server_->FeedGrew();
  absl::Status end;
  while (end.ok()) end = stalled_reader->Read().status();
  EXPECT_TRUE(absl::IsResourceExhausted(end)) << end;
}

TEST_F(Subscriptions, OfOneMemberAreTheNewestTwo) {
  const auto connection = Connect(EnrolledKey("desk-astrid"));
  const auto first = Subscribe(*connection);
  ASSERT_TRUE(first->Read().ok());
  const auto second = Subscribe(*connection);
  ASSERT_TRUE(second->Read().ok());
  const auto third = Subscribe(*connection);
  ASSERT_TRUE(third->Read().ok());
  server_->FeedGrew();
  const absl::Status replaced = first->Read().status();
  EXPECT_EQ(RuleOf(replaced), "SUBSCRIPTION_REPLACED");
  EXPECT_TRUE(absl::IsFailedPrecondition(replaced)) << replaced;
  service_.Post("x");
  EXPECT_TRUE(second->Read().ok());
  EXPECT_TRUE(third->Read().ok());
}

TEST_F(Subscriptions, ThatOnlyCatchUpEndNoWatch) {
  const auto connection = Connect(EnrolledKey("desk-astrid"));
  const auto first = Subscribe(*connection);
  const auto second = Subscribe(*connection);
  ASSERT_TRUE(first->Read().ok());
  ASSERT_TRUE(second->Read().ok());
  SubscriptionStart look;
  look.catch_up = true;
  std::vector<std::unique_ptr<SubscriptionReader>> looks;
  for (int i = 0; i < 9; ++i) {
    looks.push_back(*connection->Subscribe(look, absl::InfiniteDuration()));
    ASSERT_TRUE(looks.back()->Read().ok());
  }
  server_->FeedGrew();
  EXPECT_EQ(RuleOf(looks[0]->Read().status()), "SUBSCRIPTION_REPLACED");
  service_.Post("x");
  EXPECT_TRUE(first->Read().ok());
  EXPECT_TRUE(second->Read().ok());
}

TEST_F(Subscriptions, CountByMemberWhicheverKeyItUses) {
  std::vector<std::unique_ptr<Connection>> connections;
  std::vector<std::unique_ptr<SubscriptionReader>> readers;
  for (int i = 0; i < 3; ++i) {
    connections.push_back(Connect(EnrolledKey("desk-astrid")));
    readers.push_back(Subscribe(*connections.back()));
    ASSERT_TRUE(readers.back()->Read().ok());
  }
  server_->FeedGrew();
  EXPECT_EQ(RuleOf(readers[0]->Read().status()), "SUBSCRIPTION_REPLACED");
}

// It has to go although its last message has not been taken, and cannot be told why.
TEST_F(Subscriptions, AReplacedOneThatTakesNothingIsCutOff) {
  const auto connection = Connect(EnrolledKey("desk-astrid"));
  const auto stalled = Subscribe(*connection);
  ASSERT_TRUE(stalled->Read().ok());
  for (int i = 0; i < 300; ++i) service_.Post(std::string(65'536, 'x'));
  const auto other = Connect(EnrolledKey("desk-other"));
  ReadEntries(*Subscribe(*other), 300);  // by then the stalled one stands still
  const auto more = Connect(EnrolledKey("desk-astrid"));
  const std::vector<std::unique_ptr<SubscriptionReader>> newer = [&] {
    std::vector<std::unique_ptr<SubscriptionReader>> readers;
    for (int i = 0; i < 2; ++i) {
      readers.push_back(Subscribe(*more));
      EXPECT_TRUE(readers.back()->Read().ok());
    }
    return readers;
  }();
  clock_.Advance(absl::Seconds(2));
  server_->FeedGrew();
  absl::Status end;
  while (end.ok()) end = stalled->Read().status();
  EXPECT_TRUE(absl::IsResourceExhausted(end)) << end;
}

class PacedSubscriptions : public TransportFixture {
 protected:
  // The server goes first: it looks at this clock until then.
  ~PacedSubscriptions() override { server_.reset(); }

  FakeClock pacing_;
};

// Somebody sets the machine's date.
TEST_F(PacedSubscriptions, DoNotMindTheDate) {
  StartServer({}, &pacing_);
  const auto connection = Connect(EnrolledKey("desk-astrid"));
  const auto reader = *connection->Subscribe({}, absl::InfiniteDuration());
  ASSERT_TRUE(reader->Read().ok());
  for (const absl::Duration step : {absl::Hours(24), -absl::Hours(48)}) {
    clock_.Advance(step);
    server_->FeedGrew();
    service_.Post("x");
    EXPECT_THAT(reader->Read()->entries, SizeIs(1));
    pacing_.Advance(absl::Seconds(20));
    server_->FeedGrew();
    EXPECT_TRUE(reader->Read()->heartbeat.has_value());
  }
}

class ShardedSubscriptions : public TransportFixture {};

// Places that do not divide evenly are rounded up in each queue, never down.
TEST_F(ShardedSubscriptions, AllPlacesThatArePromisedAreThereHoweverManyQueuesShareThem) {
  broker::TransportLimits limits;
  limits.calls.subscriptions = 5;
  StartServer(limits, nullptr, /*subscriber_shards=*/3);
  std::vector<std::unique_ptr<Connection>> connections;
  std::vector<std::unique_ptr<SubscriptionReader>> readers;
  for (int i = 0; i < limits.calls.subscriptions; ++i) {
    connections.push_back(Connect(EnrolledKey("desk-" + std::to_string(i))));
    // Whoever waits for a place gives up before those that have one.
    auto reader = connections.back()->Subscribe({}, kPatience * (limits.calls.subscriptions - i));
    ASSERT_TRUE(reader.ok()) << "place " << i << ": " << reader.status();
    readers.push_back(*std::move(reader));
    const auto hello = readers.back()->Read();
    ASSERT_TRUE(hello.ok()) << "place " << i << ": " << hello.status();
  }
  service_.Post("x");
  for (const auto& reader : readers) EXPECT_THAT(reader->Read()->entries, SizeIs(1));
}

TEST_F(Subscriptions, EndWhenTheyAreCancelled) {
  const auto connection = Connect(EnrolledKey("desk-astrid"));
  const auto reader = Subscribe(*connection);
  ASSERT_TRUE(reader->Read().ok());
  reader->Cancel();
  EXPECT_TRUE(absl::IsCancelled(reader->Read().status()));
}

}  // namespace
}  // namespace shield::testing
