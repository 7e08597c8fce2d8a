// kill -9 of the broker, fifty times, under four publishers and eight subscribers: every bulletin
// that was acknowledged arrives at every reader, once, in order, densely numbered.

#include <signal.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>

#include "absl/strings/str_cat.h"
#include "base/mutex.h"
#include "base/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/broker/live_network.h"
#include "tests/support/shared_folder.h"

namespace shield::testing {
namespace {

constexpr int kRounds = 50;
constexpr int kPublishers = 4;
constexpr int kSubscribers = 8;
constexpr absl::Duration kPatience = absl::Seconds(60);

std::string Publisher(int i) { return absl::StrCat("ann", i); }
std::string Reader(int i) { return absl::StrCat("reader", i); }

// What has happened so far; threads wait for more of it.
class Tally {
 public:
  void Published(const std::string& title) {
    MutexLock lock(mutex_);
    published_.push_back(title);
    changed_.NotifyAll();
  }
  void Received(int reader, uint64_t seq, const std::string& title) {
    MutexLock lock(mutex_);
    received_[reader].push_back({seq, title});
    changed_.NotifyAll();
  }
  void Failed(const absl::Status& status) {
    MutexLock lock(mutex_);
    failures_.push_back(status.ToString());
    changed_.NotifyAll();
  }
  size_t published() {
    MutexLock lock(mutex_);
    return published_.size();
  }
  // False when that takes too long or something failed.
  bool WaitForPublished(size_t count) {
    MutexLock lock(mutex_);
    while (published_.size() < count && failures_.empty()) {
      if (!changed_.WaitFor(mutex_, kPatience)) return false;
    }
    return failures_.empty();
  }
  bool WaitForReceived(size_t count) {
    MutexLock lock(mutex_);
    const auto all_have = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return std::all_of(received_.begin(), received_.end(),
                         [count](const auto& each) { return each.size() >= count; });
    };
    while (!all_have() && failures_.empty()) {
      if (!changed_.WaitFor(mutex_, kPatience)) return false;
    }
    return failures_.empty();
  }
  std::vector<std::string> titles() {
    MutexLock lock(mutex_);
    return published_;
  }
  std::vector<std::pair<uint64_t, std::string>> received(int reader) {
    MutexLock lock(mutex_);
    return received_[reader];
  }
  std::vector<std::string> failures() {
    MutexLock lock(mutex_);
    return failures_;
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  std::vector<std::string> published_ ABSL_GUARDED_BY(mutex_);
  std::array<std::vector<std::pair<uint64_t, std::string>>, kSubscribers> received_
      ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> failures_ ABSL_GUARDED_BY(mutex_);
};

TEST(KillBroker, WhatWasAcknowledgedArrivesOnceAndInOrder) {
  LiveNetwork network;
  network.AddOrg("police", OrgKind::kAuthority);
  for (int i = 0; i < kPublishers; ++i) network.AddMember(Publisher(i), "police", Role::kAnalyst);
  network.AddOrg("astrid", OrgKind::kMember);
  for (int i = 0; i < kSubscribers; ++i) network.AddMember(Reader(i), "astrid", Role::kReader);
  network.PublishDirectory();

  Tally tally;
  std::atomic<bool> enough{false};
  std::vector<Client> readers;
  for (int i = 0; i < kSubscribers; ++i) readers.push_back(network.Open(Reader(i)));
  std::vector<Client> publishers;
  for (int i = 0; i < kPublishers; ++i) publishers.push_back(network.Open(Publisher(i)));

  std::vector<std::thread> subscribing;
  for (int i = 0; i < kSubscribers; ++i) {
    subscribing.emplace_back([&, i] {
      const absl::Status end = readers[i].Subscribe([&](const OpenedBulletin& bulletin) {
        tally.Received(i, bulletin.item.seq, bulletin.item.title);
        return absl::OkStatus();
      });
      if (!absl::IsCancelled(end)) tally.Failed(end);
    });
  }
  std::vector<std::thread> publishing;
  for (int i = 0; i < kPublishers; ++i) {
    publishing.emplace_back([&, i] {
      for (int n = 0; !enough.load(); ++n) {
        const std::string title = absl::StrCat("p", i, "-", 1'000'000 + n);
        const auto published =
            publishers[i].Publish(network.BulletinFor({"org:astrid"}, title, "body"));
        if (!published.ok()) {
          tally.Failed(published.status());
          return;
        }
        tally.Published(title);
      }
    });
  }

  std::mt19937_64 engine(20);
  bool going = true;
  for (int round = 0; going && round < kRounds; ++round) {
    going = tally.WaitForPublished(tally.published() + 1 + engine() % 8);
    network.KillBroker();
    network.StartBroker();
  }
  enough.store(true);
  for (std::thread& thread : publishing) thread.join();
  const std::vector<std::string> titles = tally.titles();
  going = going && tally.WaitForReceived(titles.size());
  for (Client& reader : readers) reader.Stop();
  for (std::thread& thread : subscribing) thread.join();

  EXPECT_TRUE(going);
  EXPECT_THAT(tally.failures(), ::testing::IsEmpty());
  EXPECT_GE(titles.size(), size_t{kRounds});
  for (int i = 0; i < kSubscribers; ++i) {
    const auto received = tally.received(i);
    std::vector<std::string> got;
    for (size_t n = 0; n < received.size(); ++n) {
      EXPECT_EQ(received[n].first, n + 1) << Reader(i);
      got.push_back(received[n].second);
    }
    EXPECT_THAT(got, ::testing::UnorderedElementsAreArray(titles)) << Reader(i);
    for (int p = 0; p < kPublishers; ++p) {
      std::vector<std::string> own;
      const std::string prefix = absl::StrCat("p", p, "-");
      std::copy_if(got.begin(), got.end(), std::back_inserter(own),
                   [&prefix](const std::string& title) { return title.rfind(prefix, 0) == 0; });
      EXPECT_TRUE(std::is_sorted(own.begin(), own.end())) << Reader(i);
    }
  }
  network.broker().Signal(SIGTERM);
  ASSERT_EQ(network.broker().Wait(), 0);
  const ProcessResult verified = RunProcess(
      {(BinaryFolder() / "bin/shieldd").string(), "verify", "--home", network.broker_home()});
  EXPECT_EQ(verified.exit_code, 0) << verified.notes;
  RecordProperty("bulletins", static_cast<int>(titles.size()));
  std::printf("%d kills, %zu bulletins to %d readers each\n", kRounds, titles.size(), kSubscribers);
}

}  // namespace
}  // namespace shield::testing
