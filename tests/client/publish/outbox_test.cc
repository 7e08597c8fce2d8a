// A bulletin of which nobody knows whether it was published is published once.
#include "client/state/outbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "client/client.h"
#include "client/home/home.h"
#include "client/home/member_keys.h"
#include "client/publish/spooled_files.h"
#include "client/state/state.h"
#include "tests/client/support/sample_network.h"

namespace shield::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

namespace fs = std::filesystem;

class OutboxTest : public ::testing::Test {
 protected:
  // Every publish of the client opened last is answered as if the broker were away.
  void CutOff() {
    for (int i = 0; i < 50; ++i) {
      network_.Script("an-lise").FailNext("Publish", absl::UnavailableError("the link is dead"));
    }
  }
  // What publishing says when the link dies before the broker has the bulletin …
  absl::Status PublishIntoTheVoid(const Draft& draft) {
    Client analyst = network_.Open("an-lise");
    CutOff();
    return analyst.Publish(draft).status();
  }
  // … and when it dies after the broker has committed it.
  absl::Status PublishUnheard(const Draft& draft) {
    Client analyst = network_.Open("an-lise");
    network_.Script("an-lise").LoseNextReceipt();
    network_.Script("an-lise").BeforeNextFinish([this] { CutOff(); });
    return analyst.Publish(draft).status();
  }
  // Another run of the program over the same home.
  absl::StatusOr<Published> PublishAgain(const Draft& draft) {
    return network_.Open("an-lise").Publish(draft);
  }
  // The id that an unknown outcome names.
  static std::string IdIn(const absl::Status& status) {
    const std::vector<std::string> parts = absl::StrSplit(status.message(), '`');
    return parts.size() > 1 ? parts[1] : "";
  }
  size_t InboxSize(absl::string_view member) {
    Client client = network_.Open(member);
    EXPECT_TRUE(client.Sync().ok());
    return client.Inbox()->size();
  }
  void WriteAttachment(absl::string_view text) {
    std::ofstream(network_.folder() + "/map.txt") << text;
  }
  Draft WithAttachment() {
    return network_.DraftOf(
        "+++\ntitle = \"x\"\nkind = \"notice\"\ntlp = \"GREEN\"\nattachments = "
        "[\"map.txt\"]\n+++\n");
  }
  fs::path Spool() { return network_.HomeOf("an-lise").PathOf("spool"); }
  std::vector<fs::path> Spooled() {
    std::vector<fs::path> files;
    for (const auto& file : fs::directory_iterator(Spool())) files.push_back(file.path());
    return files;
  }

  SampleNetwork network_;
};

TEST_F(OutboxTest, APublishWhoseAnswerNeverCameIsPublishedOnceWhenTriedAgain) {
  const Draft draft = network_.Green("fire in the Meir");
  const absl::Status unknown = PublishUnheard(draft);
  EXPECT_TRUE(absl::IsUnavailable(unknown)) << unknown;
  EXPECT_THAT(std::string(unknown.message()), HasSubstr("is not confirmed"));
  EXPECT_THAT(HintOf(unknown), HasSubstr("it is published once"));
  ASSERT_EQ(network_.broker().committed(), 1u);

  const absl::StatusOr<Published> again = PublishAgain(draft);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(again->id.ToHex(), IdIn(unknown));
  EXPECT_EQ(network_.broker().committed(), 1u);
  EXPECT_EQ(InboxSize("meir-guard"), 1u);
  EXPECT_THAT(*network_.Open("an-lise").Publications(), SizeIs(1));
}

TEST_F(OutboxTest, APublishThatNeverReachedTheBrokerKeepsItsId) {
  const Draft draft = network_.Green("fire in the Meir");
  const absl::Status unknown = PublishIntoTheVoid(draft);
  ASSERT_EQ(network_.broker().committed(), 0u);
  EXPECT_EQ(IdIn(PublishIntoTheVoid(draft)), IdIn(unknown));
  const absl::StatusOr<Published> again = PublishAgain(draft);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->id.ToHex(), IdIn(unknown));
  EXPECT_EQ(network_.broker().committed(), 1u);
}

TEST_F(OutboxTest, ADeadlineLeavesTheOutcomeOpenToo) {
  const Draft draft = network_.Green("fire in the Meir");
  Client analyst = network_.Open("an-lise");
  network_.Script("an-lise").FailNext("Publish", absl::DeadlineExceededError("too slow"));
  const absl::Status unknown = analyst.Publish(draft).status();
  EXPECT_TRUE(absl::IsDeadlineExceeded(unknown)) << unknown;
  EXPECT_EQ(PublishAgain(draft)->id.ToHex(), IdIn(unknown));
}

