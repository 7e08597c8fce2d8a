// Each way a broker (or a revoked author) may cheat, and the rule by which a reader's client
// refuses it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "base/status.h"
#include "client/client.h"
#include "client/publish/plan_bulletin.h"
#include "client/publish/seal_bulletin.h"
#include "client/state/state.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "policy/proof/inbox_chain.h"
#include "tests/client/support/sample_network.h"

namespace shield::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

class CheatingBrokerTest : public ::testing::Test {
 protected:
  void Publish(absl::string_view title) {
    Client analyst = network_.Open("an-lise");
    const absl::StatusOr<Published> published = analyst.Publish(network_.Green(title));
    ASSERT_TRUE(published.ok()) << published.status();
  }
  // What a reader makes of the first bulletin after `alter` had its way with each entry.
  absl::Status SyncAltered(std::function<void(DeliveredEntry&)> alter) {
    Client guard = network_.Open("meir-guard");
    network_.Script("meir-guard").AlterMessages([alter](SubscriptionMessage& message) {
      for (DeliveredEntry& entry : message.entries) alter(entry);
    });
    return guard.Sync().status();
  }
  // The fault of the first stored entry, its content not shown.
  std::string StoredFault() {
    Client guard = network_.Open("meir-guard");
    const auto items = guard.Inbox();
    if (!items.ok() || items->empty()) return "nothing stored";
    EXPECT_EQ(items->front().state, InboxState::kRefused);
    EXPECT_EQ(items->front().title, "");
    EXPECT_TRUE(absl::IsDataLoss(guard.Show(1).status()));
    return items->front().fault;
  }
  SampleNetwork network_;
};

TEST_F(CheatingBrokerTest, ASkippedEntryBreaksTheChain) {
  Publish("one");
  Publish("two");
  const absl::Status status = SyncAltered([](DeliveredEntry& entry) { entry.seq += 1; });
  EXPECT_EQ(RuleOf(status), "INBOX_GAP") << status;
  EXPECT_TRUE(absl::IsDataLoss(status));
}

TEST_F(CheatingBrokerTest, AnEntryHeldBackShowsAtTheSignedHead) {
  Publish("one");
  Client guard = network_.Open("meir-guard");
  network_.Script("meir-guard").AlterMessages([](SubscriptionMessage& message) {
    message.entries.clear();
  });
  EXPECT_EQ(RuleOf(guard.Sync().status()), "INBOX_GAP");
}

TEST_F(CheatingBrokerTest, AnotherLogIndexOrSlotHashDoesNotLeadToTheSignedHead) {
  Publish("one");
  EXPECT_EQ(RuleOf(SyncAltered([](DeliveredEntry& entry) { ++entry.log_index; })), "INBOX_GAP");
}

TEST_F(CheatingBrokerTest, AHeadThatGoesBackIsARollback) {
  Publish("one");
  std::string old_head;
  Client guard = network_.Open("meir-guard");
  network_.Script("meir-guard").AlterMessages([&](SubscriptionMessage& message) {
    if (message.hello.has_value() && old_head.empty()) old_head = message.hello->head;
  });
  ASSERT_TRUE(guard.Sync().ok());
  Publish("two");
  ASSERT_TRUE(guard.Sync().ok());
  network_.Script("meir-guard").AlterMessages([&](SubscriptionMessage& message) {
    if (message.hello.has_value()) message.hello->head = old_head;
  });
  const absl::Status status = guard.Sync().status();
  EXPECT_EQ(RuleOf(status), "ROLLBACK") << status;
}

TEST_F(CheatingBrokerTest, AHeadOfAnotherMemberIsRefused) {
  Publish("one");
  std::string other_head;
  Client other = network_.Open("astrid-guard");
  network_.Script("astrid-guard").AlterMessages([&](SubscriptionMessage& message) {
    if (message.hello.has_value()) other_head = message.hello->head;
  });
  ASSERT_TRUE(other.Sync().ok());
  Client guard = network_.Open("meir-guard");
  network_.Script("meir-guard").AlterMessages([&](SubscriptionMessage& message) {
    if (message.hello.has_value()) message.hello->head = other_head;
  });
  EXPECT_FALSE(guard.Sync().ok());
}

