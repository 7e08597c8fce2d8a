// bulletin update | relabel | extend | permit | withdraw: what they ask for, what they say, and
// what they leave behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "tests/cli/commands_fixture.h"

namespace shield::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class Lifecycle : public Commands {
 protected:
  std::string Write(const std::string& name, absl::string_view text) {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }
  std::string DraftFor(absl::string_view title) {
    Write("map.txt", "the map");
    return Write("draft.md",
                 absl::StrCat("+++\ntitle = \"", title, "\"\nkind = \"notice\"\ntlp = \"AMBER\"\n",
                              "to = [\"org:astrid\"]\nattachments = [\"map.txt\"]\n+++\nBody.\n"));
  }
  // AMBER, for astrid: its two seats and the two analysts hold it.
  std::string Amber() { return Done({"bulletin", "publish", DraftFor("first")})["id"]; }
  // The command of an-lise's, which must succeed.
  nlohmann::json Done(Words words) {
    words.emplace_back("--json");
    const Ran ran = RunAs("an-lise", words);
    EXPECT_EQ(ran.code, ExitCode::kOk) << ran.notes << ran.data;
    return ran.json();
  }
  static Words Confirmed(Words words, const std::string& id) {
    words.insert(words.end(), {"--confirm", id, "--reason", "duty officer"});
    return words;
  }
  // The next publish of an-lise's is committed and the link dies before she hears of it.
  void LoseTheAnswer() {
    network_.Script("an-lise").LoseNextReceipt();
    network_.Script("an-lise").BeforeNextFinish([this] {
      for (int i = 0; i < 50; ++i) {
        network_.Script("an-lise").FailNext("Publish", absl::UnavailableError("the link is dead"));
      }
    });
  }
  nlohmann::json EntryOf(const std::string& member, const std::string& id) {
    network_.Open(member);
    const Ran ran = RunAs(member, {"inbox", "ls", "--json"});
    EXPECT_EQ(ran.code, ExitCode::kOk) << ran.notes;
    const nlohmann::json inbox = ran.json();
    for (const nlohmann::json& entry : inbox["entries"]) {
      if (entry["id"] == id) return entry;
    }
    return nullptr;
  }
  std::vector<std::string> OpenedFolders() {
    std::vector<std::string> found;
    for (const auto& file : std::filesystem::directory_iterator(HomeOf("an-lise"))) {
      const std::string name = file.path().filename();
      if (absl::StartsWith(name, "opened-")) found.push_back(file.path());
    }
    return found;
  }
};

TEST_F(Lifecycle, SendingToMoreReadersWantsTheId) {
  const std::string id = Amber();
  const Words extend = {"bulletin", "extend", id, "--to", "org:meir"};
  const Ran unconfirmed = RunAs("an-lise", extend);
  EXPECT_EQ(unconfirmed.code, ExitCode::kFailure);
  EXPECT_THAT(unconfirmed.notes, HasSubstr("CONFIRMATION_NEEDED"));
  EXPECT_THAT(unconfirmed.notes, HasSubstr("1 of them did not have it"));
  const Ran wrong = RunAs("an-lise", Confirmed(extend, std::string(32, '0')));
  EXPECT_EQ(wrong.code, ExitCode::kUsage) << wrong.notes;
  Words without_reason = extend;
  without_reason.insert(without_reason.end(), {"--confirm", id});
  EXPECT_EQ(RunAs("an-lise", without_reason).code, ExitCode::kUsage);
  EXPECT_EQ(network_.broker().committed(), 1u);

  const nlohmann::json sent = Done(Confirmed(extend, id));
  EXPECT_EQ(sent["recipients"], 3);
  EXPECT_EQ(sent["told"], 0);
  const nlohmann::json entry = EntryOf("meir-guard", sent["id"]);
  EXPECT_EQ(entry["title"], "first");
  ASSERT_THAT(entry["refs"], SizeIs(1));
  EXPECT_EQ(entry["refs"][0]["relation"], "extends");
  EXPECT_EQ(entry["refs"][0]["id"], id);
  EXPECT_EQ(EntryOf("astrid-desk", id)["state"], "live");
}