TEST_F(OutboxTest, SomebodyElseInTheBrokersPlaceSettlesNothing) {
  const Draft draft = network_.Green("fire in the Meir");
  Client analyst = network_.Open("an-lise");
  network_.Script("an-lise").LoseNextReceipt();
  network_.Script("an-lise").BeforeNextFinish([this] {
    network_.Script("an-lise").FailNext(
        "Publish", WithRule(absl::FailedPreconditionError("another key"), "WRONG_BROKER_PIN"));
  });
  EXPECT_EQ(RuleOf(analyst.Publish(draft).status()), "WRONG_BROKER_PIN");
  EXPECT_TRUE(PublishAgain(draft)->replayed);
  EXPECT_EQ(network_.broker().committed(), 1u);
}

TEST_F(OutboxTest, AStatementThatWaitedTooLongIsSealedAgainUnderItsId) {
  const Draft draft = network_.Green("fire in the Meir");
  const absl::Status unknown = PublishIntoTheVoid(draft);
  Client analyst = network_.Open("an-lise");
  network_.Script("an-lise").FailNext(
      "Publish", WithRule(absl::FailedPreconditionError("issued long ago"), "CLOCK_SKEW"));
  const absl::StatusOr<Published> again = analyst.Publish(draft);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->id.ToHex(), IdIn(unknown));
  EXPECT_EQ(network_.Script("an-lise").calls("Publish"), 2);
}

TEST_F(OutboxTest, ADraftForOneDirectoryIsSentUnderNoOther) {
  const Draft draft = network_.Green("fire in the Meir");
  Client analyst = network_.Open("an-lise");
  const HeldDirectory asked = (*analyst.SyncDirectory())->held();
  network_.PublishDirectory();
  const absl::Status before = analyst.Publish(draft, {.directory = asked}).status();
  EXPECT_TRUE(absl::IsAborted(before)) << before;
  EXPECT_EQ(RuleOf(before), "DIRECTORY_MOVED");
  // It moves when the draft has been sealed: without the condition it is sealed again.
  const HeldDirectory newer = (*analyst.SyncDirectory())->held();
  network_.Script("an-lise").BeforeNext("Publish", [this] { network_.PublishDirectory(); });
  const absl::Status meanwhile = analyst.Publish(draft, {.directory = newer}).status();
  EXPECT_EQ(RuleOf(meanwhile), "DIRECTORY_MOVED") << meanwhile;
  EXPECT_EQ(network_.broker().committed(), 0u);
  const HeldDirectory newest = (*analyst.SyncDirectory())->held();
  EXPECT_TRUE(analyst.Publish(draft, {.directory = newest}).ok());
}

TEST_F(OutboxTest, OfADraftAndWhatItStandsInsteadOfTheBrokerTakesOne) {
  const Draft draft = network_.Green("fire in the Meir");
  const Draft other = network_.Green("fire in the Meir is out");
  const std::string id = IdIn(PublishIntoTheVoid(draft));
  Client analyst = network_.Open("an-lise");
  ASSERT_FALSE(*analyst.IsCommitted(*BulletinId::Parse(id)));
  const absl::StatusOr<Published> sent =
      analyst.Publish(other, {.instead_of = BulletinId::Parse(id)});
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_EQ(sent->id.ToHex(), id);
  EXPECT_TRUE(*analyst.IsCommitted(sent->id));
  EXPECT_EQ(network_.broker().committed(), 1u);
}

TEST_F(OutboxTest, WhatWasCommittedAfterAllIsNotStoodInsteadOf) {
  const Draft draft = network_.Green("fire in the Meir");
  const std::string id = IdIn(PublishUnheard(draft));
  Client analyst = network_.Open("an-lise");
  EXPECT_TRUE(*analyst.IsCommitted(*BulletinId::Parse(id)));
  const absl::Status refused =
      analyst.Publish(network_.Green("fire is out"), {.instead_of = BulletinId::Parse(id)})
          .status();
  EXPECT_TRUE(absl::IsAlreadyExists(refused)) << refused;
  EXPECT_EQ(network_.broker().committed(), 1u);
}

