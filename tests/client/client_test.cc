// A bulletin's way from an analyst to the members it is for, through a broker in memory.
#include "client/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "base/status.h"
#include "client/receive/verify_entry.h"
#include "tests/client/support/sample_network.h"

namespace shield::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr absl::string_view kAlert = R"(+++
title = "Pickpocket team around the Meir"
kind = "flash_alert"
tlp = "TLP:AMBER+STRICT"
to = ["org:astrid"]
restrictions = ["not for the night shift's notice board"]
+++
Two men, **grey** van.
)";

class ClientTest : public ::testing::Test {
 protected:
  std::vector<std::string> Titles(Client client) {
    EXPECT_TRUE(client.Sync().ok());
    std::vector<std::string> titles;
    const auto items = client.Inbox();
    for (const InboxItem& item : *items) titles.push_back(item.title);
    return titles;
  }
  SampleNetwork network_;
};

TEST_F(ClientTest, ABulletinReachesExactlyTheMembersItIsFor) {
  Client analyst = network_.Open("an-lise");
  const absl::StatusOr<Published> published = analyst.Publish(network_.DraftOf(kAlert));
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_EQ(published->recipients, 4u);  // two at astrid, two analysts of the source
  EXPECT_THAT(Titles(network_.Open("astrid-guard")),
              ElementsAre("Pickpocket team around the Meir"));
  EXPECT_THAT(Titles(network_.Open("an-omar")), ElementsAre("Pickpocket team around the Meir"));
  EXPECT_THAT(Titles(network_.Open("meir-guard")), IsEmpty());
}

TEST_F(ClientTest, ShowGivesTheContentAsItWasWritten) {
  Client analyst = network_.Open("an-lise");
  const Published published = *analyst.Publish(network_.DraftOf(kAlert));
  Client guard = network_.Open("astrid-guard");
  ASSERT_TRUE(guard.Sync().ok());
  const absl::StatusOr<OpenedBulletin> opened = guard.Show(published.id);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->content.body, "Two men, **grey** van.");
  EXPECT_EQ(opened->item.tlp, Tlp::kAmberStrict);
  EXPECT_EQ(opened->item.kind, "flash_alert");
  EXPECT_EQ(opened->item.author_org->text(), "ocad");
  EXPECT_THAT(opened->content.restrictions, ElementsAre("not for the night shift's notice board"));
  EXPECT_THAT(opened->warnings, IsEmpty());
}

TEST_F(ClientTest, APlanNamesEveryMemberWithTheRuleThatChoseOrExcludedIt) {
  Client analyst = network_.Open("an-lise");
  ASSERT_TRUE(analyst.SyncDirectory().ok());
  const absl::StatusOr<PublicationPlan> plan = analyst.Plan(network_.DraftOf(kAlert));
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_THAT(plan->recipients, SizeIs(4));
  ASSERT_THAT(plan->excluded, SizeIs(1));
  EXPECT_EQ(plan->excluded[0].member.text(), "meir-guard");
  EXPECT_EQ(plan->excluded[0].rule, "NOT_RECIPIENT_ORG");
  EXPECT_EQ(plan->organisations, 2u);
  EXPECT_EQ(network_.broker().committed(), 0u);
}

TEST_F(ClientTest, WhatPolicyRefusesIsNeverSealed) {
  Client analyst = network_.Open("an-lise");
  const Draft red = network_.DraftOf(
      "+++\ntitle = \"x\"\nkind = \"notice\"\ntlp = \"RED\"\nto = [\"org:astrid\"]\n+++\n");
  const absl::Status status = analyst.Publish(red).status();
  EXPECT_EQ(RuleOf(status), "RED_NEEDS_PERSONS") << status;
  EXPECT_TRUE(absl::IsPermissionDenied(status));
  EXPECT_EQ(network_.Script("an-lise").calls("Publish"), 0);
}

TEST_F(ClientTest, ALostAnswerIsAskedForAgainAndTheBulletinCommittedOnce) {
  Client analyst = network_.Open("an-lise");
  network_.Script("an-lise").LoseNextReceipt();
  const absl::StatusOr<Published> published = analyst.Publish(network_.DraftOf(kAlert));
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_TRUE(published->replayed);
  EXPECT_EQ(network_.broker().committed(), 1u);
  EXPECT_EQ(network_.Script("an-lise").calls("Publish"), 2);
}

