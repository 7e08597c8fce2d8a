// Each way a broker (or a revoked author) may cheat, and the rule by which a reader's client
// refuses it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "base/status.h"
#include "client/client.h"
#include "client/publish/plan_bulletin.h"
#include "client/publish/seal_bulletin.h"
#include "client/state/database.h"
#include "client/state/state.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "policy/proof/inbox_chain.h"
#include "tests/client/support/sample_network.h"

namespace shield::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
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
  // A hello in which the broker signs the end of the inbox before it has given it.
  void SignTheEndAtOnce(SubscriptionMessage& message) {
    if (!message.hello.has_value()) return;
    message.hello->head = network_.broker().HeadOf(*MemberId::Parse("meir-guard"));
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
  EXPECT_EQ(RuleOf(SyncAltered([](DeliveredEntry& entry) { --entry.log_index; })), "INBOX_GAP");
}

// Believed, it would put everything after it out of order.
TEST_F(CheatingBrokerTest, AnEntryBeyondTheSignedLogIsNotKept) {
  Publish("one");
  Client guard = network_.Open("meir-guard");
  network_.Script("meir-guard").AlterMessages([this](SubscriptionMessage& message) {
    SignTheEndAtOnce(message);
    for (DeliveredEntry& entry : message.entries) entry.log_index += 100;
  });
  EXPECT_EQ(RuleOf(guard.Sync().status()), "INBOX_REORDER");
  EXPECT_EQ(StoredFault(), "nothing stored");
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
  const absl::Status status = guard.Sync().status();
  EXPECT_EQ(RuleOf(status), "INBOX_HEAD_MALFORMED") << status;
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
}

TEST_F(CheatingBrokerTest, ARelabelledStatementIsNoLongerSigned) {
  Publish("one");
  Client guard = network_.Open("meir-guard");
  auto entries = network_.broker().TakeInbox(guard.member());
  std::string& statement = entries[0].statement;
  statement.replace(statement.find("tlp GREEN"), 9, "tlp AMBER");
  network_.broker().Forge(guard.member(), entries[0]);
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_EQ(StoredFault(), "BAD_SIGNATURE");
}

// What does not lead to a signed head is not kept, so an honest broker is believed afterwards.
TEST_F(CheatingBrokerTest, AWrongLinkIsNotBelievedForEver) {
  Publish("one");
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  Publish("two");
  network_.Script("meir-guard").AlterMessages([](SubscriptionMessage& message) {
    message.mark.reset();  // the wrong link is stored before a head shows it
    for (DeliveredEntry& entry : message.entries) ++entry.log_index;
  });
  std::vector<std::string> had;
  const absl::Status enough = guard.Subscribe([&](const OpenedBulletin& opened) {
    had.push_back(opened.item.title);
    return had.size() == 2 ? absl::OutOfRangeError("enough") : absl::OkStatus();
  });
  EXPECT_EQ(enough.message(), "enough");
  network_.Script("meir-guard").AlterMessages([](SubscriptionMessage&) {});
  const absl::StatusOr<SyncReport> report = guard.Sync();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(report->warnings, ElementsAre("INBOX_CUT_BACK"));
  EXPECT_THAT(*guard.Inbox(), SizeIs(2));
}

TEST_F(CheatingBrokerTest, AResumeTokenAloneThatIsNotTakenIsNoEnd) {
  Publish("one");
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  Publish("two");
  network_.Script("meir-guard")
      .FailNext("Read", WithRule(absl::DataLossError("another epoch"), "ROLLBACK"));
  const absl::StatusOr<SyncReport> report = guard.Sync();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(report->warnings, ElementsAre("BROKER_RESTORED"));
  EXPECT_EQ(report->received, 1u);
}

TEST_F(CheatingBrokerTest, ABrokerWithAnotherHistoryStaysRefused) {
  Publish("one");
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  network_.broker().TakeInbox(guard.member());
  EXPECT_EQ(RuleOf(guard.Sync().status()), "ROLLBACK");
  EXPECT_THAT(*guard.Inbox(), SizeIs(1));
}

// A broker set back further than the signed head says nothing about what came after that head.
TEST_F(CheatingBrokerTest, WhatABrokerThatWasSetBackAndPutRightHadGivenIsNotHandedTwice) {
  Publish("one");
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  Publish("two");
  network_.Script("meir-guard").AlterMessages([](SubscriptionMessage& message) {
    message.mark.reset();  // no signed head confirms what comes
  });
  std::vector<std::string> had;
  const auto follow_until = [&had](Client client, absl::string_view last) {
    return client.Subscribe([&had, client, last](const OpenedBulletin& opened) mutable {
      had.push_back(opened.item.title);
      if (opened.item.title == last) client.Stop();
      return absl::OkStatus();
    });
  };
  EXPECT_TRUE(absl::IsCancelled(follow_until(guard, "two")));
  const std::vector<DeliveredEntry> entries = network_.broker().TakeInbox(guard.member());
  const absl::Status refused = network_.Open("meir-guard").Sync().status();
  EXPECT_EQ(RuleOf(refused), "ROLLBACK") << refused;
  EXPECT_THAT(*guard.Inbox(), SizeIs(2));
  for (const DeliveredEntry& entry : entries) network_.broker().Forge(guard.member(), entry);
  Publish("three");
  EXPECT_TRUE(absl::IsCancelled(follow_until(network_.Open("meir-guard"), "three")));
  EXPECT_THAT(had, ElementsAre("one", "two", "three"));
}

