// What a member's client makes of a broker's log: of one that shrinks, is rewritten, does not hold
// what came, is not proven, or was not shown to its witnesses.
#include "client/log/log_keeper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/audit/log_witness.h"
#include "client/home/member_keys.h"
#include "client/state/database.h"
#include "client/state/state.h"
#include "crypto/cosignature.h"
#include "crypto/merkle.h"
#include "crypto/sha256.h"
#include "policy/proof/checkpoint.h"
#include "policy/proof/inbox_chain.h"
#include "policy/proof/network_file.h"
#include "tests/client/support/sample_network.h"
#include "tests/support/temporary_folder.h"

namespace shield {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kWitness[] = "witness.example/w1";

class LogKeeperTest : public ::testing::Test {
 protected:
  void Publish(absl::string_view title) {
    Client analyst = network_.Open("an-lise");
    const auto published = analyst.Publish(network_.Green(title));
    ASSERT_TRUE(published.ok()) << published.status();
  }
  // Everything the guard's broker has put into its inbox, to be put there anew.
  std::vector<DeliveredEntry> Take() {
    return network_.broker().TakeInbox(*MemberId::Parse("meir-guard"));
  }
  void Forge(DeliveredEntry entry, uint64_t log_index) {
    entry.log_index = log_index;
    network_.broker().Forge(*MemberId::Parse("meir-guard"), std::move(entry));
  }
  ScriptedConnection& Script() { return network_.Script("meir-guard"); }
  // Every checkpoint that the guard is shown is signed anew over this size and root.
  void ShowCheckpoint(uint64_t size, const Digest& root) {
    Script().AlterLogAnswers([this, size, root](LogAnswer& answer) {
      answer.checkpoint = Signed(size, root);
      answer.proof.clear();
    });
  }
  std::string Signed(uint64_t size, const Digest& root) {
    return SignCheckpoint({"antwerp.example/log", size, root}, network_.log_key());
  }
  // Changes the state of the guard's home behind its client's back.
  void Change(const std::string& sql) {
    auto database = SqlDatabase::Open(network_.HomeOf("meir-guard").PathOf("state.db"));
    ASSERT_TRUE(database.ok()) << database.status();
    const absl::Status changed = database->Execute(sql);
    ASSERT_TRUE(changed.ok()) << changed;
  }
  // The one alarm of the guard's home.
  ForkAlarm Alarm(Client& guard) {
    const auto alarms = guard.Alarms();
    EXPECT_EQ(alarms->size(), 1u);
    return alarms->empty() ? ForkAlarm{} : alarms->front();
  }
  static uint64_t SizeIn(const std::string& note) {
    return ParseCheckpoint(note.substr(0, note.find("\n\n") + 1))->size;
  }

