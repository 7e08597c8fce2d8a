#include "client/digest/publish/gather.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/client/support/sample_network.h"

namespace shield {
namespace {

class GatherTest : public ::testing::Test {
 protected:
  // Published by an-lise a minute after what came before.
  BulletinId Publish(absl::string_view author, absl::string_view tlp, absl::string_view to,
                     absl::string_view body = "Body.") {
    network_.clock().Advance(absl::Minutes(1));
    const Draft draft =
        network_.DraftOf(absl::StrCat("+++\ntitle = \"Notice\"\nkind = \"notice\"\ntlp = \"", tlp,
                                      "\"\nto = [", to, "]\n+++\n", body, "\n"));
    const auto published = network_.Open(author).Publish(draft);
    EXPECT_TRUE(published.ok()) << published.status();
    return published->id;
  }

  Gathered GatherAs(absl::string_view member, GatheredFor whom = GatheredFor::kOthers) {
    Client client = network_.Open(member);
    EXPECT_TRUE(client.Sync().ok());
    absl::StatusOr<Gathered> gathered =
        Gather(client, network_.HomeOf(member), whom, Language::kEnglish, Fetching::kAllowed);
    EXPECT_TRUE(gathered.ok()) << gathered.status();
    return *std::move(gathered);
  }

  static const BriefingCandidate& Of(const Gathered& gathered, const BulletinId& id) {
    for (const BriefingCandidate& candidate : gathered.candidates) {
      if (candidate.bulletin.id == id) return candidate;
    }
    ADD_FAILURE() << "not gathered: " << id.ToHex();
    return gathered.candidates.front();
  }

  size_t MembersSent(const BriefingCandidate& candidate) {
    return candidate.sent_to == nullptr ? 0 : candidate.sent_to->size();
  }