TEST_F(CheatingBrokerTest, ARelabelledStatementIsNoLongerSigned) {
  Publish("one");
  Client guard = network_.Open("meir-guard");
  network_.Script("meir-guard").AlterMessages([](SubscriptionMessage& message) {
    for (DeliveredEntry& entry : message.entries) {
      const size_t at = entry.statement.find("tlp GREEN");
      if (at != std::string::npos) entry.statement.replace(at, 9, "tlp AMBER");
    }
  });
  // The text is another, so the chain breaks as well; the entry itself is stored as refused.
  EXPECT_EQ(RuleOf(guard.Sync().status()), "INBOX_GAP");
  EXPECT_EQ(StoredFault(), "BAD_SIGNATURE");
}

TEST_F(CheatingBrokerTest, AnotherSlotIsNotTheOneOfTheChain) {
  Publish("one");
  EXPECT_TRUE(SyncAltered([](DeliveredEntry& entry) { entry.slot[60] ^= 1; }).ok());
  EXPECT_EQ(StoredFault(), "SLOT_MALFORMED");
}

TEST_F(CheatingBrokerTest, ALeafProofThatDoesNotHoldIsRefused) {
  Publish("one");
  EXPECT_TRUE(SyncAltered([](DeliveredEntry& entry) { entry.leaf_proof[0].bytes[3] ^= 1; }).ok());
  EXPECT_EQ(StoredFault(), "RECIPIENT_SET_MISMATCH");
}

TEST_F(CheatingBrokerTest, AChangedPayloadIsRefused) {
  Publish("one");
  EXPECT_TRUE(SyncAltered([](DeliveredEntry& entry) { entry.payload.back() ^= 1; }).ok());
  EXPECT_EQ(StoredFault(), "AGE_PAYLOAD");
}

TEST_F(CheatingBrokerTest, APayloadThatIsCutOffIsRefused) {
  Publish("one");
  EXPECT_TRUE(SyncAltered([](DeliveredEntry& entry) { entry.payload.pop_back(); }).ok());
  EXPECT_EQ(StoredFault(), "DIGEST_MISMATCH");
}

TEST_F(CheatingBrokerTest, AnEndingThatNobodySignedIsNotBelieved) {
  Publish("one");
  EXPECT_TRUE(SyncAltered([](DeliveredEntry& entry) {
                entry.state = DeliveryState::kWithdrawn;
                entry.slot.clear();
                entry.payload.clear();
              }).ok());
  EXPECT_EQ(StoredFault(), "TOMBSTONE_UNPROVEN");
}

TEST_F(CheatingBrokerTest, AnExpiryBeforeItsTimeIsNotBelieved) {
  Publish("one");
  EXPECT_TRUE(SyncAltered([](DeliveredEntry& entry) {
                entry.state = DeliveryState::kExpired;
                entry.slot.clear();
              }).ok());
  EXPECT_EQ(StoredFault(), "TOMBSTONE_UNPROVEN");
}

TEST_F(CheatingBrokerTest, AnOlderDirectoryIsARollback) {
  Client guard = network_.Open("meir-guard");
  DirectoryAnswer old;
  network_.Script("meir-guard").AlterDirectories([&](DirectoryAnswer& answer) { old = answer; });
  ASSERT_TRUE(guard.SyncDirectory().ok());
  network_.PublishDirectory();
  network_.Script("meir-guard").AlterDirectories([](DirectoryAnswer&) {});
  ASSERT_TRUE(guard.SyncDirectory().ok());
  network_.Script("meir-guard").AlterDirectories([&](DirectoryAnswer& answer) { answer = old; });
  EXPECT_EQ(RuleOf(guard.SyncDirectory().status()), "ROLLBACK");
}

