// Commands as a person or a program runs them, against a broker in memory: what they refuse to be
// called with, and what they still show when something is wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/cli/app.h"
#include "client/state/handing_lock.h"
#include "client/state/state.h"
#include "tests/cli/commands_fixture.h"

namespace shield::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

TEST_F(Commands, AUsageErrorIsAnObjectWithJson) {
  for (const Words& words :
       {Words{"inbox", "show", "--json"}, Words{"--json"},
        Words{"inbox", "ls", "--no-such-flag", "--json"}, Words{"bogus", "--jsonl"}}) {
    const Ran ran = Run(words);
    EXPECT_EQ(ran.code, ExitCode::kUsage);
    EXPECT_EQ(ran.json()["error"]["code"], "USAGE") << ran.data;
  }
}

TEST_F(Commands, AWordThatIsNoCommandIsNamed) {
  EXPECT_THAT(Run({"bogus"}).notes, HasSubstr("`bogus` is no command of `shield`"));
  EXPECT_THAT(Run({"inbox", "bogus"}).notes, HasSubstr("`bogus` is no command of `shield inbox`"));
}

TEST_F(Commands, WhatALibraryThrowsIsAnErrorLikeAnyOther) {
  std::ostringstream data;
  std::ostringstream notes;
  std::istringstream input;
  Interrupt interrupt;
  Environment environment{
      .clock = network_.clock(),
      .random = network_.random(),
      .data = data,
      .notes = notes,
      .input = input,
      .variable = [](absl::string_view name) -> std::optional<std::string> {
        if (name == "SHIELD_HOME") throw std::runtime_error("secret content");
        return std::nullopt;
      },
      .read_secret = nullptr,
      .connect = nullptr,
      .interrupt = interrupt,
      .program_folder = "",
  };
  EXPECT_EQ(RunShield({"inbox", "ls", "--json"}, environment), ExitCode::kFailure);
  EXPECT_EQ(nlohmann::json::parse(data.str())["error"]["code"], "INTERNAL");
  EXPECT_THAT(data.str() + notes.str(), Not(HasSubstr("secret content")));
}

TEST_F(Commands, OptionsOutOfFormAreUsageErrors) {
  const std::string home = Authority();
  const Words org = {"org", "add", "x", "--kind", "member", "--home", home};
  const auto with = [](Words words, Words more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
  };
  const Words create = {
      "network",  "create",    "--home",       folder_ / "other",
      "--origin", "x.example", "--broker-pin", "/24Jp/fyKVOZ9hkFD5GQNm3SCy1uO2BjY6rQ6Z404tw="};
  for (const Words& words : {
           with(org, {"--vetting", "9"}),
           with(org, {"--vetting", "-1"}),
           with(org, {"--vetting", "2", "--sectors", "nonsense"}),
           with(org, {"--vetting", "2", "--regions", "XX9"}),
           with(create, {"--broker", "broker"}),
           with(create, {"--broker", "broker:99999"}),
           with(create, {"--broker", "unix:/tmp/x"}),
           with(create, {"--broker", "broker:1", "--threshold", "2"}),
           with(create, {"--broker", "broker:1", "--threshold", "-1"}),
           Words{"member", "suspend", "desk", "--reason", "", "--home", home},
           Words{"member", "add", "--request", "x", "--org", "hotel", "--vetting", "2", "--roles",
                 "", "--home", home},
           Words{"inbox", "ls", "--broker", "127.0.0.1:99999"},
           Words{"inbox", "ls", "--timeout", "soon"},
           Words{"inbox", "watch", "--max", "-1"},
           Words{"inbox", "watch", "--max", "0"},
       }) {
    const Ran ran = Run(words);
    EXPECT_EQ(ran.code, ExitCode::kUsage) << ::testing::PrintToString(words) << ran.notes;
  }
  EXPECT_THAT(Run(with(create, {"--broker", "broker:1", "--threshold", "2"})).notes,
              HasSubstr("a threshold of 2 does not fit 1 authority key"));
}

TEST_F(Commands, AForkIsToldAgainAndBothTextsAreWritten) {
  EXPECT_EQ(RunAs("astrid-guard", {"directory", "verify"}).code, ExitCode::kOk);
  const Home home = network_.HomeOf("astrid-guard");
  {
    const auto state = ClientState::Open(
        home.PathOf("state.db"), absl::StrCat(home.ReadNetwork()->network.text(), "/astrid-guard"));
    ASSERT_TRUE(state.ok()) << state.status();
    ASSERT_TRUE(
        (*state)->RecordFork({"directory", "7", "one\n", "other\n", network_.clock().Now()}).ok());
  }
  const Ran silent = RunAs("astrid-guard", {"directory", "verify", "--json"});
  EXPECT_EQ(silent.code, ExitCode::kIntegrity);
  EXPECT_THAT(silent.data, HasSubstr("seen under one name, once"));
  const Ran audited = RunAs("astrid-guard", {"audit", "verify", "--json"});
  EXPECT_EQ(audited.code, ExitCode::kIntegrity) << "whatever the log is like";
  EXPECT_EQ(audited.json()["error"]["code"], "FORK_ALARM");
  for (int i = 0; i < 50; ++i) {
    network_.Script("astrid-guard").FailNext("GetDirectory", absl::UnavailableError("away"));
  }
  EXPECT_EQ(RunAs("astrid-guard", {"audit", "verify"}).code, ExitCode::kIntegrity)
      << "nor does a broker that is away hide it";
  network_.Open("astrid-guard");
  EXPECT_EQ(silent.json()["alarms"][0]["subject"], "7");
  EXPECT_THAT(RunAs("astrid-guard", {"directory", "show"}).notes,
              HasSubstr("two signed texts of directory `7`"));
  const std::string folder = folder_ / "alarms";
  EXPECT_EQ(RunAs("astrid-guard", {"directory", "verify", "--alarms", folder}).code,
            ExitCode::kIntegrity);
  std::ifstream second(folder + "/directory-1-second.txt");
  std::string line;
  EXPECT_TRUE(std::getline(second, line));
  EXPECT_EQ(line, "other");
}

