// Receipts on their way from a reader to the broker.
#include "client/receive/receipt_courier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "client/client.h"
#include "client/state/database.h"
#include "tests/client/support/sample_network.h"

namespace shield::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr absl::string_view kAlert = R"(+++
title = "Pickpocket team around the Meir"
kind = "flash_alert"
tlp = "TLP:AMBER+STRICT"
to = ["org:astrid"]
+++
Two men, grey van.
)";

class ReceiptCourierTest : public ::testing::Test {
 protected:
  ReceiptCourierTest() : analyst_(network_.Open("an-lise")) {}

  BulletinId Publish() {
    const absl::StatusOr<Published> published = analyst_.Publish(network_.DraftOf(kAlert));
    EXPECT_TRUE(published.ok()) << published.status();
    return published->id;
  }
  // How the guard of the hotel stands on the author's board.
  std::string StateOfGuard(const BulletinId& id) {
    const absl::StatusOr<StatusBoard> board = analyst_.Board(id);
    EXPECT_TRUE(board.ok()) << board.status();
    for (const BoardReader& reader : board->readers) {
      if (reader.member.text() == "astrid-guard") {
        return std::string(PrintReaderState(reader.state));
      }
    }
    return "not listed";
  }
  ScriptedConnection& Guards() { return network_.Script("astrid-guard"); }
  static absl::Status TakeIt(const OpenedBulletin&) { return absl::OkStatus(); }
  // Whether a watch that is turned away tries to send no receipt, in one of some attempts: a
  // receipt that has its turn just before that is another matter.
  template <typename Watch>
  bool SometimesSendsNoReceipt(Watch watch) {
    for (int attempts = 0; attempts < 20; ++attempts) {
      const int before = Guards().calls("AddReceipts");
      Guards().FailNext("AddReceipts", absl::UnavailableError("the door is closed"));
      watch();
      if (Guards().calls("AddReceipts") == before) return true;
    }
    return false;
  }

  SampleNetwork network_;
  Client analyst_;
};

TEST_F(ReceiptCourierTest, WhatCameIsDeliveredAndWhatDidNotIsPending) {
  const BulletinId id = Publish();
  EXPECT_EQ(StateOfGuard(id), "pending");
  ASSERT_TRUE(network_.Open("astrid-guard").Sync().ok());
  EXPECT_EQ(StateOfGuard(id), "delivered");
}

TEST_F(ReceiptCourierTest, WhatIsShownIsOpened) {
  const BulletinId id = Publish();
  Client guard = network_.Open("astrid-guard");
  ASSERT_TRUE(guard.Sync().ok());
  ASSERT_TRUE(guard.Inbox().ok());
  ASSERT_TRUE(guard.Item(id).ok());
  ASSERT_TRUE(guard.SendReceipts().ok());
  EXPECT_EQ(StateOfGuard(id), "delivered") << "a list is no reading";
  ASSERT_TRUE(guard.Show(id).ok());
  ASSERT_TRUE(guard.SendReceipts().ok());
  EXPECT_EQ(StateOfGuard(id), "opened");
}

TEST_F(ReceiptCourierTest, WhatAHandlerTookIsOpened) {
  const BulletinId first = Publish();
  const BulletinId second = Publish();
  Client guard = network_.Open("astrid-guard");
  const absl::Status ended = guard.Subscribe([&](const OpenedBulletin& opened) {
    return opened.item.id == first ? absl::OkStatus() : absl::OutOfRangeError("enough");
  });
  EXPECT_TRUE(absl::IsOutOfRange(ended)) << ended;
  EXPECT_EQ(StateOfGuard(first), "opened");
  EXPECT_EQ(StateOfGuard(second), "delivered") << "its handler did not take it";
}

