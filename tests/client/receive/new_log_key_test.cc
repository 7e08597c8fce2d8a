// The authority has named another log key: what the broker lost is set aside, once, and stays here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/client.h"
#include "client/receive/asking_pauses.h"
#include "client/state/state.h"
#include "tests/client/support/sample_network.h"

namespace shield::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class NewLogKeyTest : public ::testing::Test {
 protected:
  BulletinId Publish(absl::string_view title) {
    const absl::StatusOr<Published> published =
        network_.Open("an-lise").Publish(network_.Green(title));
    EXPECT_TRUE(published.ok()) << published.status();
    return published->id;
  }
  std::unique_ptr<ClientState> State(absl::string_view member = "meir-guard") {
    auto state = ClientState::Open(network_.HomeOf(member).PathOf("state.db"),
                                   absl::StrCat("antwerp.example/", member));
    EXPECT_TRUE(state.ok()) << state.status();
    return *std::move(state);
  }
  // The guard has followed its inbox under a key that the directory names no more, and the broker
  // has none of its entries.
  void LoseTheInbox() {
    ASSERT_TRUE(State()->SetFollowedLog({"the key before", absl::UnixEpoch()}).ok());
    network_.broker().TakeInbox(*MemberId::Parse("meir-guard"));
  }
  // The broker gives entries and never signs where the inbox ends.
  void MarkNothing() {
    network_.Script("meir-guard").AlterMessages([](SubscriptionMessage& message) {
      message.mark.reset();
    });
  }
  // The guard holds "one" and "two" without their payloads, and the broker has lost both.
  void LoseWhatHasNoPayload() {
    Publish("one");
    Publish("two");
    Client guard = network_.Open("meir-guard");
    ScriptedConnection& script = network_.Script("meir-guard");
    script.AlterMessages([](SubscriptionMessage& message) {
      for (DeliveredEntry& entry : message.entries) entry.payload.clear();
    });
    for (int i = 0; i < 2; ++i) script.FailNext("Fetch", absl::NotFoundError("not now"));
    ASSERT_TRUE(guard.Sync().ok());
    LoseTheInbox();
    Publish("three");
    ASSERT_TRUE(network_.Open("meir-guard").Sync().ok());
  }
  // What a subscription hands over, up to `last`.
  std::vector<std::string> HandedUpTo(absl::string_view last) {
    std::vector<std::string> titles;
    Client guard = network_.Open("meir-guard");
    MarkNothing();
    const absl::Status ended = guard.Subscribe([&](const OpenedBulletin& opened) {
      titles.push_back(opened.item.title);
      return opened.item.title == last ? absl::OutOfRangeError("enough") : absl::OkStatus();
    });
    EXPECT_EQ(ended.message(), "enough");
    return titles;
  }
  std::vector<std::string> Inbox() {
    std::vector<std::string> titles;
    const auto items = network_.Open("meir-guard").Inbox();
    EXPECT_TRUE(items.ok()) << items.status();
    if (!items.ok()) return titles;
    for (const InboxItem& item : *items) {
      titles.push_back(item.title + (item.carried ? " carried" : ""));
    }
    return titles;
  }
  SampleNetwork network_;
};

TEST_F(NewLogKeyTest, ABrokerThatNeverMarksSetsAnInboxAsideOnce) {
  Publish("one");
  ASSERT_TRUE(network_.Open("meir-guard").Sync().ok());
  LoseTheInbox();
  Publish("two");
  EXPECT_THAT(HandedUpTo("two"), ElementsAre("one", "two"));
  EXPECT_THAT(Inbox(), ElementsAre("two", "one carried"));
  Publish("three");
  EXPECT_THAT(HandedUpTo("three"),
              ElementsAre("two", "three"));  // its hello has confirmed the one before
  // The same again: nothing signed says that this loss is known.
  network_.broker().TakeInbox(*MemberId::Parse("meir-guard"));
  Publish("four");
  Client guard = network_.Open("meir-guard");
  MarkNothing();
  const absl::Status refused = guard.Subscribe([](const OpenedBulletin& opened) {
    return opened.item.title == "four" ? absl::OutOfRangeError("handed") : absl::OkStatus();
  });
  EXPECT_EQ(RuleOf(refused), "ROLLBACK") << refused;
  EXPECT_THAT(Inbox(), ElementsAre("two", "three", "one carried"));
}

TEST_F(NewLogKeyTest, AStreamThatIsCutAfterTheFirstOtherEntryLosesNothingAndIsGoneOnWith) {
  Publish("one");
  ASSERT_TRUE(network_.Open("meir-guard").Sync().ok());
  LoseTheInbox();
  Publish("two");
  HandedUpTo("two");
  Publish("three");
  const auto report = network_.Open("meir-guard").Sync();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->received, 1u);
  EXPECT_THAT(Inbox(), ElementsAre("two", "three", "one carried"));
  EXPECT_THAT(*network_.Open("meir-guard").Alarms(), IsEmpty());
}