TEST_F(Commands, AnEmptyLabelIsNoLabel) {
  const std::string draft = folder_ / "draft.md";
  std::ofstream(draft) << "+++\ntitle = \"t\"\nkind = \"notice\"\ntlp = \"GREEN\"\n+++\nBody\n";
  EXPECT_EQ(Run({"bulletin", "lint", draft}).code, ExitCode::kOk);
  EXPECT_EQ(Run({"bulletin", "lint", draft, "--tlp", ""}).code, ExitCode::kRefused);
}

TEST_F(Commands, LintFindsWhatNoDirectoryCouldMend) {
  const std::string draft = folder_ / "draft.md";
  std::ofstream(draft) << "+++\ntitle = \"t\"\nkind = \"flash_alert\"\ntlp = \"RED\"\n"
                          "to = [\"org:astrid\"]\nexpires = 2020-01-01T00:00:00Z\n+++\nBody\n";
  const Ran ran = Run({"bulletin", "lint", draft, "--json"});
  EXPECT_EQ(ran.code, ExitCode::kRefused);
  ASSERT_THAT(ran.json()["findings"], SizeIs(2)) << ran.data;
  EXPECT_EQ(ran.json()["findings"][0]["rule"], "RED_NEEDS_PERSONS");
  EXPECT_EQ(ran.json()["findings"][1]["line"], 6);
}

TEST_F(Commands, WhatIsHereIsShownAfterARollbackAndTheExitCodeTellsOfIt) {
  const std::string id = Publish("Before");
  ASSERT_EQ(RunAs("astrid-guard", {"inbox", "ls"}).code, ExitCode::kOk);
  ASSERT_EQ(RunAs("an-lise", {"bulletin", "ls"}).code, ExitCode::kOk);
  const std::string out = folder_ / "out";
  const struct {
    const char* member;
    Words words;
    const char* shows;
  } cases[] = {
      {"astrid-guard", {"inbox", "ls"}, "Before"},
      {"astrid-guard", {"inbox", "show", id}, "Before"},
      {"astrid-guard", {"inbox", "export", id, "--out", out}, "statement.txt"},
      {"astrid-guard", {"inbox", "ack", id}, "acknowledged entry 1"},
      {"an-lise", {"bulletin", "ls"}, "Before"},
      {"an-lise", {"bulletin", "show", id}, "Before"},
      {"an-lise", {"policy", "explain", id, "--member", "astrid-guard"}, "allow"},
  };
  for (const auto& shown : cases) {
    SCOPED_TRACE(::testing::PrintToString(shown.words));
    RollBack(shown.member);
    const Ran ran = RunAs(shown.member, shown.words);
    EXPECT_EQ(ran.code, ExitCode::kIntegrity) << ran.notes;
    EXPECT_THAT(ran.data, HasSubstr(shown.shows));
    EXPECT_THAT(ran.notes, HasSubstr("ROLLBACK"));
  }
  RollBack("astrid-guard");
  const Ran ran = RunAs("astrid-guard", {"inbox", "show", id, "--json"});
  EXPECT_EQ(ran.json()["title"], "Before");
  EXPECT_EQ(ran.json()["error"]["code"], "ROLLBACK");
  RollBack("astrid-guard");
  EXPECT_EQ(RunAs("astrid-guard", {"inbox", "show", "99"}).code, ExitCode::kIntegrity);
}

TEST_F(Commands, OfflineIsAUsageErrorWhereNothingCanBeDoneWithoutTheBroker) {
  const std::string draft = folder_ / "draft.md";
  std::ofstream(draft) << "+++\ntitle = \"t\"\nkind = \"notice\"\ntlp = \"GREEN\"\n+++\nBody\n";
  for (const Words& words :
       {Words{"bulletin", "publish", draft, "--offline"},
        Words{"bulletin", "status", std::string(32, '0'), "--offline"},
        Words{"directory", "publish", "--offline"}, Words{"directory", "refresh", "--offline"},
        Words{"inbox", "watch", "--offline"}, Words{"inbox", "ack", "--offline"}}) {
    EXPECT_EQ(RunAs("an-lise", words).code, ExitCode::kUsage) << ::testing::PrintToString(words);
  }
  EXPECT_EQ(network_.Script("an-lise").calls("Publish"), 0);
}