TEST_F(ClientTest, ABulletinIsSealedAgainWhenTheDirectoryMovedOnItsWay) {
  Client analyst = network_.Open("an-lise");
  network_.Script("an-lise").BeforeNextFinish([this] {
    network_.AddMember("astrid-night", "astrid", {Role::kReader});
    network_.PublishDirectory();
  });
  const absl::StatusOr<Published> published = analyst.Publish(network_.DraftOf(kAlert));
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_EQ(published->directory_version, 2u);
  EXPECT_EQ(published->recipients, 5u);
  EXPECT_THAT(Titles(network_.Open("astrid-night")), SizeIs(1));
}

TEST_F(ClientTest, PublishingIsRefusedWithoutAFreshDirectoryAndReadingOnlyWarned) {
  Client analyst = network_.Open("an-lise");
  ASSERT_TRUE(analyst.Publish(network_.DraftOf(kAlert)).ok());
  network_.clock().Advance(absl::Hours(25));
  EXPECT_EQ(RuleOf(analyst.Publish(network_.DraftOf(kAlert)).status()), "DIRECTORY_STALE");
  Client guard = network_.Open("astrid-guard");
  const absl::StatusOr<SyncReport> report = guard.Sync();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->received, 1u);
  EXPECT_THAT(report->warnings, ElementsAre("DIRECTORY_STALE"));
  network_.Refresh();
  EXPECT_TRUE(analyst.Publish(network_.DraftOf(kAlert)).ok());
}

TEST_F(ClientTest, CallsAreTriedAgainWhileThereIsTime) {
  Client analyst = network_.Open("an-lise");
  for (int i = 0; i < 3; ++i) {
    network_.Script("an-lise").FailNext("GetDirectory", absl::UnavailableError("away"));
  }
  EXPECT_TRUE(analyst.SyncDirectory().ok());
  EXPECT_EQ(network_.Script("an-lise").calls("GetDirectory"), 4);
}

TEST_F(ClientTest, AnEmbargoedBulletinOpensWhenItsTimeHasCome) {
  Client analyst = network_.Open("an-lise");
  Draft draft = network_.DraftOf(kAlert);
  draft.not_before = network_.clock().Now() + absl::Hours(2);
  const Published published = *analyst.Publish(draft);
  Client guard = network_.Open("astrid-guard");
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_EQ(RuleOf(guard.Show(published.id).status()), "EMBARGOED");
  EXPECT_EQ(guard.Inbox()->front().state, InboxState::kEmbargoed);
  EXPECT_THAT(guard.Inbox()->front().title, IsEmpty());
  network_.clock().Advance(absl::Hours(2));
  EXPECT_TRUE(guard.Show(published.id).ok());
}

TEST_F(ClientTest, AReaderWhoseClockIsALittleBehindReadsAtOnce) {
  Client analyst = network_.Open("an-lise");
  const Published published = *analyst.Publish(network_.DraftOf(kAlert));
  Client guard = network_.Open("astrid-guard");
  bool behind = false;
  network_.Script("astrid-guard").AlterMessages([&](SubscriptionMessage&) {
    if (!std::exchange(behind, true)) network_.clock().Advance(-kMaxReaderSkew);
  });
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_TRUE(guard.Show(published.id).ok()) << guard.Show(published.id).status();
  network_.clock().Advance(-absl::Seconds(1));
  EXPECT_EQ(RuleOf(guard.Show(published.id).status()), "EMBARGOED");
}

TEST_F(ClientTest, APayloadTheBrokerDoesNotServeYetIsFetchedWhenItIsShown) {
  Client analyst = network_.Open("an-lise");
  const Published published = *analyst.Publish(network_.DraftOf(kAlert));
  Client guard = network_.Open("astrid-guard");
  network_.Script("astrid-guard").AlterMessages([](SubscriptionMessage& message) {
    for (DeliveredEntry& entry : message.entries) entry.payload.clear();
  });
  const absl::Status embargoed = WithRule(absl::NotFoundError("not yet"), "EMBARGOED");
  network_.Script("astrid-guard").FailNext("Fetch", embargoed);
  network_.Script("astrid-guard").FailNext("Fetch", embargoed);
  const auto report = guard.Sync();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->refused, 0u);
  EXPECT_EQ(RuleOf(guard.Show(published.id).status()), "EMBARGOED");
  EXPECT_TRUE(guard.Show(published.id).ok());
}

