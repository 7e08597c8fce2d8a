// What a home keeps of bulletins whose end has come.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/status.h"
#include "client/client.h"
#include "client/state/state.h"
#include "tests/client/support/sample_network.h"

namespace shield::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class HomeRetention : public ::testing::Test {
 protected:
  BulletinId Publish(absl::Duration life) {
    const absl::Time expires = network_.clock().Now() + life;
    Client analyst = network_.Open("an-lise");
    const auto published = analyst.Publish(network_.DraftOf(absl::StrCat(
        "+++\ntitle = \"x\"\nkind = \"notice\"\ntlp = \"AMBER\"\nto = [\"org:astrid\"]\n",
        "expires = ", absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", expires, absl::UTCTimeZone()),
        "\n+++\nBody.\n")));
    EXPECT_TRUE(published.ok()) << published.status();
    return published->id;
  }
  std::unique_ptr<ClientState> StateOf(absl::string_view member) {
    return *ClientState::Open(network_.HomeOf(member).PathOf("state.db"),
                              network_.network().network.KeyName(member));
  }
  Bytes SlotOf(absl::string_view member, uint64_t seq) {
    return (*StateOf(member)->FindEntry(seq))->delivered.slot;
  }

  SampleNetwork network_;
  Client guard_ = network_.Open("astrid-guard");
};

TEST_F(HomeRetention, ContentOfWhatHasExpiredGoesAndItsPlaceInTheInboxStays) {
  const BulletinId soon = Publish(absl::Hours(2));
  const BulletinId late = Publish(absl::Hours(48));
  ASSERT_TRUE(guard_.Sync().ok());
  ASSERT_TRUE(network_.Open("an-lise").Sync().ok());
  network_.clock().Advance(absl::Hours(3));
  network_.Refresh();
  ASSERT_TRUE(guard_.Sync().ok());
  EXPECT_THAT(SlotOf("astrid-guard", 1), IsEmpty());
  EXPECT_THAT((*StateOf("astrid-guard")->FindEntry(1))->delivered.payload, IsEmpty());
  EXPECT_THAT(SlotOf("astrid-guard", 2), Not(IsEmpty()));
  EXPECT_EQ(RuleOf(guard_.Show(soon).status()), "EXPIRED");
  EXPECT_TRUE(guard_.Show(late).ok());
  EXPECT_THAT(*guard_.Inbox(), SizeIs(2));
  // The slots its author kept for a courier go as well.
  ASSERT_TRUE(network_.Open("an-lise").Sync().ok());
  EXPECT_THAT((*StateOf("an-lise")->FindPublication(soon))->slots, IsEmpty());
  EXPECT_THAT((*StateOf("an-lise")->FindPublication(late))->slots, Not(IsEmpty()));
}

// Nothing that the authority has signed says that the time has come.
TEST_F(HomeRetention, AClockThatIsAheadErasesNothing) {
  Publish(absl::Hours(2));
  ASSERT_TRUE(guard_.Sync().ok());
  network_.clock().Advance(absl::Hours(3));
  ASSERT_TRUE(guard_.Sync().ok());
  EXPECT_THAT(SlotOf("astrid-guard", 1), Not(IsEmpty()));
}

TEST_F(HomeRetention, WhatIsKeptIsListedByItsEndUpToTheMost) {
  const BulletinId second = Publish(absl::Hours(5));
  const BulletinId first = Publish(absl::Hours(2));
  Publish(absl::Hours(500));
  ASSERT_TRUE(guard_.Sync().ok());
  const absl::Time until = network_.clock().Now() + absl::Hours(24);
  const auto kept = guard_.ContentThatEnds(until, 10);
  ASSERT_TRUE(kept.ok()) << kept.status();
  ASSERT_THAT(*kept, SizeIs(2));
  EXPECT_EQ((*kept)[0].id, first);
  EXPECT_EQ((*kept)[1].id, second);
  EXPECT_EQ((*kept)[0].tlp, Tlp::kAmber);
  EXPECT_EQ((*kept)[0].bulletin_class, BulletinClass::kContent);
  EXPECT_THAT(*guard_.ContentThatEnds(until, 1), SizeIs(1));
  // Its author has an entry and the slots.
  Client analyst = network_.Open("an-lise");
  ASSERT_TRUE(analyst.Sync().ok());
  EXPECT_THAT(*analyst.ContentThatEnds(until, 10), SizeIs(4));
}

}  // namespace
}  // namespace shield::testing
