// Passing a bulletin on: who may, to whom, what is given to the new reader, and when it ends.
#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "broker/core/reference_check.h"
#include "broker/core/refusals.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/broker/core/broker_test_base.h"

namespace shield::testing {
namespace {

using absl::StatusCode;
using broker::EntryState;

class Sharing : public BrokerTestBase {
 protected:
  void SetUp() override {
    network_.AddMember("night", "mall", {Role::kReader});
    network_.AddOrg("window", OrgKind::kClient);
    network_.AddMember("window", "window", {Role::kReader});
    network_.org("cleaners").clients.push_back({Org("window")});
    Enrol();
  }

  SealedBulletin Published(const TestDraft& draft) {
    SealedBulletin bulletin = network_.Seal(draft);
    const auto receipt = Publish(draft.author, bulletin);
    EXPECT_TRUE(receipt.ok()) << receipt.status();
    return bulletin;
  }
  SealedBulletin ToMall(Tlp tlp) { return Published({"ann", tlp, {"org:mall"}}); }

  SealedBulletin Shared(const std::string& sharer, const SealedBulletin& original,
                        const std::vector<std::string>& to) {
    SealedBulletin share = network_.Share(sharer, original, to);
    const auto receipt = Publish(sharer, share);
    EXPECT_TRUE(receipt.ok()) << receipt.status();
    return share;
  }
  std::string Refused(const std::string& sharer, const SealedBulletin& original,
                      const std::vector<std::string>& to) {
    const absl::Status status = Header(sharer, network_.Share(sharer, original, to));
    EXPECT_EQ(status.code(), StatusCode::kPermissionDenied) << status;
    return RuleOf(status);
  }
  // What is said of a share whose statement was changed before it was signed.
  template <typename Change>
  std::string Mismatched(SealedBulletin share, const Change& change) {
    change(share.statement);
    share.note = network_.SignAs(share.statement.author.str(), share.statement);
    return RuleOf(Header(share.statement.author.str(), share));
  }