  testing::SampleNetwork network_;
};

TEST_F(LogKeeperTest, ALogThatBecameShorterIsARollbackAndBothCheckpointsAreKept) {
  Publish("one");
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  ShowCheckpoint(1, Sha256("a root"));
  EXPECT_EQ(RuleOf(guard.Sync().status()), "LOG_ROLLBACK");
  const ForkAlarm alarm = Alarm(guard);
  EXPECT_EQ(alarm.kind, "log");
  EXPECT_EQ(SizeIn(alarm.first), 2u);
  EXPECT_EQ(SizeIn(alarm.second), 1u);
  // An honest answer afterwards is what it was.
  Script().AlterLogAnswers(nullptr);
  EXPECT_TRUE(guard.Sync().ok());
}

TEST_F(LogKeeperTest, ALogThatWasRewrittenIsAForkAndBothCheckpointsAreKept) {
  Publish("one");
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  ShowCheckpoint(2, Sha256("another root"));
  EXPECT_EQ(RuleOf(guard.Sync().status()), "LOG_FORK");
  EXPECT_EQ(SizeIn(Alarm(guard).first), 2u);
  ShowCheckpoint(5, Sha256("another root"));
  EXPECT_EQ(RuleOf(guard.Sync().status()), "LOG_FORK");
  EXPECT_EQ(guard.Alarms()->size(), 2u);
}

TEST_F(LogKeeperTest, ALogShorterThanASignedHeadSaysIsARollback) {
  Publish("one");
  Client guard = network_.Open("meir-guard");
  ShowCheckpoint(1, Sha256("a root"));
  EXPECT_EQ(RuleOf(guard.Sync().status()), "LOG_ROLLBACK");
  EXPECT_EQ(guard.Inbox()->front().title, "one");
  // The head that names the longer log and the checkpoint of the shorter one.
  const ForkAlarm alarm = Alarm(guard);
  EXPECT_EQ(alarm.kind, "log");
  const auto head = ParseInboxHead(alarm.first.substr(0, alarm.first.find("\n\n") + 1));
  ASSERT_TRUE(head.ok()) << head.status();
  EXPECT_EQ(head->log_size, 2u);
  EXPECT_EQ(SizeIn(alarm.second), 1u);
}

TEST_F(LogKeeperTest, ACheckpointThatTheLogDidNotSignIsRefused) {
  Publish("one");
  Client guard = network_.Open("meir-guard");
  Script().AlterLogAnswers([this](LogAnswer& answer) {
    const Checkpoint checkpoint{"antwerp.example/log", 2, Sha256("a root")};
    answer.checkpoint = SignCheckpoint(checkpoint, network_.broker_key());
  });
  EXPECT_EQ(RuleOf(guard.Sync().status()), "BAD_SIGNATURE");
}

TEST_F(LogKeeperTest, AReceiptForWhatTheLogDoesNotHoldIsFoundOut) {
  for (const uint64_t index : {uint64_t{0}, uint64_t{1000}}) {
    Client analyst = network_.Open("an-lise");
    network_.Script("an-lise").AlterReceipts(
        [index](PublishReceipt& receipt) { receipt.log_index = index; });
    const auto published = analyst.Publish(network_.Green(absl::StrCat("at ", index)));
    EXPECT_EQ(RuleOf(published.status()), "LOG_MISMATCH") << published.status();
    EXPECT_TRUE(absl::StrContains(published.status().message(), "has been published"));
    EXPECT_TRUE(absl::StrContains(HintOf(published.status()), "a second bulletin"));
    const std::vector<InboxItem> own = *analyst.Publications();
    EXPECT_TRUE(std::any_of(own.begin(), own.end(), [&](const InboxItem& item) {
      return absl::StrContains(published.status().message(), item.id->ToHex());
    }));
    // It is said again, by whichever command comes next.
    EXPECT_EQ(RuleOf(analyst.Sync().status()), "LOG_MISMATCH");
  }
}

TEST_F(LogKeeperTest, APublicationIsProvenWithItsReceipt) {
  Client analyst = network_.Open("an-lise");
  ASSERT_TRUE(analyst.Publish(network_.Green("one")).ok());
  EXPECT_EQ(network_.Script("an-lise").calls("ProveBatch"), 1);
}

TEST_F(LogKeeperTest, AnEntryThatIsNotWhereItIsSaidToBeIsFoundOutAndSaidAgain) {
  Publish("one");
  Publish("two");
  const std::vector<DeliveredEntry> entries = Take();
  Forge(entries[1], entries[0].log_index);
  Forge(entries[0], entries[1].log_index);
  Client guard = network_.Open("meir-guard");
  const absl::Status first = guard.Sync().status();
  EXPECT_EQ(RuleOf(first), "LOG_MISMATCH") << first;
  EXPECT_TRUE(absl::StrContains(first.message(), "entry 1 ")) << first;
  EXPECT_EQ(RuleOf(guard.Sync().status()), "LOG_MISMATCH");
  // What its author signed is read all the same.
  EXPECT_EQ(guard.Inbox()->front().title, "two");
}

TEST_F(LogKeeperTest, ThreeHundredEntriesTakeThreeCallsAndAreProvenOnce) {
  for (int i = 0; i < 300; ++i) Publish(absl::StrCat("number ", i));
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_EQ(Script().calls("ProveBatch"), 3);
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_EQ(Script().calls("ProveBatch"), 3);
  EXPECT_EQ(Script().calls("GetCheckpoint"), 2);
}

TEST_F(LogKeeperTest, ABulletinDoesNotWaitForItsProof) {
  Publish("one");
  const std::vector<DeliveredEntry> entries = Take();
  Forge(entries[0], 0);
  int handed = 0;
  std::optional<Client> guard;
  guard = network_.Open("meir-guard", [&](const absl::Status& link) {
    if (absl::IsDataLoss(link)) guard->Stop();
    return absl::OkStatus();
  });
  const absl::Status ended = guard->Subscribe([&](const OpenedBulletin&) {
    EXPECT_EQ(Script().calls("ProveBatch"), 0);
    ++handed;
    return absl::OkStatus();
  });
  EXPECT_EQ(RuleOf(ended), "LOG_MISMATCH") << ended;
  EXPECT_EQ(handed, 1);
}

// Whatever is wrong with the log: what comes after the alarm is handed over as what came before.
TEST_F(LogKeeperTest, AnAlarmOfTheLogStopsNoBulletin) {
  Publish("one");
  const std::vector<DeliveredEntry> entries = Take();
  Forge(entries[0], 0);
  std::vector<std::string> told;
  std::vector<std::string> handed;
  std::optional<Client> guard;
  guard = network_.Open("meir-guard", [&](const absl::Status& link) {
    if (!absl::IsDataLoss(link)) return absl::OkStatus();
    told.push_back(RuleOf(link));
    Publish("two");
    return absl::OkStatus();
  });
  const absl::Status ended = guard->Subscribe([&](const OpenedBulletin& opened) {
    handed.push_back(opened.item.title);
    if (handed.size() == 2) guard->Stop();
    return absl::OkStatus();
  });
  EXPECT_THAT(handed, ElementsAre("one", "two"));
  EXPECT_THAT(told, ElementsAre("LOG_MISMATCH"));
  EXPECT_EQ(RuleOf(ended), "LOG_MISMATCH") << ended;
}

TEST_F(LogKeeperTest, WhatCouldNotBeAskedIsAskedTheNextTime) {
  Publish("one");
  Client guard = network_.Open("meir-guard");
  Script().FailNext("ProveBatch", absl::UnauthenticatedError("not now"));
  const auto first = guard.Sync();
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_THAT(first->warnings, Contains("LOG_UNCHECKED"));
  const auto second = guard.Sync();
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_THAT(second->warnings, Not(Contains("LOG_UNCHECKED")));
  EXPECT_EQ(Script().calls("ProveBatch"), 2);
}

TEST_F(LogKeeperTest, ABrokerThatRefusesToProveWithholds) {
  Publish("one");
  Client guard = network_.Open("meir-guard");
  Script().FailNext("ProveBatch", absl::NotFoundError("no such leaf"));
  EXPECT_EQ(RuleOf(guard.Sync().status()), "LOG_WITHHELD");
  Script().FailNext("GetCheckpoint", absl::UnimplementedError("no log here"));
  EXPECT_EQ(RuleOf(guard.Sync().status()), "LOG_WITHHELD");
}

class SilentBrokerTest : public LogKeeperTest {
 protected:
  std::string SyncUnanswered(Client& client, ScriptedConnection& script) {
    script.FailNext("GetCheckpoint", absl::UnauthenticatedError("not now"));
    return RuleOf(client.Sync().status());
  }
};

TEST_F(SilentBrokerTest, ADayWithoutAnAnswerIsAnAlarm) {
  Publish("one");
  Client guard = network_.Open("meir-guard");
  for (uint64_t i = 1; i < kMinLogFailures; ++i) {
    EXPECT_EQ(SyncUnanswered(guard, Script()), "");
    network_.clock().Advance(ClientState::kSilenceStep);
  }
  network_.clock().Advance(kMaxLogSilence - (kMinLogFailures - 1) * ClientState::kSilenceStep -
                           absl::Seconds(1));
  EXPECT_EQ(SyncUnanswered(guard, Script()), "");
  network_.clock().Advance(absl::Seconds(1));
  EXPECT_EQ(SyncUnanswered(guard, Script()), "LOG_WITHHELD");
  EXPECT_TRUE(guard.Sync().ok());
  EXPECT_EQ(SyncUnanswered(guard, Script()), "");
}

TEST_F(SilentBrokerTest, TwoBadMinutesADayApartAreNoAlarm) {
  Client guard = network_.Open("meir-guard");
  for (int i = 0; i < 10; ++i) EXPECT_EQ(SyncUnanswered(guard, Script()), "");
  network_.clock().Advance(kMaxLogSilence + absl::Hours(1));
  EXPECT_EQ(SyncUnanswered(guard, Script()), "");
}

// A broker that proves to an author what it has just published is silent on all the rest.
TEST_F(SilentBrokerTest, WhatIsProvenToAnAuthorEndsNoSilence) {
  Client analyst = network_.Open("an-lise");
  std::string rule;
  for (int i = 0; i < 6; ++i) {
    ASSERT_TRUE(analyst.Publish(network_.Green(absl::StrCat("number ", i))).ok());
    rule = SyncUnanswered(analyst, network_.Script("an-lise"));
    network_.clock().Advance(absl::Hours(6));
    network_.Refresh();
  }
  EXPECT_EQ(rule, "LOG_WITHHELD");
}

TEST_F(SilentBrokerTest, WhatThisHomeCouldNotDoItselfIsNoSilenceOfTheBrokers) {
  Client guard = network_.Open("meir-guard");
  Change("CREATE TRIGGER busy BEFORE INSERT ON checkpoint BEGIN SELECT RAISE(ABORT, 'busy'); END");
  for (int i = 0; i < 8; ++i) {
    const auto report = guard.Sync();
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_THAT(report->warnings, Contains("LOG_UNCHECKED"));
    network_.clock().Advance(absl::Hours(6));
    network_.Refresh();
  }
}

// What another process has stored since the checkpoint was asked for lies beyond it.
TEST_F(LogKeeperTest, WhatAnotherProcessStoresMeanwhileIsNoMismatch) {
  Publish("one");
  Client slow = network_.Open("meir-guard");
  ScriptedConnection& script = Script();
  Client quick = network_.Open("meir-guard");
  bool first = true;
  script.AlterLogAnswers([&](LogAnswer&) {
    if (!std::exchange(first, false)) return;
    Publish("two");
    // It cannot ask about the log itself, so its entry waits for its proof.
    Script().FailNext("GetCheckpoint", absl::UnavailableError("not now"));
    EXPECT_TRUE(quick.Sync().ok());
  });
  const auto report = slow.Sync();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(*slow.Inbox(), SizeIs(2));
}

TEST_F(LogKeeperTest, AForkIsSaidAlsoWhereItCannotBeKept) {
  Publish("one");
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  Change("CREATE TRIGGER full BEFORE INSERT ON fork BEGIN SELECT RAISE(ABORT, 'no room'); END");
  ShowCheckpoint(2, Sha256("another root"));
  const absl::Status fork = guard.Sync().status();
  EXPECT_EQ(RuleOf(fork), "LOG_FORK") << fork;
  EXPECT_TRUE(absl::StrContains(fork.message(), "could not be kept")) << fork;
}

TEST_F(LogKeeperTest, OfAlarmsThatComeAgainAndAgainTheFirstAreKept) {
  Publish("one");
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  for (uint64_t i = 0; i <= kMaxForksOfSubject; ++i) {
    ShowCheckpoint(2, Sha256(absl::StrCat("root ", i)));
    EXPECT_EQ(RuleOf(guard.Sync().status()), "LOG_FORK");
  }
  const auto alarms = guard.Alarms();
  EXPECT_THAT(*alarms, SizeIs(kMaxForksOfSubject));
  EXPECT_EQ(RuleOf(guard.Sync().status()), "LOG_FORK");
}

class WitnessedLogTest : public LogKeeperTest {
 protected:
  WitnessedLogTest() : witness_(SigningKey::Generate(network_.random())) {
    network_.AskForWitnesses({witness_.Verifier(kWitness)->ToString()}, 1);
    network_.PublishDirectory();
  }
  // What the witness does with the newest checkpoint, as the broker shows it.
  void Cosign() {
    const auto connection = network_.broker().Connect(*MemberId::Parse("an-lise"));
    const auto answer = connection->GetCheckpoint(0, absl::Seconds(1));
    const auto note =
        AddCosignature(answer->checkpoint, kWitness, witness_, network_.clock().Now());
    ASSERT_TRUE(connection->Cosign(*note, absl::Seconds(1)).ok());
  }
  std::string SyncRule() { return RuleOf(network_.Open("meir-guard").Sync().status()); }

