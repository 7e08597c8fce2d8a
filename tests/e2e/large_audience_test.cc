// One publish call to everybody: thousands of members, the real shieldd, TLS between.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/e2e/large_network.h"
#include "tests/e2e/real_network.h"

namespace shield::testing {
namespace {

constexpr size_t kMembers = 2'000;

TEST(LargeAudience, OnePublishCallReachesEveryMemberWithinTheOrdinaryTimeLimit) {
  LargeNetwork network(ShielddProgram(), {.members = kMembers, .organisations = 110, .homes = 2});
  network.MakeKeys();
  network.Enrol();
  network.Upload(network.SignDirectory());

  Client analyst = network.Open(network.Connect(network.analyst()), network.analyst());
  const absl::StatusOr<Published> published =
      analyst.Publish(network.DraftToAll("Everybody indoors"));
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_EQ(published->recipients, kMembers + 1);  // and the author

  ASSERT_EQ(network.homes().size(), 2u);
  for (const Home& home : network.homes()) {
    Client reader = network.Open(network.Connect(home), home);
    const absl::StatusOr<SyncReport> report = reader.Sync();
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_EQ(report->received, 1u);
    EXPECT_EQ(report->refused, 0u);
    const absl::StatusOr<OpenedBulletin> opened = reader.Show(published->id);
    ASSERT_TRUE(opened.ok()) << opened.status();
    EXPECT_EQ(opened->item.title, "Everybody indoors");
    EXPECT_EQ(opened->item.state, InboxState::kLive);
    EXPECT_TRUE(reader.Acknowledge(opened->item.seq).ok());
  }

  // More than one message of recipients comes back, every one of them named.
  const absl::StatusOr<std::vector<ReaderStatus>> board = analyst.Readers(published->id);
  ASSERT_TRUE(board.ok()) << board.status();
  EXPECT_EQ(board->size(), kMembers + 1);
  EXPECT_EQ(std::count_if(board->begin(), board->end(),
                          [](const ReaderStatus& reader) { return reader.acknowledged; }),
            2);
}

}  // namespace
}  // namespace shield::testing