// What it lost after the last head it signed is cut back as soon as it takes up that head.
TEST_F(CheatingBrokerTest, WhatABrokerLostAfterItsLastHeadIsCutBackAndTheRestKept) {
  Publish("one");
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  Publish("two");
  network_.Script("meir-guard").AlterMessages([](SubscriptionMessage& message) {
    message.mark.reset();
  });
  EXPECT_EQ(guard
                .Subscribe([](const OpenedBulletin& opened) {
                  return opened.item.seq == 2 ? absl::OutOfRangeError("enough") : absl::OkStatus();
                })
                .message(),
            "enough");
  const std::vector<DeliveredEntry> entries = network_.broker().TakeInbox(guard.member());
  network_.broker().Forge(guard.member(), entries[0]);
  const absl::StatusOr<SyncReport> report = network_.Open("meir-guard").Sync();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(report->warnings, ElementsAre("INBOX_CUT_BACK"));
  EXPECT_THAT(*guard.Inbox(), SizeIs(1));
}

TEST_F(CheatingBrokerTest, WhoFollowsIsToldThatEntriesAreTakenBack) {
  Publish("one");
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  Publish("two");
  network_.Script("meir-guard").AlterMessages([](SubscriptionMessage& message) {
    message.mark.reset();
  });
  const absl::Status enough = guard.Subscribe([](const OpenedBulletin& opened) {
    return opened.item.seq == 2 ? absl::OutOfRangeError("enough") : absl::OkStatus();
  });
  EXPECT_EQ(enough.message(), "enough");
  const std::vector<DeliveredEntry> entries = network_.broker().TakeInbox(guard.member());
  network_.broker().Forge(guard.member(), entries[0]);
  std::vector<std::string> told;
  std::optional<Client> watching;
  watching = network_.Open("meir-guard", [&](const absl::Status& link) {
    if (!link.ok()) told.push_back(RuleOf(link));
    if (!link.ok()) watching->Stop();
    return absl::OkStatus();
  });
  const absl::Status ended =
      watching->Subscribe([](const OpenedBulletin&) { return absl::OkStatus(); });
  EXPECT_TRUE(absl::IsCancelled(ended)) << ended;
  EXPECT_THAT(told, ElementsAre("INBOX_CUT_BACK"));
  EXPECT_THAT(*guard.Inbox(), SizeIs(1));
}

// Whoever stops at the same moment: a broker that was found cheating was found so.
TEST_F(CheatingBrokerTest, ABreakIsSaidAlsoToWhoHasStopped) {
  Publish("one");
  Client guard = network_.Open("meir-guard");
  network_.Script("meir-guard").AlterMessages([&guard](SubscriptionMessage& message) {
    if (message.entries.empty()) return;
    guard.Stop();
    message.entries[0].seq = 7;
  });
  const absl::Status ended =
      guard.Subscribe([](const OpenedBulletin&) { return absl::OkStatus(); });
  EXPECT_EQ(RuleOf(ended), "INBOX_GAP") << ended;
}

TEST_F(CheatingBrokerTest, EndingBeforeTheHeadOfTheHelloIsAGapAndBothHeadsAreKept) {
  Publish("one");
  Client guard = network_.Open("meir-guard");
  std::string first_head;
  network_.Script("meir-guard").AlterMessages([&](SubscriptionMessage& message) {
    if (message.mark.has_value()) first_head = message.mark->head;
  });
  ASSERT_TRUE(guard.Sync().ok());
  Publish("two");
  network_.Script("meir-guard").AlterMessages([&](SubscriptionMessage& message) {
    SignTheEndAtOnce(message);
    message.entries.clear();
    if (message.mark.has_value()) message.mark->head = first_head;
  });
  EXPECT_EQ(RuleOf(guard.Sync().status()), "INBOX_GAP");
  const auto alarms = guard.Alarms();
  ASSERT_THAT(*alarms, SizeIs(1));
  EXPECT_EQ(alarms->front().kind, "inbox");
  EXPECT_EQ(alarms->front().second, first_head);
}

TEST_F(CheatingBrokerTest, ABrokerThatIdlesBeforeItsSignedHeadHoldsSomethingBack) {
  Publish("one");
  Client guard = network_.Open("meir-guard");
  network_.Script("meir-guard").AlterMessages([&](SubscriptionMessage& message) {
    SignTheEndAtOnce(message);
    message.entries.clear();
    message.mark.reset();
    message.heartbeat = SubscriptionMessage::Heartbeat{1, network_.clock().Now()};
  });
  EXPECT_EQ(RuleOf(guard.Sync().status()), "INBOX_GAP");
}