TEST_F(ClientTest, ListingCallsNobodyAndAPayloadThatIsNotHereHidesNothingElse) {
  Client analyst = network_.Open("an-lise");
  const Published first = *analyst.Publish(network_.DraftOf(kAlert));
  ASSERT_TRUE(analyst.Publish(network_.Green("second")).ok());
  Client guard = network_.Open("astrid-guard");
  network_.Script("astrid-guard").AlterMessages([](SubscriptionMessage& message) {
    for (DeliveredEntry& entry : message.entries) {
      if (entry.seq == 1) entry.payload.clear();
    }
  });
  network_.Script("astrid-guard").FailNext("Fetch", absl::NotFoundError("not now"));
  ASSERT_TRUE(guard.Sync().ok());
  const auto items = guard.Inbox();
  ASSERT_TRUE(items.ok()) << items.status();
  EXPECT_FALSE((*items)[0].fetched);
  EXPECT_EQ((*items)[0].title, "");
  EXPECT_EQ((*items)[0].state, InboxState::kLive);
  EXPECT_EQ((*items)[1].title, "second");
  EXPECT_EQ(guard.Item(2)->title, "second");
  EXPECT_EQ(network_.Script("astrid-guard").calls("Fetch"), 1);

  network_.Script("astrid-guard").FailNext("Fetch", absl::UnauthenticatedError("away"));
  EXPECT_FALSE(guard.Show(first.id).ok());
  ASSERT_TRUE(guard.Show(first.id).ok());
  EXPECT_EQ(network_.Script("astrid-guard").calls("Fetch"), 3);
  // Once shown it is here.
  EXPECT_TRUE((*guard.Inbox())[0].fetched);
  EXPECT_EQ((*guard.Inbox())[0].title, "Pickpocket team around the Meir");
  EXPECT_TRUE(guard.Show(first.id).ok());
  EXPECT_EQ(network_.Script("astrid-guard").calls("Fetch"), 3);
}

TEST_F(ClientTest, AnExpiredBulletinIsNotShown) {
  Client analyst = network_.Open("an-lise");
  Draft draft = network_.DraftOf(kAlert);
  draft.expires = network_.clock().Now() + absl::Hours(1);
  const Published published = *analyst.Publish(draft);
  Client guard = network_.Open("astrid-guard");
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_TRUE(guard.Show(published.id).ok());
  network_.clock().Advance(absl::Hours(1));
  EXPECT_EQ(RuleOf(guard.Show(published.id).status()), "EXPIRED");
}

TEST_F(ClientTest, AcknowledgingMovesTheCursorTheAuthorSees) {
  Client analyst = network_.Open("an-lise");
  const Published published = *analyst.Publish(network_.DraftOf(kAlert));
  Client guard = network_.Open("astrid-guard");
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_FALSE(guard.Inbox()->front().acknowledged);
  ASSERT_TRUE(guard.Acknowledge(1).ok());
  EXPECT_TRUE(guard.Inbox()->front().acknowledged);
  const auto readers = analyst.Readers(published.id);
  ASSERT_TRUE(readers.ok());
  for (const ReaderStatus& reader : *readers) {
    EXPECT_EQ(reader.acknowledged, reader.member.text() == "astrid-guard");
  }
  EXPECT_TRUE(absl::IsNotFound(guard.Acknowledge(2)));
}

TEST_F(ClientTest, AnotherProcessOverTheSameHomeContinuesWhereTheFirstStopped) {
  Client analyst = network_.Open("an-lise");
  ASSERT_TRUE(analyst.Publish(network_.Green("one")).ok());
  EXPECT_THAT(Titles(network_.Open("meir-guard")), ElementsAre("one"));
  ASSERT_TRUE(analyst.Publish(network_.Green("two")).ok());
  Client again = network_.Open("meir-guard");
  const absl::StatusOr<SyncReport> report = again.Sync();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->received, 1u);
  EXPECT_THAT(Titles(again), ElementsAre("one", "two"));
}

TEST_F(ClientTest, ASubscriptionHandsOverWhatIsStoredThenWhatComesAndEachOnce) {
  Client analyst = network_.Open("an-lise");
  ASSERT_TRUE(analyst.Publish(network_.Green("one")).ok());
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  std::vector<std::string> seen;
  std::thread publisher;
  const absl::Status ended = guard.Subscribe([&](const OpenedBulletin& opened) {
    seen.push_back(opened.item.title);
    if (seen.size() == 1) {
      publisher = std::thread([&] { EXPECT_TRUE(analyst.Publish(network_.Green("two")).ok()); });
    }
    return seen.size() == 2 ? absl::OutOfRangeError("enough") : absl::OkStatus();
  });
  publisher.join();
  EXPECT_EQ(ended.message(), "enough");
  EXPECT_THAT(seen, ElementsAre("one", "two"));
  // The last one was refused by the handler: it comes again, the first does not.
  seen.clear();
  EXPECT_TRUE(absl::IsOutOfRange(guard.Subscribe([&](const OpenedBulletin& opened) {
    seen.push_back(opened.item.title);
    return absl::OutOfRangeError("enough");
  })));
  EXPECT_THAT(seen, ElementsAre("two"));
}

