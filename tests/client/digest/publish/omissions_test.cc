#include "client/digest/publish/omissions.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/digest/publish/edition_draft.h"
#include "client/digest/week.h"
#include "tests/client/support/sample_network.h"

namespace shield {
namespace {

constexpr char kMissing[] = "00112233445566778899aabbccddeeff";

class OmissionsTest : public ::testing::Test {
 protected:
  BulletinId Green(absl::string_view title) {
    network_.clock().Advance(absl::Minutes(1));
    const auto published = network_.Open("an-lise").Publish(network_.Green(title));
    EXPECT_TRUE(published.ok()) << published.status();
    network_.clock().Advance(absl::Minutes(1));
    return published->id;
  }

  // An edition by `author` that lists a bulletin which this reader's broker has never given.
  BulletinId EditionListing(absl::string_view author, absl::string_view id, absl::Time issued,
                            absl::string_view tlp = "TLP:GREEN", uint64_t directory = 0) {
    network_.clock().Advance(absl::Minutes(1));
    if (directory == 0) directory = Version();
    const std::string moment = absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", issued, absl::UTCTimeZone());
    Draft draft = network_.Green("Weekly briefing");
    draft.kind = "weekly_briefing";
    draft.members_json = absl::StrCat(
        R"({"title":"Weekly briefing","kind":"weekly_briefing","body":"Text.","details":{"week":")",
        Week::Of(issued).Print(), R"(","tier":"green","items":[{"id":")", id, R"(","tlp":")", tlp,
        R"(","issued":")", moment, R"(","directory":)", directory, "}]}}");
    const auto published = network_.Open(author).Publish(draft);
    EXPECT_TRUE(published.ok()) << published.status();
    return published->id;
  }

  // The directory that is in force.
  uint64_t Version() { return network_.Open("an-lise").SyncDirectory().value()->version(); }

  std::vector<Omission> OmissionsOf(absl::string_view member) {
    Client client = network_.Open(member);
    EXPECT_TRUE(client.Sync().ok());
    auto gathered = Gather(client, network_.HomeOf(member), GatheredFor::kMine, Language::kEnglish,
                           Fetching::kAllowed);
    EXPECT_TRUE(gathered.ok()) << gathered.status();
    return FindOmissions(*gathered, network_.clock().Now());
  }

  ::shield::testing::SampleNetwork network_;
};

TEST_F(OmissionsTest, WhatAnEditionListsAndNeverCameIsFound) {
  Green("Something before");
  const absl::Time issued = network_.clock().Now();
  const BulletinId edition = EditionListing("an-lise", kMissing, issued);
  const std::vector<Omission> omissions = OmissionsOf("meir-guard");
  ASSERT_EQ(omissions.size(), 1u);
  EXPECT_EQ(omissions.front(),
            (Omission{*BulletinId::Parse(kMissing), Tlp::kGreen, issued, edition}));
}

TEST_F(OmissionsTest, WhatCameIsNotMissingWhateverBecameOfIt) {
  Green("Something before");
  const BulletinId id = Green("Listed");
  EditionListing("an-lise", id.ToHex(), network_.clock().Now() - absl::Minutes(1));
  EXPECT_TRUE(OmissionsOf("meir-guard").empty());
  ASSERT_TRUE(network_.Open("an-lise").Withdraw(id).ok());
  EXPECT_TRUE(OmissionsOf("meir-guard").empty());
}

TEST_F(OmissionsTest, WhatWasIssuedBeforeAReaderJoinedIsNotMissing) {
  const BulletinId old = Green("Before");
  const absl::Time issued = network_.clock().Now() - absl::Minutes(1);
  network_.AddMember("meir-new", "meir", {Role::kReader});
  network_.PublishDirectory();
  ASSERT_TRUE(network_.Open("an-lise").SyncDirectory().ok());
  EditionListing("an-lise", old.ToHex(), issued);
  EXPECT_TRUE(OmissionsOf("meir-new").empty());
}

TEST_F(OmissionsTest, WhatWasSealedWhileAReaderWasSuspendedIsNotMissing) {
  Green("Something before");
  network_.Member("meir-guard").state = AccountState::kSuspended;
  network_.PublishDirectory();
  const uint64_t version = Version();
  const BulletinId meanwhile = Green("Meanwhile");
  const absl::Time issued = network_.clock().Now() - absl::Minutes(1);
  network_.Member("meir-guard").state = AccountState::kActive;
  network_.PublishDirectory();
  ASSERT_GT(Version(), version);
  Green("Something afterwards");
  EditionListing("an-lise", meanwhile.ToHex(), issued, "TLP:GREEN", version);
  EXPECT_TRUE(OmissionsOf("meir-guard").empty());
  EXPECT_TRUE(OmissionsOf("astrid-guard").empty());
}