  std::vector<broker::FeedEntry> InboxOf(const std::string& member) {
    return Entries(Drain(*Subscribe(member)));
  }
};

TEST_F(Sharing, AmberReachesAClientWithTheOriginalBesideIt) {
  TestDraft draft = {"ann", Tlp::kAmber, {"org:mall"}};
  draft.objects = {Bytes(100'000, 7)};
  const SealedBulletin original = Published(draft);
  const SealedBulletin share = network_.Share("guard", original, {"cleaner"});
  const auto receipt = Publish("guard", share);
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->recipients, 2u);
  const auto inbox = InboxOf("cleaner");
  ASSERT_EQ(inbox.size(), 1u);
  EXPECT_EQ(inbox[0].shared->content().statement, share.note);
  EXPECT_EQ(inbox[0].shared->content().shared_original, original.note);
  EXPECT_EQ(AsBytes(inbox[0].shared->content().payload).size(), original.payload.size());
  EXPECT_EQ(*Fetch("cleaner", {share.statement.id}), original.payload);
  EXPECT_EQ(*Fetch("cleaner", {share.statement.id, 1}), original.objects[0]);
  EXPECT_FALSE(Fetch("cleaner", {original.statement.id}).ok());
}

TEST_F(Sharing, WhatIsNoShareShowsNoOriginal) {
  ToMall(Tlp::kAmber);
  EXPECT_EQ(InboxOf("guard")[0].shared->content().shared_original, "");
}

TEST_F(Sharing, EachLabelGoesAsFarAsItSays) {
  const SealedBulletin strict = ToMall(Tlp::kAmberStrict);
  EXPECT_EQ(Refused("guard", strict, {"cleaner"}), "STRICT_NO_CLIENTS");
  EXPECT_EQ(Refused("guard", strict, {"reader"}), "NOT_RECIPIENT_ORG");
  Shared("guard", strict, {"night"});
  const SealedBulletin amber = ToMall(Tlp::kAmber);
  EXPECT_EQ(Refused("guard", amber, {"reader"}), "NOT_RECIPIENT_NOR_CLIENT");
  const SealedBulletin green = ToMall(Tlp::kGreen);
  Shared("guard", green, {"reader"});
  EXPECT_EQ(Refused("guard", green, {"cleaner"}), "OUTSIDE_COMMUNITY");
  const SealedBulletin clear = Published({"ann", Tlp::kClear, {"org:mall", "public"}});
  Shared("guard", clear, {"cleaner"});
  const SealedBulletin red = Published({"ann", Tlp::kRed, {"member:guard"}});
  EXPECT_EQ(Refused("guard", red, {"night"}), "RED_NOT_NAMED");
}

TEST_F(Sharing, AColleagueIsGivenWhatTheSharerHas) {
  const SealedBulletin original = Published({"ann", Tlp::kAmberStrict, {"org:hotel"}});
  network_.AddMember("maid", "hotel", {Role::kReader});
  Enrol();
  const SealedBulletin share = Shared("reader", original, {"maid"});
  EXPECT_EQ(*Fetch("maid", {share.statement.id}), original.payload);
  EXPECT_EQ(Refused("reader", original, {"desk"}), "VETTING_TOO_LOW");
}

TEST_F(Sharing, AClientPassesItOnToColleaguesButNotToItsOwnClients) {
  const SealedBulletin original = ToMall(Tlp::kAmber);
  network_.AddMember("mate", "cleaners", {Role::kReader});
  Enrol();
  Shared("guard", original, {"cleaner"});
  EXPECT_EQ(Refused("guard", original, {"window"}), "CLIENT_NOT_TRANSITIVE");
  EXPECT_EQ(Refused("cleaner", original, {"window"}), "CLIENT_NOT_TRANSITIVE");
  const SealedBulletin again = Shared("cleaner", original, {"mate"});
  EXPECT_EQ(*Fetch("mate", {again.statement.id}), original.payload);
}

TEST_F(Sharing, WhoHasItNotHearsNoMoreOfItThanOfNone) {
  const SealedBulletin original = ToMall(Tlp::kAmber);
  SealedBulletin nothing = original;
  nothing.statement.id = BulletinId(std::array<uint8_t, 16>{1});
  EXPECT_EQ(Header("reader", network_.Share("reader", original, {"desk"})),
            broker::NoSuchBulletin());
  EXPECT_EQ(Header("reader", network_.Share("reader", nothing, {"desk"})),
            broker::NoSuchBulletin());
}

TEST_F(Sharing, AShareRepeatsItsOriginalAndEndsNoLater) {
  const SealedBulletin share = network_.Share("guard", ToMall(Tlp::kAmber), {"cleaner"});
  const std::string mismatch = "REFERENCE_MISMATCH";
  EXPECT_EQ(Mismatched(share, [](Statement& s) { s.tlp = Tlp::kGreen; }), mismatch);
  EXPECT_EQ(Mismatched(share, [](Statement& s) { s.payload.digest.bytes[0] ^= 1; }), mismatch);
  EXPECT_EQ(Mismatched(share, [](Statement& s) { s.payload.bytes += 1; }), mismatch);
  EXPECT_EQ(Mismatched(share, [](Statement& s) { s.objects.push_back(s.payload); }), mismatch);
  EXPECT_EQ(Mismatched(share, [](Statement& s) { s.status = BulletinStatus::kTest; }), mismatch);
  EXPECT_EQ(Mismatched(share, [](Statement& s) { s.expires += absl::Seconds(1); }), mismatch);
  EXPECT_EQ(Mismatched(share, [](Statement& s) { s.references[0].text_digest.bytes[0] ^= 1; }),
            mismatch);
  EXPECT_TRUE(Header("guard", share).ok());
}

TEST_F(Sharing, AShareNamesTheOriginalAndNotAShare) {
  const SealedBulletin share = Shared("guard", ToMall(Tlp::kAmber), {"cleaner"});
  EXPECT_EQ(RuleOf(Header("guard", network_.Share("guard", share, {"night"}))),
            "REFERENCE_MISMATCH");
}

TEST_F(Sharing, ItsAudienceIsOfMembersAlone) {
  const SealedBulletin original = ToMall(Tlp::kAmber);
  const SealedBulletin share = network_.Share("guard", original, {"cleaner"});
  EXPECT_EQ(
      Mismatched(share,
                 [](Statement& s) { s.audience.push_back(*ParseAudienceToken("sector:health")); }),
      "AUDIENCE_REQUIRED");
  EXPECT_EQ(Refused("guard", original, {"guard"}), "AUDIENCE_REQUIRED");
}

TEST_F(Sharing, NoBytesAreSentBesideIt) {
  const SealedBulletin original = ToMall(Tlp::kAmber);
  SealedBulletin share = network_.Share("guard", original, {"cleaner"});
  share.payload = original.payload;
  EXPECT_EQ(RuleOf(Publish("guard", share).status()), "MESSAGE_MALFORMED");
}

TEST_F(Sharing, TheSlotsOfAClearShareHoldThePublishedKey) {
  const SealedBulletin clear = Published({"ann", Tlp::kClear, {"org:mall", "public"}});
  EXPECT_EQ(Mismatched(network_.Share("guard", clear, {"cleaner"}),
                       [](Statement& s) { (*s.clear_key)[0] ^= 1; }),
            "REFERENCE_MISMATCH");
}

TEST_F(Sharing, WhatEndsTheOriginalReachesWhoHoldsAShareAndStopsIt) {
  const SealedBulletin original = ToMall(Tlp::kAmber);
  const SealedBulletin share = Shared("guard", original, {"cleaner"});
  ASSERT_EQ(InboxOf("cleaner").size(), 1u);
  const SealedBulletin withdrawal = network_.Withdraw("ann", original);
  ASSERT_TRUE(Publish("ann", withdrawal).ok());
  const auto inbox = InboxOf("cleaner");
  ASSERT_EQ(inbox.size(), 2u);
  EXPECT_EQ(inbox[0].shared->content().state, EntryState::kWithdrawn);
  EXPECT_EQ(inbox[0].shared->content().ended_by, withdrawal.note);
  EXPECT_EQ(inbox[0].shared->content().payload, "");
  EXPECT_EQ(inbox[1].shared->content().statement, withdrawal.note);
  EXPECT_EQ(RuleOf(Fetch("cleaner", {share.statement.id}).status()), "WITHDRAWN");
  EXPECT_EQ(Refused("guard", original, {"night"}), "WITHDRAWN");
}

// Who was given it has it no more when the share was taken back, and so gives it to nobody.
TEST_F(Sharing, WhatWasTakenBackIsNotPassedOn) {
  network_.AddMember("mate", "cleaners", {Role::kReader});
  Enrol();
  const SealedBulletin original = ToMall(Tlp::kAmber);
  const SealedBulletin share = Shared("guard", original, {"cleaner"});
  EXPECT_TRUE(Header("cleaner", network_.Share("cleaner", original, {"mate"})).ok());
  ASSERT_TRUE(Publish("guard", network_.Withdraw("guard", share)).ok());
  EXPECT_EQ(Header("cleaner", network_.Share("cleaner", original, {"mate"})),
            broker::NoSuchBulletin());
  EXPECT_EQ(RuleOf(Fetch("cleaner", {share.statement.id}).status()), "WITHDRAWN");
  // The sharer has the original itself.
  EXPECT_TRUE(Header("guard", network_.Share("guard", original, {"cleaner"})).ok());
}

TEST_F(Sharing, AShareThatEndsBeforeItsOriginalEndsForItsReader) {
  network_.AddMember("mate", "cleaners", {Role::kReader});
  Enrol();
  const SealedBulletin original = ToMall(Tlp::kAmber);
  SealedBulletin share = network_.Share("guard", original, {"cleaner"});
  share.statement.expires = share.statement.issued + absl::Hours(1);
  share.note = network_.SignAs("guard", share.statement);
  ASSERT_TRUE(Publish("guard", share).ok());
  EXPECT_TRUE(Fetch("cleaner", {share.statement.id}).ok());
  clock_.Advance(absl::Hours(1));
  EXPECT_EQ(RuleOf(Fetch("cleaner", {share.statement.id}).status()), "EXPIRED");
  EXPECT_EQ(InboxOf("cleaner")[0].shared->content().payload, "");
  EXPECT_EQ(Header("cleaner", network_.Share("cleaner", original, {"mate"})),
            broker::NoSuchBulletin());
  EXPECT_TRUE(Fetch("guard", {original.statement.id}).ok());
}

TEST_F(Sharing, WhoHasNoStandingPassesNothingOn) {
  const SealedBulletin original = ToMall(Tlp::kAmber);
  network_.member("guard").record.state = AccountState::kSuspended;
  Enrol();
  EXPECT_EQ(Refused("guard", original, {"night"}), "SUSPENDED");
  network_.member("guard").record.state = AccountState::kActive;
  network_.member("guard").record.org = Org("hotel");
  Enrol();
  EXPECT_EQ(Refused("guard", original, {"reader"}), "NOT_RECIPIENT_NOR_CLIENT");
}

TEST_F(Sharing, AStricterLabelEndsTheSharesAndTellsTheirReaders) {
  const SealedBulletin original = ToMall(Tlp::kAmber);
  const SealedBulletin share = Shared("guard", original, {"cleaner"});
  const SealedBulletin strict =
      Published({.author = "ann",
                 .tlp = Tlp::kAmberStrict,
                 .to = {"org:mall"},
                 .references = {RefersTo(Relation::kRelabels, original)}});
  EXPECT_EQ(RuleOf(Fetch("cleaner", {share.statement.id}).status()), "SUPERSEDED");
  const auto inbox = InboxOf("cleaner");
  ASSERT_EQ(inbox.size(), 2u);
  EXPECT_EQ(inbox[1].shared->content().statement, strict.note);
  EXPECT_EQ(inbox[1].own.slot, "");
  EXPECT_EQ(Refused("guard", strict, {"cleaner"}), "STRICT_NO_CLIENTS");
}

TEST_F(Sharing, OnePastTheSharesOfAMemberIsRefused) {
  const SealedBulletin original = ToMall(Tlp::kAmber);
  for (size_t i = 0; i < broker::kMaxSharesOfAMember; ++i) Shared("guard", original, {"cleaner"});
  EXPECT_EQ(RuleOf(Header("guard", network_.Share("guard", original, {"cleaner"}))),
            "LIMIT_EXCEEDED");
  EXPECT_TRUE(Header("night", network_.Share("night", original, {"cleaner"})).ok());
}

TEST_F(Sharing, OnePastTheSharesOfABulletinIsRefused) {
  const size_t sharers = broker::kMaxShares / broker::kMaxSharesOfAMember + 1;
  for (size_t i = 0; i < sharers; ++i) {
    network_.AddMember(absl::StrCat("seat-", i), "mall", {Role::kReader});
  }
  Enrol();
  MakeBroker({.publishes_per_minute = 100'000, .calls_per_second = 100'000});
  const SealedBulletin original = ToMall(Tlp::kAmber);
  for (size_t i = 0; i < broker::kMaxShares; ++i) {
    Shared(absl::StrCat("seat-", i % sharers), original, {"cleaner"});
  }
  EXPECT_EQ(RuleOf(Header("night", network_.Share("night", original, {"cleaner"}))),
            "LIMIT_EXCEEDED");
  // Its withdrawal reaches all of them.
  EXPECT_TRUE(Publish("ann", network_.Withdraw("ann", original)).ok());
}

TEST_F(Sharing, TheLiveDirectoryIsAskedAboutTheNewReader) {
  const SealedBulletin original = ToMall(Tlp::kAmber);
  const SealedBulletin share = Shared("guard", original, {"cleaner"});
  network_.member("cleaner").record.vetting = 1;
  Enrol();
  EXPECT_EQ(RuleOf(Fetch("cleaner", {share.statement.id}).status()), "VETTING_TOO_LOW");
  EXPECT_EQ(InboxOf("cleaner")[0].shared->content().payload, "");
}

TEST_F(Sharing, ItIsServedWhoeverGaveIt) {
  const SealedBulletin original = ToMall(Tlp::kAmber);
  const SealedBulletin share = Shared("guard", original, {"cleaner"});
  network_.member("guard").record.state = AccountState::kRevoked;
  Enrol();
  EXPECT_EQ(*Fetch("cleaner", {share.statement.id}), original.payload);
}

TEST_F(Sharing, WhoWasNamedInAnotherOrganisationHasItNoMore) {
  const SealedBulletin share = Shared("guard", ToMall(Tlp::kAmber), {"cleaner"});
  network_.member("cleaner").record.org = Org("hotel");
  Enrol();
  EXPECT_EQ(RuleOf(Fetch("cleaner", {share.statement.id}).status()), "AFFILIATION_CHANGED");
}

// It would take with it what it was given for another organisation.
TEST_F(Sharing, WhoWasNamedInAnotherOrganisationPassesNothingOn) {
  const std::array originals = {ToMall(Tlp::kAmberStrict), ToMall(Tlp::kAmber)};
  network_.AddMember("late", "mall", {Role::kReader});
  Enrol();
  for (const SealedBulletin& original : originals) {
    Shared("guard", original, {"late"});
    EXPECT_TRUE(Header("late", network_.Share("late", original, {"night"})).ok());
  }
  network_.member("late").record.org = Org("hotel");
  Enrol();
  for (const SealedBulletin& original : originals) {
    EXPECT_EQ(Header("late", network_.Share("late", original, {"reader"})),
              broker::NoSuchBulletin());
  }
}

// Its own share, by which it holds it too, entitles it to nothing more.
TEST_F(Sharing, AnOwnShareOutlivesNothingThatEntitledToIt) {
  network_.AddMember("mate", "cleaners", {Role::kReader});
  Enrol();
  const SealedBulletin original = ToMall(Tlp::kAmber);
  const SealedBulletin share = Shared("guard", original, {"cleaner"});
  Shared("cleaner", original, {"mate"});
  EXPECT_TRUE(Header("cleaner", network_.Share("cleaner", original, {"mate"})).ok());
  ASSERT_TRUE(Publish("guard", network_.Withdraw("guard", share)).ok());
  EXPECT_EQ(Header("cleaner", network_.Share("cleaner", original, {"mate"})),
            broker::NoSuchBulletin());
}

TEST_F(Sharing, TheSourceSeesWhoPassedItToWhomAndNobodyElseDoes) {
  const SealedBulletin original = ToMall(Tlp::kAmber);
  Shared("guard", original, {"cleaner"});
  const auto status = broker_->GetStatus(network_.CallerOf("bob"), original.statement.id);
  ASSERT_TRUE(status.ok()) << status.status();
  std::vector<std::string> passed_on;
  for (const broker::RecipientStatus& each : *status) {
    if (each.shared_by.has_value())
      passed_on.push_back(each.member.str() + " by " + each.shared_by->str());
  }
  EXPECT_THAT(passed_on, ::testing::ElementsAre("cleaner by guard"));
  EXPECT_EQ(broker_->GetStatus(network_.CallerOf("guard"), original.statement.id).status(),
            broker::NoSuchBulletin());
}

}  // namespace
}  // namespace shield::testing