TEST_F(OutboxTest, WhatAnotherProcessEndsMeanwhileIsNotTheDraftThatStandsInItsPlace) {
  const std::string id = IdIn(PublishIntoTheVoid(network_.Green("fire in the Meir")));
  const Home home = network_.HomeOf("an-lise");
  const std::string copy = network_.folder() + "/other";
  fs::copy(home.folder(), copy, fs::copy_options::recursive);
  Client analyst = network_.Open("an-lise");
  // The other had the first draft at the broker's door, and notes here what became of it.
  network_.Script("an-lise").BeforeNext("Publish", [&] {
    const std::string owner = Home::Open(copy)->ReadKeys(std::nullopt)->SignerName();
    auto other = Client::Open(*Home::Open(copy), std::nullopt,
                              network_.broker().Connect(*MemberId::Parse("an-lise")),
                              network_.clock(), network_.random());
    ASSERT_TRUE(other->Resume(*BulletinId::Parse(id)).ok());
    const auto there = ClientState::Open(copy + "/state.db", owner);
    const auto here = ClientState::Open(home.PathOf("state.db"), owner);
    ASSERT_TRUE(there.ok() && here.ok()) << there.status() << here.status();
    const auto done = (*there)->FindPublication(*BulletinId::Parse(id));
    ASSERT_TRUE((*here)->RecordPublication(**done, {}).ok());
  });
  const absl::Status refused =
      analyst.Publish(network_.Green("fire is out"), {.instead_of = BulletinId::Parse(id)})
          .status();
  EXPECT_TRUE(absl::IsAlreadyExists(refused)) << refused;
  EXPECT_EQ(network_.broker().committed(), 1u);
}

TEST_F(OutboxTest, AnotherDraftIsAnotherBulletin) {
  const absl::Status unknown = PublishUnheard(network_.Green("fire in the Meir"));
  const absl::StatusOr<Published> other = PublishAgain(network_.Green("fire is out"));
  ASSERT_TRUE(other.ok()) << other.status();
  EXPECT_NE(other->id.ToHex(), IdIn(unknown));
  EXPECT_EQ(network_.broker().committed(), 2u);
}

TEST_F(OutboxTest, TheSameDraftAfterAKnownReceiptIsPublishedASecondTime) {
  const Draft draft = network_.Green("weekly notice");
  ASSERT_TRUE(PublishAgain(draft).ok());
  const absl::StatusOr<Published> second = PublishAgain(draft);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_FALSE(second->replayed);
  EXPECT_EQ(network_.broker().committed(), 2u);
}

TEST_F(OutboxTest, WhatWasNotCommittedIsSealedForTheDirectoryOfTheSecondTry) {
  const Draft draft = network_.Green("fire in the Meir");
  const absl::Status unknown = PublishIntoTheVoid(draft);
  network_.AddMember("astrid-night", "astrid", {Role::kReader});
  network_.PublishDirectory();
  const absl::StatusOr<Published> again = PublishAgain(draft);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->id.ToHex(), IdIn(unknown));
  EXPECT_EQ(again->directory_version, 2u);
  EXPECT_EQ(InboxSize("astrid-night"), 1u);
}

TEST_F(OutboxTest, WhatWasCommittedStaysAsItWasWhateverHasChangedSince) {
  const Draft draft = network_.Green("fire in the Meir");
  PublishUnheard(draft).IgnoreError();
  network_.AddMember("astrid-night", "astrid", {Role::kReader});
  network_.PublishDirectory();
  network_.clock().Advance(absl::Hours(48));  // the freshness note has ended, too
  const absl::StatusOr<Published> again = PublishAgain(draft);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(again->directory_version, 1u);
  EXPECT_EQ(network_.broker().committed(), 1u);
}

TEST_F(OutboxTest, ARefusedBulletinLeavesNothingToBeTriedAgain) {
  WriteAttachment("the map");
  const Draft draft = WithAttachment();
  Client analyst = network_.Open("an-lise");
  network_.Script("an-lise").FailNext(
      "Publish", WithRule(absl::PermissionDeniedError("no"), "PUBLISHER_NOT_AUTHORISED"));
  const absl::Status refused = analyst.Publish(draft).status();
  EXPECT_EQ(RuleOf(refused), "PUBLISHER_NOT_AUTHORISED");
  EXPECT_THAT(std::string(refused.message()), Not(HasSubstr("not confirmed")));
  EXPECT_THAT(Spooled(), IsEmpty());
}

