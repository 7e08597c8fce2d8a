// A broker over a store in memory, driven on one thread: the base of its use-case tests.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "broker/core/broker.h"
#include "gtest/gtest.h"
#include "tests/broker/core/test_network.h"
#include "tests/broker/store/memory_store.h"
#include "tests/support/captured_log.h"
#include "tests/support/fake_clock.h"
#include "tests/support/seeded_random.h"

namespace shield::testing {

// What the transport would be told.
class RecordingListener final : public broker::FeedListener {
 public:
  void FeedGrew() override { ++grew; }
  void PinsRevoked(std::span<const Digest> pins) override {
    revoked.insert(revoked.end(), pins.begin(), pins.end());
  }
  int grew = 0;
  std::vector<Digest> revoked;
};

// Police with two analysts and a vetting seat; a hotel with a reader and a desk; a mall with a
// guard; a cleaning firm that is the mall's client.
class BrokerTestBase : public ::testing::Test {
 protected:
  BrokerTestBase();

  void MakeBroker(const broker::RateLimits& rates = {},
                  const broker::RetentionTable& retention = {});
  absl::StatusOr<broker::DirectoryReceipt> Upload(const broker::Caller& caller,
                                                  const DirectoryUpload& upload);
  // The authority signs what was changed and uploads it; must succeed.
  void Enrol();
  absl::StatusOr<broker::PublishReceipt> Publish(const std::string& author,
                                                 const SealedBulletin& bulletin);
  // The first error of OnHeader, without going on.
  absl::Status Header(const std::string& author, const SealedBulletin& bulletin);
  std::unique_ptr<broker::Subscription> Subscribe(const std::string& member,
                                                  broker::SubscribeQuery query = {});
  // Everything the subscription has to give now; fails the test on an error.
  std::vector<broker::FeedMessage> Drain(broker::Subscription& subscription,
                                         const broker::FeedLimits& limits = {});
  std::vector<broker::FeedEntry> Entries(const std::vector<broker::FeedMessage>& messages);
  absl::StatusOr<uint64_t> Acknowledge(const std::string& member, uint64_t seq, const Digest& hash);
  absl::StatusOr<Bytes> Fetch(const std::string& member, const broker::FetchQuery& query);
  void Commit() {
    while (broker_->Step()) {
    }
  }

  FakeClock clock_;
  SeededRandom random_{20};
  CapturedLog log_;
  MemoryStore store_;
  TestNetwork network_{clock_, random_};
  RecordingListener listener_;
  std::unique_ptr<broker::Broker> broker_;
};

}  // namespace shield::testing
