// A broker that brings old entries again: it signs what it likes, the reader is not fooled.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/client.h"
#include "tests/client/support/sample_network.h"

namespace shield::testing {
namespace {

using ::testing::ElementsAre;

class ReplayTest : public ::testing::Test {
 protected:
  ReplayTest() : analyst_(network_.Open("an-lise")), guard_(network_.Open("meir-guard")) {}

  Published Publish(absl::string_view title) { return *analyst_.Publish(network_.Green(title)); }
  Published Supersede(const BulletinId& id) {
    EXPECT_TRUE(analyst_.Sync().ok());
    return *analyst_.Publish(network_.DraftOf(absl::StrCat(
        "+++\ntitle = \"new\"\nkind = \"notice\"\ntlp = \"GREEN\"\nrefs = [\"supersedes:",
        id.ToHex(), "\"]\n+++\nBody.\n")));
  }
  // The reader's inbox anew: these entries of the old one, in this order.
  std::vector<DeliveredEntry> Take() { return network_.broker().TakeInbox(guard_.member()); }
  void Forge(DeliveredEntry entry, uint64_t log_index) {
    entry.log_index = log_index;
    network_.broker().Forge(guard_.member(), std::move(entry));
  }
  // An entry of the inbox is appended again, under a chain that is sound.
  void Replay(size_t index, uint64_t log_index) {
    const std::vector<DeliveredEntry> entries = Take();
    for (const DeliveredEntry& entry : entries) network_.broker().Forge(guard_.member(), entry);
    Forge(entries[index], log_index);
  }
  std::vector<std::string> HandedTitles() {
    const uint64_t last = *guard_.LastEntry();
    std::vector<std::string> titles;
    const absl::Status ended = guard_.Subscribe([&](const OpenedBulletin& opened) {
      titles.push_back(opened.item.title);
      return opened.item.seq == last ? absl::OutOfRangeError("enough") : absl::OkStatus();
    });
    EXPECT_EQ(ended.message(), "enough");
    return titles;
  }

  SampleNetwork network_;
  Client analyst_;
  Client guard_;
};

TEST_F(ReplayTest, ABulletinThatComesAgainIsStoredAndNotHandedOver) {
  const Published first = Publish("one");
  ASSERT_TRUE(guard_.Sync().ok());
  Replay(0, 900);
  network_.broker().Forge(guard_.member(), [&] {
    Publish("two");
    std::vector<DeliveredEntry> entries = Take();
    for (size_t i = 0; i + 1 < entries.size(); ++i) {
      network_.broker().Forge(guard_.member(), entries[i]);
    }
    entries.back().log_index = 901;
    return entries.back();
  }());
  const absl::StatusOr<SyncReport> report = guard_.Sync();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->refused, 1u);
  EXPECT_EQ((*guard_.Inbox())[1].fault, "DUPLICATE");
  EXPECT_TRUE(absl::IsDataLoss(guard_.Show(2).status()));
  EXPECT_EQ(guard_.Show(first.id)->item.seq, 1u);
  EXPECT_THAT(HandedTitles(), ElementsAre("one", "two"));
}

TEST_F(ReplayTest, AnOldLogIndexIsOutOfOrder) {
  Publish("one");
  Publish("two");
  const std::vector<DeliveredEntry> entries = Take();
  Forge(entries[1], entries[1].log_index);
  Forge(entries[0], entries[0].log_index);
  Forge(entries[0], entries[1].log_index);
  ASSERT_TRUE(guard_.Sync().ok());
  EXPECT_EQ((*guard_.Inbox())[0].fault, "");
  EXPECT_EQ((*guard_.Inbox())[1].fault, "INBOX_REORDER");
  EXPECT_EQ((*guard_.Inbox())[2].fault, "INBOX_REORDER");
}

TEST_F(ReplayTest, ABulletinThatWasReplacedDoesNotComeAliveAgain) {
  const Published old = Publish("old");
  Supersede(old.id);
  ASSERT_TRUE(guard_.Sync().ok());
  // As it came, with the slot that the reader has dropped.
  Replay(0, 900);
  ASSERT_TRUE(guard_.Sync().ok());
  EXPECT_EQ((*guard_.Inbox())[0].state, InboxState::kSuperseded);
  EXPECT_EQ((*guard_.Inbox())[2].fault, "DUPLICATE");
  EXPECT_EQ(RuleOf(guard_.Show(old.id).status()), "SUPERSEDED");
}

TEST_F(ReplayTest, ABulletinThatComesAfterItsEndingIsDeadOnArrival) {
  const Published old = Publish("old");
  Supersede(old.id);
  const std::vector<DeliveredEntry> entries = Take();
  Forge(entries[1], entries[1].log_index);
  Forge(entries[0], 900);
  ASSERT_TRUE(guard_.Sync().ok());
  EXPECT_EQ((*guard_.Inbox())[0].title, "new");
  EXPECT_EQ((*guard_.Inbox())[1].state, InboxState::kSuperseded);
  EXPECT_EQ(RuleOf(guard_.Show(old.id).status()), "SUPERSEDED");
  EXPECT_THAT(HandedTitles(), ElementsAre("new", ""));
}

}  // namespace
}  // namespace shield::testing