TEST_F(OutboxTest, SealedAttachmentsWaitForTheSecondTry) {
  WriteAttachment("the map");
  const Draft draft = WithAttachment();
  PublishUnheard(draft).IgnoreError();
  EXPECT_THAT(Spooled(), SizeIs(1));
  ASSERT_TRUE(PublishAgain(draft).ok());
  EXPECT_THAT(Spooled(), IsEmpty());
  EXPECT_EQ(network_.broker().committed(), 1u);
}

TEST_F(OutboxTest, WithAnotherAttachmentItIsAnotherDraft) {
  WriteAttachment("the map");
  const absl::Status unknown = PublishUnheard(WithAttachment());
  WriteAttachment("another map");
  EXPECT_NE(PublishAgain(WithAttachment())->id.ToHex(), IdIn(unknown));
  EXPECT_EQ(network_.broker().committed(), 2u);
}

TEST_F(OutboxTest, WithoutItsSealedAttachmentsItIsSealedAgainUnderItsId) {
  WriteAttachment("the map");
  const absl::Status unknown = PublishIntoTheVoid(WithAttachment());
  ASSERT_THAT(Spooled(), SizeIs(1));
  fs::remove(Spooled().front());
  EXPECT_EQ(PublishAgain(WithAttachment())->id.ToHex(), IdIn(unknown));
}

TEST_F(OutboxTest, WithoutItsSealedAttachmentsACommittedOneIsStillNotSentTwice) {
  WriteAttachment("the map");
  const absl::Status unknown = PublishUnheard(WithAttachment());
  ASSERT_THAT(Spooled(), SizeIs(1));
  fs::remove(Spooled().front());
  const absl::Status again = PublishAgain(WithAttachment()).status();
  EXPECT_TRUE(absl::IsAlreadyExists(again)) << again;
  EXPECT_EQ(IdIn(again), IdIn(unknown));
  EXPECT_EQ(network_.broker().committed(), 1u);
}

TEST_F(OutboxTest, AfterAWeekADraftIsForgotten) {
  const Draft draft = network_.Green("fire in the Meir");
  const absl::Status unknown = PublishIntoTheVoid(draft);
  network_.clock().Advance(kMaxOutboxAge - absl::Minutes(5));
  network_.Refresh();
  EXPECT_EQ(IdIn(PublishIntoTheVoid(draft)), IdIn(unknown));
  network_.clock().Advance(absl::Minutes(5));
  EXPECT_NE(PublishAgain(draft)->id.ToHex(), IdIn(unknown));
}

TEST_F(OutboxTest, OnlyOldFilesOfNoBulletinAreSweptFromTheSpool) {
  WriteAttachment("the map");
  PublishIntoTheVoid(WithAttachment()).IgnoreError();
  const fs::path waiting = Spooled().front();
  const fs::path old = Spool() / "old.age";
  const fs::path young = Spool() / "young.age";
  std::ofstream(old) << "left behind";
  std::ofstream(young) << "being sealed";
  const auto age = [this](const fs::path& path, absl::Duration by) {
    fs::last_write_time(
        path, std::chrono::file_clock::from_sys(absl::ToChronoTime(network_.clock().Now() - by)));
  };
  age(waiting, 3 * kSpoolOrphanAge);
  age(old, kSpoolOrphanAge + absl::Minutes(1));
  age(young, kSpoolOrphanAge - absl::Minutes(1));
  ASSERT_TRUE(PublishAgain(network_.Green("another")).ok());
  EXPECT_TRUE(fs::exists(waiting));
  EXPECT_FALSE(fs::exists(old));
  EXPECT_TRUE(fs::exists(young));
}

TEST_F(OutboxTest, AReceiptForAnotherBulletinIsNoReceipt) {
  Client analyst = network_.Open("an-lise");
  network_.Script("an-lise").AlterReceipts([](PublishReceipt& receipt) { ++receipt.recipients; });
  const absl::Status fewer = analyst.Publish(network_.Green("one")).status();
  EXPECT_EQ(RuleOf(fewer), "RECEIPT_MISMATCH") << fewer;
  EXPECT_TRUE(absl::IsDataLoss(fewer));
  network_.Script("an-lise").AlterReceipts([](PublishReceipt& receipt) {
    receipt.id = BulletinId({1, 2, 3});
  });
  EXPECT_EQ(RuleOf(analyst.Publish(network_.Green("two")).status()), "RECEIPT_MISMATCH");
  EXPECT_THAT(*analyst.Publications(), IsEmpty());
}

}  // namespace
}  // namespace shield::testing
