// What a subscriber gets of an entry that was closed when it had its turn and opens afterwards.
#include "client/receive/hand_over.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/mutex.h"
#include "base/status.h"
#include "client/client.h"
#include "tests/client/support/sample_network.h"

namespace shield::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr absl::Duration kHeartbeat = absl::Seconds(20);

// What handlers were given, as "number state title". Thread-safe.
class Record {
 public:
  void Note(const InboxItem& item) {
    MutexLock lock(mutex_);
    handed_.push_back(absl::StrCat(item.seq, " ", PrintInboxState(item.state), " ", item.title));
    changed_.NotifyAll();
  }
  // All of it, once that are `count`.
  std::vector<std::string> Wait(size_t count, absl::Duration patience = absl::Seconds(20)) {
    MutexLock lock(mutex_);
    while (handed_.size() < count && changed_.WaitFor(mutex_, patience)) {
    }
    return handed_;
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  std::vector<std::string> handed_ ABSL_GUARDED_BY(mutex_);
};

// Follows an inbox on a thread of its own.
class Watcher {
 public:
  Watcher(Client client, Record& record) : client_(std::move(client)) {
    thread_ = std::thread([this, &record] {
      const absl::Status ended = client_.Subscribe([&record](const OpenedBulletin& opened) {
        record.Note(opened.item);
        return absl::OkStatus();
      });
      EXPECT_TRUE(absl::IsCancelled(ended)) << ended;
    });
  }
  ~Watcher() { Stop(); }
  void Stop() {
    client_.Stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  Client client_;
  std::thread thread_;
};

class HandOverTest : public ::testing::Test {
 protected:
  HandOverTest() : colleague_(network_.Open("an-omar")) {}

  Published Publish(Client author, const Draft& draft) {
    const absl::StatusOr<Published> published = author.Publish(draft);
    EXPECT_TRUE(published.ok()) << published.status();
    return *published;
  }
  Published Publish(absl::string_view title) {
    return Publish(network_.Open("an-lise"), network_.Green(title));
  }
  Published Embargoed(absl::string_view title, absl::Duration ahead) {
    Draft draft = network_.Green(title);
    draft.not_before = network_.clock().Now() + ahead;
    return Publish(network_.Open("an-lise"), draft);
  }
  void SetState(absl::string_view member, AccountState state) {
    network_.Member(member).state = state;
    network_.PublishDirectory();
  }
  // Time goes by until the next heartbeat.
  void Beat() {
    network_.clock().Advance(kHeartbeat);
    network_.broker().Beat();
  }
  // The next entry numbered `seq` comes without its payload, which is then to be fetched.
  ScriptedConnection& WithoutPayload(uint64_t seq) {
    ScriptedConnection& script = network_.Script("meir-guard");
    script.AlterMessages([seq](SubscriptionMessage& message) {
      for (DeliveredEntry& entry : message.entries) {
        if (entry.seq == seq) entry.payload.clear();
      }
    });
    return script;
  }
  // Beats, and has something come with each, until `script` was asked `count` times for a payload.
  void BeatUntilAsked(ScriptedConnection& script, int count, Record& record) {
    for (int i = 0; i < 60 && script.calls("Fetch") < count; ++i) {
      const size_t before = record.Wait(0).size();
      Beat();
      Publish(colleague_, network_.Green("x"));
      record.Wait(before + 1);
    }
  }
  // Two more bulletins: between them, everything that waits was looked at.
  std::vector<std::string> Settled(Watcher& watcher, Record& record) {
    const size_t before = record.Wait(0).size();
    Beat();
    Publish(colleague_, network_.Green("last"));
    record.Wait(before + 1);
    Publish(colleague_, network_.Green("very last"));
    record.Wait(before + 2);
    watcher.Stop();
    return record.Wait(0);
  }