// Only who lacks it is sent it again; who is named in person is, whatever it has.
TEST_F(Lifecycle, AnExtensionIsSealedToThoseWhoLackTheBulletin) {
  const std::string draft = Write("one.md",
                                  "+++\ntitle = \"first\"\nkind = \"notice\"\ntlp = \"AMBER\"\n"
                                  "to = [\"member:astrid-guard\", \"org:meir\"]\n+++\nBody.\n");
  const std::string id = Done({"bulletin", "publish", draft})["id"];
  const Words extend = {"bulletin", "extend", id, "--to", "org:astrid"};
  const nlohmann::json sent = Done(Confirmed(extend, id));
  EXPECT_EQ(sent["recipients"], 3) << "the desk and the two analysts";
  EXPECT_EQ(EntryOf("astrid-desk", sent["id"])["state"], "live");
  EXPECT_EQ(EntryOf("astrid-guard", sent["id"]), nullptr);
  const uint64_t before = network_.broker().committed();
  const nlohmann::json again = Done(extend);
  EXPECT_EQ(again["id"], "");
  EXPECT_EQ(again["recipients"], 0);
  EXPECT_THAT(RunAs("an-lise", extend).data, HasSubstr("already; nothing is published"));
  EXPECT_EQ(network_.broker().committed(), before);
  EXPECT_EQ(Done({"bulletin", "extend", id, "--to", "member:astrid-guard"})["recipients"], 3)
      << "its keys may have been lost";
}

// The author's home knows by name whom it sealed to; a colleague's believes receipts alone.
TEST_F(Lifecycle, WhomTheBrokerAloneSaysToHaveItIsNotLeftOutOfAnExtension) {
  const std::string id = Amber();
  const auto list_meir = [](std::vector<ReaderStatus>& readers) {
    readers.push_back({*MemberId::Parse("meir-guard"), *OrgId::Parse("meir")});
  };
  const Words extend = Confirmed({"bulletin", "extend", id, "--to", "org:meir", "--json"}, id);
  network_.Script("an-lise").AlterReaders(list_meir);
  const Ran caught = RunAs("an-lise", extend);
  EXPECT_EQ(caught.code, ExitCode::kIntegrity) << caught.data;
  EXPECT_EQ(caught.json()["error"]["code"], "READER_UNKNOWN");
  EXPECT_EQ(network_.broker().committed(), 1u);

  network_.Open("an-omar");
  network_.Script("an-omar").AlterReaders(list_meir);
  const Ran sent = RunAs("an-omar", extend);
  ASSERT_EQ(sent.code, ExitCode::kOk) << sent.notes;
  EXPECT_EQ(EntryOf("meir-guard", sent.json()["id"])["state"], "live");
}

TEST_F(Lifecycle, AReaderThatIsListedTwiceEndsAnExtension) {
  const std::string id = Amber();
  network_.Open("an-omar");
  network_.Script("an-omar").AlterReaders(
      [](std::vector<ReaderStatus>& readers) { readers.push_back(readers.front()); });
  const Ran caught =
      RunAs("an-omar", Confirmed({"bulletin", "extend", id, "--to", "org:meir", "--json"}, id));
  EXPECT_EQ(caught.code, ExitCode::kIntegrity) << caught.data;
  EXPECT_EQ(caught.json()["error"]["code"], "READER_LISTED_TWICE");
}

TEST_F(Lifecycle, AColleagueLeavesOutOfAnExtensionThoseWhoSignedForTheBulletin) {
  const std::string id = Amber();
  EXPECT_EQ(EntryOf("astrid-guard", id)["state"], "live");
  network_.Open("an-omar");
  const Ran sent =
      RunAs("an-omar",
            Confirmed({"bulletin", "extend", id, "--to", "org:astrid,org:meir", "--json"}, id));
  ASSERT_EQ(sent.code, ExitCode::kOk) << sent.notes;
  const std::string extension = sent.json()["id"];
  EXPECT_EQ(EntryOf("astrid-guard", extension), nullptr) << "it has signed that it has it";
  EXPECT_EQ(EntryOf("astrid-desk", extension)["state"], "live") << "twice does no harm";
  EXPECT_EQ(EntryOf("meir-guard", extension)["state"], "live");
}

// What it holds is closed to it where it is now.
TEST_F(Lifecycle, WhoHasMovedSinceLacksWhatItHeldBefore) {
  for (const char* to : {"\"org:astrid\"", "\"org:ocad\", \"member:astrid-desk\""}) {
    network_.Open("an-lise");
    const std::string draft =
        Write("one.md", absl::StrCat("+++\ntitle = \"first\"\nkind = \"notice\"\ntlp = \"AMBER\"\n"
                                     "to = [",
                                     to, ", \"member:meir-guard\"]\n+++\nBody.\n"));
    const std::string id = Done({"bulletin", "publish", draft})["id"];
    network_.Member("astrid-desk").org = *OrgId::Parse("meir");
    network_.PublishDirectory();
    network_.Open("an-lise");
    const nlohmann::json sent = Done(Confirmed({"bulletin", "extend", id, "--to", "org:meir"}, id));
    EXPECT_EQ(sent["recipients"], 3) << to << ": the desk and the two analysts";
    EXPECT_EQ(EntryOf("astrid-desk", sent["id"])["state"], "live") << to;
    EXPECT_EQ(EntryOf("meir-guard", sent["id"]), nullptr) << to;
    network_.Member("astrid-desk").org = *OrgId::Parse("astrid");
    network_.PublishDirectory();
  }
}

