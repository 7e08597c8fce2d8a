// kill -9 of the broker at random moments, again and again, while many publish and many read.
// Promises G1 to G6 of docs/spec/delivery.md.
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "proto/wire/prepare_process.h"
#include "tests/e2e/member_client.h"
#include "tests/e2e/real_network.h"

namespace shield::testing {
namespace {

constexpr int kRounds = 50;
constexpr int kPublishers = 4;
constexpr int kSubscribers = 8;

// What one publisher was told.
struct PublisherLog {
  std::vector<BulletinId> acknowledged;  // in the order in which the calls returned
  int unanswered = 0;
};

// What one subscriber's application was handed.
struct SubscriberLog {
  std::vector<std::pair<uint64_t, BulletinId>> handed;
};

class BrokerCrash : public ::testing::Test {
 protected:
  BrokerCrash() {
    EXPECT_TRUE(wire::PrepareProcess().ok());
    network_.AddOrg("police-antwerp", "authority", "public-sector", "BE211", 3);
    network_.AddOrg("guard-firm", "member", "private-security", "BE211", 3);
    for (int i = 0; i < kPublishers; ++i) {
      network_.AddMember(absl::StrCat("analyst-", i), "police-antwerp", "analyst", 3);
    }
    for (int i = 0; i < kSubscribers; ++i) {
      network_.AddMember(absl::StrCat("guard-", i), "guard-firm", "reader", 3);
    }
    network_.PublishDirectory();
    publishers_.resize(kPublishers);
    subscribers_.resize(kSubscribers);
  }

  void PublishUntil(const std::atomic<bool>& stop, int number, const std::string& address) {
    Client client =
        clients_.Open(network_, absl::StrCat("analyst-", number), address, absl::Milliseconds(500));
    PublisherLog& log = publishers_[static_cast<size_t>(number)];
    while (!stop) {
      const absl::StatusOr<Published> published =
          client.Publish(FlashAlert("crash drill", "TLP:AMBER+STRICT", {"org:guard-firm"}));
      if (published.ok()) {
        log.acknowledged.push_back(published->id);
      } else {
        ++log.unanswered;
      }
    }
  }

  void Subscribe(Client client, int number) {
    SubscriberLog& log = subscribers_[static_cast<size_t>(number)];
    client
        .Subscribe([&log](const OpenedBulletin& bulletin) {
          EXPECT_EQ(bulletin.item.state, InboxState::kLive) << bulletin.item.fault_sentence;
          if (bulletin.item.id) log.handed.emplace_back(bulletin.item.seq, *bulletin.item.id);
          return absl::OkStatus();
        })
        .IgnoreError();  // the broker is going to die; what was handed over is what counts
  }

  // One round: everybody works, the broker dies after `life`, everybody is called off.
  void Round(absl::Duration life) {
    network_.StartBroker();
    std::atomic<bool> stop = false;
    std::vector<std::thread> threads;
    std::vector<Client> readers;
    for (int i = 0; i < kSubscribers; ++i) {
      readers.push_back(clients_.Open(network_, absl::StrCat("guard-", i), network_.address()));
    }
    for (int i = 0; i < kSubscribers; ++i) {
      threads.emplace_back(
          [this, i, reader = readers[static_cast<size_t>(i)]] { Subscribe(reader, i); });
    }
    for (int i = 0; i < kPublishers; ++i) {
      threads.emplace_back(
          [this, i, &stop, address = network_.address()] { PublishUntil(stop, i, address); });
    }
    absl::SleepFor(life);
    network_.KillBroker();
    stop = true;
    for (Client& reader : readers) reader.Stop();
    for (std::thread& thread : threads) thread.join();
  }

  RealNetwork network_;
  MemberClients clients_;
  std::vector<PublisherLog> publishers_;
  std::vector<SubscriberLog> subscribers_;
};

TEST_F(BrokerCrash, NothingAcknowledgedIsLostAndNothingComesTwice) {
  std::mt19937 random(20261122);
  network_.KillBroker();
  for (int round = 0; round < kRounds; ++round) {
    Round(absl::Milliseconds(std::uniform_int_distribution<int>(20, 400)(random)));
  }

  // A last, quiet life: everyone catches up.
  network_.StartBroker();
  std::set<BulletinId> acknowledged;
  for (const PublisherLog& log : publishers_) {
    for (const BulletinId& id : log.acknowledged) {
      EXPECT_TRUE(acknowledged.insert(id).second) << "one id acknowledged twice";
    }
  }
  ASSERT_GT(acknowledged.size(), 50u) << "the drill published too little to prove anything";

  std::vector<BulletinId> first_inbox;
  for (int i = 0; i < kSubscribers; ++i) {
    Client client =
        clients_.Open(network_, absl::StrCat("guard-", i), network_.address(), absl::Seconds(60));
    const absl::StatusOr<SyncReport> report = client.Sync();
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_EQ(report->refused, 0u);
    const absl::StatusOr<std::vector<InboxItem>> items = client.Inbox();
    ASSERT_TRUE(items.ok()) << items.status();

    std::vector<BulletinId> inbox;
    std::map<BulletinId, uint64_t> place;
    for (const InboxItem& item : *items) {
      EXPECT_EQ(item.seq, inbox.size() + 1) << "numbers are dense";
      ASSERT_TRUE(item.id.has_value());
      EXPECT_TRUE(place.emplace(*item.id, item.seq).second) << "one bulletin, one entry";
      inbox.push_back(*item.id);
    }
    for (const BulletinId& id : acknowledged) EXPECT_TRUE(place.contains(id)) << "lost: " << id;
    // What returned before the next began stands before it.
    for (const PublisherLog& log : publishers_) {
      for (size_t n = 1; n < log.acknowledged.size(); ++n) {
        EXPECT_LT(place[log.acknowledged[n - 1]], place[log.acknowledged[n]]);
      }
    }
    // The application saw each entry once, in order, over all broken connections.
    uint64_t last = 0;
    for (const auto& [seq, id] : subscribers_[static_cast<size_t>(i)].handed) {
      EXPECT_EQ(seq, last + 1);
      EXPECT_EQ(place[id], seq);
      last = seq;
    }
    // All guards are addressed alike: one order for everyone.
    if (i == 0) first_inbox = inbox;
    EXPECT_EQ(inbox, first_inbox);
  }
  RecordProperty("acknowledged", static_cast<int>(acknowledged.size()));
  EXPECT_EQ(network_.StopBroker(), 0);
  const ProcessResult verified =
      RunProcess({ShielddProgram(), "verify", "--home", network_.BrokerHome()});
  EXPECT_EQ(verified.exit_code, 0) << verified.notes;
}

}  // namespace
}  // namespace shield::testing