// Within kReceiptSpread; the test waits for longer where the machine is busy.
TEST_F(ReceiptCourierTest, WhatWasTakenIsToldWhileTheSubscriptionGoesOn) {
  const BulletinId first = Publish();
  const BulletinId second = Publish();
  Client guard = network_.Open("astrid-guard");
  std::string told;
  const absl::Status ended = guard.Subscribe([&](const OpenedBulletin& opened) {
    if (opened.item.id != second) return absl::OkStatus();
    const absl::Time end = absl::Now() + absl::Seconds(30);
    while ((told = StateOfGuard(first)) != "opened" && absl::Now() < end) {
      absl::SleepFor(absl::Milliseconds(20));
    }
    return absl::OutOfRangeError("enough");
  });
  EXPECT_TRUE(absl::IsOutOfRange(ended)) << ended;
  EXPECT_EQ(told, "opened");
}

TEST_F(ReceiptCourierTest, ANamedEntryIsAcknowledgedAlone) {
  const BulletinId first = Publish();
  const BulletinId second = Publish();
  Client guard = network_.Open("astrid-guard");
  ASSERT_TRUE(guard.Sync().ok());
  ASSERT_TRUE(guard.Acknowledge(2).ok());
  EXPECT_EQ(StateOfGuard(first), "delivered");
  EXPECT_EQ(StateOfGuard(second), "acknowledged");
}

TEST_F(ReceiptCourierTest, WithoutANameAllAre) {
  const BulletinId first = Publish();
  const BulletinId second = Publish();
  Client guard = network_.Open("astrid-guard");
  ASSERT_TRUE(guard.Sync().ok());
  ASSERT_TRUE(guard.AcknowledgeThrough(2).ok());
  EXPECT_EQ(StateOfGuard(first), "acknowledged");
  EXPECT_EQ(StateOfGuard(second), "acknowledged");
}

TEST_F(ReceiptCourierTest, WhatIsUnderEmbargoIsNotAcknowledged) {
  Draft draft = network_.DraftOf(kAlert);
  draft.not_before = network_.clock().Now() + absl::Hours(2);
  const absl::StatusOr<Published> published = analyst_.Publish(draft);
  ASSERT_TRUE(published.ok()) << published.status();
  Client guard = network_.Open("astrid-guard");
  ASSERT_TRUE(guard.Sync().ok());
  ASSERT_TRUE(guard.AcknowledgeThrough(1).ok());
  EXPECT_EQ(StateOfGuard(published->id), "delivered");
  network_.clock().Advance(absl::Hours(3));
  ASSERT_TRUE(guard.AcknowledgeThrough(1).ok());
  EXPECT_EQ(StateOfGuard(published->id), "acknowledged");
}

TEST_F(ReceiptCourierTest, WhatHasEndedMayStillBeAcknowledged) {
  const BulletinId id = Publish();
  Client guard = network_.Open("astrid-guard");
  ASSERT_TRUE(guard.Sync().ok());
  ASSERT_TRUE(analyst_.Sync().ok());
  ASSERT_TRUE(analyst_.Withdraw(id).ok());
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_EQ(guard.Item(id)->state, InboxState::kWithdrawn);
  ASSERT_TRUE(guard.Acknowledge(1).ok());
  EXPECT_EQ(StateOfGuard(id), "acknowledged");
}

TEST_F(ReceiptCourierTest, WhatCouldNotBeSentFollowsLater) {
  const BulletinId id = Publish();
  {
    Client guard = network_.Open("astrid-guard");
    for (int i = 0; i < 50; ++i) {
      Guards().FailNext("AddReceipts", absl::UnavailableError("the link is dead"));
      Guards().FailNext("Acknowledge", absl::UnavailableError("the link is dead"));
    }
    ASSERT_TRUE(guard.Sync().ok());
    ASSERT_TRUE(guard.Show(id).ok());
    EXPECT_TRUE(absl::IsUnavailable(guard.Acknowledge(1)));
    EXPECT_EQ(StateOfGuard(id), "pending");
  }
  // Another run, when the network is back; by then the bulletin has been read for hours.
  const absl::Time read = network_.clock().Now();
  network_.clock().Advance(absl::Hours(5));
  ASSERT_TRUE(network_.Open("astrid-guard").Sync().ok());
  EXPECT_EQ(StateOfGuard(id), "acknowledged");
  const StatusBoard board = *analyst_.Board(id);
  for (const BoardReader& reader : board.readers) {
    if (reader.member.text() != "astrid-guard") continue;
    EXPECT_LE(*reader.acknowledged, read) << "the time is when it happened";
  }
}