TEST_F(Commands, AnExportUnderOfflineCallsNobody) {
  const std::string id = Publish("Here");
  ASSERT_EQ(RunAs("astrid-guard", {"inbox", "ls"}).code, ExitCode::kOk);
  const int before = network_.Script("astrid-guard").calls("GetCheckpoint");
  const Ran ran =
      RunAs("astrid-guard", {"inbox", "export", id, "--out", folder_ / "out", "--offline"});
  EXPECT_EQ(ran.code, ExitCode::kOk) << ran.notes;
  EXPECT_EQ(network_.Script("astrid-guard").calls("GetCheckpoint"), before);
}

TEST_F(Commands, WatchGivesOneObjectWithJsonAndWantsAnEndForIt) {
  Publish("First");
  Publish("Second");
  const Ran ran = RunAs("astrid-guard", {"inbox", "watch", "--json", "--max", "2"});
  EXPECT_EQ(ran.code, ExitCode::kOk) << ran.notes;
  ASSERT_THAT(ran.json()["entries"], SizeIs(2)) << ran.data;
  EXPECT_EQ(ran.json()["entries"][1]["title"], "Second");
  const Ran endless = RunAs("astrid-guard", {"inbox", "watch", "--json"});
  EXPECT_EQ(endless.code, ExitCode::kUsage);
  EXPECT_THAT(endless.notes, HasSubstr("--jsonl"));
}

TEST_F(Commands, WhatAWatchCouldNotWriteIsNotAcknowledgedAndComesAgain) {
  Publish("Unseen");
  for (const Words& form : {Words{"--jsonl"}, Words{}, Words{"--json", "--max", "1"}}) {
    Words words = {"inbox", "watch", "--ack"};
    words.insert(words.end(), form.begin(), form.end());
    full_ = true;
    const Ran lost = RunAs("astrid-guard", words);
    full_ = false;
    EXPECT_EQ(lost.code, ExitCode::kFailure);
    EXPECT_THAT(lost.notes, HasSubstr("(OUTPUT_LOST)"));
    EXPECT_FALSE(network_.Open("astrid-guard").Item(1)->acknowledged);
    if (form.size() == 3) continue;  // of one object, the list alone tells
    const Ran again = RunAs("astrid-guard", {"inbox", "watch", "--max", "1"});
    EXPECT_THAT(again.data, HasSubstr("Unseen"));
    Publish("Unseen");
  }
}

// What was carried has no number that the broker knows: it is shown and passed over.
TEST_F(Commands, AWatchThatAcknowledgesPassesOverWhatWasCarriedAndSaysThatTheInboxBeganAnew) {
  const auto state = ClientState::Open(network_.HomeOf("astrid-guard").PathOf("state.db"),
                                       "antwerp.example/astrid-guard");
  const auto lose = [&] {
    ASSERT_TRUE((*state)->SetFollowedLog({"the key before", absl::UnixEpoch()}).ok());
    network_.broker().TakeInbox(*MemberId::Parse("astrid-guard"));
  };
  const std::string lost = Publish("Lost");
  ASSERT_EQ(RunAs("astrid-guard", {"inbox", "ls"}).code, ExitCode::kOk);
  lose();
  const std::string next = Publish("Next");
  ASSERT_EQ(RunAs("astrid-guard", {"inbox", "ls"}).code, ExitCode::kOk);
  const Ran ran = RunAs("astrid-guard", {"inbox", "watch", "--ack", "--jsonl", "--max", "2"});
  EXPECT_EQ(ran.code, ExitCode::kOk) << ran.notes;
  EXPECT_THAT(ran.data, AllOf(HasSubstr("Lost"), HasSubstr("Next")));
  EXPECT_TRUE(network_.Open("astrid-guard").Item(*BulletinId::Parse(next))->acknowledged);
  EXPECT_TRUE(network_.Open("astrid-guard").Item(*BulletinId::Parse(lost))->carried);

  lose();
  Publish("Last");
  const Ran told = RunAs("astrid-guard", {"inbox", "watch", "--jsonl", "--max", "1"});
  EXPECT_EQ(told.code, ExitCode::kOk) << told.notes;
  EXPECT_THAT(told.data, HasSubstr("Last"));
  EXPECT_THAT(told.notes, HasSubstr("shield: warning: the broker was restored from a copy"));
  EXPECT_THAT(told.notes, HasSubstr("(INBOX_ANEW)"));
  EXPECT_THAT(told.notes, Not(HasSubstr("ALARM")));
}