TEST_F(ClientTest, ASubscriptionResumesAfterTheBrokerWasAway) {
  Client analyst = network_.Open("an-lise");
  ASSERT_TRUE(analyst.Publish(network_.Green("one")).ok());
  Client guard = network_.Open("meir-guard");
  for (int i = 0; i < 5; ++i) {
    network_.Script("meir-guard").FailNext("Subscribe", absl::UnavailableError("restarting"));
  }
  const absl::Status ended =
      guard.Subscribe([&](const OpenedBulletin&) { return absl::OutOfRangeError("enough"); });
  EXPECT_TRUE(absl::IsOutOfRange(ended)) << ended;
  EXPECT_EQ(network_.Script("meir-guard").calls("Subscribe"), 6);
}

TEST_F(ClientTest, StopEndsASubscriptionFromAnotherThread) {
  Client guard = network_.Open("meir-guard");
  std::thread stopper;
  Client analyst = network_.Open("an-lise");
  ASSERT_TRUE(analyst.Publish(network_.Green("one")).ok());
  const absl::Status ended = guard.Subscribe([&](const OpenedBulletin&) {
    stopper = std::thread([&] { guard.Stop(); });
    return absl::OkStatus();
  });
  stopper.join();
  EXPECT_TRUE(absl::IsCancelled(ended)) << ended;
}

TEST_F(ClientTest, ARevokedMembersSubscriptionEndsAndIsNotTakenUpAgain) {
  Client analyst = network_.Open("an-lise");
  ASSERT_TRUE(analyst.Publish(network_.Green("one")).ok());
  Client guard = network_.Open("meir-guard");
  std::thread authority;
  const absl::Status ended = guard.Subscribe([&](const OpenedBulletin&) {
    authority = std::thread([this] {
      network_.Member("meir-guard").state = AccountState::kRevoked;
      network_.PublishDirectory();
    });
    return absl::OkStatus();
  });
  authority.join();
  EXPECT_TRUE(absl::IsUnauthenticated(ended)) << ended;
}

TEST_F(ClientTest, AttachmentsTravelSealedAndOpenToTheSameBytes) {
  const std::string picture = network_.folder() + "/cctv.jpg";
  std::string bytes(300'000, 'x');
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 7 % 251);
  std::ofstream(picture, std::ios::binary) << bytes;
  const Draft draft = network_.DraftOf(
      "+++\ntitle = \"x\"\nkind = \"notice\"\ntlp = \"GREEN\"\nattachments = "
      "[\"cctv.jpg\"]\n+++\n");
  Client analyst = network_.Open("an-lise");
  const absl::StatusOr<Published> published = analyst.Publish(draft);
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_TRUE(std::filesystem::is_empty(network_.HomeOf("an-lise").PathOf("spool")));
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  const std::string target = network_.folder() + "/out.jpg";
  std::ofstream(target + ".part") << "the reader's own";
  const absl::Status fetched = guard.FetchAttachment(published->id, 1, target);
  ASSERT_TRUE(fetched.ok()) << fetched;
  std::ifstream file(target, std::ios::binary);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), bytes);
  std::ifstream beside(target + ".part");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(beside), {}), "the reader's own");
  EXPECT_TRUE(absl::IsAlreadyExists(guard.FetchAttachment(published->id, 1, target)));
  EXPECT_TRUE(absl::IsNotFound(guard.FetchAttachment(published->id, 2, target + "2")));
}

TEST_F(ClientTest, AChangedAttachmentLeavesNothingBehind) {
  std::ofstream(network_.folder() + "/a.txt") << "attached";
  const Draft draft = network_.DraftOf(
      "+++\ntitle = \"x\"\nkind = \"notice\"\ntlp = \"GREEN\"\nattachments = [\"a.txt\"]\n+++\n");
  Client analyst = network_.Open("an-lise");
  const Published published = *analyst.Publish(draft);
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  network_.Script("meir-guard").AlterPieces([](Bytes piece) -> absl::StatusOr<Bytes> {
    piece.back() ^= 1;
    return piece;
  });
  const std::string target = network_.folder() + "/out.txt";
  EXPECT_TRUE(absl::IsDataLoss(guard.FetchAttachment(published.id, 1, target)));
  for (const auto& file : std::filesystem::directory_iterator(network_.folder())) {
    EXPECT_FALSE(file.path().filename().native().starts_with("out.txt")) << file;
  }
}

