// kill -9 of a reader's program at random moments. Promise G5 of docs/spec/delivery.md.
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "proto/wire/prepare_process.h"
#include "tests/e2e/member_client.h"
#include "tests/e2e/real_network.h"

namespace shield::testing {
namespace {

constexpr int kRounds = 50;
// On a busy machine most programs are killed before they show anything: the drill goes on until
// enough has been seen.
constexpr size_t kFewestSeen = 51;
constexpr int kMostRounds = 1'000;

TEST(SubscriberCrash, EveryBulletinComesInOrderAndAtMostTheLastOneTwice) {
  ASSERT_TRUE(wire::PrepareProcess().ok());
  RealNetwork network;
  network.AddOrg("police-antwerp", "authority", "public-sector", "BE211", 3);
  network.AddOrg("guard-firm", "member", "private-security", "BE211", 3);
  network.AddMember("analyst", "police-antwerp", "analyst", 3);
  network.AddMember("guard", "guard-firm", "reader", 3);
  network.PublishDirectory();

  MemberClients clients;
  Client analyst = clients.Open(network, "analyst", network.address());
  std::atomic<bool> stop = false;
  std::atomic<int> published = 0;
  std::thread publisher([&] {
    while (!stop) {
      const absl::StatusOr<Published> done =
          analyst.Publish(FlashAlert("crash drill", "TLP:AMBER+STRICT", {"org:guard-firm"}));
      ASSERT_TRUE(done.ok()) << done.status();
      ++published;
      // A steady trickle: the drill is about the reader.
      absl::SleepFor(absl::Milliseconds(5));
    }
  });

  std::mt19937 random(20261122);
  std::vector<uint64_t> seen;
  int repeated = 0;
  int rounds = 0;
  for (; rounds < kRounds || (seen.size() < kFewestSeen && rounds < kMostRounds); ++rounds) {
    Process watch({ShieldProgram(), "inbox", "watch", "--jsonl", "--home", network.HomeOf("guard"),
                   "--broker", network.address()});
    absl::SleepFor(absl::Milliseconds(std::uniform_int_distribution<int>(10, 250)(random)));
    watch.Signal(SIGKILL);
    ASSERT_EQ(watch.Wait(), 128 + SIGKILL);
    for (const std::string& line : watch.lines()) {
      const nlohmann::json entry = nlohmann::json::parse(line, nullptr, false);
      if (entry.is_discarded()) continue;  // cut off by the kill
      ASSERT_EQ(entry["state"], "live") << line;
      const uint64_t seq = entry["seq"];
      if (!seen.empty() && seq == seen.back()) {
        ++repeated;  // shown, then killed before that was stored
        continue;
      }
      ASSERT_EQ(seq, seen.empty() ? 1 : seen.back() + 1);
      seen.push_back(seq);
    }
  }
  stop = true;
  publisher.join();
  EXPECT_GE(seen.size(), kFewestSeen);
  EXPECT_LE(repeated, rounds);

  Client guard = clients.Open(network, "guard", network.address());
  const absl::StatusOr<SyncReport> report = guard.Sync();
  ASSERT_TRUE(report.ok()) << report.status();
  const absl::StatusOr<std::vector<InboxItem>> items = guard.Inbox();
  ASSERT_TRUE(items.ok());
  EXPECT_EQ(items->size(), static_cast<size_t>(published.load()));
  for (size_t i = 0; i < items->size(); ++i) {
    EXPECT_EQ((*items)[i].seq, i + 1);
    EXPECT_EQ((*items)[i].state, InboxState::kLive);
  }
}

}  // namespace
}  // namespace shield::testing