// Whoever reads on must know that its source may have taken it back.
TEST_F(Commands, ABulletinWhoseEndingIsUnprovenEndsTheListingWithSeven) {
  const std::string id = Publish("Doubtful");
  ASSERT_EQ(RunAs("astrid-guard", {"inbox", "ls"}).code, ExitCode::kOk);
  Client colleague = network_.Open("an-omar");
  ASSERT_TRUE(colleague.Sync().ok());
  const auto withdrawn = colleague.Withdraw(*BulletinId::Parse(id));
  ASSERT_TRUE(withdrawn.ok()) << withdrawn.status();
  network_.clock().Advance(absl::Minutes(1));
  for (KeyRecord& key : network_.records().keys) {
    if (key.member.text() == "an-omar") key.period.until = network_.clock().Now();
  }
  network_.PublishDirectory();
  const Ran list = RunAs("astrid-guard", {"inbox", "ls", "--json"});
  EXPECT_EQ(list.code, ExitCode::kIntegrity) << list.notes;
  EXPECT_EQ(list.json()["error"]["code"], "ENDING_UNPROVEN");
  EXPECT_EQ(list.json()["entries"][0]["warnings"], nlohmann::json({"ENDING_UNPROVEN"}));
  const Ran shown = RunAs("astrid-guard", {"inbox", "show", id});
  EXPECT_EQ(shown.code, ExitCode::kIntegrity) << shown.notes;
  EXPECT_THAT(shown.data, HasSubstr("said to have been withdrawn or replaced"));
  EXPECT_THAT(shown.data, HasSubstr("Doubtful"));
}

TEST_F(Commands, WhatCannotBeWrittenIsAnErrorWithASentence) {
  Publish("Unseen");
  full_ = true;
  const Ran ran = RunAs("astrid-guard", {"inbox", "ls"});
  EXPECT_EQ(ran.code, ExitCode::kFailure);
  EXPECT_THAT(ran.notes, HasSubstr("could not be written"));
}

TEST_F(Commands, WhatIsPublishedAndCannotBeToldIsNotAskedForAgain) {
  const std::string draft = folder_ / "draft.md";
  std::ofstream(draft) << "+++\ntitle = \"t\"\nkind = \"notice\"\ntlp = \"TLP:GREEN\"\n+++\nBody\n";
  full_ = true;
  const Ran ran = RunAs("an-lise", {"bulletin", "publish", draft});
  EXPECT_EQ(ran.code, ExitCode::kFailure);
  EXPECT_THAT(ran.notes, HasSubstr("(OUTPUT_LOST)"));
  EXPECT_THAT(ran.notes, Not(HasSubstr("then run it again")));
  const auto publications = network_.Open("an-lise").Publications();
  ASSERT_TRUE(publications.ok() && publications->size() == 1u);
  const std::string id = publications->front().id->ToHex();
  EXPECT_THAT(ran.notes, HasSubstr("bulletin `" + id + "` is published; do not do it again"));
  const Ran back = RunAs("an-lise", {"bulletin", "withdraw", id, "--confirm", id, "--reason",
                                     "an exercise", "--json"});
  EXPECT_EQ(back.code, ExitCode::kFailure);
  EXPECT_THAT(back.notes, HasSubstr("bulletin `" + id + "` is withdrawn; do not do it again"));
}

TEST_F(Commands, WhoIsSuspendedSeesTheListAndIsToldSoOnlineAndOffline) {
  Publish("First");
  ASSERT_EQ(RunAs("astrid-guard", {"inbox", "ls"}).code, ExitCode::kOk);
  network_.Member("astrid-guard").state = AccountState::kSuspended;
  network_.PublishDirectory();
  for (const Words& words :
       {Words{"inbox", "ls", "--json"}, Words{"inbox", "ls", "--offline", "--json"}}) {
    const Ran ran = RunAs("astrid-guard", words);
    EXPECT_EQ(ran.code, ExitCode::kNotEnrolled) << ran.notes;
    EXPECT_EQ(ran.json()["error"]["code"], "SUSPENDED") << ran.data;
    EXPECT_THAT(ran.json()["entries"], SizeIs(1)) << ran.data;
  }
  EXPECT_EQ(RunAs("astrid-guard", {"inbox", "show", "1", "--offline"}).code,
            ExitCode::kNotEnrolled);
  network_.Member("astrid-guard").state = AccountState::kActive;
  network_.PublishDirectory();
  EXPECT_EQ(RunAs("astrid-guard", {"inbox", "ls"}).code, ExitCode::kOk);
  EXPECT_EQ(RunAs("astrid-guard", {"inbox", "ls", "--offline"}).code, ExitCode::kOk);
}

TEST_F(Commands, AFileWhoseLinesMailHasChangedIsSaidToBeOne) {
  const std::string home = Authority();
  for (const auto& [name, from] : {std::pair("request.txt", folder_ / "desk/request.txt"),
                                   std::pair("network.shield", home + "/network.shield")}) {
    std::ifstream in(from);
    std::ofstream out(folder_ / name);
    for (std::string line; std::getline(in, line);) out << line << "\r\n";
  }
  for (const Words& words :
       {Words{"member", "add", "--request", folder_ / "request.txt", "--org", "hotel", "--roles",
              "reader", "--vetting", "2", "--home", home},
        Words{"network", "join", folder_ / "network.shield", "--home", folder_ / "new"}}) {
    const Ran ran = Run(words);
    EXPECT_EQ(ran.code, ExitCode::kFailure) << ran.notes;
    EXPECT_THAT(ran.notes, HasSubstr("(LINES_CHANGED)"));
    EXPECT_THAT(ran.notes, HasSubstr("unchanged"));
  }
}