TEST_F(NewLogKeyTest, WhatNoHeadHadConfirmedIsSetAsideAndNotCutBack) {
  Publish("one");
  ASSERT_TRUE(network_.Open("meir-guard").Sync().ok());
  Publish("two");
  EXPECT_THAT(HandedUpTo("two"), ElementsAre("one", "two"));
  const MemberId guard = *MemberId::Parse("meir-guard");
  ASSERT_TRUE(State()->SetFollowedLog({"the key before", absl::UnixEpoch()}).ok());
  const std::vector<DeliveredEntry> entries = network_.broker().TakeInbox(guard);
  network_.broker().Forge(guard, entries[0]);
  const auto report = network_.Open("meir-guard").Sync();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(report->warnings, ElementsAre("INBOX_ANEW"));
  EXPECT_THAT(Inbox(), ElementsAre("one", "two carried"));
}

TEST_F(NewLogKeyTest, WhoFollowsIsToldOnce) {
  Publish("one");
  ASSERT_TRUE(network_.Open("meir-guard").Sync().ok());
  LoseTheInbox();
  Publish("two");
  std::vector<std::string> told;
  Client guard = network_.Open("meir-guard", [&](const absl::Status& link) {
    if (!link.ok()) told.push_back(RuleOf(link));
    return absl::OkStatus();
  });
  const absl::Status ended = guard.Subscribe([&](const OpenedBulletin& opened) {
    if (opened.item.title == "two") Publish("three");
    return opened.item.title == "three" ? absl::OutOfRangeError("enough") : absl::OkStatus();
  });
  EXPECT_EQ(ended.message(), "enough");
  EXPECT_THAT(told, ElementsAre("INBOX_ANEW"));
}

// Not counting from the newest directory: this home may have published since the key was named.
TEST_F(NewLogKeyTest, WhatWasPublishedSinceTheKeyWasNamedIsStillAskedOfTheLog) {
  Client analyst = network_.Open("an-lise");
  ASSERT_TRUE(analyst.SyncDirectory().ok());
  ASSERT_TRUE(State("an-lise")->SetFollowedLog({"the key before", absl::UnixEpoch()}).ok());
  network_.clock().Advance(absl::Hours(1));
  // The log is shown neither with the receipt nor with the next synchronisation.
  for (int i = 0; i < 2; ++i) {
    network_.Script("an-lise").FailNext("GetCheckpoint", absl::DeadlineExceededError("slow"));
  }
  const auto published = analyst.Publish(network_.Green("one"));
  ASSERT_TRUE(published.ok()) << published.status();
  network_.clock().Advance(absl::Hours(1));
  network_.PublishDirectory();
  // The directory is newer than the publication, the key that it names is not.
  ASSERT_TRUE(analyst.Sync().ok());
  EXPECT_NE(State("an-lise")->FollowedLog()->key, "the key before");
  const std::vector<LoggedStatement> asked = *State("an-lise")->UnloggedPublications(8);
  ASSERT_THAT(asked, SizeIs(1));
  EXPECT_EQ(asked[0].id, published->id);
  ASSERT_TRUE(analyst.Sync().ok());
  EXPECT_THAT(*State("an-lise")->UnloggedPublications(8), IsEmpty()) << "the log has it";
}

TEST_F(NewLogKeyTest, ContentThatTheBrokerLostIsSaidToBeLost) {
  LoseWhatHasNoPayload();
  Client guard = network_.Open("meir-guard");
  const BulletinId one = *guard.Inbox()->at(1).id;
  network_.Script("meir-guard").FailNext("Fetch", absl::NotFoundError("no such bulletin"));
  const absl::Status lost = guard.Show(one).status();
  EXPECT_EQ(RuleOf(lost), "LOST_BY_BROKER") << lost;
  EXPECT_TRUE(absl::IsFailedPrecondition(lost)) << "nobody cheats";
  // It is asked for again, and a broker that has it after all may give it.
  EXPECT_EQ(guard.Show(one)->item.title, "one");
}

TEST_F(NewLogKeyTest, APayloadOfWhatWasCarriedThatCannotBeHadHoldsUpNothing) {
  LoseWhatHasNoPayload();
  Client guard = network_.Open("meir-guard");
  network_.Script("meir-guard").FailNext("Fetch", absl::DeadlineExceededError("nobody answers"));
  std::vector<std::string> titles;
  const absl::Status ended = guard.Subscribe([&](const OpenedBulletin& opened) {
    titles.push_back(opened.item.title);
    if (opened.item.title == "three") {
      network_.clock().Advance(kFirstPause);
      Publish("four");
    }
    return opened.item.title == "four" ? absl::OutOfRangeError("enough") : absl::OkStatus();
  });
  EXPECT_EQ(ended.message(), "enough");
  EXPECT_THAT(titles, ElementsAre("two", "three", "one", "four"));
}