TEST_F(Lifecycle, ASeatOfTheSourceThatCameLaterLacksTheBulletin) {
  const std::string id = Amber();
  network_.AddMember("an-new", "ocad", {Role::kAnalyst});
  network_.PublishDirectory();
  network_.Open("an-lise");
  const Words extend = Confirmed({"bulletin", "extend", id, "--to", "org:ocad,org:astrid"}, id);
  const nlohmann::json sent = Done(extend);
  EXPECT_EQ(sent["recipients"], 3) << "the analysts, since one of them lacks it: " << sent;
  EXPECT_EQ(sent["warnings"], nlohmann::json::array()) << "all others have it";
  EXPECT_EQ(EntryOf("an-new", sent["id"])["state"], "live");
  EXPECT_EQ(EntryOf("astrid-desk", sent["id"]), nullptr);
  EXPECT_EQ(Done(extend)["id"], "") << "by now everybody has it";
}

// Whoever else it is for has it, or has no key.
TEST_F(Lifecycle, AnExtensionGoesToASeatOfTheSourceThoughTheOthersWhoLackItHaveNoKey) {
  const std::string id = Amber();
  network_.AddMember("an-new", "ocad", {Role::kAnalyst});
  for (KeyRecord& key : network_.records().keys) {
    const bool ends = key.member.text() == "meir-guard" && key.use == KeyUse::kSeal;
    if (ends) key.period.until = network_.clock().Now() + absl::Minutes(1);
  }
  network_.clock().Advance(absl::Minutes(2));
  network_.PublishDirectory();
  network_.Open("an-lise");
  const nlohmann::json sent =
      Done(Confirmed({"bulletin", "extend", id, "--to", "org:astrid,org:meir"}, id));
  EXPECT_EQ(sent["recipients"], 3) << sent;
  EXPECT_EQ(sent["without_key"][0]["member"], "meir-guard") << sent;
  EXPECT_EQ(EntryOf("an-new", sent["id"])["state"], "live");
  const Ran refused =
      RunAs("an-lise", Confirmed({"bulletin", "extend", id, "--to", "org:meir", "--json"}, id));
  EXPECT_EQ(refused.code, ExitCode::kRefused) << "nobody whom it is for is reached";
  EXPECT_EQ(refused.json()["error"]["code"], "RECIPIENT_WITHOUT_KEY");
}

// Under embargo it is closed for now, which is no reason to send it again.
TEST_F(Lifecycle, WhoHoldsItUnderEmbargoHasIt) {
  const std::string draft = Write(
      "one.md",
      absl::StrCat("+++\ntitle = \"first\"\nkind = \"notice\"\ntlp = \"AMBER\"\n"
                   "to = [\"org:astrid\"]\nnot_before = ",
                   absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", network_.clock().Now() + absl::Hours(2),
                                    absl::UTCTimeZone()),
                   "\n+++\nBody.\n"));
  const std::string id = Done({"bulletin", "publish", draft})["id"];
  EXPECT_EQ(Done({"bulletin", "extend", id, "--to", "org:astrid"})["id"], "");
}

TEST_F(Lifecycle, AnExtensionToWhoLacksItThatGotNoAnswerIsPublishedOnce) {
  const std::string draft = Write("one.md",
                                  "+++\ntitle = \"first\"\nkind = \"notice\"\ntlp = \"AMBER\"\n"
                                  "to = [\"member:astrid-guard\", \"org:meir\"]\n+++\nBody.\n");
  const std::string id = Done({"bulletin", "publish", draft})["id"];
  const Words extend = Confirmed({"bulletin", "extend", id, "--to", "org:astrid"}, id);
  LoseTheAnswer();
  EXPECT_EQ(RunAs("an-lise", extend).code, ExitCode::kUnreachable);
  network_.Open("an-lise");
  EXPECT_EQ(Done(extend)["replayed"], true);
  EXPECT_EQ(network_.broker().committed(), 2u);
}