TEST_F(ReceiptCourierTest, ABrokerThatTakesNoneHoldsUpNoDelivery) {
  Publish();
  Publish();
  Client guard = network_.Open("astrid-guard");
  for (int i = 0; i < 50; ++i) {
    Guards().FailNext("AddReceipts", absl::InternalError("no"));
  }
  int taken = 0;
  const absl::Status ended = guard.Subscribe([&](const OpenedBulletin&) {
    return ++taken == 2 ? absl::OutOfRangeError("enough") : absl::OkStatus();
  });
  EXPECT_TRUE(absl::IsOutOfRange(ended)) << ended;
  ASSERT_TRUE(guard.Sync().ok());
}

// A receipt would wait at a door that is closed, and its watch with it.
TEST_F(ReceiptCourierTest, WhoeverIsTurnedAwayKeepsWhatIsDueUntilItIsLetIn) {
  const BulletinId id = Publish();
  Client guard = network_.Open("astrid-guard");
  Guards().FailNext("AddReceipts", absl::UnavailableError("the link is dead"));
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_TRUE(SometimesSendsNoReceipt([&] {
    Guards().FailNext("GetDirectory", absl::UnauthenticatedError("not enrolled"));
    const absl::Status ended = guard.Subscribe(TakeIt);
    EXPECT_TRUE(absl::IsUnauthenticated(ended)) << ended;
  }));
  EXPECT_EQ(StateOfGuard(id), "pending");
  ASSERT_TRUE(guard.SendReceipts().ok());
  EXPECT_EQ(StateOfGuard(id), "opened");
}

TEST_F(ReceiptCourierTest, WhoeverIsTurnedAwayWhileItStopsKeepsWhatIsDue) {
  const BulletinId id = Publish();
  {
    Client guard = network_.Open("astrid-guard");
    Guards().FailNext("AddReceipts", absl::UnavailableError("the link is dead"));
    ASSERT_TRUE(guard.Sync().ok());
  }
  EXPECT_TRUE(SometimesSendsNoReceipt([&] {
    Client guard = network_.Open("astrid-guard");
    Guards().BeforeNext("Read", [&guard] { guard.Stop(); });
    Guards().FailNext("Read", absl::UnauthenticatedError("no longer enrolled"));
    const absl::Status ended = guard.Subscribe(TakeIt);
    EXPECT_TRUE(absl::IsCancelled(ended)) << ended;
  }));
  EXPECT_EQ(StateOfGuard(id), "pending");
}

TEST_F(ReceiptCourierTest, MoreThanABatchIsSentInSeveral) {
  std::vector<BulletinId> ids;
  for (size_t i = 0; i < kMaxReceiptsInCall / 2 + 1; ++i) ids.push_back(Publish());
  Client guard = network_.Open("astrid-guard");
  Guards().FailNext("AddReceipts", absl::UnavailableError("the link is dead"));
  ASSERT_TRUE(guard.Sync().ok());
  ASSERT_TRUE(guard.AcknowledgeThrough(ids.size()).ok());
  EXPECT_EQ(Guards().calls("AddReceipts"), 1 + 2);
  EXPECT_EQ(StateOfGuard(ids.front()), "acknowledged");
  EXPECT_EQ(StateOfGuard(ids.back()), "acknowledged");
}

