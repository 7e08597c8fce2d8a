#include "client/board/share_memory.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/board/board_rules.h"
#include "client/board/read_board.h"
#include "client/client.h"
#include "policy/proof/receipt.h"
#include "tests/client/support/sample_network.h"

namespace shield::testing {
namespace {

BulletinId Share(uint64_t number) {
  return *BulletinId::Parse(
      absl::StrCat(absl::Hex(number, absl::kZeroPad16), absl::Hex(~number, absl::kZeroPad16)));
}

KnownShare By(absl::string_view sharer, std::string fault = "") {
  return {*MemberId::Parse(sharer), Digest{}, absl::UnixEpoch(), std::move(fault)};
}

TEST(ShareMemoryTest, FindsAndFailuresAreRememberedAndFailuresUntilTheDirectoryChanges) {
  ShareMemory memory;
  memory.Begin(Share(0), 7);
  EXPECT_FALSE(memory.Knows(Share(1)));
  memory.Note(Share(1), By("guard"));
  memory.Note(Share(2), By("guard", "PUBLISHER_KEY_REVOKED"));
  memory.Note(Share(3), std::nullopt);
  memory.Begin(Share(0), 7);
  for (const uint64_t number : {1, 2, 3}) EXPECT_TRUE(memory.Knows(Share(number))) << number;
  EXPECT_EQ(memory.Found().size(), 2u);
  memory.Begin(Share(0), 8);
  EXPECT_TRUE(memory.Knows(Share(1)));
  EXPECT_FALSE(memory.Knows(Share(2)));
  EXPECT_FALSE(memory.Knows(Share(3)));
  memory.Begin(Share(4), 8);
  EXPECT_FALSE(memory.Knows(Share(1))) << "of another bulletin";
}

TEST(ShareMemoryTest, IsFullAtItsBound) {
  ShareMemory memory;
  memory.Begin(Share(0), 1);
  for (uint64_t number = 1; number < ShareMemory::kMaxRemembered; ++number) {
    memory.Note(Share(number), std::nullopt);
  }
  EXPECT_FALSE(memory.full());
  memory.Note(Share(ShareMemory::kMaxRemembered), std::nullopt);
  EXPECT_TRUE(memory.full());
}

constexpr absl::string_view kAlert = R"(+++
title = "Pickpocket team around the Meir"
kind = "flash_alert"
tlp = "TLP:AMBER"
to = ["org:astrid"]
+++
Two men, grey van.
)";

// A board on which the broker lists readers who signed about shares.
class SharesOnBoard : public ::testing::Test {
 protected:
  SharesOnBoard() : analyst_(network_.Open("an-lise")) {
    id_ = analyst_.Publish(network_.DraftOf(kAlert))->id;
    network_.Open("meir-guard");
  }

  // Whom the broker lists beside the readers: meir's guard, who signed about so many shares that
  // there are not.
  void ListByShares(uint64_t count, absl::string_view signer = "meir-guard") {
    ReaderStatus reader{*MemberId::Parse("meir-guard"), *OrgId::Parse("meir")};
    reader.shared_by = MemberId::Parse("astrid-guard");
    for (uint64_t number = 1; number <= count; ++number) {
      const Receipt receipt{
          network_.network().network, reader.member,         Share(number), Digest{},
          ReceiptState::kOpened,      network_.clock().Now()};
      reader.receipts.push_back(SignReceipt(receipt, network_.SignKeyOf(signer)));
    }
    network_.Script("an-lise").AlterReaders(
        [reader](std::vector<ReaderStatus>& readers) { readers.push_back(reader); });
  }
  int Asked() { return network_.Script("an-lise").calls("GetStatement"); }
  void Look() {
    const absl::StatusOr<StatusBoard> board = analyst_.Board(*id_, memory_);
    ASSERT_TRUE(board.ok()) << board.status();
    EXPECT_EQ(board->readers.back().fault, kRuleShareUnknown);
  }

  SampleNetwork network_;
  Client analyst_;
  std::optional<BulletinId> id_;
  ShareMemory memory_;
};

TEST_F(SharesOnBoard, AWatchAsksForNoShareTwice) {
  ListByShares(3);
  Look();
  EXPECT_EQ(Asked(), 3);
  Look();
  EXPECT_EQ(Asked(), 3);
  network_.PublishDirectory();
  Look();
  EXPECT_EQ(Asked(), 6) << "what was not to be had may be under another directory";
}

TEST_F(SharesOnBoard, AWatchAsksForSoManyEachTimeAndGetsRoundToAll) {
  ListByShares(kMaxSharesAskedInWatch + 1);
  Look();
  EXPECT_EQ(Asked(), kMaxSharesAskedInWatch);
  Look();
  EXPECT_EQ(Asked(), kMaxSharesAskedInWatch + 1);
  Look();
  EXPECT_EQ(Asked(), kMaxSharesAskedInWatch + 1);
}

TEST_F(SharesOnBoard, ASingleLookAsksForAll) {
  ListByShares(kMaxSharesAskedInWatch + 1);
  ASSERT_TRUE(analyst_.Board(*id_).ok());
  EXPECT_EQ(Asked(), kMaxSharesAskedInWatch + 1);
}

TEST_F(SharesOnBoard, WhatNobodySignedIsNotAskedFor) {
  ListByShares(1, /*signer=*/"an-lise");
  ASSERT_TRUE(analyst_.Board(*id_, memory_).ok());
  EXPECT_EQ(Asked(), 0);
}

// A broker that is busy says nothing of the share it was asked for.
TEST_F(SharesOnBoard, ABusyBrokerIsNoFaultOfAShare) {
  ListByShares(2);
  network_.Script("an-lise").FailNext(
      "GetStatement", WithRule(absl::ResourceExhaustedError("too many"), "RATE_LIMITED"));
  EXPECT_EQ(RuleOf(analyst_.Board(*id_, memory_).status()), "RATE_LIMITED");
  EXPECT_FALSE(memory_.Knows(Share(1)));
  Look();
  EXPECT_TRUE(memory_.Knows(Share(1)));
}

}  // namespace
}  // namespace shield::testing