// The first byte is one of the format's own line, 40 of the share, 80 of the wrapped key, 130 of
// the MAC, 200 of the only chunk.
TEST_F(ClientTest, AnAttachmentChangedAnywhereIsAFailureOfIntegrity) {
  std::ofstream(network_.folder() + "/a.txt") << std::string(100, 'a');
  const Draft draft = network_.DraftOf(
      "+++\ntitle = \"x\"\nkind = \"notice\"\ntlp = \"GREEN\"\nattachments = [\"a.txt\"]\n+++\n");
  Client analyst = network_.Open("an-lise");
  const Published published = *analyst.Publish(draft);
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  for (const auto& [place, rule] :
       std::vector<std::pair<size_t, std::string>>{{0, "AGE_HEADER"},
                                                   {40, "AGE_NO_MATCH"},
                                                   {80, "AGE_NO_MATCH"},
                                                   {130, "AGE_HMAC"},
                                                   {200, "DIGEST_MISMATCH"}}) {
    network_.Script("meir-guard").AlterPieces([at = place](Bytes piece) -> absl::StatusOr<Bytes> {
      piece[at] = piece[at] == 'A' ? 'B' : 'A';
      return piece;
    });
    const absl::Status status =
        guard.FetchAttachment(published.id, 1, network_.folder() + "/out.txt");
    EXPECT_TRUE(absl::IsDataLoss(status)) << place << " " << status;
    EXPECT_EQ(RuleOf(status), rule) << place;
  }
}

TEST_F(ClientTest, AnInterruptedFetchGoesOnWhereItStopped) {
  const std::string big = network_.folder() + "/big.bin";
  std::ofstream(big, std::ios::binary) << std::string(200'000, 'b');
  const Draft draft = network_.DraftOf(
      "+++\ntitle = \"x\"\nkind = \"notice\"\ntlp = \"GREEN\"\nattachments = [\"big.bin\"]\n+++\n");
  Client analyst = network_.Open("an-lise");
  const Published published = *analyst.Publish(draft);
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  int pieces = 0;
  network_.Script("meir-guard").AlterPieces([&](Bytes piece) -> absl::StatusOr<Bytes> {
    if (++pieces == 2) return absl::UnavailableError("cut off");
    return piece;
  });
  EXPECT_TRUE(guard.FetchAttachment(published.id, 1, network_.folder() + "/out.bin").ok());
  EXPECT_EQ(network_.Script("meir-guard").calls("Fetch"), 2);
}

TEST_F(ClientTest, ALongBodyIsFetchedAndOpened) {
  Client analyst = network_.Open("an-lise");
  const std::string body(200'000, 'l');
  const absl::StatusOr<Published> published = analyst.Publish(
      network_.DraftOf("+++\ntitle = \"x\"\nkind = \"notice\"\ntlp = \"CLEAR\"\n+++\n" + body));
  ASSERT_TRUE(published.ok()) << published.status();
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_EQ(guard.Show(published->id)->content.body, body);
  EXPECT_EQ(network_.Script("meir-guard").calls("Fetch"), 1);
}

TEST_F(ClientTest, AReportGoesToTheAuthorityAlone) {
  Client guard = network_.Open("meir-guard");
  const absl::StatusOr<Published> published = guard.Publish(network_.DraftOf(
      "+++\ntitle = \"x\"\nkind = \"suspicious_activity\"\ntlp = \"AMBER+STRICT\"\n+++\nSeen.\n"));
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_THAT(Titles(network_.Open("an-lise")), SizeIs(1));
  EXPECT_THAT(Titles(network_.Open("astrid-guard")), IsEmpty());
}

TEST_F(ClientTest, PublicationsListWhatThisHomePublished) {
  Client analyst = network_.Open("an-lise");
  ASSERT_TRUE(analyst.Publish(network_.Green("one")).ok());
  EXPECT_THAT(*analyst.Publications(), SizeIs(1));
  ASSERT_TRUE(analyst.Sync().ok());
  EXPECT_EQ(analyst.Publications()->front().title, "one");
  EXPECT_THAT(*network_.Open("an-omar").Publications(), IsEmpty());
}

}  // namespace
}  // namespace shield::testing
