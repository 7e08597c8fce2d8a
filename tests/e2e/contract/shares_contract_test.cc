// The contract of Connection (client/connection.h): bulletins that are passed on.
#include <gmock/gmock.h>

#include <array>

#include "tests/e2e/contract/contract_fixture.h"

namespace shield::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kSharer[] = "astrid-reader";
constexpr char kColleague[] = "astrid-night";
constexpr char kOther[] = "astrid-porter";

// The colleagues come after the bulletin: by a share alone do they have it.
class SharesContract : public ConnectionContract {
 protected:
  void SetUp() override {
    network_->AddMember(kColleague, "astrid", Role::kReader);
    network_->AddMember(kOther, "astrid", Role::kReader);
    original_ = MustPublish({"org:astrid"});
    network_->PublishDirectory();
  }
  Envelope MustPass(const std::string& sharer, const std::vector<std::string>& to) {
    Envelope share = Passed(original_, sharer, to);
    const auto receipt = Send(share, sharer);
    EXPECT_TRUE(receipt.ok()) << receipt.status();
    return share;
  }
  std::string Refusal(const Envelope& envelope, const std::string& member) {
    return CodeAndRule(Send(envelope, member).status());
  }

  Envelope original_ = {BulletinId(std::array<uint8_t, 16>{}), {}, {}};
};

INSTANTIATE_TEST_SUITE_P(Brokers, SharesContract,
                         ::testing::Values(ContractBroker::kMemory, ContractBroker::kShieldd),
                         NameOf);

TEST_P(SharesContract, AShareReachesWhomItNamesWithItsOriginalBesideIt) {
  const Envelope share = Passed(original_, kSharer, {kColleague});
  const auto receipt = Send(share, kSharer);
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->recipients, 2U);
  EXPECT_EQ(receipt->told, 0U);
  const std::vector<DeliveredEntry> entries = All(kColleague).entries;
  ASSERT_THAT(entries, SizeIs(1));
  EXPECT_EQ(entries[0].statement, share.sealed.offer.statement);
  EXPECT_EQ(entries[0].shared_original, original_.sealed.offer.statement);
  EXPECT_EQ(entries[0].payload, original_.sealed.payload);
  EXPECT_THAT(entries[0].slot, Not(IsEmpty()));
  EXPECT_THAT(entries[0].openings, SizeIs(1));
  EXPECT_TRUE(RefusalOfFetch(kColleague, {share.id}).ok());
  EXPECT_EQ(CodeAndRule(RefusalOfFetch(kColleague, {original_.id})), "NOT_FOUND ");
  EXPECT_THAT(All(kOther).entries, IsEmpty());
  EXPECT_THAT(All(kSharer).entries, SizeIs(2));
}

TEST_P(SharesContract, TheSameShareAgainHasTheSameReceipt) {
  const Envelope share = MustPass(kSharer, {kColleague});
  const auto again = Send(share, kSharer);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->replayed);
  EXPECT_THAT(All(kColleague).entries, SizeIs(1));
}

TEST_P(SharesContract, WhoHasItNotHearsNoMoreOfItThanOfNone) {
  const Envelope unpublished = Seal({"org:astrid"});
  const absl::Status unknown =
      Send(Passed(unpublished, "meir-reader", {"zoo-reader"}), "meir-reader").status();
  EXPECT_EQ(CodeAndRule(unknown), "NOT_FOUND ");
  EXPECT_EQ(Send(Passed(original_, "meir-reader", {"zoo-reader"}), "meir-reader").status(),
            unknown);
}

TEST_P(SharesContract, TheLabelSaysHowFar) {
  EXPECT_EQ(Refusal(Passed(original_, kSharer, {"meir-reader"}), kSharer),
            "PERMISSION_DENIED NOT_RECIPIENT_ORG");
  EXPECT_THAT(All("meir-reader").entries, IsEmpty());
}

TEST_P(SharesContract, AShareRepeatsItsOriginal) {
  const Envelope share = Passed(original_, kSharer, {kColleague});
  const auto refused = [&](const std::function<void(Statement&)>& change) {
    return Refusal(Altered(share, change, kSharer), kSharer);
  };
  const std::string mismatch = "INVALID_ARGUMENT REFERENCE_MISMATCH";
  EXPECT_EQ(refused([](Statement& s) { s.tlp = Tlp::kGreen; }), mismatch);
  EXPECT_EQ(refused([](Statement& s) { s.payload.bytes += 1; }), mismatch);
  EXPECT_EQ(refused([](Statement& s) { s.expires += absl::Seconds(1); }), mismatch);
  EXPECT_EQ(refused([](Statement& s) { s.references[0].text_digest.bytes[0] ^= 1; }), mismatch);
  Envelope with_bytes = share;
  with_bytes.sealed.payload = original_.sealed.payload;
  EXPECT_EQ(Refusal(with_bytes, kSharer), "INVALID_ARGUMENT MESSAGE_MALFORMED");
  EXPECT_THAT(All(kColleague).entries, IsEmpty());
}