  ::shield::testing::SampleNetwork network_;
};

TEST_F(GatherTest, WhatThisHomePublishedIsThereWithWhomItWasSentTo) {
  const BulletinId id = Publish("an-lise", "TLP:AMBER", "\"org:astrid\"");
  const Gathered gathered = GatherAs("an-lise");
  const BriefingCandidate& candidate = Of(gathered, id);
  EXPECT_EQ(candidate.bulletin.content.title, "Notice");
  EXPECT_EQ(candidate.bulletin.state, InboxState::kLive);
  EXPECT_EQ(candidate.terms.targets.orgs.size(), 1u);
  EXPECT_FALSE(candidate.terms.targets.hidden);
  // Both of astrid, and the analysts of the source.
  EXPECT_EQ(MembersSent(candidate), 4u);
}

TEST_F(GatherTest, WhatAnotherSeatPublishedWasSentToWhomItsDirectorySays) {
  const BulletinId id = Publish("an-omar", "TLP:AMBER", "\"sector:retail\"");
  const Gathered gathered = GatherAs("an-lise");
  EXPECT_EQ(MembersSent(Of(gathered, id)), 3u);
  EXPECT_EQ(Of(gathered, id).bulletin.sectors, std::vector<std::string>{"retail"});
}

TEST_F(GatherTest, WhomItsOrganisationAddressedTheDigestSeatKnows) {
  network_.AddMember("an-digest", "ocad", {Role::kDigest});
  network_.PublishDirectory();
  const BulletinId id = Publish("an-omar", "TLP:AMBER+STRICT", "\"org:astrid\", \"org:meir\"");
  for (const char* seat : {"an-digest", "an-lise"}) {
    const Gathered gathered = GatherAs(seat);
    EXPECT_EQ(Of(gathered, id).terms.targets.orgs.size(), 2u) << seat;
    EXPECT_FALSE(Of(gathered, id).terms.targets.hidden) << seat;
    EXPECT_EQ(MembersSent(Of(gathered, id)), 6u) << seat;
  }
  // A reader knows that it is for its own organisation, and that it is for others.
  const Gathered reader = GatherAs("meir-guard", GatheredFor::kMine);
  EXPECT_EQ(Of(reader, id).terms.targets.orgs.size(), 1u);
  EXPECT_TRUE(Of(reader, id).terms.targets.hidden);
}

TEST_F(GatherTest, UnderAnOlderDirectoryThatWasHereItIsKnownStill) {
  const BulletinId id = Publish("an-omar", "TLP:AMBER", "\"sector:retail\"");
  ASSERT_TRUE(network_.Open("an-lise").Sync().ok());
  network_.AddMember("meir-new", "meir", {Role::kReader});
  network_.PublishDirectory();
  const Gathered gathered = GatherAs("an-lise");
  EXPECT_EQ(MembersSent(Of(gathered, id)), 3u);
}

TEST_F(GatherTest, UnderADirectoryThatIsNotHereNobodyCanTell) {
  const BulletinId id = Publish("an-omar", "TLP:AMBER", "\"sector:retail\"");
  network_.PublishDirectory();
  // This home has never seen the version before.
  const Gathered gathered = GatherAs("an-lise");
  EXPECT_EQ(Of(gathered, id).sent_to, nullptr);
}

TEST_F(GatherTest, OfWhatWasWithdrawnTheMomentIsThereAndNoContent) {
  const BulletinId id = Publish("an-lise", "TLP:GREEN", "");
  network_.clock().Advance(absl::Hours(1));
  const absl::Time withdrawn = network_.clock().Now();
  ASSERT_TRUE(network_.Open("an-lise").Withdraw(id).ok());
  const Gathered gathered = GatherAs("an-omar");
  const BriefingCandidate& candidate = Of(gathered, id);
  EXPECT_EQ(candidate.bulletin.state, InboxState::kWithdrawn);
  EXPECT_EQ(candidate.terms.state, BulletinState::kWithdrawn);
  EXPECT_EQ(candidate.bulletin.ended, withdrawn);
  EXPECT_EQ(candidate.bulletin.content, BriefedContent());
  EXPECT_EQ(gathered.candidates.size(), 1u) << "a withdrawal is no bulletin of its own";
}

TEST_F(GatherTest, ABodyIsKeptAsFarAsAnyFormatReadsIt) {
  const BulletinId id = Publish("an-lise", "TLP:GREEN", "", std::string(100 * 1024, 'x'));
  const Gathered gathered = GatherAs("an-lise");
  const std::string& body = Of(gathered, id).bulletin.content.body;
  EXPECT_GT(body.size(), show::kMaxBodyBytes) << "it shows that it was cut";
  EXPECT_LE(body.size(), kKeptBodyBytes);
}

TEST_F(GatherTest, RedIsThereWithoutItsContent) {
  const BulletinId id = Publish("an-lise", "TLP:RED", "\"member:astrid-guard\"");
  const Gathered gathered = GatherAs("astrid-guard", GatheredFor::kMine);
  EXPECT_EQ(Of(gathered, id).bulletin.content, BriefedContent());
}

TEST_F(GatherTest, NothingSignedIsDueForWhatWasGathered) {
  Publish("an-lise", "TLP:GREEN", "");
  Client reader = network_.Open("astrid-guard");
  ASSERT_TRUE(reader.Sync().ok());
  ASSERT_TRUE(Gather(reader, network_.HomeOf("astrid-guard"), GatheredFor::kMine,
                     Language::kEnglish, Fetching::kAllowed)
                  .ok());
  ASSERT_TRUE(reader.SendReceipts().ok());
  const auto items = reader.Inbox();
  ASSERT_TRUE(items.ok());
  const auto board = network_.Open("an-lise").Board(*items->front().id);
  ASSERT_TRUE(board.ok()) << board.status();
  EXPECT_EQ(board->counts.opened, 0u);
}

TEST_F(GatherTest, BeforeTheFirstDirectoryThereIsNothingToGather) {
  Client client = network_.Open("an-lise");
  EXPECT_EQ(Gather(client, network_.HomeOf("an-lise"), GatheredFor::kMine, Language::kEnglish,
                   Fetching::kNever)
                .status()
                .code(),
            absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace shield