  const SigningKey witness_;
};

TEST_F(LogKeeperTest, AWitnessDoesNotCosignWhatDoesNotContinueWhatItHolds) {
  Publish("one");
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.SyncDirectory().ok());
  ASSERT_TRUE(guard.CosignLog(/*hand_in=*/false).ok());
  ShowCheckpoint(2, Sha256("another root"));
  EXPECT_EQ(RuleOf(guard.CosignLog(false).status()), "LOG_FORK");
  ShowCheckpoint(1, Sha256("another root"));
  EXPECT_EQ(RuleOf(guard.CosignLog(false).status()), "LOG_ROLLBACK");
  EXPECT_EQ(guard.Alarms()->size(), 2u);
}

TEST_F(LogKeeperTest, AWitnessKeyIsWrappedAsTheOtherKeysAre) {
  const std::string passphrase = "a passphrase of a witness";
  const testing::TemporaryFolder folder;
  const Home home = *Home::Create(folder / "witness");
  ASSERT_TRUE(home.Join(*network_.HomeOf("an-lise").ReadNetworkText()).ok());
  const MemberKeys keys = *MemberKeys::Generate(*MemberId::Parse("an-lise"),
                                                network_.network().network, network_.random());
  const absl::Time now = network_.clock().Now();
  ASSERT_TRUE(home.WriteKeys(keys, passphrase, now, network_.random()).ok());
  const auto made = WitnessKeyText(home, keys, network_.random());
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_FALSE(absl::StrContains(*home.Read(kWitnessKeyFile), "PRIVATE+KEY"));
  EXPECT_EQ(*WitnessKeyText(home, keys, network_.random()), *made);
  // One that lies bare is wrapped when it is used, and stays the same key.
  const SigningKey bare = SigningKey::Generate(network_.random());
  const std::string name = network_.network().network.KeyName("witness/an-lise");
  ASSERT_TRUE(home.Write(kWitnessKeyFile, bare.Print(name, SecretAccess::ForExport())).ok());
  EXPECT_EQ(*WitnessKeyText(home, keys, network_.random()), bare.Verifier(name)->ToString());
  EXPECT_FALSE(absl::StrContains(*home.Read(kWitnessKeyFile), "PRIVATE+KEY"));
  EXPECT_EQ(*WitnessKeyText(home, keys, network_.random()), bare.Verifier(name)->ToString());
  // Nor does another identity open it.
  const MemberKeys other = *MemberKeys::Generate(*MemberId::Parse("an-lise"),
                                                 network_.network().network, network_.random());
  EXPECT_FALSE(WitnessKeyText(home, other, network_.random()).ok());
}