TEST_F(Commands, AnAudienceOutOfFormIsAUsageErrorAndTheHintsAreToThePoint) {
  const std::string id = Publish("First");
  EXPECT_EQ(RunAs("astrid-guard", {"bulletin", "share", id, "--to", "foo"}).code, ExitCode::kUsage);
  EXPECT_EQ(RunAs("an-lise", {"bulletin", "extend", id, "--to", "foo"}).code, ExitCode::kUsage);
  const std::string draft = folder_ / "draft.md";
  std::ofstream(draft) << "+++\ntitle = \"t\"\nkind = \"notice\"\ntlp = \"TLP:CLEAR\"\n+++\nBody\n";
  const Ran embargo = RunAs(
      "an-lise", {"bulletin", "publish", draft, "--not-before",
                  absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", network_.clock().Now() + absl::Hours(1),
                                   absl::UTCTimeZone())});
  EXPECT_EQ(embargo.code, ExitCode::kRefused);
  EXPECT_THAT(embargo.notes, HasSubstr("leave its embargo out"));
}

TEST_F(Commands, ExplainSaysWhyAnEntryIsKeptClosed) {
  const std::string id = Publish("First");
  network_.Member("an-lise").state = AccountState::kRevoked;
  network_.PublishDirectory();
  RunAs("astrid-guard", {"inbox", "ls"});
  const nlohmann::json listed =
      RunAs("astrid-guard", {"inbox", "ls", "--offline", "--json"}).json()["entries"][0];
  const nlohmann::json explained =
      RunAs("astrid-guard", {"policy", "explain", id, "--json"}).json();
  ASSERT_EQ(listed["state"], "refused") << listed;
  EXPECT_EQ(explained["verdict"], "deny") << explained;
  EXPECT_EQ(explained["rule"], listed["fault"]);
}

TEST_F(Commands, AProofOfWhatIsNotHereIsToBeHadFromAReader) {
  const Ran ran =
      RunAs("astrid-guard", {"audit", "prove", std::string(32, '0'), "--out", folder_ / "proof"});
  EXPECT_EQ(ran.code, ExitCode::kNotFound) << ran.notes;
  EXPECT_THAT(ran.notes, HasSubstr("by a member who received or published it"));
}

TEST_F(Commands, AReaderIsNotToldThatWhatItHasIsNotThere) {
  const std::string id = Publish("First");
  ASSERT_EQ(RunAs("astrid-guard", {"inbox", "ls"}).code, ExitCode::kOk);
  const Ran held = RunAs("astrid-guard", {"bulletin", "status", id});
  const Ran unknown = RunAs("astrid-guard", {"bulletin", "status", std::string(32, '0')});
  EXPECT_EQ(held.code, ExitCode::kNotFound);
  EXPECT_THAT(held.notes, HasSubstr("or it is not this member's to ask about"));
  EXPECT_EQ(held.notes, unknown.notes) << "what may not be known is as what is not there";
}

TEST_F(Commands, AnEmptyPathIsAUsageError) {
  const std::string id = Publish("First");
  for (const Words& words :
       {Words{"inbox", "export", id, "--out", ""}, Words{"verify", "--network", "", folder_ / "x"},
        Words{"verify", ""}, Words{"bulletin", "publish", ""}, Words{"bulletin", "import", ""},
        Words{"bulletin", "publish", "draft.md", "--attach", ""},
        Words{"inbox", "ls", "--passphrase-file", ""}, Words{"network", "join", ""},
        Words{"directory", "sign", ""}, Words{"audit", "prove", id, "--out", ""}}) {
    const Ran ran = RunAs("astrid-guard", words);
    EXPECT_EQ(ran.code, ExitCode::kUsage) << ::testing::PrintToString(words) << ran.notes;
    EXPECT_THAT(ran.notes, HasSubstr("the path is empty"));
  }
  EXPECT_EQ(Run({"inbox", "ls", "--home", ""}).code, ExitCode::kUsage);
}

TEST_F(Commands, ASecondWatchOfAHomeSaysThatItHasOnlyAShare) {
  Publish("First");
  const auto other = HandingLock::TryTake(network_.HomeOf("astrid-guard").PathOf("watch.lock"));
  ASSERT_TRUE(other.ok() && other->has_value());
  const Ran ran = RunAs("astrid-guard", {"inbox", "watch", "--max", "1"});
  EXPECT_EQ(ran.code, ExitCode::kOk);
  EXPECT_THAT(ran.notes, HasSubstr("another watch runs in this home"));
}