TEST_F(Lifecycle, WhatHasEndedIsExplainedAsEnded) {
  const std::string withdrawn = Amber();
  Done(Confirmed({"bulletin", "withdraw", withdrawn}, withdrawn));
  const std::string replaced = Done({"bulletin", "publish", DraftFor("second")})["id"];
  Done({"bulletin", "update", replaced, DraftFor("third")});
  for (const auto& [id, rule] :
       {std::pair(withdrawn, "WITHDRAWN"), std::pair(replaced, "SUPERSEDED")}) {
    for (const char* member : {"an-lise", "astrid-guard"}) {
      network_.Open(member);
      const nlohmann::json told =
          RunAs(member, {"policy", "explain", id, "--member", "astrid-guard", "--json"}).json();
      EXPECT_EQ(told["verdict"], "deny") << told;
      EXPECT_EQ(told["rule"], rule) << told;
    }
  }
}

TEST_F(Lifecycle, ARelabellingChangesTheLabel) {
  const std::string id = Amber();
  const Ran same = RunAs("an-lise", {"bulletin", "relabel", id, "--tlp", "TLP:AMBER"});
  EXPECT_EQ(same.code, ExitCode::kUsage);
  EXPECT_THAT(same.notes, HasSubstr("it is TLP:AMBER already"));
  EXPECT_EQ(network_.broker().committed(), 1u);
}

TEST_F(Lifecycle, TheIdIsTypedOnATerminal) {
  const std::string id = Amber();
  terminal_ = true;
  typed_ = "yes\n";
  EXPECT_EQ(RunAs("an-lise", {"bulletin", "withdraw", id}).code, ExitCode::kFailure);
  typed_ = id + "\n";
  EXPECT_EQ(RunAs("an-lise", {"bulletin", "withdraw", id}).code, ExitCode::kOk);
}

TEST_F(Lifecycle, ADryRunShowsThePlanAndSendsNothing) {
  const std::string id = Amber();
  for (const Words& words :
       {Words{"bulletin", "extend", id, "--to", "org:meir"},
        Words{"bulletin", "permit", id, "--to", "org:meir"},
        Words{"bulletin", "relabel", id, "--tlp", "GREEN", "--to", "sector:retail"},
        Words{"bulletin", "update", id, DraftFor("second"), "--to", "org:meir"}}) {
    Words dry = words;
    dry.emplace_back("--dry-run");
    const nlohmann::json plan = Done(dry);
    EXPECT_THAT(plan["recipients"], SizeIs(3)) << plan;
    ASSERT_THAT(plan["excluded"], SizeIs(2)) << plan;
    EXPECT_EQ(plan["excluded"][0]["org"], "astrid") << plan;
  }
  EXPECT_EQ(network_.broker().committed(), 1u);
  EXPECT_THAT(OpenedFolders(), IsEmpty());
}

// A colleague sends it on, and nobody is shown it.
TEST_F(Lifecycle, SendingContentOnceMoreDoesNotOpenIt) {
  const std::string id = Amber();
  network_.Open("an-omar");
  const auto opened = [&] {
    const nlohmann::json board = Done({"bulletin", "status", id});
    for (const nlohmann::json& reader : board["recipients"]) {
      if (reader["member"] == "an-omar") return reader["state"].get<std::string>();
    }
    return std::string("not listed");
  };
  const Words extend = {"bulletin", "extend", id, "--to", "org:meir"};
  Words dry = extend;
  dry.emplace_back("--dry-run");
  EXPECT_EQ(RunAs("an-omar", dry).code, ExitCode::kOk);
  const Ran sent = RunAs("an-omar", Confirmed(extend, id));
  EXPECT_EQ(sent.code, ExitCode::kOk) << sent.notes;
  EXPECT_EQ(RunAs("an-omar", {"inbox", "ls"}).code, ExitCode::kOk);
  EXPECT_EQ(opened(), "delivered");
  EXPECT_EQ(RunAs("an-omar", {"inbox", "show", id}).code, ExitCode::kOk);
  EXPECT_EQ(opened(), "opened");
}

TEST_F(Lifecycle, AnUpdateTakesThePlaceOfBulletinAndExtensions) {
  const std::string id = Amber();
  const std::string extension =
      Done(Confirmed({"bulletin", "extend", id, "--to", "org:meir"}, id))["id"];
  // Nobody new: nothing is asked.
  const nlohmann::json second = Done({"bulletin", "update", id, DraftFor("second")});
  EXPECT_EQ(second["told"], 1) << "meir's guard, who held the extension";
  EXPECT_EQ(EntryOf("astrid-desk", id)["state"], "superseded");
  EXPECT_EQ(EntryOf("astrid-desk", second["id"])["title"], "second");
  EXPECT_EQ(EntryOf("meir-guard", extension)["state"], "superseded");
  const nlohmann::json notice = EntryOf("meir-guard", second["id"]);
  EXPECT_EQ(notice["kind"], "update");
  EXPECT_EQ(notice["title"], "");
  const Ran shown = RunAs("meir-guard", {"inbox", "show", second["id"]});
  EXPECT_EQ(shown.code, ExitCode::kOk) << shown.notes;
  EXPECT_THAT(shown.data, HasSubstr("replaced this bulletin by one that is not for you"));
}