TEST_F(WitnessedLogTest, AQuorumThatIsAskedForHasToBeShownEachDay) {
  // Witnesses have a day from when this home knows of them.
  EXPECT_EQ(SyncRule(), "");
  network_.clock().Advance(kMaxWitnessAge - absl::Seconds(1));
  EXPECT_EQ(SyncRule(), "");
  network_.clock().Advance(absl::Seconds(1));
  EXPECT_EQ(SyncRule(), "LOG_UNWITNESSED");
  Cosign();
  EXPECT_EQ(SyncRule(), "");
  network_.clock().Advance(kMaxWitnessAge - absl::Seconds(1));
  EXPECT_EQ(SyncRule(), "");
  network_.clock().Advance(absl::Seconds(1));
  EXPECT_EQ(SyncRule(), "LOG_UNWITNESSED");
  Cosign();
  EXPECT_EQ(SyncRule(), "");
}

// A witness that is shown a log that stands still cosigns it each day, and it is the beginning of
// every log that was split from it.
TEST_F(WitnessedLogTest, ALogThatStandsStillForItsWitnessesIsUnwitnessedWithinADay) {
  std::string frozen;
  {
    const auto connection = network_.broker().Connect(*MemberId::Parse("an-lise"));
    frozen = connection->GetCheckpoint(0, absl::Seconds(1))->checkpoint;
  }
  const auto sync = [&] {
    const auto note = AddCosignature(frozen, kWitness, witness_, network_.clock().Now());
    const auto connection = network_.broker().Connect(*MemberId::Parse("an-lise"));
    EXPECT_TRUE(connection->Cosign(*note, absl::Seconds(1)).ok());
    return SyncRule();
  };
  EXPECT_EQ(sync(), "");
  network_.clock().Advance(absl::Hours(2));
  Publish("beyond the fork");
  EXPECT_EQ(sync(), "");
  network_.clock().Advance(kMaxWitnessAge - absl::Seconds(1));
  EXPECT_EQ(sync(), "");
  network_.clock().Advance(absl::Seconds(1));
  EXPECT_EQ(sync(), "LOG_UNWITNESSED");
  // One over what was there a day ago mends it.
  Cosign();
  EXPECT_EQ(SyncRule(), "");
}