TEST_F(ReceiptCourierTest, WhatIsRefusedForAClockIsTriedAgainBehindTheOthers) {
  const BulletinId id = Publish();
  Client guard = network_.Open("astrid-guard");
  ASSERT_TRUE(guard.Sync().ok());
  // Its clock is an hour ahead when it acknowledges.
  network_.clock().Advance(absl::Hours(1));
  Guards().BeforeNext("AddReceipts", [this] { network_.clock().Advance(-absl::Hours(1)); });
  const absl::Status refused = guard.Acknowledge(1);
  EXPECT_EQ(RuleOf(refused), "CLOCK_SKEW") << "who named it is told: " << refused;
  EXPECT_EQ(StateOfGuard(id), "delivered");
  const int before = Guards().calls("AddReceipts");
  // Its clock has been set right since: what it signs now is not of a time that is still to come.
  ASSERT_TRUE(guard.SendReceipts().ok());
  EXPECT_EQ(Guards().calls("AddReceipts"), before + 1) << "once each time";
  EXPECT_EQ(StateOfGuard(id), "acknowledged");
  ASSERT_TRUE(guard.SendReceipts().ok());
  EXPECT_EQ(Guards().calls("AddReceipts"), before + 1) << "nothing is due any more";
}

// What a person says of one bulletin reaches its source or the person is told, each time.
TEST_F(ReceiptCourierTest, WhoNamesABulletinAgainSignsAndSendsAgain) {
  const BulletinId id = Publish();
  Client guard = network_.Open("astrid-guard");
  ASSERT_TRUE(guard.Sync().ok());
  Guards().AlterRules([](std::vector<std::string>& rules) {
    for (std::string& rule : rules) rule = "BAD_SIGNATURE";
  });
  EXPECT_EQ(RuleOf(guard.Acknowledge(1)), "BAD_SIGNATURE");
  EXPECT_EQ(RuleOf(guard.Acknowledge(1)), "BAD_SIGNATURE") << "it has still not been taken";
  Guards().AlterRules([](std::vector<std::string>&) {});
  const int before = Guards().calls("AddReceipts");
  ASSERT_TRUE(guard.SendReceipts().ok());
  EXPECT_EQ(Guards().calls("AddReceipts"), before) << "it was refused for good";
  ASSERT_TRUE(guard.Acknowledge(1).ok());
  EXPECT_EQ(Guards().calls("AddReceipts"), before + 1);
  EXPECT_EQ(StateOfGuard(id), "acknowledged");
}

// A broker that was set back, and may be put right: it has delivered what it knows nothing of.
TEST_F(ReceiptCourierTest, OfWhatIsHeldHereNoReceiptIsGivenUpBeforeItExpires) {
  Publish();
  Client guard = network_.Open("astrid-guard");
  Guards().AlterRules([](std::vector<std::string>& rules) {
    for (std::string& rule : rules) rule = "NO_SUCH_BULLETIN";
  });
  ASSERT_TRUE(guard.Sync().ok());
  const int before = Guards().calls("AddReceipts");
  ASSERT_TRUE(guard.SendReceipts().ok());
  EXPECT_EQ(Guards().calls("AddReceipts"), before + 1) << "still due";
  network_.clock().Advance(absl::Hours(24 * 400));
  ASSERT_TRUE(guard.SendReceipts().ok());
  ASSERT_TRUE(guard.SendReceipts().ok());
  EXPECT_EQ(Guards().calls("AddReceipts"), before + 2) << "it has expired: once more and no more";
}