// What is left still verifies: without the count, the hidden one would drop out of the audience.
TEST_F(CheatingBrokerTest, AnAuthorWhoIsNotShownEveryOrganisationPublishesNothing) {
  Client analyst = network_.Open("an-lise");
  network_.Script("an-lise").AlterDirectories([](DirectoryAnswer& answer) {
    std::erase_if(answer.parts,
                  [](const DirectoryPart& part) { return part.line.starts_with("org meir "); });
  });
  ASSERT_TRUE(analyst.SyncDirectory().ok());
  const Draft draft = network_.Green("one");
  EXPECT_EQ(RuleOf(analyst.Plan(draft).status()), "DIRECTORY_INCOMPLETE");
  const absl::Status refused = analyst.Publish(draft).status();
  EXPECT_EQ(RuleOf(refused), "DIRECTORY_INCOMPLETE") << refused;
  EXPECT_EQ(network_.Script("an-lise").calls("Publish"), 0);
}

TEST_F(CheatingBrokerTest, AnotherTextOfTheSameDirectoryVersionIsAForkAndBothAreKept) {
  Client guard = network_.Open("meir-guard");
  const DirectoryUpload other = network_.NextUpload();  // version 2, never published
  network_.clock().Advance(absl::Seconds(1));
  network_.PublishDirectory();  // version 2, issued a second later
  ASSERT_TRUE(guard.SyncDirectory().ok());
  network_.Script("meir-guard").AlterDirectories([&](DirectoryAnswer& answer) {
    answer.note = other.note;
    answer.unchanged = true;
  });
  EXPECT_EQ(RuleOf(guard.SyncDirectory().status()), "DIRECTORY_FORK");
  const auto state = ClientState::Open(network_.HomeOf("meir-guard").PathOf("state.db"),
                                       "antwerp.example/meir-guard");
  const auto forks = (*state)->Forks();
  ASSERT_THAT(*forks, SizeIs(1));
  EXPECT_EQ(forks->front().kind, "directory");
  EXPECT_EQ(forks->front().second, other.note);
}

// A key that signs two texts under one id: both are kept, the second is refused.
TEST_F(CheatingBrokerTest, TwoTextsUnderOneIdAreAFork) {
  Client analyst = network_.Open("an-lise");
  const Published first = *analyst.Publish(network_.Green("one"));
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  const auto directory = *analyst.NewestDirectory();
  const Draft other = network_.Green("another text");
  const PublishingMember author{
      network_.network().network, *MemberId::Parse("an-lise"),
      network_.SignKeyOf("an-lise").Verifier("antwerp.example/an-lise")->ToString()};
  const auto planned =
      PlanBulletin(other, first.id, author, {}, *directory, network_.clock().Now());
  const auto sealed = SealBulletin(*planned, other.members_json, {}, *directory,
                                   network_.SignKeyOf("an-lise"), network_.random());
  Publish("two");
  network_.Script("meir-guard").AlterMessages([&](SubscriptionMessage& message) {
    for (DeliveredEntry& entry : message.entries) entry.statement = sealed->offer.statement;
  });
  // The forged entry breaks the head, but is on record.
  EXPECT_FALSE(guard.Sync().ok());
  const auto items = guard.Inbox();
  ASSERT_THAT(*items, SizeIs(2));
  EXPECT_EQ((*items)[1].fault, "BULLETIN_FORK");
  const auto state = ClientState::Open(network_.HomeOf("meir-guard").PathOf("state.db"),
                                       "antwerp.example/meir-guard");
  EXPECT_THAT(*(*state)->Forks(), SizeIs(1));
}

TEST_F(CheatingBrokerTest, ABulletinOfAnAuthorWhoseKeyHasEndedIsRefused) {
  Publish("one");
  network_.clock().Advance(absl::Hours(1));
  for (KeyRecord& key : network_.records().keys) {
    if (key.member.text() == "an-lise" && key.use == KeyUse::kSign) {
      key.period.until = network_.clock().Now();
    }
  }
  network_.PublishDirectory();
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_EQ(StoredFault(), "PUBLISHER_KEY_REVOKED");
}

TEST_F(CheatingBrokerTest, AReaderWhoHadItBeforeTheKeyEndedStillReadsIt) {
  Publish("one");
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  network_.clock().Advance(absl::Hours(1));
  for (KeyRecord& key : network_.records().keys) {
    if (key.member.text() == "an-lise" && key.use == KeyUse::kSign) {
      key.period.until = network_.clock().Now();
    }
  }
  network_.PublishDirectory();
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_TRUE(guard.Show(1).ok()) << guard.Show(1).status();
}

}  // namespace
}  // namespace shield::testing