TEST_F(WitnessedLogTest, ALogThatGrowsIsWitnessedByWhatWasCosignedWithinTheDay) {
  for (int hour = 0; hour < 60; ++hour) {
    if (hour % 8 == 0) Cosign();
    network_.Refresh();
    Publish(absl::StrCat("number ", hour));
    EXPECT_EQ(SyncRule(), "") << hour;
    network_.clock().Advance(absl::Hours(1));
  }
}

// The authority has signed since that it is later.
TEST_F(WitnessedLogTest, AClockThatIsBehindIsNamedAndPutsOffNoWitness) {
  EXPECT_EQ(SyncRule(), "");
  network_.clock().Advance(kMaxWitnessAge + absl::Hours(1));
  network_.Refresh();
  Cosign();
  const absl::Time now = network_.clock().Now();
  network_.clock().Set(now - absl::Minutes(30));
  EXPECT_EQ(SyncRule(), "");
  network_.clock().Set(now + kMaxWitnessAge);
  network_.Refresh();
  network_.clock().Set(now + kMaxWitnessAge - absl::Minutes(30));
  const absl::Status unwitnessed = network_.Open("meir-guard").Sync().status();
  EXPECT_EQ(RuleOf(unwitnessed), "LOG_UNWITNESSED");
  EXPECT_TRUE(absl::StrContains(HintOf(unwitnessed), "clock")) << HintOf(unwitnessed);
}