TEST_F(ReceiptCourierTest, TheBrokerSaysHowLongItIsLeftAlone) {
  const auto limited = [](absl::Duration delay) {
    return WithRetryDelay(WithRule(absl::ResourceExhaustedError("busy"), "RATE_LIMITED"), delay);
  };
  const auto full = [](absl::Duration delay) {
    return WithRetryDelay(WithRule(absl::ResourceExhaustedError("busy"), "QUEUE_FULL"), delay);
  };
  const absl::Status away = absl::UnavailableError("away");
  EXPECT_EQ(PauseAfter(absl::OkStatus(), absl::Minutes(1)), absl::ZeroDuration());
  EXPECT_EQ(PauseAfter(away, absl::ZeroDuration()), kFirstReceiptPause);
  EXPECT_EQ(PauseAfter(away, absl::Seconds(4)), absl::Seconds(8));
  EXPECT_EQ(PauseAfter(away, absl::Minutes(4)), kLongestReceiptPause);
  EXPECT_EQ(PauseAfter(full(absl::Seconds(7)), absl::Seconds(1)), absl::Seconds(7));
  EXPECT_EQ(PauseAfter(full(absl::Seconds(1)), absl::Seconds(8)), absl::Seconds(16));
  EXPECT_EQ(PauseAfter(limited(absl::Seconds(3)), absl::Seconds(64)), absl::Seconds(3));
  EXPECT_EQ(PauseAfter(limited(absl::Milliseconds(1)), absl::ZeroDuration()), kFirstReceiptPause);
  EXPECT_EQ(PauseAfter(limited(absl::Hours(9)), absl::ZeroDuration()), kLongestReceiptPause);
}

// No room for a receipt is no reason not to read.
TEST_F(ReceiptCourierTest, AHomeThatCanNoteNoneShowsTheContentAllTheSame) {
  const BulletinId id = Publish();
  Publish();
  Client guard = network_.Open("astrid-guard");
  ASSERT_TRUE(guard.Sync().ok());
  const std::string path = network_.HomeOf("astrid-guard").PathOf("state.db");
  absl::StatusOr<SqlDatabase> database = SqlDatabase::Open(path);
  ASSERT_TRUE(database.ok()) << database.status();
  ASSERT_TRUE(database
                  ->Execute("CREATE TRIGGER full BEFORE INSERT ON receipt BEGIN "
                            "SELECT RAISE(ABORT, 'no room'); END")
                  .ok());
  const absl::StatusOr<OpenedBulletin> shown = guard.Show(id);
  ASSERT_TRUE(shown.ok()) << shown.status();
  EXPECT_EQ(shown->content.title, "Pickpocket team around the Meir");
  int taken = 0;
  const absl::Status ended = guard.Subscribe([&](const OpenedBulletin&) {
    return ++taken == 1 ? absl::OkStatus() : absl::OutOfRangeError("enough");
  });
  EXPECT_TRUE(absl::IsOutOfRange(ended)) << ended;
  EXPECT_FALSE(guard.Acknowledge(1).ok()) << "who says that it was read is told";
}

// The clock of the author was ahead, that of the reader behind, each by less than is borne with.
TEST_F(ReceiptCourierTest, ASlowClockLosesNoReceipt) {
  const BulletinId id = Publish();
  network_.clock().Advance(-absl::Seconds(110));
  Client guard = network_.Open("astrid-guard");
  for (int i = 0; i < 50; ++i) {
    Guards().FailNext("AddReceipts", absl::UnavailableError("the link is dead"));
  }
  ASSERT_TRUE(guard.Sync().ok());
  const auto due = network_.clock().Now();
  ASSERT_TRUE(absl::IsUnavailable(guard.Acknowledge(1)));
  network_.clock().Advance(absl::Seconds(110));
  Client again = network_.Open("astrid-guard");
  ASSERT_TRUE(again.Acknowledge(1).ok());
  EXPECT_EQ(StateOfGuard(id), "acknowledged");
  const absl::StatusOr<StatusBoard> board = analyst_.Board(id);
  ASSERT_TRUE(board.ok()) << board.status();
  for (const BoardReader& reader : board->readers) {
    if (reader.member.text() != "astrid-guard") continue;
    EXPECT_GT(*reader.acknowledged, due) << "no earlier than the bulletin was issued";
  }
}