TEST_F(CheatingBrokerTest, ABrokerThatBeginsWithoutASignedHeadGivesNothing) {
  Publish("one");
  Client guard = network_.Open("meir-guard");
  network_.Script("meir-guard").AlterMessages([](SubscriptionMessage& message) {
    message.hello.reset();
    message.mark.reset();
  });
  const absl::Status ended = guard.Subscribe([](const OpenedBulletin&) {
    ADD_FAILURE() << "handed over without a head";
    return absl::OkStatus();
  });
  EXPECT_EQ(RuleOf(ended), "INBOX_GAP") << ended;
  EXPECT_THAT(*guard.Inbox(), IsEmpty());
}

TEST_F(CheatingBrokerTest, ABrokerThatIdlesAfterWhatItHasNotSignedIsFoundOut) {
  Publish("one");
  Client guard = network_.Open("meir-guard");
  network_.Script("meir-guard").AlterMessages([&](SubscriptionMessage& message) {
    message.mark.reset();
    message.heartbeat = SubscriptionMessage::Heartbeat{1, network_.clock().Now()};
  });
  int handed = 0;
  const absl::Status ended = guard.Subscribe([&handed](const OpenedBulletin&) {
    ++handed;
    return absl::OkStatus();
  });
  EXPECT_EQ(RuleOf(ended), "INBOX_GAP") << ended;
  // What came stays here: its author signed it, and a later head may confirm it.
  EXPECT_THAT(*guard.Inbox(), SizeIs(1));
}

TEST_F(CheatingBrokerTest, AHeadThatGoesBackIsSaidAlsoWhereItCannotBeKept) {
  Publish("one");
  Client guard = network_.Open("meir-guard");
  std::string low_head;
  network_.Script("meir-guard").AlterMessages([&](SubscriptionMessage& message) {
    if (message.hello.has_value()) low_head = message.hello->head;
  });
  ASSERT_TRUE(guard.Sync().ok());
  auto database = SqlDatabase::Open(network_.HomeOf("meir-guard").PathOf("state.db"));
  ASSERT_TRUE(database
                  ->Execute("CREATE TRIGGER full BEFORE INSERT ON fork BEGIN SELECT "
                            "RAISE(ABORT, 'no room'); END")
                  .ok());
  network_.Script("meir-guard").AlterMessages([&](SubscriptionMessage& message) {
    if (message.hello.has_value()) message.hello->head = low_head;
  });
  const absl::Status refused = guard.Sync().status();
  EXPECT_EQ(RuleOf(refused), "ROLLBACK") << refused;
  EXPECT_TRUE(absl::StrContains(refused.message(), "could not be kept")) << refused;
  EXPECT_THAT(*guard.Alarms(), IsEmpty());
}

TEST_F(CheatingBrokerTest, AHeadThatWasSignedIsHeldAgainstTheBrokerEvenIfItsEntriesNeverCame) {
  Publish("one");
  std::string low_head;
  Client guard = network_.Open("meir-guard");
  network_.Script("meir-guard").AlterMessages([&](SubscriptionMessage& message) {
    if (message.hello.has_value()) low_head = message.hello->head;
  });
  ASSERT_TRUE(guard.Sync().ok());
  Publish("two");
  // The hello shows a head at 2; then the entry is held back.
  network_.Script("meir-guard").AlterMessages([](SubscriptionMessage& message) {
    message.entries.clear();
  });
  EXPECT_EQ(RuleOf(guard.Sync().status()), "INBOX_GAP");
  network_.Script("meir-guard").AlterMessages([&](SubscriptionMessage& message) {
    message.entries.clear();
    if (message.hello.has_value()) message.hello->head = low_head;
    if (message.mark.has_value()) message.mark->head = low_head;
  });
  EXPECT_EQ(RuleOf(guard.Sync().status()), "ROLLBACK");
  EXPECT_EQ(guard.Alarms()->front().kind, "inbox");
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

TEST_F(CheatingBrokerTest, ADirectoryOutOfFormIsTheBrokersFaultAndNotTheCallers) {
  Client guard = network_.Open("meir-guard");
  network_.Script("meir-guard").AlterDirectories([](DirectoryAnswer& answer) {
    answer.note[0] ^= 1;
  });
  const absl::Status status = guard.SyncDirectory().status();
  EXPECT_EQ(RuleOf(status), "DIRECTORY_MALFORMED") << status;
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
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
  // It does not lead to the head and is not kept as an entry; both texts are on record.
  EXPECT_FALSE(guard.Sync().ok());
  EXPECT_THAT(*guard.Inbox(), SizeIs(1));
  const auto alarms = guard.Alarms();
  ASSERT_THAT(*alarms, SizeIs(1));
  EXPECT_EQ(alarms->front().kind, "bulletin");
  EXPECT_EQ(alarms->front().second, sealed->offer.statement);
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
  EXPECT_EQ(guard.Inbox()->front().fault, "PUBLISHER_KEY_REVOKED");
  EXPECT_EQ(RuleOf(guard.Show(1).status()), "PUBLISHER_KEY_REVOKED");
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