// Another witness has begun with a log that is shorter than what this one has seen since.
TEST_F(WitnessedLogTest, ABeginningOfWhatAWitnessHoldsIsCosignedAndNothingElse) {
  Publish("one");
  const auto connection = network_.broker().Connect(*MemberId::Parse("meir-guard"));
  const std::string early = connection->GetCheckpoint(0, absl::Seconds(1))->checkpoint;
  const uint64_t size = SizeIn(early);
  Publish("two");
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  ASSERT_TRUE(guard.Sync().ok());  // with its own receipts, which are in the log as well
  const uint64_t held = SizeIn(connection->GetCheckpoint(0, absl::Seconds(1))->checkpoint);
  ASSERT_GT(held, size);
  Script().AlterLogAnswers([&](LogAnswer& answer) {
    answer.checkpoint = early;
    answer.proof = connection->ProveConsistency(size, held, absl::Seconds(1))->proof;
  });
  const auto cosigned = guard.CosignLog(/*hand_in=*/false);
  ASSERT_TRUE(cosigned.ok()) << cosigned.status();
  EXPECT_EQ(SizeIn(*cosigned), size);
  Script().AlterLogAnswers([&](LogAnswer& answer) {
    answer.checkpoint = Signed(size, Sha256("another root"));
    answer.proof = connection->ProveConsistency(size, held, absl::Seconds(1))->proof;
  });
  EXPECT_EQ(RuleOf(guard.CosignLog(false).status()), "LOG_ROLLBACK");
  Script().AlterLogAnswers([&](LogAnswer& answer) {
    answer.checkpoint = Signed(0, EmptyRoot());
    answer.proof.clear();
  });
  EXPECT_EQ(RuleOf(guard.CosignLog(false).status()), "LOG_ROLLBACK");
}

TEST_F(WitnessedLogTest, ACosignedCheckpointOfAnotherLogIsAFork) {
  Client guard = network_.Open("meir-guard");
  Script().AlterLogAnswers([this](LogAnswer& answer) {
    answer.witnessed = *AddCosignature(Signed(1, Sha256("another root")), kWitness, witness_,
                                       network_.clock().Now());
    answer.witnessed_proof.clear();
  });
  EXPECT_EQ(RuleOf(guard.Sync().status()), "LOG_FORK");
  EXPECT_EQ(Alarm(guard).kind, "log");
}

TEST_F(WitnessedLogTest, ACosignatureOfAnotherKeyOrOfTomorrowDoesNotCount) {
  const SigningKey stranger = SigningKey::Generate(network_.random());
  const SigningKey* signer = &stranger;
  std::string name = "stranger.example/w";
  absl::Time time = network_.clock().Now();
  const auto connection = network_.broker().Connect(*MemberId::Parse("an-lise"));
  const auto rule_of_shown = [&] {
    Client guard = network_.Open("meir-guard");
    Script().AlterLogAnswers([&](LogAnswer& answer) {
      if (answer.checkpoint.empty()) return;
      answer.witnessed = *AddCosignature(answer.checkpoint, name, *signer, time);
      answer.witnessed_proof.clear();
    });
    return RuleOf(guard.Sync().status());
  };
  EXPECT_EQ(rule_of_shown(), "");
  network_.clock().Advance(kMaxWitnessAge);
  EXPECT_EQ(rule_of_shown(), "LOG_UNWITNESSED");
  signer = &witness_;
  name = kWitness;
  time = network_.clock().Now() + absl::Hours(1);
  EXPECT_EQ(rule_of_shown(), "LOG_UNWITNESSED");
  time = network_.clock().Now();
  EXPECT_EQ(rule_of_shown(), "");
}

}  // namespace
}  // namespace shield