TEST_F(ReceiptCourierTest, AStoppedClientSendsNoFurtherBatch) {
  for (size_t i = 0; i < kMaxReceiptsInCall + 1; ++i) Publish();
  {
    Client guard = network_.Open("astrid-guard");
    Guards().FailNext("AddReceipts", absl::UnavailableError("the link is dead"));
    ASSERT_TRUE(guard.Sync().ok());
  }
  Client guard = network_.Open("astrid-guard");
  const int before = Guards().calls("AddReceipts");
  Guards().BeforeNext("AddReceipts", [&guard] { guard.Stop(); });
  guard.SendReceipts().IgnoreError();
  EXPECT_EQ(Guards().calls("AddReceipts"), before + 1);
}

TEST_F(ReceiptCourierTest, AReceiptThatIsShownForAnotherReaderIsRefused) {
  const BulletinId id = Publish();
  ASSERT_TRUE(network_.Open("astrid-guard").Sync().ok());
  Client analyst = network_.Open("an-lise");
  network_.Script("an-lise").AlterReaders([](std::vector<ReaderStatus>& readers) {
    std::vector<std::string> signed_by_guard;
    for (const ReaderStatus& reader : readers) {
      if (reader.member.text() == "astrid-guard") signed_by_guard = reader.receipts;
    }
    for (ReaderStatus& reader : readers) reader.receipts = signed_by_guard;
  });
  const absl::StatusOr<StatusBoard> board = analyst.Board(id);
  ASSERT_TRUE(board.ok()) << board.status();
  EXPECT_EQ(RuleOf(board->Fault()), "RECEIPT_MISMATCH");
  for (const BoardReader& reader : board->readers) {
    EXPECT_EQ(reader.fault.empty(), reader.member.text() == "astrid-guard") << reader.member;
  }
}

// A share whose sharer's key has ended, or one that is not to be had, spoils no board.
TEST_F(ReceiptCourierTest, AShareThatDoesNotHoldIsAFaultOfItsReadersAlone) {
  const BulletinId id = Publish();
  ASSERT_TRUE(network_.Open("astrid-guard").Sync().ok());
  network_.Open("meir-guard");
  const auto by_share = [this](absl::string_view share) {
    const Receipt receipt{network_.network().network, *MemberId::Parse("meir-guard"),
                          *BulletinId::Parse(share),  Digest{},
                          ReceiptState::kOpened,      network_.clock().Now()};
    ReaderStatus reader{receipt.member, *OrgId::Parse("meir")};
    reader.shared_by = MemberId::Parse("astrid-guard");
    reader.receipts = {SignReceipt(receipt, network_.SignKeyOf("meir-guard"))};
    return reader;
  };
  Client analyst = network_.Open("an-lise");
  const std::vector<ReaderStatus> shared = {by_share("0123456789abcdef0123456789abcdef"),
                                            by_share("fedcba9876543210fedcba9876543210")};
  for (size_t i = 0; i < shared.size(); ++i) {
    const bool ended = i == 0;
    network_.Script("an-lise").AlterReaders(
        [&](std::vector<ReaderStatus>& readers) { readers.push_back(shared[i]); });
    if (ended) {
      network_.Script("an-lise").FailNext(
          "GetStatement", WithRule(absl::PermissionDeniedError("ended"), "PUBLISHER_KEY_REVOKED"));
    }
    const absl::StatusOr<StatusBoard> board = analyst.Board(id);
    ASSERT_TRUE(board.ok()) << board.status();
    EXPECT_TRUE(board->Fault().ok()) << board->Fault();
    EXPECT_EQ(board->readers.back().fault, ended ? "PUBLISHER_KEY_REVOKED" : "SHARE_UNKNOWN");
    EXPECT_EQ(board->readers.back().state, ReaderState::kPending);
  }
}

TEST_F(ReceiptCourierTest, ABoardIsForTheSourceAlone) {
  const BulletinId id = Publish();
  Client guard = network_.Open("astrid-guard");
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_TRUE(absl::IsNotFound(guard.Board(id).status()));
  EXPECT_TRUE(network_.Open("an-omar").Board(id).ok()) << "a colleague of the author's";
}

}  // namespace
}  // namespace shield::testing