TEST_F(Lifecycle, WhoWasOnlyToldOfAVersionDidNotHaveIt) {
  const std::string first = Amber();
  const std::string second = Done(Confirmed(
      {"bulletin", "update", first, DraftFor("second"), "--to", "org:meir"}, first))["id"];
  const Ran asked = RunAs("an-lise", {"bulletin", "extend", second, "--to", "org:astrid"});
  EXPECT_EQ(asked.code, ExitCode::kFailure);
  EXPECT_THAT(asked.notes, HasSubstr("2 of them did not have it"));
}

TEST_F(Lifecycle, AWiderLabelWantsTheIdAndKeepsTheAudience) {
  const std::string id = Amber();
  const Words relabel = {"bulletin", "relabel", id, "--tlp", "TLP:GREEN", "--to", "sector:retail"};
  const Ran unconfirmed = RunAs("an-lise", relabel);
  EXPECT_EQ(unconfirmed.code, ExitCode::kFailure);
  EXPECT_THAT(unconfirmed.notes, HasSubstr("It was TLP:AMBER."));
  const nlohmann::json stricter = Done({"bulletin", "relabel", id, "--tlp", "TLP:AMBER+STRICT"});
  EXPECT_EQ(stricter["recipients"], 4);
  EXPECT_EQ(EntryOf("astrid-desk", stricter["id"])["tlp"], "TLP:AMBER+STRICT");
  EXPECT_EQ(EntryOf("astrid-desk", id)["state"], "superseded");
  EXPECT_EQ(RunAs("an-lise", {"bulletin", "relabel", id, "--tlp", "PUCE"}).code, ExitCode::kUsage);
}

TEST_F(Lifecycle, WithdrawingTakesTheExtensionsAlongAndSaysSo) {
  const std::string id = Amber();
  const std::string extension =
      Done(Confirmed({"bulletin", "extend", id, "--to", "org:meir"}, id))["id"];
  const Ran asked = RunAs("an-lise", {"bulletin", "withdraw", id});
  EXPECT_EQ(asked.code, ExitCode::kFailure);
  EXPECT_THAT(asked.notes, HasSubstr("This takes TLP:AMBER back from 4 members"));
  EXPECT_THAT(asked.notes, HasSubstr("1 extension of it"));
  const nlohmann::json done = Done(Confirmed({"bulletin", "withdraw", id}, id));
  EXPECT_EQ(done["withdraws"], id);
  EXPECT_EQ(done["also"], nlohmann::json::array({extension}));
  EXPECT_EQ(done["told"], 4);
  EXPECT_EQ(done["recipients"], 0);
  for (const auto& [reader, held] :
       {std::pair("astrid-desk", id), std::pair("meir-guard", extension)}) {
    EXPECT_EQ(EntryOf(reader, held)["state"], "withdrawn");
    const Ran shown = RunAs(reader, {"inbox", "show", held});
    EXPECT_EQ(shown.code, ExitCode::kRefused);
    EXPECT_THAT(shown.notes, HasSubstr("WITHDRAWN"));
  }
  const nlohmann::json notice = EntryOf("astrid-desk", done["id"]);
  EXPECT_EQ(notice["kind"], "withdraw");
  EXPECT_EQ(notice["refs"][0]["relation"], "withdraws");
  EXPECT_EQ(notice["refs"][0]["id"], id);
  EXPECT_THAT(RunAs("astrid-desk", {"inbox", "show", done["id"]}).data,
              HasSubstr("The source has withdrawn this bulletin."));
}

TEST_F(Lifecycle, ASecondWithdrawalIsRefusedWithoutAnyQuestion) {
  const std::string id = Amber();
  Done(Confirmed({"bulletin", "withdraw", id}, id));
  for (const char* analyst : {"an-lise", "an-omar"}) {
    network_.Open(analyst);
    terminal_ = true;
    const Ran again = RunAs(analyst, {"bulletin", "withdraw", id});
    EXPECT_EQ(again.code, ExitCode::kRefused);
    EXPECT_THAT(again.notes, HasSubstr("WITHDRAWN"));
    EXPECT_THAT(again.notes, Not(HasSubstr("Type")));
    EXPECT_THAT(again.notes, Not(HasSubstr("This takes")));
  }
  EXPECT_EQ(network_.broker().committed(), 2u);
}