TEST_P(SharesContract, AShareOfAShareIsRefusedAndOfItsOriginalTaken) {
  const Envelope share = MustPass(kSharer, {kColleague});
  EXPECT_EQ(Refusal(Passed(share, kColleague, {kOther}), kColleague),
            "INVALID_ARGUMENT REFERENCE_MISMATCH");
  MustPass(kColleague, {kOther});
  EXPECT_THAT(All(kOther).entries, SizeIs(1));
}

TEST_P(SharesContract, WhatEndsTheOriginalEndsItsShares) {
  const Envelope share = MustPass(kSharer, {kColleague});
  const Envelope withdrawal = Withdrawal(original_);
  const auto receipt = Send(withdrawal);
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->told, original_.sealed.recipients + 1);
  const std::vector<DeliveredEntry> entries = All(kColleague).entries;
  ASSERT_THAT(entries, SizeIs(2));
  EXPECT_EQ(entries[0].state, DeliveryState::kWithdrawn);
  EXPECT_EQ(entries[0].ended_by, withdrawal.sealed.offer.statement);
  EXPECT_THAT(entries[0].slot, IsEmpty());
  EXPECT_EQ(entries[1].statement, withdrawal.sealed.offer.statement);
  EXPECT_EQ(CodeAndRule(RefusalOfFetch(kColleague, {share.id})), "NOT_FOUND WITHDRAWN");
  EXPECT_EQ(Refusal(Passed(original_, kSharer, {kOther}), kSharer), "PERMISSION_DENIED WITHDRAWN");
}

TEST_P(SharesContract, WhatWasTakenBackIsNotPassedOn) {
  const Envelope share = MustPass(kSharer, {kColleague});
  ASSERT_TRUE(Send(Withdrawal(share, kSharer), kSharer).ok());
  EXPECT_EQ(CodeAndRule(RefusalOfFetch(kColleague, {share.id})), "NOT_FOUND WITHDRAWN");
  EXPECT_EQ(Refusal(Passed(original_, kColleague, {kOther}), kColleague), "NOT_FOUND ");
  EXPECT_TRUE(RefusalOfFetch(kSharer, {original_.id}).ok());
}

TEST_P(SharesContract, WhoWasNamedInAnotherOrganisationPassesNothingOn) {
  MustPass(kSharer, {kColleague});
  network_->ChangeMember(kColleague,
                         [](MemberRecord& member) { member.org = *OrgId::Parse("meir"); });
  network_->PublishDirectory();
  EXPECT_EQ(Refusal(Passed(original_, kColleague, {"meir-reader"}), kColleague), "NOT_FOUND ");
  EXPECT_THAT(All("meir-reader").entries, IsEmpty());
}

TEST_P(SharesContract, AnOwnShareOutlivesNothingThatEntitledToIt) {
  const Envelope share = MustPass(kSharer, {kColleague});
  MustPass(kColleague, {kOther});
  ASSERT_TRUE(Send(Withdrawal(share, kSharer), kSharer).ok());
  EXPECT_EQ(Refusal(Passed(original_, kColleague, {kOther}), kColleague), "NOT_FOUND ");
}

TEST_P(SharesContract, AShareEndsNoLaterThanThatByWhichItsSharerHasIt) {
  const auto shorter = [](Statement& s) { s.expires -= absl::Seconds(1); };
  const Envelope share = Altered(Passed(original_, kSharer, {kColleague}), shorter, kSharer);
  ASSERT_TRUE(Send(share, kSharer).ok());
  const Envelope longer = Passed(original_, kColleague, {kOther});
  EXPECT_EQ(Refusal(longer, kColleague), "INVALID_ARGUMENT REFERENCE_MISMATCH");
  EXPECT_TRUE(Send(Altered(longer, shorter, kColleague), kColleague).ok());
}

TEST_P(SharesContract, TheSourceSeesWhoPassedItToWhomAndNobodyElse) {
  const Envelope share = MustPass(kSharer, {kColleague});
  const auto readers = As("bob").GetStatus(original_.id, kCall);
  ASSERT_TRUE(readers.ok()) << readers.status();
  std::vector<std::string> passed_on;
  for (const ReaderStatus& reader : *readers) {
    if (reader.shared_by.has_value()) {
      passed_on.push_back(reader.member.str() + " by " + reader.shared_by->str());
    }
  }
  EXPECT_THAT(passed_on, ElementsAre("astrid-night by astrid-reader"));
  EXPECT_EQ(CodeAndRule(As("bob").GetStatus(share.id, kCall).status()), "NOT_FOUND ");
  EXPECT_EQ(CodeAndRule(As("zoo-reader").GetStatus(original_.id, kCall).status()), "NOT_FOUND ");
}

}  // namespace
}  // namespace shield::testing