TEST_F(Commands, WatchTellsOnceThatTheBrokerIsLostAndThatItIsBack) {
  Publish("First");
  for (int i = 0; i < 3; ++i) {
    network_.Script("astrid-guard").FailNext("Subscribe", absl::UnavailableError("cut off"));
  }
  const Ran ran = RunAs("astrid-guard", {"inbox", "watch", "--max", "1"});
  EXPECT_EQ(ran.code, ExitCode::kOk);
  EXPECT_THAT(ran.data, HasSubstr("First"));
  EXPECT_EQ(ran.notes,
            "shield: the broker is lost, trying again: cut off\nshield: the broker is back\n");
}

TEST_F(Commands, AWatchGoesOnThroughAnAlarmOfTheLogAndEndsWithSeven) {
  Publish("First");
  bool first = true;
  network_.Script("astrid-guard").AlterLogAnswers([&](LogAnswer& answer) {
    if (std::exchange(first, false)) Publish("Second");
    answer.checkpoint = "no checkpoint";
  });
  const Ran ran = RunAs("astrid-guard", {"inbox", "watch", "--max", "2"});
  EXPECT_EQ(ran.code, ExitCode::kIntegrity) << ran.notes;
  EXPECT_THAT(ran.data, AllOf(HasSubstr("First"), HasSubstr("Second")));
  EXPECT_THAT(ran.notes, HasSubstr("shield: ALARM: log refused"));
}

TEST_F(Commands, WatchGivesUpWhenTheBrokerWasNeverReached) {
  for (int i = 0; i < 1000; ++i) {
    network_.Script("astrid-guard").FailNext("GetDirectory", absl::UnavailableError("no route"));
  }
  const Ran ran = RunAs("astrid-guard", {"inbox", "watch", "--timeout", "3s"});
  EXPECT_EQ(ran.code, ExitCode::kUnreachable);
  EXPECT_THAT(ran.notes, HasSubstr("no route"));
}

TEST_F(Commands, WhatIsHereIsShownWhenTheBrokerIsAway) {
  const std::string id = Publish("Here");
  ASSERT_EQ(RunAs("astrid-guard", {"inbox", "ls"}).code, ExitCode::kOk);
  ASSERT_EQ(RunAs("astrid-guard", {"inbox", "show", "1"}).code, ExitCode::kOk);
  for (const Words& words : {Words{"inbox", "ls"}, Words{"inbox", "show", "1"},
                             Words{"inbox", "show", id, "--json"}, Words{"bulletin", "show", id}}) {
    for (int i = 0; i < 1000; ++i) {
      network_.Script("astrid-guard").FailNext("GetDirectory", absl::UnavailableError("no route"));
    }
    Words patient = words;
    patient.insert(patient.end(), {"--timeout", "3s"});
    const Ran ran = RunAs("astrid-guard", patient);
    EXPECT_EQ(ran.code, ExitCode::kUnreachable) << ran.notes;
    EXPECT_THAT(ran.data, HasSubstr("Here"));
    EXPECT_THAT(ran.notes, HasSubstr("--offline"));
  }
}

TEST_F(Commands, AFileThatMayNotBeReadIsNoMissingOne) {
  for (const auto& [path, code] : {std::pair(folder_ / "none.md", ExitCode::kNotFound),
                                   std::pair(folder_ / "", ExitCode::kFailure)}) {
    const Ran ran = RunAs("an-lise", {"bulletin", "lint", path});
    EXPECT_EQ(ran.code, code) << ran.notes;
    EXPECT_THAT(ran.notes, HasSubstr("cannot be read"));
  }
}

TEST_F(Commands, WarningsOfARefreshAreSentences) {
  Publish("First");
  network_.clock().Advance(absl::Hours(25));
  const Ran ran = RunAs("astrid-guard", {"inbox", "ls"});
  EXPECT_EQ(ran.code, ExitCode::kOk);
  EXPECT_THAT(ran.notes, HasSubstr("shield directory refresh"));
  EXPECT_THAT(ran.notes, HasSubstr("(DIRECTORY_STALE)"));
}

TEST_F(Commands, StatusAndExplainBeginAndEndWithTheLabel) {
  const std::string id = Publish("First");
  for (const Words& words : {Words{"bulletin", "status", id},
                             Words{"policy", "explain", id, "--member", "meir-guard"}}) {
    const Ran ran = RunAs("an-lise", words);
    EXPECT_EQ(ran.code, ExitCode::kOk) << ran.notes;
    EXPECT_THAT(ran.data, StartsWith("TLP:GREEN\n"));
    EXPECT_THAT(ran.data, ::testing::EndsWith("\nTLP:GREEN\n"));
  }
}

TEST_F(Commands, RevokingShowsItsReachAndWantsTheIdOnATerminal) {
  const std::string home = Authority();
  const Words revoke = {"member", "revoke", "desk", "--reason", "left", "--home", home};
  terminal_ = true;
  typed_ = "yes\n";
  const Ran refused = Run(revoke);
  EXPECT_EQ(refused.code, ExitCode::kFailure);
  EXPECT_THAT(refused.notes, HasSubstr("Revoking desk of hotel is final"));
  typed_ = "desk\n";
  EXPECT_EQ(Run(revoke).code, ExitCode::kOk);
}