// The program was killed, or the link died, after the bulletin itself.
TEST_F(Lifecycle, AWithdrawalThatWasCutShortIsBroughtToItsEndByTheSameCommand) {
  const std::string id = Amber();
  const std::string extension =
      Done(Confirmed({"bulletin", "extend", id, "--to", "org:meir"}, id))["id"];
  network_.Script("an-lise").BeforeNextFinish([this] {
    for (int i = 0; i < 50; ++i) {
      network_.Script("an-lise").FailNext("Publish", absl::UnavailableError("the link is dead"));
    }
  });
  const Ran cut = RunAs("an-lise", Confirmed({"bulletin", "withdraw", id, "--json"}, id));
  EXPECT_EQ(cut.code, ExitCode::kUnreachable) << cut.notes;
  EXPECT_THAT(cut.notes, HasSubstr("`" + id + "` is withdrawn; 1 extension of it to go"));
  EXPECT_THAT(cut.data, HasSubstr("the same command goes on with what is left"));
  EXPECT_EQ(EntryOf("meir-guard", extension)["state"], "live");

  network_.Open("an-lise");
  const Ran asked = RunAs("an-lise", {"bulletin", "withdraw", id});
  EXPECT_EQ(asked.code, ExitCode::kFailure);
  EXPECT_THAT(asked.notes, HasSubstr("withdrawn already. This takes 1 extension of it"));
  const nlohmann::json done = Done(Confirmed({"bulletin", "withdraw", id}, id));
  EXPECT_EQ(done["withdraws"], id);
  EXPECT_EQ(done["already_withdrawn"], true);
  EXPECT_EQ(done["also"], nlohmann::json::array({extension}));
  EXPECT_EQ(EntryOf("meir-guard", extension)["state"], "withdrawn");
  const Ran again = RunAs("an-lise", Confirmed({"bulletin", "withdraw", id}, id));
  EXPECT_EQ(again.code, ExitCode::kRefused) << "nothing is left";
  EXPECT_THAT(again.notes, HasSubstr("WITHDRAWN"));
}

TEST_F(Lifecycle, AColleagueGoesOnWithAWithdrawalThatWasCutShort) {
  const std::string id = Amber();
  const std::string extension =
      Done(Confirmed({"bulletin", "extend", id, "--to", "org:meir"}, id))["id"];
  network_.Script("an-lise").BeforeNextFinish([this] {
    for (int i = 0; i < 50; ++i) {
      network_.Script("an-lise").FailNext("Publish", absl::UnavailableError("the link is dead"));
    }
  });
  RunAs("an-lise", Confirmed({"bulletin", "withdraw", id}, id));
  network_.Open("an-omar");
  const Ran done = RunAs("an-omar", Confirmed({"bulletin", "withdraw", id}, id));
  EXPECT_EQ(done.code, ExitCode::kOk) << done.notes;
  EXPECT_EQ(EntryOf("meir-guard", extension)["state"], "withdrawn");
}

TEST_F(Lifecycle, WhatMayHaveBeenWithdrawnIsAskedForWithoutAnotherConfirmation) {
  const std::string id = Amber();
  LoseTheAnswer();
  const Ran lost = RunAs("an-lise", Confirmed({"bulletin", "withdraw", id}, id));
  EXPECT_EQ(lost.code, ExitCode::kUnreachable);
  EXPECT_THAT(lost.notes, HasSubstr("Withdraw it again"));
  network_.Open("an-lise");
  EXPECT_EQ(Done({"bulletin", "withdraw", id})["replayed"], true);
  EXPECT_EQ(network_.broker().committed(), 2u);
}

TEST_F(Lifecycle, AnUpdateWithoutAnAnswerIsPublishedOnceExtensionsOrNot) {
  for (const bool extended : {false, true}) {
    const std::string id = Amber();
    if (extended) Done(Confirmed({"bulletin", "extend", id, "--to", "org:meir"}, id));
    const Words update = {"bulletin", "update", id, DraftFor("second")};
    const uint64_t before = network_.broker().committed();
    LoseTheAnswer();
    EXPECT_EQ(RunAs("an-lise", update).code, ExitCode::kUnreachable);
    network_.Open("an-lise");
    EXPECT_EQ(Done(update)["replayed"], true);
    EXPECT_EQ(network_.broker().committed(), before + 1);
  }
}