// What was handed closed because its payload was lost is asked for with pauses, not each time.
TEST_F(NewLogKeyTest, WhatTheBrokerLostWaitsAndIsHandedOnceMoreWhenItComes) {
  LoseWhatHasNoPayload();
  Client guard = network_.Open("meir-guard");
  ScriptedConnection& script = network_.Script("meir-guard");
  script.FailNext("Fetch", absl::NotFoundError("no such bulletin"));
  std::vector<std::string> handed;
  const absl::Status ended = guard.Subscribe([&](const OpenedBulletin& opened) {
    handed.push_back(absl::StrCat(opened.item.title, opened.item.fault));
    const bool again = opened.item.title == "one";
    if (handed.size() == 3) {
      network_.clock().Advance(kLongestPause);
      Publish("four");
    }
    return again ? absl::OutOfRangeError("enough") : absl::OkStatus();
  });
  EXPECT_EQ(ended.message(), "enough");
  EXPECT_THAT(handed, ElementsAre("LOST_BY_BROKER", "two", "three", "one"));
  EXPECT_EQ(script.calls("Fetch"), 3);
}

// Nobody is refused because what is common takes longer to come than one stream may.
TEST_F(NewLogKeyTest, AStreamThatIsCutWhileItBringsWhatIsCommonIsGoneOnWith) {
  for (const char* title : {"one", "two", "three", "four"}) Publish(title);
  ASSERT_TRUE(network_.Open("meir-guard").Sync().ok());
  const MemberId member = *MemberId::Parse("meir-guard");
  ASSERT_TRUE(State()->SetFollowedLog({"the key before", absl::UnixEpoch()}).ok());
  std::vector<DeliveredEntry> entries = network_.broker().TakeInbox(member);
  entries.pop_back();
  for (const DeliveredEntry& entry : entries) network_.broker().Forge(member, entry);
  Client guard = network_.Open("meir-guard");
  ScriptedConnection& script = network_.Script("meir-guard");
  int cut = 0;
  script.AlterMessages([&](SubscriptionMessage& message) {
    if (message.entries.empty()) return;
    message.entries.resize(1);
    message.mark.reset();
    ++cut;
    script.FailNext("Read", absl::DeadlineExceededError("the time is over"));
  });
  const auto report = guard.Sync();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(cut, 3) << "each stream goes on where the one before was cut";
  EXPECT_EQ(report->received, 0u);
  EXPECT_THAT(report->warnings, ::testing::Contains("INBOX_ANEW"));
  EXPECT_THAT(Inbox(), ElementsAre("one", "two", "three", "four carried"));
}

// Content that a member was given must not vanish because it could not be read yet.
TEST_F(NewLogKeyTest, WhatWasClosedForNowIsSetAsideTooAndOpensWhenItCan) {
  const auto published = network_.Open("an-lise").Publish(
      network_.DraftOf("+++\ntitle = \"closed\"\nkind = \"notice\"\ntlp = \"AMBER+STRICT\"\nto = "
                       "[\"org:meir\"]\n+++\nBody.\n"));
  ASSERT_TRUE(published.ok()) << published.status();
  network_.Member("meir-guard").vetting = 0;
  network_.PublishDirectory();
  EXPECT_THAT(HandedUpTo(""), ElementsAre(""));
  ASSERT_TRUE(network_.Open("meir-guard").Sync().ok());
  LoseTheInbox();
  const auto report = network_.Open("meir-guard").Sync();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(report->warnings, ::testing::Contains("INBOX_ANEW"));
  EXPECT_THAT(Inbox(), ElementsAre(" carried"));
  EXPECT_EQ(network_.Open("meir-guard").Item(published->id)->fault, "VETTING_TOO_LOW");

  network_.Member("meir-guard").vetting = 3;
  network_.PublishDirectory();
  ASSERT_TRUE(network_.Open("meir-guard").Sync().ok());
  EXPECT_EQ((*State()->FindBulletin(published->id))->finding, Finding::kHeld);
  EXPECT_TRUE(network_.Open("meir-guard").Show(published->id).ok());
  // It is handed once more, and nobody signs for what the broker has lost.
  Publish("next");
  EXPECT_THAT(HandedUpTo("next"), ElementsAre("closed", "next"));
  EXPECT_FALSE(State()->FindReceipt(published->id, ReceiptState::kDelivered)->has_value());
}

}  // namespace
}  // namespace shield::testing