  SampleNetwork network_;
  Client colleague_;
};

TEST_F(HandOverTest, WhatWasClosedForNowIsHandedOnceMoreWhenItOpens) {
  Publish("one");
  SetState("an-lise", AccountState::kSuspended);
  Record record;
  Watcher watcher(network_.Open("meir-guard"), record);
  EXPECT_THAT(record.Wait(1), ElementsAre("1 refused "));
  SetState("an-lise", AccountState::kActive);
  Beat();
  EXPECT_THAT(record.Wait(2), ElementsAre("1 refused ", "1 live one"));
  EXPECT_THAT(Settled(watcher, record),
              ElementsAre("1 refused ", "1 live one", "2 live last", "3 live very last"));
}

TEST_F(HandOverTest, AnEmbargoedBulletinIsHandedOnceMoreWhenItsTimeHasCome) {
  Embargoed("secret", absl::Hours(2));
  Record record;
  Watcher watcher(network_.Open("meir-guard"), record);
  EXPECT_THAT(record.Wait(1), ElementsAre("1 embargoed "));
  network_.clock().Advance(absl::Hours(1));
  Beat();
  Publish("meanwhile");
  EXPECT_THAT(record.Wait(2), ElementsAre("1 embargoed ", "2 live meanwhile"));
  network_.clock().Advance(absl::Hours(1));
  Beat();
  EXPECT_THAT(record.Wait(3), ElementsAre("1 embargoed ", "2 live meanwhile", "1 live secret"));
  EXPECT_THAT(Settled(watcher, record), SizeIs(5));
}

TEST_F(HandOverTest, WhatOpenedWhileNobodyFollowedIsHandedToTheNextWhoDoes) {
  Publish("one");
  SetState("an-lise", AccountState::kSuspended);
  {
    Record record;
    Watcher watcher(network_.Open("meir-guard"), record);
    EXPECT_THAT(record.Wait(1), ElementsAre("1 refused "));
  }
  SetState("an-lise", AccountState::kActive);
  // Another program of the home may have read it already.
  Client other = network_.Open("meir-guard");
  ASSERT_TRUE(other.Sync().ok());
  EXPECT_EQ(other.Item(1)->state, InboxState::kLive);
  Record record;
  Watcher watcher(network_.Open("meir-guard"), record);
  EXPECT_THAT(record.Wait(1), ElementsAre("1 live one"));
  EXPECT_THAT(Settled(watcher, record),
              ElementsAre("1 live one", "2 live last", "3 live very last"));
}

TEST_F(HandOverTest, WhatWasReadableIsNotHandedAgainWhenItClosesAndOpens) {
  Publish(network_.Open("an-lise"),
          network_.DraftOf("+++\ntitle = \"x\"\nkind = \"notice\"\ntlp = \"RED\"\nto = "
                           "[\"member:meir-guard\"]\n+++\nSeen.\n"));
  Record record;
  Watcher watcher(network_.Open("meir-guard"), record);
  EXPECT_THAT(record.Wait(1), ElementsAre("1 live x"));
  network_.Member("meir-guard").org = *OrgId::Parse("astrid");
  network_.PublishDirectory();
  Beat();
  network_.Member("meir-guard").org = *OrgId::Parse("meir");
  network_.PublishDirectory();
  EXPECT_THAT(Settled(watcher, record), ElementsAre("1 live x", "2 live last", "3 live very last"));
}

TEST_F(HandOverTest, WhatHasEndedBeforeItOpenedIsNotHandedAgain) {
  const Published old = Embargoed("old", absl::Hours(1));
  Record record;
  Watcher watcher(network_.Open("meir-guard"), record);
  EXPECT_THAT(record.Wait(1), ElementsAre("1 embargoed "));
  Client analyst = network_.Open("an-lise");
  ASSERT_TRUE(analyst.Sync().ok());
  Publish(analyst, network_.DraftOf(absl::StrCat(
                       "+++\ntitle = \"new\"\nkind = \"notice\"\ntlp = \"GREEN\"\nrefs = "
                       "[\"supersedes:",
                       old.id.ToHex(), "\"]\n+++\nBody.\n")));
  EXPECT_THAT(record.Wait(2), ElementsAre("1 embargoed ", "2 live new"));
  network_.clock().Advance(absl::Hours(1));
  EXPECT_THAT(Settled(watcher, record),
              ElementsAre("1 embargoed ", "2 live new", "3 live last", "4 live very last"));
}

// Whoever waits for it must learn that it will not come.
TEST_F(HandOverTest, AnEmbargoedBulletinThatDoesNotOpenIsHandedOnceMoreAsRefused) {
  Embargoed("secret", absl::Hours(2));
  Client guard = network_.Open("meir-guard");
  network_.Script("meir-guard").AlterPieces([](Bytes piece) -> absl::StatusOr<Bytes> {
    piece.back() ^= 1;
    return piece;
  });
  Record record;
  Watcher watcher(guard, record);
  EXPECT_THAT(record.Wait(1), ElementsAre("1 embargoed "));
  network_.clock().Advance(absl::Hours(2));
  Beat();
  EXPECT_THAT(record.Wait(2), ElementsAre("1 embargoed ", "1 refused "));
  EXPECT_THAT(Settled(watcher, record), SizeIs(4));
}

TEST_F(HandOverTest, APayloadThatTheBrokerDoesNotGiveYetIsAskedForAgain) {
  Embargoed("secret", absl::Hours(2));
  Client guard = network_.Open("meir-guard");
  ScriptedConnection& script = network_.Script("meir-guard");
  script.AlterMessages([](SubscriptionMessage& message) {
    for (DeliveredEntry& entry : message.entries) {
      if (entry.seq == 1) entry.payload.clear();
    }
  });
  // Its clock is a little behind; then nothing comes for longer than one tries; then a refusal.
  script.FailNext("Fetch", WithRule(absl::NotFoundError("not yet"), "EMBARGOED"));
  script.FailNext("Fetch", absl::DeadlineExceededError("nobody answers"));
  script.FailNext("Fetch", absl::NotFoundError("there is no such bulletin"));
  Record record;
  Watcher watcher(guard, record);
  EXPECT_THAT(record.Wait(1), ElementsAre("1 embargoed "));
  network_.clock().Advance(absl::Hours(2));
  for (size_t handed = 1; handed < 20 && script.calls("Fetch") < 4;) {
    Beat();
    Publish(colleague_, network_.Green("x"));
    record.Wait(++handed);
  }
  const std::vector<std::string> handed = Settled(watcher, record);
  EXPECT_EQ(std::count(handed.begin(), handed.end(), "1 live secret"), 1);
  EXPECT_EQ(script.calls("Fetch"), 4);
  EXPECT_EQ(script.calls("Subscribe"), 1);
}

// Its store is damaged, it does not know why, it is not reached: none of it is about the bulletin.
TEST_F(HandOverTest, ABrokerThatCannotReadItsStoreEndsNoWait) {
  Embargoed("secret", absl::Hours(2));
  Client guard = network_.Open("meir-guard");
  ScriptedConnection& script = WithoutPayload(1);
  script.FailNext("Fetch", WithRule(absl::DataLossError("a read failed"), "STORE_FAILED"));
  script.FailNext("Fetch", WithRule(absl::DataLossError("a read failed"), "ANOTHER_RULE"));
  script.FailNext("Fetch", absl::InternalError("reference 7"));
  script.FailNext("Fetch", absl::InvalidArgumentError("nobody knows why"));
  Record record;
  Watcher watcher(guard, record);
  EXPECT_THAT(record.Wait(1), ElementsAre("1 embargoed "));
  network_.clock().Advance(absl::Hours(2));
  BeatUntilAsked(script, 5, record);
  const std::vector<std::string> handed = Settled(watcher, record);
  EXPECT_EQ(std::count(handed.begin(), handed.end(), "1 refused "), 0);
  EXPECT_EQ(std::count(handed.begin(), handed.end(), "1 live secret"), 1);
}

// One after the other in one look: those behind do not wait for the next message.
TEST_F(HandOverTest, APayloadThatCannotBeHadHoldsUpNoneBehindIt) {
  Embargoed("first", absl::Hours(2));
  Embargoed("second", absl::Hours(2));
  Client guard = network_.Open("meir-guard");
  WithoutPayload(1).FailNext("Fetch", absl::DeadlineExceededError("nobody answers"));
  Record record;
  Watcher watcher(guard, record);
  EXPECT_THAT(record.Wait(2), ElementsAre("1 embargoed ", "2 embargoed "));
  network_.clock().Advance(absl::Hours(2));
  network_.broker().Beat();
  EXPECT_THAT(record.Wait(3), ElementsAre("1 embargoed ", "2 embargoed ", "2 live second"));
  Beat();
  EXPECT_EQ(record.Wait(4).back(), "1 live first");
}

// A broker that answers nothing keeps the stream from being read for no longer than that.
TEST_F(HandOverTest, NoMoreIsLookedAtThanThereIsTimeFor) {
  constexpr int kEntries = 3;
  for (int i = 0; i < kEntries; ++i) Embargoed("secret", absl::Hours(2));
  Client guard = network_.Open("meir-guard");
  ScriptedConnection& script = network_.Script("meir-guard");
  script.AlterMessages([](SubscriptionMessage& message) {
    for (DeliveredEntry& entry : message.entries) {
      if (entry.seq <= kEntries) entry.payload.clear();
    }
  });
  // One for each look, and for the one that may begin when the last has been seen.
  for (int i = 0; i <= kEntries; ++i) {
    script.BeforeNext("Fetch", [this] { network_.clock().Advance(kMaxLookingTime); });
    script.FailNext("Fetch", absl::DeadlineExceededError("nobody answers"));
  }
  Record record;
  Watcher watcher(guard, record);
  record.Wait(kEntries);
  network_.clock().Advance(absl::Hours(2));
  for (int i = 1; i <= kEntries; ++i) {
    Publish(colleague_, network_.Green("x"));
    record.Wait(kEntries + i);
    // The next look may have begun by now.
    EXPECT_LE(script.calls("Fetch"), i + 1);
  }
  EXPECT_GE(script.calls("Fetch"), kEntries - 1);
}

// A broker that withholds a payload for days is not asked for it with every heartbeat.
TEST_F(HandOverTest, WhatIsWithheldIsAskedForMoreAndMoreSeldom) {
  Publish("one");
  Client guard = network_.Open("meir-guard");
  ScriptedConnection& script = WithoutPayload(1);
  for (int i = 0; i < 200; ++i) script.FailNext("Fetch", absl::NotFoundError("not now"));
  Record record;
  Watcher watcher(guard, record);
  EXPECT_THAT(record.Wait(1), ElementsAre("1 refused "));
  for (int i = 0; i < 90; ++i) {  // half an hour
    const size_t before = record.Wait(0).size();
    Beat();
    Publish(colleague_, network_.Green("x"));
    record.Wait(before + 1);
  }
  // Twice when it came; 5, 10, 20, … 600 s.
  EXPECT_GE(script.calls("Fetch"), 7);
  EXPECT_LE(script.calls("Fetch"), 14);
}

// The broker's clock may be a little ahead of the reader's, and no more than a little.
TEST_F(HandOverTest, TheBrokersBareWordThatItExpiredEndsNoWait) {
  Embargoed("secret", absl::Hours(2));
  Client guard = network_.Open("meir-guard");
  ScriptedConnection& script = WithoutPayload(1);
  for (int i = 0; i < 2; ++i) {
    script.FailNext("Fetch", WithRule(absl::NotFoundError("it has expired"), "EXPIRED"));
  }
  Record record;
  Watcher watcher(guard, record);
  EXPECT_THAT(record.Wait(1), ElementsAre("1 embargoed "));
  network_.clock().Advance(absl::Hours(2));
  BeatUntilAsked(script, 3, record);
  const std::vector<std::string> handed = Settled(watcher, record);
  EXPECT_EQ(std::count(handed.begin(), handed.end(), "1 live secret"), 1);
}

TEST_F(HandOverTest, TheBrokersBareWordOfAnEmbargoThatIsOverIsNotBelieved) {
  Publish("one");
  network_.clock().Advance(absl::Hours(1));
  Client guard = network_.Open("meir-guard");
  ScriptedConnection& script = WithoutPayload(1);
  for (int i = 0; i < 2; ++i) {
    script.FailNext("Fetch", WithRule(absl::NotFoundError("it is not open yet"), "EMBARGOED"));
  }
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_EQ(RuleOf(guard.Show(1).status()), "PAYLOAD_WITHHELD");
  EXPECT_TRUE(guard.Show(1).ok());
}

// Nothing that waits is handed to a member who is suspended, nor counted as handed.
TEST_F(HandOverTest, WhoIsSuspendedIsHandedWhatIsStoredAfterwards) {
  Publish("one");
  Client guard = network_.Open("meir-guard");
  ScriptedConnection& script = WithoutPayload(1);
  script.FailNext("Fetch", absl::NotFoundError("not now"));
  ASSERT_TRUE(guard.Sync().ok());
  SetState("meir-guard", AccountState::kSuspended);
  Record record;
  const absl::Status ended = guard.Subscribe([&record](const OpenedBulletin& opened) {
    record.Note(opened.item);
    return absl::OkStatus();
  });
  EXPECT_TRUE(absl::IsUnauthenticated(ended)) << ended;
  EXPECT_EQ(RuleOf(ended), "SUSPENDED");
  EXPECT_THAT(record.Wait(0), SizeIs(0));
  SetState("meir-guard", AccountState::kActive);
  Watcher watcher(guard, record);
  EXPECT_THAT(record.Wait(1), ElementsAre("1 live one"));
}

// However many messages come meanwhile; a newer directory is looked at at once.
TEST_F(HandOverTest, WhatWasLookedAtIsLeftAloneForAWhile) {
  Embargoed("secret", absl::Hours(2));
  Client guard = network_.Open("meir-guard");
  ScriptedConnection& script = network_.Script("meir-guard");
  script.AlterMessages([](SubscriptionMessage& message) {
    for (DeliveredEntry& entry : message.entries) {
      if (entry.seq == 1) entry.payload.clear();
    }
  });
  for (int i = 0; i < 20; ++i) script.FailNext("Fetch", absl::NotFoundError("not now"));
  Record record;
  Watcher watcher(guard, record);
  EXPECT_THAT(record.Wait(1), ElementsAre("1 embargoed "));
  network_.clock().Advance(absl::Hours(2));
  for (size_t handed = 2; handed < 6; ++handed) {
    Publish(colleague_, network_.Green("x"));
    record.Wait(handed);
  }
  EXPECT_EQ(script.calls("Fetch"), 1);
  network_.PublishDirectory();
  for (size_t handed = 6; handed < 9; ++handed) {
    Publish(colleague_, network_.Green("x"));
    record.Wait(handed);
  }
  EXPECT_EQ(script.calls("Fetch"), 2);
}

TEST_F(HandOverTest, AHandlerThatFailsGetsWhatOpenedAgain) {
  Publish("one");
  SetState("an-lise", AccountState::kSuspended);
  Client guard = network_.Open("meir-guard");
  const InboxHandler fail = [&](const OpenedBulletin& opened) {
    if (opened.item.state == InboxState::kLive) return absl::UnavailableError("no room");
    SetState("an-lise", AccountState::kActive);
    Beat();
    return absl::OkStatus();
  };
  EXPECT_EQ(guard.Subscribe(fail).message(), "no room");
  EXPECT_EQ(guard.Subscribe(fail).message(), "no room");
  Record record;
  Watcher watcher(guard, record);
  EXPECT_THAT(record.Wait(1), ElementsAre("1 live one"));
  EXPECT_THAT(Settled(watcher, record), SizeIs(3));
}

TEST_F(HandOverTest, AProgramKilledInItsHandlerGetsWhatOpenedAgainAndOnce) {
  Publish("one");
  SetState("an-lise", AccountState::kSuspended);
  {
    Record record;
    Watcher watcher(network_.Open("meir-guard"), record);
    EXPECT_THAT(record.Wait(1), ElementsAre("1 refused "));
  }
  SetState("an-lise", AccountState::kActive);
  int channel[2];
  ASSERT_EQ(pipe(channel), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const absl::Status ended =
        network_.Open("meir-guard").Subscribe([&](const OpenedBulletin& opened) {
          if (write(channel[1], &opened.item.seq, sizeof(uint64_t)) < 0) _exit(1);
          pause();
          return absl::OkStatus();
        });
    _exit(ended.ok() ? 0 : 1);
  }
  uint64_t seq = 0;
  close(channel[1]);
  EXPECT_EQ(read(channel[0], &seq, sizeof(seq)), static_cast<ssize_t>(sizeof(seq)));
  close(channel[0]);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_EQ(seq, 1u);
  Record record;
  Watcher watcher(network_.Open("meir-guard"), record);
  EXPECT_THAT(record.Wait(1), ElementsAre("1 live one"));
  EXPECT_THAT(Settled(watcher, record), SizeIs(3));
}

// Those before it stay closed and are looked at again and again.
TEST_F(HandOverTest, TheLastOfMoreThanOneLooksAtGetsItsTurn) {
  for (uint64_t i = 0; i < kMaxLookedAt; ++i) Publish("closed");
  Publish(colleague_, network_.Green("opens"));
  SetState("an-lise", AccountState::kSuspended);
  SetState("an-omar", AccountState::kSuspended);
  Record record;
  Watcher watcher(network_.Open("meir-guard"), record);
  record.Wait(kMaxLookedAt + 1);
  SetState("an-omar", AccountState::kActive);
  // Two looks would do, but for the test's clock, which whoever waits moves on: one may end early.
  const std::string opened = absl::StrCat(kMaxLookedAt + 1, " live opens");
  const auto times = [&opened](const std::vector<std::string>& handed) {
    return std::count(handed.begin(), handed.end(), opened);
  };
  for (int i = 0; i < 60 && times(record.Wait(0)) == 0; ++i) {
    const size_t before = record.Wait(0).size();
    Beat();
    Publish(colleague_, network_.Green("x"));
    record.Wait(before + 1);
  }
  EXPECT_EQ(times(Settled(watcher, record)), 1);
}

TEST_F(HandOverTest, OfTwoSubscribersOfOneHomeOneGetsWhatOpened) {
  for (int i = 0; i < 8; ++i) Publish("x");
  SetState("an-lise", AccountState::kSuspended);
  {
    Record record;
    Watcher watcher(network_.Open("meir-guard"), record);
    EXPECT_THAT(record.Wait(8), SizeIs(8));
  }
  Record record;
  Watcher first(network_.Open("meir-guard"), record);
  Watcher second(network_.Open("meir-guard"), record);
  SetState("an-lise", AccountState::kActive);
  // Whoever waits for the other passes the time of the test's clock, and has none left to look at
  // more with this message.
  for (int beats = 0; beats < 200; ++beats) {
    Beat();
    if (record.Wait(8, absl::Milliseconds(100)).size() == 8) break;
  }
  first.Stop();
  std::vector<std::string> handed = Settled(second, record);
  std::sort(handed.begin(), handed.end());
  EXPECT_THAT(handed,
              ElementsAre("1 live x", "10 live very last", "2 live x", "3 live x", "4 live x",
                          "5 live x", "6 live x", "7 live x", "8 live x", "9 live last"));
}

}  // namespace
}  // namespace shield::testing