TEST_F(Commands, RevokingWithoutATerminalShowsItsReachAndTakesIdAndReasonAsConfirmation) {
  const std::string home = Authority();
  const Ran ran = Run({"member", "revoke", "desk", "--reason", "left", "--home", home});
  EXPECT_EQ(ran.code, ExitCode::kOk) << ran.notes;
  EXPECT_THAT(ran.notes, HasSubstr("Revoking desk of hotel is final"));
}

TEST_F(Commands, AMemberThatIsNotThereIsToldBeforeAnythingIsAsked) {
  const std::string home = Authority();
  terminal_ = true;
  const Ran ran = Run({"member", "revoke", "nobody", "--reason", "left", "--home", home});
  EXPECT_EQ(ran.code, ExitCode::kNotFound);
  EXPECT_THAT(ran.notes, Not(HasSubstr("Type")));
}

TEST_F(Commands, TheAuthoritysOwnSeatIsNotRevoked) {
  const std::string home = Authority();
  Run({"org", "add", "police", "--kind", "authority", "--vetting", "3", "--home", home});
  const Ran ran = Run({"member", "revoke", "vetting", "--reason", "left", "--home", home});
  EXPECT_EQ(ran.code, ExitCode::kFailure);
  EXPECT_THAT(ran.notes, HasSubstr("OWN_SEAT"));
}

TEST_F(Commands, ANewPassphraseIsTypedTwice) {
  const std::string network = Authority() + "/network.shield";
  const std::string home = folder_ / "wrapped";
  Run({"network", "join", network, "--home", home});
  terminal_ = true;
  secrets_ = {"correct horse", "correct hearse"};
  const Ran differs = Run({"key", "create", "--member", "m", "--home", home});
  EXPECT_EQ(differs.code, ExitCode::kFailure);
  EXPECT_THAT(differs.notes, HasSubstr("differ"));
  secrets_ = {"", "never asked"};
  EXPECT_EQ(Run({"key", "create", "--member", "m", "--home", home}).code, ExitCode::kOk);
  EXPECT_THAT(secrets_, SizeIs(1));
}

TEST_F(Commands, APassphraseFileMayEndItsLineTheOtherWay) {
  const std::string network = Authority() + "/network.shield";
  const std::string home = folder_ / "wrapped";
  Run({"network", "join", network, "--home", home});
  const auto file = [this](const char* name, absl::string_view text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  };
  ASSERT_EQ(Run({"key", "create", "--member", "m", "--home", home, "--passphrase-file",
                 file("unix", "correct horse\n")})
                .code,
            ExitCode::kOk);
  const Ran ran = Run({"inbox", "ls", "--home", home, "--offline", "--passphrase-file",
                       file("dos", "correct horse\r\n")});
  EXPECT_EQ(ran.code, ExitCode::kOk) << ran.notes;
}

TEST_F(Commands, AHomeThatIsAFileIsSaidToBeOne) {
  const std::string network = Authority() + "/network.shield";
  std::ofstream(folder_ / "file") << "x";
  const Ran ran = Run({"network", "join", network, "--home", folder_ / "file"});
  EXPECT_EQ(ran.code, ExitCode::kFailure);
  EXPECT_THAT(ran.notes, HasSubstr("is not a folder"));
}

TEST_F(Commands, VerifyGoesOnAfterABadFolderAndEndsWithTheGravestFault) {
  Publish("First");
  ASSERT_EQ(RunAs("astrid-guard", {"inbox", "ls"}).code, ExitCode::kOk);
  const std::string good = folder_ / "good";
  const std::string bad = folder_ / "bad";
  const std::string gone = folder_ / "gone";
  for (const std::string& out : {good, bad}) {
    ASSERT_EQ(RunAs("astrid-guard", {"inbox", "export", "1", "--out", out}).code, ExitCode::kOk);
  }
  std::ofstream(bad + "/orders.txt") << "believe me\n";
  const Ran all = RunAs("astrid-guard", {"verify", gone, bad, good, "--json"});
  EXPECT_EQ(all.code, ExitCode::kIntegrity) << all.notes;
  const nlohmann::json object = all.json();
  ASSERT_EQ(object["verified"].size(), 1u) << all.data;
  EXPECT_EQ(object["verified"][0]["path"], good);
  ASSERT_EQ(object["refused"].size(), 2u);
  EXPECT_EQ(object["refused"][0]["path"], gone);
  EXPECT_EQ(object["refused"][1]["path"], bad);
  EXPECT_EQ(object["refused"][1]["code"], "EXPORT_MALFORMED");
  EXPECT_EQ(object["error"]["code"], "EXPORT_MALFORMED");
  const Ran told = RunAs("astrid-guard", {"verify", gone, bad, good});
  EXPECT_THAT(told.data, HasSubstr(good + ": verified"));
  EXPECT_THAT(told.notes, HasSubstr("there is no folder or file `" + gone + "`"));
  EXPECT_EQ(RunAs("astrid-guard", {"verify", good, gone}).code, ExitCode::kNotFound);
}