TEST_F(Lifecycle, AnExtensionWithoutAnAnswerIsPublishedOnceAndConfirmedOnce) {
  const std::string id = Amber();
  const Words extend = {"bulletin", "extend", id, "--to", "org:meir"};
  LoseTheAnswer();
  EXPECT_EQ(RunAs("an-lise", Confirmed(extend, id)).code, ExitCode::kUnreachable);
  EXPECT_THAT(OpenedFolders(), IsEmpty());
  network_.Open("an-lise");
  EXPECT_EQ(Done(extend)["replayed"], true);
  EXPECT_EQ(network_.broker().committed(), 2u);
}

TEST_F(Lifecycle, ARelabellingWithoutAnAnswerIsBroughtToItsEnd) {
  const std::string id = Amber();
  const Words relabel = {"bulletin", "relabel", id, "--tlp", "AMBER+STRICT"};
  LoseTheAnswer();
  EXPECT_EQ(RunAs("an-lise", relabel).code, ExitCode::kUnreachable);
  // What it was made from has ended by it, and this home knows.
  network_.Open("an-lise");
  EXPECT_EQ(EntryOf("an-lise", id)["state"], "superseded");
  const nlohmann::json done = Done(relabel);
  EXPECT_EQ(done["replayed"], true);
  EXPECT_EQ(network_.broker().committed(), 2u);
  EXPECT_EQ(EntryOf("an-lise", done["id"])["tlp"], "TLP:AMBER+STRICT");
  // Once it is known there is nothing left to bring to its end.
  const Ran again = RunAs("an-lise", relabel);
  EXPECT_EQ(again.code, ExitCode::kRefused);
  EXPECT_THAT(again.notes, HasSubstr("SUPERSEDED"));
}

TEST_F(Lifecycle, AnotherRelabellingThanTheOneWithoutAnAnswerIsNotTakenForIt) {
  const std::string id = Amber();
  LoseTheAnswer();
  EXPECT_EQ(RunAs("an-lise", {"bulletin", "relabel", id, "--tlp", "AMBER+STRICT"}).code,
            ExitCode::kUnreachable);
  network_.Open("an-lise");
  const Ran other =
      RunAs("an-lise",
            Confirmed({"bulletin", "relabel", id, "--tlp", "GREEN", "--to", "org:astrid"}, id));
  EXPECT_EQ(other.code, ExitCode::kRefused);
  EXPECT_THAT(other.notes, HasSubstr("SUPERSEDED"));
}

TEST_F(Lifecycle, AColleagueTakesBackRedThatWasNotSealedToHim) {
  network_.Open("an-lise");
  const std::string draft = Write("red.md",
                                  "+++\ntitle = \"x\"\nkind = \"notice\"\ntlp = \"RED\"\n"
                                  "to = [\"member:astrid-guard\"]\n+++\nBody.\n");
  const std::string id = Done({"bulletin", "publish", draft})["id"];
  network_.Open("an-omar");
  const Ran unconfirmed = RunAs("an-omar", {"bulletin", "withdraw", id});
  EXPECT_EQ(unconfirmed.code, ExitCode::kFailure);
  EXPECT_THAT(unconfirmed.notes, HasSubstr("TLP:RED"));
  EXPECT_THAT(unconfirmed.notes, Not(HasSubstr("members")))
      << "whom it was for is its author's to know";
  EXPECT_EQ(RunAs("an-omar", {"bulletin", "status", id}).code, ExitCode::kNotFound);
  const Ran withdrawn = RunAs("an-omar", Confirmed({"bulletin", "withdraw", id}, id));
  EXPECT_EQ(withdrawn.code, ExitCode::kOk) << withdrawn.notes;
  EXPECT_EQ(EntryOf("astrid-guard", id)["state"], "withdrawn");
  network_.Open("an-omar");
  const Ran again = RunAs("an-omar", {"bulletin", "withdraw", id});
  EXPECT_EQ(again.code, ExitCode::kRefused) << again.notes;
  EXPECT_THAT(again.notes, Not(HasSubstr("This takes"))) << "nothing is left to take back";
  network_.Open("meir-guard");
  EXPECT_EQ(RunAs("meir-guard", {"bulletin", "withdraw", id}).code, ExitCode::kNotFound);
}

// Of an author whose key was revoked it is to be taken back more than ever.
TEST_F(Lifecycle, AColleagueTakesBackRedOfAnAuthorWhoseKeyHasEnded) {
  network_.Open("an-lise");
  const std::string draft = Write("red.md",
                                  "+++\ntitle = \"x\"\nkind = \"notice\"\ntlp = \"RED\"\n"
                                  "to = [\"member:astrid-guard\"]\n+++\nBody.\n");
  const std::string id = Done({"bulletin", "publish", draft})["id"];
  network_.clock().Advance(absl::Hours(1));
  for (KeyRecord& key : network_.records().keys) {
    const bool ends = key.member.text() == "an-lise" && key.use == KeyUse::kSign;
    if (ends) key.period.until = network_.clock().Now();
  }
  network_.PublishDirectory();
  network_.Open("an-omar");
  const Ran withdrawn = RunAs("an-omar", Confirmed({"bulletin", "withdraw", id}, id));
  EXPECT_EQ(withdrawn.code, ExitCode::kOk) << withdrawn.notes;
}

