// The whole way over real parts: shieldd, RocksDB, TLS, libshield.

#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/broker/live_network.h"

namespace shield::testing {
namespace {

constexpr char kCanary[] = "CANARY-7b1f-PICKPOCKETS";

class LiveBroker : public ::testing::Test {
 protected:
  LiveBroker() {
    network_.AddOrg("police", OrgKind::kAuthority);
    network_.AddMember("ann", "police", Role::kAnalyst);
    for (const char* firm : {"astrid", "meir", "zoo"}) {
      network_.AddOrg(firm, OrgKind::kMember);
      network_.AddMember(std::string(firm) + "-reader", firm, Role::kReader);
    }
    network_.PublishDirectory();
  }

  std::vector<std::string> Titles(const std::string& member) {
    Client client = network_.Open(member);
    const auto report = client.Sync();
    EXPECT_TRUE(report.ok()) << report.status();
    if (report.ok()) {
      EXPECT_EQ(report->refused, 0u);
    }
    std::vector<std::string> titles;
    const auto items = client.Inbox();
    EXPECT_TRUE(items.ok()) << items.status();
    for (const InboxItem& item : *items) titles.push_back(item.title);
    return titles;
  }

  LiveNetwork network_;
};

TEST_F(LiveBroker, ABulletinReachesTheTwoFirmsItIsForAndNotTheThird) {
  const auto published = network_.Open("ann").Publish(
      network_.BulletinFor({"org:astrid", "org:meir"}, kCanary, "around the Meir"));
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_EQ(published->recipients, 3u);
  EXPECT_THAT(Titles("astrid-reader"), ::testing::ElementsAre(kCanary));
  EXPECT_THAT(Titles("meir-reader"), ::testing::ElementsAre(kCanary));
  EXPECT_THAT(Titles("zoo-reader"), ::testing::IsEmpty());
}

TEST_F(LiveBroker, NeitherItsFilesNorItsMemoryHoldWhatABulletinSays) {
  ASSERT_TRUE(
      network_.Open("ann").Publish(network_.BulletinFor({"org:astrid"}, kCanary, kCanary)).ok());
  EXPECT_THAT(Titles("astrid-reader"), ::testing::ElementsAre(kCanary));
  const std::string canary(kCanary);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(network_.broker_home())) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    EXPECT_EQ(bytes.find(canary), std::string::npos) << entry.path();
  }
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "SKIP: the shadow of AddressSanitizer is too large to be searched";
#endif
  const std::string proc = "/proc/" + std::to_string(network_.broker().pid());
  std::ifstream maps(proc + "/maps");
  std::ifstream memory(proc + "/mem", std::ios::binary);
  ASSERT_TRUE(maps.is_open() && memory.is_open());
  size_t searched = 0;
  for (std::string line; std::getline(maps, line);) {
    uint64_t begin = 0;
    uint64_t end = 0;
    char mode[5] = {};
    if (std::sscanf(line.c_str(), "%lx-%lx %4s", &begin, &end, mode) != 3 || mode[0] != 'r' ||
        mode[1] != 'w') {
      continue;
    }
    std::string bytes(end - begin, '\0');
    memory.clear();
    memory.seekg(static_cast<std::streamoff>(begin));
    memory.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<size_t>(memory.gcount()));
    searched += bytes.size();
    EXPECT_EQ(bytes.find(canary), std::string::npos) << line;
  }
  EXPECT_GT(searched, size_t{1} << 20);
}

TEST_F(LiveBroker, WhatWasAcknowledgedSurvivesAKill) {
  Client ann = network_.Open("ann");
  ASSERT_TRUE(ann.Publish(network_.BulletinFor({"org:astrid"}, "one", "body")).ok());
  ASSERT_TRUE(ann.Publish(network_.BulletinFor({"org:astrid"}, "two", "body")).ok());
  network_.KillBroker();
  network_.StartBroker();
  EXPECT_THAT(Titles("astrid-reader"), ::testing::ElementsAre("one", "two"));
}

TEST_F(LiveBroker, ASubscriptionMayBeTheFirstCallOfAConnection) {
  const auto stream = network_.Connect("zoo-reader")->Subscribe({}, absl::Seconds(20));
  ASSERT_TRUE(stream.ok()) << stream.status();
  const auto hello = (*stream)->Read();
  ASSERT_TRUE(hello.ok()) << hello.status();
  EXPECT_TRUE(hello->hello.has_value());
  const auto mark = (*stream)->Read();
  ASSERT_TRUE(mark.ok()) << mark.status();
  EXPECT_TRUE(mark->mark.has_value());
}

TEST_F(LiveBroker, ARevokedMemberIsCutOffAndRefusedWithASentence) {
  const auto connection = network_.Connect("astrid-reader");
  const auto stream = connection->Subscribe({}, absl::Seconds(60));
  ASSERT_TRUE(stream.ok()) << stream.status();
  const auto hello = (*stream)->Read();
  ASSERT_TRUE(hello.ok()) << hello.status();
  ASSERT_TRUE(network_.authority()
                  .Revoke(*MemberId::Parse("astrid-reader"), "left the firm", network_.Now())
                  .ok());
  const absl::Time before = absl::Now();
  network_.PublishDirectory();
  absl::Status end;
  while (end.ok()) end = (*stream)->Read().status();
  EXPECT_LT(absl::Now() - before, absl::Seconds(5));
  const auto again = network_.Connect("astrid-reader")->GetDirectory(0, absl::Seconds(10));
  EXPECT_EQ(again.status().code(), absl::StatusCode::kUnauthenticated) << again.status();
  const auto published =
      network_.Open("ann").Publish(network_.BulletinFor({"org:meir"}, "later", "body"));
  EXPECT_TRUE(published.ok()) << published.status();
}

TEST_F(LiveBroker, WhoAcknowledgedIsShownToTheSource) {
  Client ann = network_.Open("ann");
  const auto published = ann.Publish(network_.BulletinFor({"org:astrid"}, "for the desk", "body"));
  ASSERT_TRUE(published.ok()) << published.status();
  Client reader = network_.Open("astrid-reader");
  ASSERT_TRUE(reader.Sync().ok());
  ASSERT_TRUE(reader.Acknowledge(1).ok());
  const auto readers = ann.Readers(published->id);
  ASSERT_TRUE(readers.ok()) << readers.status();
  for (const ReaderStatus& each : *readers) {
    EXPECT_EQ(each.acknowledged, each.member == *MemberId::Parse("astrid-reader"));
  }
}

}  // namespace
}  // namespace shield::testing