TEST_F(Commands, VerifyOfWhatCouldNotBeComparedIsPartial) {
  const std::string id = Publish("First");
  const std::string out = folder_ / "out";
  ASSERT_EQ(RunAs("astrid-guard", {"inbox", "ls"}).code, ExitCode::kOk);
  ASSERT_TRUE(network_.Open("an-lise")
                  .Publish(network_.DraftOf("+++\ntitle = \"t\"\nkind = \"notice\"\ntlp = "
                                            "\"AMBER\"\nto = [\"org:astrid\"]\n+++\nBody\n"))
                  .ok());
  ASSERT_EQ(RunAs("astrid-guard", {"inbox", "export", "2", "--out", out}).code, ExitCode::kOk);
  const Ran whole = RunAs("astrid-guard", {"verify", out, "--json"});
  EXPECT_EQ(whole.code, ExitCode::kOk) << whole.notes;
  EXPECT_EQ(whole.json()["verified"][0]["complete"], true);

  const std::string network = HomeOf("astrid-guard") + "/network.shield";
  const Words outside = {"verify", "--network", network, out, "--home", folder_ / "nowhere"};
  const Ran outsider = Run(outside);
  EXPECT_EQ(outsider.code, ExitCode::kPartial) << outsider.notes;
  EXPECT_THAT(outsider.data, HasSubstr("verified except content.json"));
  // A sealed folder has none to compare.
  const std::string sealed = folder_ / "sealed";
  ASSERT_EQ(RunAs("astrid-guard", {"inbox", "export", "2", "--sealed", "--out", sealed}).code,
            ExitCode::kOk);
  EXPECT_EQ(Run({"verify", "--network", network, sealed, "--home", folder_ / "nowhere"}).code,
            ExitCode::kOk);
  network_.Open("meir-guard");
  const Ran partial = RunAs("meir-guard", {"verify", out});
  EXPECT_EQ(partial.code, ExitCode::kPartial) << partial.notes;
  EXPECT_THAT(partial.data, HasSubstr("verified except content.json"));
  EXPECT_THAT(partial.notes, HasSubstr("CONTENT_NOT_COMPARED"));

  std::ofstream(out + "/orders.txt") << "believe me\n";
  EXPECT_EQ(Run(outside).code, ExitCode::kIntegrity);
  EXPECT_EQ(Run({"verify", "--network", network, out + "/orders.txt"}).code, ExitCode::kIntegrity);
  EXPECT_EQ(Run({"verify", "--network", network, out + "/nothing"}).code, ExitCode::kNotFound);
}

TEST_F(Commands, WhatMayHaveBeenPublishedIsAskedForBeforeTheDraftIsJudgedAnew) {
  const std::string draft = folder_ / "draft.md";
  std::ofstream(draft) << "+++\ntitle = \"t\"\nkind = \"notice\"\ntlp = \"TLP:GREEN\"\nexpires = "
                       << absl::FormatTime("%Y-%m-%dT%H:%M:%SZ",
                                           network_.clock().Now() + absl::Hours(1),
                                           absl::UTCTimeZone())
                       << "\n+++\nBody\n";
  network_.Script("an-lise").LoseNextReceipt();
  network_.Script("an-lise").BeforeNextFinish([this] {
    for (int i = 0; i < 50; ++i) {
      network_.Script("an-lise").FailNext("Publish", absl::UnavailableError("the link is dead"));
    }
  });
  EXPECT_EQ(RunAs("an-lise", {"bulletin", "publish", draft}).code, ExitCode::kUnreachable);
  ASSERT_EQ(network_.broker().committed(), 1u);
  network_.clock().Advance(absl::Hours(2));
  network_.Open("an-lise");
  const Ran again = RunAs("an-lise", {"bulletin", "publish", draft, "--json"});
  EXPECT_EQ(again.code, ExitCode::kOk) << again.notes;
  EXPECT_EQ(again.json()["replayed"], true);
  // What is known is not asked for again, and the draft has expired.
  EXPECT_EQ(RunAs("an-lise", {"bulletin", "publish", draft}).code, ExitCode::kRefused);
  EXPECT_EQ(network_.broker().committed(), 1u);
}

TEST_F(Commands, ADemoLeavesAFolderItDidNotMakeAsItIs) {
  const std::string home = folder_ / "open";
  ASSERT_EQ(mkdir(home.c_str(), 0755), 0);
  std::ofstream(home + "/of-others.txt") << "in use\n";
  const Ran ran = Run({"demo", "up", "--home", home});
  EXPECT_EQ(ran.code, ExitCode::kFailure);
  EXPECT_THAT(ran.notes, HasSubstr("is not its owner's alone"));
  struct stat found {};
  ASSERT_EQ(stat(home.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0755u);
}

TEST(LastWords, AreAnErrorObjectForProgramsAndNothingForPersons) {
  EXPECT_THAT(LastWords({"inbox", "ls"}), IsEmpty());
  const auto object = nlohmann::json::parse(LastWords({"inbox", "ls", "--json"}));
  EXPECT_EQ(object["error"]["code"], "CANCELLED");
}

}  // namespace
}  // namespace shield::cli