TEST_F(Lifecycle, AReaderIsRefusedByPolicyAndWhoDoesNotHaveItFindsNothing) {
  const std::string id = Amber();
  network_.Open("astrid-desk");
  const Words withdraw = {"bulletin", "withdraw", id};
  const Ran reader = RunAs("astrid-desk", withdraw);
  EXPECT_EQ(reader.code, ExitCode::kRefused) << reader.notes;
  EXPECT_THAT(reader.notes, HasSubstr("NOT_SOURCE"));
  EXPECT_EQ(RunAs("astrid-desk", {"bulletin", "extend", id, "--to", "org:meir"}).code,
            ExitCode::kRefused);
  network_.Open("meir-guard");
  const Ran forbidden = RunAs("meir-guard", withdraw);
  EXPECT_EQ(forbidden.code, ExitCode::kNotFound);
  const std::string nothing(32, '1');
  const Ran unknown = RunAs("meir-guard", {"bulletin", "withdraw", nothing});
  EXPECT_EQ(unknown.code, ExitCode::kNotFound);
  EXPECT_EQ(RunAs("an-lise", {"bulletin", "withdraw", "it"}).code, ExitCode::kUsage);
  EXPECT_EQ(network_.broker().committed(), 1u);
}

TEST_F(Lifecycle, AttachmentsPassThroughAFolderOfTheOwnersThatIsGoneAfterwards) {
  const std::string id = Amber();
  mode_t mode = 0;
  std::vector<std::string> during;
  network_.Open("an-lise");
  network_.Script("an-lise").BeforeNextFinish([&] {
    during = OpenedFolders();
    struct stat found {};
    if (!during.empty() && stat(during[0].c_str(), &found) == 0) mode = found.st_mode & 0777;
  });
  Done(Confirmed({"bulletin", "extend", id, "--to", "org:meir"}, id));
  ASSERT_THAT(during, SizeIs(1));
  EXPECT_EQ(mode, 0700u);
  EXPECT_THAT(OpenedFolders(), IsEmpty());
}

TEST_F(Lifecycle, TheFolderIsGoneAlsoWhenNothingWasPublished) {
  const std::string id = Amber();
  network_.Open("an-lise");
  const std::string left_behind = HomeOf("an-lise") + "/opened-" + id;
  std::filesystem::create_directory(left_behind);
  std::ofstream(left_behind + "/1") << "by a run that was killed";
  network_.Script("an-lise").FailNext(
      "Publish", WithRule(absl::PermissionDeniedError("no"), "PUBLISHER_NOT_AUTHORISED"));
  EXPECT_EQ(RunAs("an-lise", Confirmed({"bulletin", "extend", id, "--to", "org:meir"}, id)).code,
            ExitCode::kRefused);
  EXPECT_THAT(OpenedFolders(), IsEmpty());
  EXPECT_EQ(RunAs("an-lise", {"bulletin", "extend", id, "--to", "org:meir"}).code,
            ExitCode::kFailure);
  EXPECT_THAT(OpenedFolders(), IsEmpty());
  for (int i = 0; i < 50; ++i) {
    network_.Script("an-lise").FailNext("Fetch", absl::UnavailableError("cut off"));
  }
  EXPECT_EQ(RunAs("an-lise", {"bulletin", "relabel", id, "--tlp", "AMBER+STRICT"}).code,
            ExitCode::kUnreachable);
  EXPECT_THAT(OpenedFolders(), IsEmpty());
}

TEST_F(Lifecycle, NoneOfThemIsAnythingWithoutTheBroker) {
  const std::string id = Amber();
  for (const Words& words :
       {Words{"bulletin", "withdraw", id}, Words{"bulletin", "extend", id, "--to", "org:meir"},
        Words{"bulletin", "permit", id, "--to", "org:meir"},
        Words{"bulletin", "relabel", id, "--tlp", "GREEN"},
        Words{"bulletin", "update", id, DraftFor("second")}}) {
    Words offline = words;
    offline.emplace_back("--offline");
    EXPECT_EQ(RunAs("an-lise", offline).code, ExitCode::kUsage);
  }
}

}  // namespace
}  // namespace shield::cli