TEST_F(OmissionsTest, WhatWasSealedAfterAPeriodHadLapsedIsNotMissing) {
  const auto ends_in = [this](absl::Duration left) {
    return Period{absl::UnixEpoch(), network_.clock().Now() + left};
  };
  const std::vector<std::function<void(const Period&)>> lapses = {
      [this](const Period& period) { network_.Member("meir-guard").period = period; },
      [this](const Period& period) { network_.Org("meir").period = period; },
      [this](const Period& period) {
        for (KeyRecord& key : network_.records().keys) {
          const bool seals = key.member.text() == "meir-guard" && key.use == KeyUse::kSeal;
          if (seals) key.period = period;
        }
      }};
  for (const auto& lapse : lapses) {
    lapse(ends_in(absl::Minutes(5)));
    network_.PublishDirectory();
    const uint64_t version = Version();
    ASSERT_TRUE(network_.Open("meir-guard").SyncDirectory().ok());
    Green("While it counted");
    const absl::Time counted = network_.clock().Now() - absl::Seconds(30);
    network_.clock().Advance(absl::Minutes(10));
    const BulletinId unsent = Green("When it had lapsed");
    const absl::Time lapsed = network_.clock().Now() - absl::Minutes(1);
    lapse(Period());
    network_.PublishDirectory();
    EditionListing("an-lise", unsent.ToHex(), lapsed, "TLP:GREEN", version);
    EXPECT_TRUE(OmissionsOf("meir-guard").empty());
    const BulletinId edition = EditionListing("an-lise", kMissing, counted, "TLP:GREEN", version);
    ASSERT_EQ(OmissionsOf("meir-guard").size(), 1u) << "what was sealed before is";
    ASSERT_TRUE(network_.Open("an-lise").Withdraw(edition).ok());
  }
}

TEST_F(OmissionsTest, OfAVersionThatIsNotHereWhatLiesBetweenTwoThatCameIsMissing) {
  const uint64_t version = Version();
  Green("Something before");
  Green("The first of that version");
  const absl::Time between = network_.clock().Now();
  Green("The last of that version");
  const absl::Time after = network_.clock().Now();
  network_.PublishDirectory();
  EditionListing("an-lise", kMissing, between, "TLP:GREEN", version);
  EditionListing("an-lise", "ffeeddccbbaa99887766554433221100", after, "TLP:GREEN", version);
  const std::vector<Omission> omissions = OmissionsOf("astrid-desk");
  ASSERT_EQ(omissions.size(), 1u);
  EXPECT_EQ(omissions.front().bulletin.ToHex(), kMissing);
}

// A broker can sign with keys of its own: what is closed because of that came from nobody.
TEST_F(OmissionsTest, WhatNobodyCouldHaveSignedIsNotHeld) {
  InboxItem item;
  item.id = *BulletinId::Parse(kMissing);
  item.closed_now = true;
  item.references = {
      {Relation::kShares, *BulletinId::Parse("ffeeddccbbaa99887766554433221100"), {}}};
  Client reader = network_.Open("meir-guard");
  ASSERT_TRUE(reader.SyncDirectory().ok());
  Gathered gathered{reader.member(), *reader.NewestDirectory()};
  NoteHeld(item, gathered);
  EXPECT_TRUE(gathered.held.empty());
  item.signer_known = true;
  NoteHeld(item, gathered);
  EXPECT_EQ(gathered.held.size(), 1u) << "what it says to pass on does not count";
  item.state = InboxState::kLive;
  NoteHeld(item, gathered);
  EXPECT_EQ(gathered.held.size(), 2u);
}

TEST_F(OmissionsTest, WhatIsStricterThanGreenIsNoOnesToMiss) {
  Green("Something before");
  EditionListing("an-lise", kMissing, network_.clock().Now(), "TLP:AMBER");
  EXPECT_TRUE(OmissionsOf("meir-guard").empty());
}

TEST_F(OmissionsTest, WhatIsSaidToHaveComeAfterTheEditionIsNotMissing) {
  Green("Something before");
  EditionListing("an-lise", kMissing, network_.clock().Now() + absl::Hours(1));
  EXPECT_TRUE(OmissionsOf("meir-guard").empty());
}

}  // namespace
}  // namespace shield
