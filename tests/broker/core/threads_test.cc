// The core under threads, as it runs in the daemon: publishers, readers and the authority at once,
// over the committer's own thread. ThreadSanitizer looks on; the outcome is checked as ever.

#include <atomic>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/broker/core/broker_test_base.h"

namespace shield::testing {
namespace {

constexpr int kPublishers = 3;
constexpr int kBulletins = 12;

class UnderThreads : public BrokerTestBase {
 protected:
  // Publishes and waits for the committer's answer.
  void PublishAndWait(const SealedBulletin& bulletin) {
    const auto session = *broker_->Publish(network_.CallerOf("ann"));
    ASSERT_TRUE(session->OnHeader({bulletin.note, bulletin.openings}).ok());
    ASSERT_TRUE(session->OnSlots(bulletin.slots).ok());
    ASSERT_TRUE(session->OnPayload(bulletin.payload).ok());
    std::atomic<int> answer{0};
    session->Finish([&answer](const auto& receipt) {
      answer.store(receipt.ok() ? 1 : 2);
      answer.notify_one();
    });
    answer.wait(0);
    EXPECT_EQ(answer.load(), 1);
  }

  // Reads until `wanted` entries have come; how many came out of order.
  int ReadUntil(const std::string& member, uint64_t wanted) {
    const auto stream = *broker_->Subscribe(network_.CallerOf(member), {});
    uint64_t seen = 0;
    int faults = 0;
    while (seen < wanted) {
      const auto next = stream->Next({});
      if (!next.ok()) return -1;
      if (!next->has_value()) {
        std::this_thread::yield();
        continue;
      }
      for (const auto& entry : (*next)->entries) faults += entry.own.seq != ++seen ? 1 : 0;
    }
    return faults;
  }
};

TEST_F(UnderThreads, EveryReaderGetsEverythingOnceAndInOrder) {
  Enrol();
  std::vector<std::vector<SealedBulletin>> work(kPublishers);
  for (auto& bulletins : work) {
    for (int i = 0; i < kBulletins; ++i) {
      bulletins.push_back(network_.Seal({"ann", Tlp::kAmberStrict, {"org:hotel", "org:mall"}}));
    }
  }
  const std::string fresh = network_.SignFresh();
  broker_->Start();
  std::atomic<int> faults{0};
  std::vector<std::thread> threads;
  for (const char* member : {"reader", "guard", "bob"}) {
    threads.emplace_back([this, member, &faults] {
      faults += ReadUntil(member, uint64_t{kPublishers} * kBulletins);
    });
  }
  for (const auto& bulletins : work) {
    threads.emplace_back([this, &bulletins] {
      for (const SealedBulletin& bulletin : bulletins) PublishAndWait(bulletin);
    });
  }
  threads.emplace_back([this, &fresh] {
    const auto session = *broker_->PublishDirectory(network_.CallerOf("vetting"));
    EXPECT_TRUE(session->OnHead({"", fresh}).ok());
    std::atomic<int> answer{0};
    session->Finish([&answer](const auto& receipt) {
      answer.store(receipt.ok() ? 1 : 2);
      answer.notify_one();
    });
    answer.wait(0);
    EXPECT_EQ(answer.load(), 1);
  });
  for (std::thread& thread : threads) thread.join();
  broker_->Stop();
  EXPECT_EQ(faults.load(), 0);
}

}  // namespace
}  // namespace shield::testing
