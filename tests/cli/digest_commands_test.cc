#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "client/digest/week.h"
#include "tests/cli/commands_fixture.h"

namespace shield::cli {
namespace {

class DigestCommands : public Commands {
 protected:
  DigestCommands() {
    id_ = Publish("Bag snatchers at the station");
    network_.clock().Advance(absl::Minutes(1));
  }

  std::string ThisWeek() { return Week::Of(network_.clock().Now()).Print(); }
  Ran Digest(const std::string& member, Words words) {
    words.insert(words.begin(), "digest");
    words.insert(words.end(), {"--week", ThisWeek()});
    return RunAs(member, std::move(words));
  }
  Ran PublishGreen(Words more = {}) {
    Words words = {"publish", "--tier", "green"};
    words.insert(words.end(), more.begin(), more.end());
    return Digest("an-lise", words);
  }
  // AMBER for the hotel alone.
  void PublishForAstrid() {
    const auto amber = network_.Open("an-lise").Publish(network_.DraftOf(
        "+++\ntitle = \"For Astrid\"\nkind = \"notice\"\ntlp = \"TLP:AMBER\"\nto = "
        "[\"org:astrid\"]\n+++\nBody.\n"));
    ASSERT_TRUE(amber.ok()) << amber.status();
    network_.clock().Advance(absl::Minutes(1));
  }
  // An AMBER edition of what is GREEN; its id.
  std::string PublishAmberTo(const std::string& to, const Words& more = {}) {
    Words words = {"publish", "--tier", "amber", "--to", to, "--json"};
    words.insert(words.end(), more.begin(), more.end());
    const Ran sent = Digest("an-lise", words);
    EXPECT_EQ(sent.code, ExitCode::kOk) << sent.notes;
    network_.clock().Advance(absl::Minutes(1));
    return sent.json()["id"];
  }
  // Until an-lise's link is opened anew.
  void CutOff() {
    for (int i = 0; i < 50; ++i) {
      network_.Script("an-lise").FailNext("Publish", absl::UnavailableError("the link is dead"));
    }
  }
  static std::string TextOf(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }

  std::string id_;
};

TEST_F(DigestCommands, AnEditionIsShownBetweenItsLabel) {
  const Ran ran = Digest("an-lise", {"build", "--tier", "green"});
  EXPECT_EQ(ran.code, ExitCode::kOk) << ran.notes;
  EXPECT_NE(ran.data.find("Bag snatchers at the station"), std::string::npos);
  EXPECT_NE(ran.data.find("TLP:GREEN"), std::string::npos);
}

TEST_F(DigestCommands, AMemberMakesItsOwnWeekAndNoneForOthers) {
  const Ran own = Digest("astrid-guard", {"build", "--mine", "--json"});
  EXPECT_EQ(own.code, ExitCode::kOk) << own.notes;
  EXPECT_EQ(own.json()["tier"], "mine");
  EXPECT_EQ(own.json()["items"][0]["id"], id_);
  EXPECT_NE(Digest("astrid-guard", {"build", "--tier", "green"}).code, ExitCode::kOk);
}

TEST_F(DigestCommands, EveryFormatIsAFileOfItsOwn) {
  const std::string folder = folder_ / "out";
  const Ran ran = Digest(
      "an-lise", {"build", "--tier", "green", "--format", "all", "--out", folder, "--lang", "nl"});
  // As in a container that lets no user make namespaces: the other formats are there all the same.
  const bool no_sandbox = ran.notes.find("the system refuses the sandbox") != std::string::npos;
  ASSERT_EQ(ran.code, no_sandbox ? ExitCode::kFailure : ExitCode::kOk) << ran.notes;
  const std::string stem = folder + "/briefing-" + ThisWeek() + "-green";
  for (const char* ending : {".md", ".txt", ".html", ".json", ".ics"}) {
    EXPECT_NE(TextOf(stem + ending).find("TLP:GREEN"), std::string::npos) << ending;
  }
  if (no_sandbox) GTEST_SKIP() << "bubblewrap can make no sandbox here: THERE IS NO PDF";
  EXPECT_EQ(TextOf(stem + ".pdf").substr(0, 5), "%PDF-");
}

TEST_F(DigestCommands, AForcesOwnTemplatesMakeThePage) {
  const std::string folder = folder_ / "templates";
  std::filesystem::create_directories(folder);
  std::ofstream(folder + "/head.mustache") << "<p>Police of Antwerp</p>";
  const Words words = {"build", "--tier", "green", "--format", "html", "--templates", folder};
  EXPECT_NE(Digest("an-lise", words).data.find("Police of Antwerp"), std::string::npos);
  std::ofstream(folder + "/head.mustache") << "<script>alert(1)</script>";
  const Ran refused = Digest("an-lise", words);
  EXPECT_NE(refused.code, ExitCode::kOk);
  EXPECT_NE(refused.notes.find("head.mustache:1"), std::string::npos) << refused.notes;
  const Words nowhere = {"build", "--tier", "green", "--format", "html", "--templates", "/nowhere"};
  EXPECT_EQ(Digest("an-lise", nowhere).code, ExitCode::kUsage);
}

TEST_F(DigestCommands, WhatIsAskedForWronglyIsAUsageError) {
  for (const Words& words : std::vector<Words>{{"build"},
                                               {"build", "--tier", "red"},
                                               {"build", "--tier", "green", "--mine"},
                                               {"build", "--mine", "--to", "public"},
                                               {"build", "--mine", "--lang", "de"},
                                               {"build", "--mine", "--as-of", "monday"},
                                               {"build", "--mine", "--pick", "x"},
                                               {"build", "--mine", "--format", "doc"},
                                               {"build", "--mine", "--format", "pdf"},
                                               {"build", "--mine", "--format", "all"}}) {
    EXPECT_EQ(Digest("an-lise", words).code, ExitCode::kUsage) << words.back();
  }
}

TEST_F(DigestCommands, IsPublishedOnceAndATimerThatComesAgainIsDone) {
  const Ran first = PublishGreen({"--json"});
  ASSERT_EQ(first.code, ExitCode::kOk) << first.notes << first.data;
  EXPECT_EQ(first.json()["tier"], "green");
  const Ran second = PublishGreen({"--json"});
  EXPECT_NE(second.code, ExitCode::kOk);
  EXPECT_EQ(second.json()["error"]["code"], "EDITION_PUBLISHED");
  EXPECT_EQ(PublishGreen({"--once"}).code, ExitCode::kOk);
  EXPECT_EQ(PublishGreen({"--replace"}).code, ExitCode::kOk);
}

TEST_F(DigestCommands, ADryRunSaysWhoWouldGetItAndSendsNothing) {
  const Ran ran = PublishGreen({"--dry-run", "--json"});
  ASSERT_EQ(ran.code, ExitCode::kOk) << ran.notes;
  EXPECT_FALSE(ran.json()["recipients"].empty());
  EXPECT_EQ(ran.json()["edition"]["items"][0]["id"], id_);
  EXPECT_EQ(PublishGreen().code, ExitCode::kOk) << "nothing had been sent";
}

TEST_F(DigestCommands, WhatIsStaleEndsWithFive) {
  EXPECT_EQ(Digest("an-lise", {"due"}).code, ExitCode::kOk) << "the week is not over";
  ASSERT_EQ(PublishGreen().code, ExitCode::kOk);
  network_.clock().Advance(absl::Minutes(1));
  ASSERT_TRUE(network_.Open("an-lise").Withdraw(*BulletinId::Parse(id_)).ok());
  const Ran due = Digest("an-lise", {"due", "--json"});
  EXPECT_EQ(due.code, ExitCode::kRefused);
  EXPECT_EQ(due.json()["editions"][0]["standing"], "stale");
  EXPECT_EQ(due.json()["editions"][0]["changed"], nlohmann::json({id_}));
}

TEST_F(DigestCommands, AWeekThatHasNotBegunIsAUsageError) {
  const std::string next = Week::Of(network_.clock().Now()).Plus(1).Print();
  const Ran ran =
      RunAs("an-lise", {"digest", "publish", "--tier", "green", "--week", next, "--json"});
  EXPECT_EQ(ran.code, ExitCode::kUsage) << ran.notes;
  EXPECT_NE(ran.json()["error"]["message"].get<std::string>().find("has not begun"),
            std::string::npos);
}

TEST_F(DigestCommands, AnEditionOfARunningWeekIsProvisionalAndReplacedByTheTimer) {
  const Week week = Week::Of(network_.clock().Now());
  const Ran early = PublishGreen({"--json"});
  ASSERT_EQ(early.code, ExitCode::kOk) << early.notes;
  const Words due = {"digest", "due", "--week", week.Print(), "--json"};
  const Ran running = RunAs("an-lise", due);
  EXPECT_EQ(running.code, ExitCode::kOk);
  EXPECT_EQ(running.json()["editions"][0]["standing"], "provisional");
  network_.clock().Set(week.due());
  network_.PublishDirectory();
  const Ran over = RunAs("an-lise", due);
  EXPECT_EQ(over.code, ExitCode::kRefused);
  EXPECT_EQ(over.json()["error"]["code"], "EDITION_PROVISIONAL");
  const Words timer = {"digest", "publish", "--tier", "green", "--once", "--json"};
  const Ran replaced = RunAs("an-lise", timer);
  ASSERT_EQ(replaced.code, ExitCode::kOk) << replaced.notes;
  EXPECT_NE(replaced.json()["id"], early.json()["id"]);
  EXPECT_EQ(RunAs("an-lise", timer).json()["published"], false);
  EXPECT_EQ(RunAs("an-lise", due).json()["editions"][0]["standing"], "published");
}

TEST_F(DigestCommands, CorrectionsAreSentOfWhatIsStaleAndOtherwiseNone) {
  const Words correct = {"digest", "publish", "--corrections", "--tier", "green", "--json"};
  ASSERT_EQ(PublishGreen({"--lang", "nl"}).code, ExitCode::kOk);
  const Ran nothing = RunAs("an-lise", correct);
  EXPECT_EQ(nothing.code, ExitCode::kOk) << nothing.notes;
  EXPECT_EQ(nothing.json()["corrections"], nlohmann::json::array());
  network_.clock().Advance(absl::Minutes(1));
  ASSERT_TRUE(network_.Open("an-lise").Withdraw(*BulletinId::Parse(id_)).ok());
  const Ran sent = RunAs("an-lise", correct);
  ASSERT_EQ(sent.code, ExitCode::kOk) << sent.notes;
  ASSERT_EQ(sent.json()["corrections"].size(), 1u);
  EXPECT_EQ(sent.json()["corrections"][0]["week"], ThisWeek());
  EXPECT_EQ(RunAs("an-lise", correct).json()["corrections"].size(), 0u);
  EXPECT_EQ(
      RunAs("an-lise", {"digest", "publish", "--corrections", "--tier", "green", "--once"}).code,
      ExitCode::kUsage);
}

TEST_F(DigestCommands, WhatIsPublishedIsMailedAsItIsWhateverCameSince) {
  const Words mail = {"mail",
                      "--tier",
                      "green",
                      "--mail-from",
                      "seat@police.example",
                      "--mail-to",
                      "desk@hotel.example"};
  const Ran unpublished = Digest("an-lise", mail);
  ASSERT_EQ(PublishGreen().code, ExitCode::kOk);
  const Ran first = Digest("an-lise", mail);
  ASSERT_EQ(first.code, ExitCode::kOk) << first.notes;
  EXPECT_NE(first.data.find("Bag snatchers"), std::string::npos);
  network_.clock().Advance(absl::Hours(1));
  Publish("Something that came afterwards");
  const Ran again = Digest("an-lise", mail);
  EXPECT_EQ(again.data, first.data);
  const auto id_of = [](const Ran& ran) {
    const size_t at = ran.data.find("Message-ID: ");
    return ran.data.substr(at, ran.data.find("\r\n", at) - at);
  };
  Words dutch = mail;
  dutch.insert(dutch.end(), {"--lang", "nl"});
  const Ran translated = Digest("an-lise", dutch);
  ASSERT_EQ(translated.code, ExitCode::kOk) << translated.notes;
  EXPECT_NE(translated.data.find("Something that came afterwards"), std::string::npos);
  ASSERT_EQ(PublishGreen({"--replace"}).code, ExitCode::kOk);
  const Ran revised = Digest("an-lise", mail);
  const std::set<std::string> ids = {id_of(unpublished), id_of(first), id_of(translated),
                                     id_of(revised)};
  EXPECT_EQ(ids.size(), 4u) << "no two say the same";
}

TEST_F(DigestCommands, WhoMailsAnEditionIsToldWhatOfItHasEnded) {
  const Words mail = {"mail",
                      "--tier",
                      "green",
                      "--mail-from",
                      "seat@police.example",
                      "--mail-to",
                      "desk@hotel.example"};
  ASSERT_EQ(PublishGreen().code, ExitCode::kOk);
  const Ran before = Digest("an-lise", mail);
  EXPECT_EQ(before.notes.find("withdrawn since"), std::string::npos) << before.notes;
  network_.clock().Advance(absl::Minutes(1));
  ASSERT_TRUE(network_.Open("an-lise").Withdraw(*BulletinId::Parse(id_)).ok());
  const Ran after = Digest("an-lise", mail);
  ASSERT_EQ(after.code, ExitCode::kOk) << after.notes;
  EXPECT_NE(after.notes.find(absl::StrCat("warning: withdrawn since: [1] ", id_)),
            std::string::npos)
      << after.notes;
}

TEST_F(DigestCommands, WhatAReaderNeverGotEndsWithSeven) {
  EXPECT_EQ(RunAs("astrid-guard", {"digest", "check"}).code, ExitCode::kOk);
  EXPECT_EQ(RunAs("astrid-guard", {"inbox", "ls"}).code, ExitCode::kOk);
  Draft draft = network_.Green("Weekly briefing");
  draft.kind = "weekly_briefing";
  draft.members_json = absl::StrCat(
      R"({"title":"Weekly briefing","kind":"weekly_briefing","body":"Text.","details":{"week":")",
      ThisWeek(), R"(","tier":"green","items":[{"id":"00112233445566778899aabbccddeeff",)",
      R"("tlp":"TLP:GREEN","issued":")",
      absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", network_.clock().Now(), absl::UTCTimeZone()),
      R"(","directory":)", network_.Open("an-lise").SyncDirectory().value()->version(), "}]}}");
  ASSERT_TRUE(network_.Open("an-lise").Publish(draft).ok());
  const Ran ran = RunAs("astrid-guard", {"digest", "check", "--json"});
  EXPECT_EQ(ran.code, ExitCode::kIntegrity);
  EXPECT_EQ(ran.json()["missing"][0]["id"], "00112233445566778899aabbccddeeff");
  EXPECT_EQ(ran.json()["error"]["code"], "OMITTED");
  // Whoever only reads the inbox is told as well, each time it is listed and when it comes.
  const Ran listed = RunAs("astrid-guard", {"inbox", "ls", "--json"});
  EXPECT_EQ(listed.code, ExitCode::kIntegrity);
  EXPECT_EQ(listed.json()["error"]["code"], "OMITTED");
  EXPECT_EQ(listed.json()["entries"].size(), 2u);
  const Ran watched = RunAs("astrid-guard", {"inbox", "watch", "--json", "--max", "2"});
  EXPECT_EQ(watched.code, ExitCode::kIntegrity) << watched.notes;
  EXPECT_NE(watched.notes.find("00112233445566778899aabbccddeeff"), std::string::npos);
  EXPECT_EQ(watched.json()["entries"].size(), 2u);
}

TEST_F(DigestCommands, AnEditionThatListsWhatCameRaisesNoAlarm) {
  ASSERT_EQ(PublishGreen().code, ExitCode::kOk);
  for (const char* member : {"astrid-guard", "an-lise"}) {
    const Ran listed = RunAs(member, {"inbox", "ls"});
    EXPECT_EQ(listed.code, ExitCode::kOk) << member << listed.notes;
  }
}

TEST_F(DigestCommands, AboveWhatMayBeMailedItIsAStub) {
  const Words mail = {"mail",
                      "--tier",
                      "green",
                      "--mail-from",
                      "seat@police.example",
                      "--mail-to",
                      "desk@hotel.example"};
  const Ran whole = Digest("an-lise", mail);
  ASSERT_EQ(whole.code, ExitCode::kOk) << whole.notes;
  EXPECT_NE(whole.data.find("Bag snatchers"), std::string::npos);
  EXPECT_NE(whole.data.find("Content-Type: text/html"), std::string::npos);
  EXPECT_EQ(Digest("an-lise", mail).data, whole.data) << "sent again it is the same message";
  std::ofstream(HomeOf("an-lise") + "/profile.toml") << "[email]\nmax_tlp = \"TLP:CLEAR\"\n";
  const Ran stub = Digest("an-lise", mail);
  ASSERT_EQ(stub.code, ExitCode::kOk) << stub.notes;
  EXPECT_EQ(stub.data.find("Bag snatchers"), std::string::npos);
}

TEST_F(DigestCommands, ATimerLeavesToAnAnalystWhatItsSeatCannotReplace) {
  network_.AddMember("an-digest", "ocad", {Role::kDigest});
  network_.PublishDirectory();
  network_.Open("an-digest");
  network_.Open("an-omar");
  const std::string wrong = Publish("Turns out wrong");
  network_.clock().Advance(absl::Minutes(1));
  ASSERT_EQ(PublishGreen().code, ExitCode::kOk);
  network_.clock().Advance(absl::Minutes(1));
  ASSERT_TRUE(network_.Open("an-lise").Withdraw(*BulletinId::Parse(wrong)).ok());
  const Words correct = {"digest", "publish", "--corrections", "--tier", "green", "--json"};
  const Ran timer = RunAs("an-digest", correct);
  EXPECT_EQ(timer.code, ExitCode::kPartial) << timer.data;
  EXPECT_EQ(timer.json()["error"]["code"], "LEFT_TO_ANALYST");
  EXPECT_EQ(timer.json()["left"][0]["author"], "an-lise");
  EXPECT_EQ(timer.json()["corrections"], nlohmann::json::array());
  const Ran asked = Digest("an-digest", {"publish", "--tier", "green", "--replace", "--json"});
  EXPECT_EQ(asked.code, ExitCode::kRefused);
  EXPECT_EQ(asked.json()["error"]["code"], "EDITION_OF_ANOTHER");
  const Ran due = Digest("an-digest", {"due", "--json"});
  EXPECT_EQ(due.code, ExitCode::kRefused);
  EXPECT_EQ(due.json()["editions"][0]["author"], "an-lise");
  EXPECT_EQ(due.json()["editions"][0]["may_replace"], false);
  EXPECT_NE(due.json()["error"]["hint"].get<std::string>().find("an analyst of the force"),
            std::string::npos);
  EXPECT_NE(Digest("an-digest", {"due"}).data.find("published by an-lise"), std::string::npos);
  EXPECT_EQ(RunAs("an-omar", correct).json()["corrections"].size(), 1u);
  EXPECT_EQ(RunAs("an-digest", correct).code, ExitCode::kOk) << "all stand";
}

TEST_F(DigestCommands, OnceLeavesToAnAnalystWhatItsSeatCannotReplace) {
  const Week week = Week::Of(network_.clock().Now());
  network_.AddMember("an-digest", "ocad", {Role::kDigest});
  network_.PublishDirectory();
  network_.Open("an-digest");
  ASSERT_EQ(PublishGreen().code, ExitCode::kOk);
  network_.clock().Set(week.due());
  network_.PublishDirectory();
  const Ran timer =
      RunAs("an-digest", {"digest", "publish", "--tier", "green", "--once", "--json"});
  EXPECT_EQ(timer.code, ExitCode::kPartial) << timer.data;
  EXPECT_EQ(timer.json()["error"]["code"], "LEFT_TO_ANALYST");
  EXPECT_EQ(timer.json()["published"], false);
  EXPECT_EQ(timer.json()["author"], "an-lise");
}

TEST_F(DigestCommands, WhatIsLeftOutForThoseWhoCameLaterIsSaidThoughNobodyLooksAtAPlan) {
  const auto amber = network_.Open("an-lise").Publish(network_.DraftOf(
      "+++\ntitle = \"Informant seen\"\nkind = \"notice\"\ntlp = \"TLP:AMBER\"\nto = "
      "[\"vetting:2\"]\n+++\nBody.\n"));
  ASSERT_TRUE(amber.ok()) << amber.status();
  network_.clock().Advance(absl::Minutes(1));
  network_.AddMember("meir-late", "meir", {Role::kReader});
  network_.PublishDirectory();
  const Ran sent = Digest("an-lise", {"publish", "--tier", "amber", "--once"});
  ASSERT_EQ(sent.code, ExitCode::kOk) << sent.notes;
  EXPECT_NE(sent.notes.find("1 bulletin in force left out of " + ThisWeek() + ", NOT_IN_SNAPSHOT"),
            std::string::npos)
      << sent.notes;
  EXPECT_EQ(sent.notes.find("Informant"), std::string::npos);
  EXPECT_EQ(PublishGreen().notes.find("left out"), std::string::npos);
  // So it is in the next week, as long as it is in force; of what has ended nothing is said.
  const Week next = Week::Of(network_.clock().Now()).Plus(1);
  network_.clock().Set(next.due());
  network_.PublishDirectory();
  const Words later = {"digest", "publish",    "--tier",    "amber",
                       "--week", next.Print(), "--dry-run", "--json"};
  EXPECT_EQ(RunAs("an-lise", later).code, ExitCode::kOk);
  Words send = later;
  send.resize(6);
  const Ran in_force = RunAs("an-lise", send);
  EXPECT_NE(in_force.notes.find("1 bulletin in force left out of " + next.Print()),
            std::string::npos)
      << in_force.notes;
  network_.clock().Advance(absl::Minutes(1));
  ASSERT_TRUE(network_.Open("an-lise").Withdraw(amber->id).ok());
  send.push_back("--replace");
  const Ran withdrawn = RunAs("an-lise", send);
  EXPECT_EQ(withdrawn.code, ExitCode::kOk) << withdrawn.notes;
  EXPECT_EQ(withdrawn.notes.find("left out"), std::string::npos) << withdrawn.notes;
}

TEST_F(DigestCommands, AReplacementIsInTheLanguageOfWhatItReplaces) {
  ASSERT_EQ(PublishGreen({"--lang", "nl"}).code, ExitCode::kOk);
  network_.clock().Advance(absl::Minutes(1));
  const Ran kept = PublishGreen({"--replace", "--dry-run", "--json"});
  ASSERT_EQ(kept.code, ExitCode::kOk) << kept.notes;
  EXPECT_EQ(kept.json()["edition"]["language"], "nl");
  const Ran asked = PublishGreen({"--replace", "--lang", "fr", "--dry-run", "--json"});
  EXPECT_EQ(asked.json()["edition"]["language"], "fr");
}

TEST_F(DigestCommands, AnExtensionOfAnEditionIsNoSecondOneAndWhoHasItIsNamedWhereNotReached) {
  const Ran sent =
      Digest("an-lise", {"publish", "--tier", "amber", "--to", "org:astrid", "--json"});
  ASSERT_EQ(sent.code, ExitCode::kOk) << sent.notes;
  const std::string id = sent.json()["id"];
  network_.clock().Advance(absl::Minutes(1));
  const Ran extended = RunAs("an-lise", {"bulletin", "extend", id, "--to", "org:meir", "--confirm",
                                         id, "--reason", "they asked"});
  ASSERT_EQ(extended.code, ExitCode::kOk) << extended.notes;
  network_.clock().Advance(absl::Minutes(1));
  PublishForAstrid();
  const Ran due = Digest("an-lise", {"due", "--tier", "amber", "--json"});
  EXPECT_EQ(due.json()["editions"][0]["standing"], "provisional");
  EXPECT_EQ(due.json()["editions"][0]["others"], nlohmann::json::array());
  const Ran replaced = Digest("an-lise", {"publish", "--tier", "amber", "--replace"});
  ASSERT_EQ(replaced.code, ExitCode::kOk) << replaced.notes;
  EXPECT_NE(replaced.notes.find("not reached, though they had the edition of " + ThisWeek() +
                                ": meir-guard; not all that stands in it is for them"),
            std::string::npos)
      << replaced.notes;
}

TEST_F(DigestCommands, AnEditionIsNotExtendedBeyondWhomItsPartsAreFor) {
  PublishForAstrid();
  const Ran sent =
      Digest("an-lise", {"publish", "--tier", "amber", "--to", "org:astrid", "--json"});
  ASSERT_EQ(sent.code, ExitCode::kOk) << sent.notes;
  const std::string id = sent.json()["id"];
  network_.clock().Advance(absl::Minutes(1));
  const size_t committed = network_.broker().committed();
  for (const Words& again :
       {Words{"bulletin", "extend", id, "--to", "org:meir", "--confirm", id, "--reason", "asked"},
        Words{"bulletin", "extend", id, "--to", "org:meir", "--dry-run"},
        Words{"bulletin", "relabel", id, "--tlp", "green", "--to", "org:meir", "--confirm", id,
              "--reason", "asked"}}) {
    const Ran refused = RunAs("an-lise", again);
    EXPECT_EQ(refused.code, ExitCode::kRefused) << refused.notes;
    EXPECT_NE(refused.notes.find("EDITION_HOLDS_MORE"), std::string::npos) << refused.notes;
  }
  EXPECT_EQ(network_.broker().committed(), committed);
}

// Whoever confirms takes a while.
TEST_F(DigestCommands, WhoJoinsWhileAnEditionIsExtendedIsNotSentIt) {
  const std::string id = PublishAmberTo("org:astrid");
  network_.Script("an-lise").BeforeNextFinish([&] {
    network_.AddMember("meir-late", "meir", {Role::kReader});
    network_.PublishDirectory();
  });
  const size_t committed = network_.broker().committed();
  const Words extend = {"bulletin",  "extend", id,         "--to", "org:meir",
                        "--confirm", id,       "--reason", "asked"};
  const Ran moved = RunAs("an-lise", extend);
  EXPECT_EQ(moved.code, ExitCode::kUnreachable) << moved.notes;
  EXPECT_NE(moved.notes.find("DIRECTORY_MOVED"), std::string::npos) << moved.notes;
  EXPECT_EQ(network_.broker().committed(), committed);
  EXPECT_EQ(RunAs("an-lise", extend).code, ExitCode::kOk) << "asked again it is for all of them";
}

TEST_F(DigestCommands, AnExtensionOfAnEditionThatGotNoAnswerIsOneWhetherItWasTakenOrNot) {
  for (const bool taken : {true, false}) {
    SCOPED_TRACE(taken);
    const std::string id = PublishAmberTo("org:astrid", taken ? Words{} : Words{"--replace"});
    const Words extend = {"bulletin",  "extend", id,         "--to", "org:meir",
                          "--confirm", id,       "--reason", "asked"};
    if (taken) {
      network_.Script("an-lise").LoseNextReceipt();
      network_.Script("an-lise").BeforeNextFinish([this] { CutOff(); });
    } else {
      CutOff();
    }
    ASSERT_EQ(RunAs("an-lise", extend).code, ExitCode::kUnreachable);
    network_.Open("an-lise");
    const size_t committed = network_.broker().committed();
    const Ran again = RunAs("an-lise", extend);
    EXPECT_EQ(again.code, ExitCode::kOk) << again.notes;
    EXPECT_EQ(network_.broker().committed(), taken ? committed : committed + 1);
    network_.clock().Advance(absl::Minutes(1));
  }
}

// What was taken is answered, whatever would be said of it by now.
TEST_F(DigestCommands, WhatWasTakenOfAnEditionWithoutAnAnswerIsAnsweredThoughItIsStale) {
  const std::string id = PublishAmberTo("org:astrid");
  const Words extend = {"bulletin",  "extend", id,         "--to", "org:meir",
                        "--confirm", id,       "--reason", "asked"};
  network_.Script("an-lise").LoseNextReceipt();
  network_.Script("an-lise").BeforeNextFinish([this] { CutOff(); });
  ASSERT_EQ(RunAs("an-lise", extend).code, ExitCode::kUnreachable);
  network_.Open("an-lise");
  network_.Open("an-omar");
  ASSERT_TRUE(network_.Open("an-omar").Sync().ok());
  ASSERT_TRUE(network_.Open("an-omar").Withdraw(*BulletinId::Parse(id_)).ok());
  const size_t committed = network_.broker().committed();
  const Ran again = RunAs("an-lise", extend);
  EXPECT_EQ(again.code, ExitCode::kOk) << again.notes;
  EXPECT_EQ(network_.broker().committed(), committed);
}

TEST_F(DigestCommands, ARelabellingOfAnEditionThatWasTakenWithoutAnAnswerIsAnswered) {
  const std::string id = PublishAmberTo("org:astrid");
  const Words relabel = {"bulletin",   "relabel",   id, "--tlp",    "TLP:AMBER+STRICT", "--to",
                         "org:astrid", "--confirm", id, "--reason", "stricter"};
  network_.Script("an-lise").LoseNextReceipt();
  network_.Script("an-lise").BeforeNextFinish([this] { CutOff(); });
  ASSERT_EQ(RunAs("an-lise", relabel).code, ExitCode::kUnreachable);
  network_.Open("an-lise");
  const size_t committed = network_.broker().committed();
  const Ran again = RunAs("an-lise", relabel);
  EXPECT_EQ(again.code, ExitCode::kOk) << again.notes;
  EXPECT_EQ(network_.broker().committed(), committed);
}

TEST_F(DigestCommands, AnExtensionOfAnEditionThatNeverArrivedIsNotSentOnceItIsStale) {
  const std::string id = PublishAmberTo("org:astrid");
  CutOff();
  const Words extend = {"bulletin",  "extend", id,         "--to", "org:meir",
                        "--confirm", id,       "--reason", "asked"};
  ASSERT_EQ(RunAs("an-lise", extend).code, ExitCode::kUnreachable);
  network_.Open("an-lise");
  network_.Open("an-omar");
  ASSERT_TRUE(network_.Open("an-omar").Sync().ok());
  ASSERT_TRUE(network_.Open("an-omar").Withdraw(*BulletinId::Parse(id_)).ok());
  const size_t committed = network_.broker().committed();
  const Ran stale = RunAs("an-lise", extend);
  EXPECT_EQ(stale.code, ExitCode::kRefused) << stale.notes;
  EXPECT_NE(stale.notes.find("DIGEST_STALE"), std::string::npos) << stale.notes;
  EXPECT_EQ(network_.broker().committed(), committed);
}

TEST_F(DigestCommands, AnEarlierEditionIsNotSaidToBeLeftOut) {
  network_.Org("meir").vetting = 1;
  network_.PublishDirectory();
  ASSERT_EQ(Digest("an-lise", {"publish", "--tier", "amber"}).code, ExitCode::kOk);
  network_.Org("meir").vetting = 3;
  network_.PublishDirectory();
  network_.clock().Advance(absl::Minutes(1));
  const Ran strict = Digest("an-lise", {"publish", "--tier", "amber+strict"});
  ASSERT_EQ(strict.code, ExitCode::kOk) << strict.notes;
  EXPECT_EQ(strict.notes.find("left out"), std::string::npos) << strict.notes;
}

TEST_F(DigestCommands, WhateverTheEditionBeforeToldAndThisOneDoesNotIsSaidByNumberAndRule) {
  OrgRecord port = network_.Org("meir");
  port.id = *OrgId::Parse("port");
  network_.records().orgs.push_back(port);
  network_.PublishDirectory();
  std::vector<BulletinId> ids;
  for (const char* title : {"Informant seen", "Turns out wrong"}) {
    const auto amber = network_.Open("an-lise").Publish(network_.DraftOf(
        absl::StrCat("+++\ntitle = \"", title,
                     "\"\nkind = \"notice\"\ntlp = \"TLP:AMBER\"\nto = [\"org:astrid\"]\n+++\n"
                     "Body.\n")));
    ASSERT_TRUE(amber.ok()) << amber.status();
    ids.push_back(amber->id);
    network_.clock().Advance(absl::Minutes(1));
  }
  ASSERT_EQ(Digest("an-lise", {"publish", "--tier", "amber", "--to", "org:astrid,org:port"}).code,
            ExitCode::kOk);
  // Nobody of those who had it may have it where they are now.
  for (const char* seat : {"astrid-desk", "astrid-guard"}) {
    network_.Member(seat).org = *OrgId::Parse("port");
  }
  network_.PublishDirectory();
  network_.clock().Advance(absl::Minutes(1));
  ASSERT_TRUE(network_.Open("an-lise").Withdraw(ids[1]).ok());
  const Ran sent = RunAs("an-lise", {"digest", "publish", "--corrections", "--tier", "amber"});
  ASSERT_EQ(sent.code, ExitCode::kOk) << sent.notes;
  for (const char* said :
       {"1 bulletin in force left out of ", "1 bulletin of the edition before left out of ",
        ", NOT_RECIPIENT_NOR_CLIENT: "}) {
    EXPECT_NE(sent.notes.find(said), std::string::npos) << said << "\n" << sent.notes;
  }
  EXPECT_EQ(sent.notes.find("Informant"), std::string::npos);
}

TEST_F(DigestCommands, WhatStandsInItByAnExtensionIsNotSaidToBeLeftOut) {
  const auto amber = network_.Open("an-lise").Publish(network_.DraftOf(
      "+++\ntitle = \"Informant seen\"\nkind = \"notice\"\ntlp = \"TLP:AMBER\"\nto = "
      "[\"org:astrid\"]\n+++\nBody.\n"));
  ASSERT_TRUE(amber.ok()) << amber.status();
  network_.clock().Advance(absl::Minutes(1));
  ASSERT_EQ(Digest("an-lise", {"publish", "--tier", "amber", "--to", "org:astrid"}).code,
            ExitCode::kOk);
  network_.clock().Advance(absl::Minutes(1));
  const Words replace = {"publish", "--tier", "amber", "--replace", "--to", "org:astrid,org:meir"};
  const std::string id = amber->id.ToHex();
  const Ran extended = RunAs("an-lise", {"bulletin", "extend", id, "--to", "org:astrid,org:meir",
                                         "--confirm", id, "--reason", "both"});
  ASSERT_EQ(extended.code, ExitCode::kOk) << extended.notes;
  network_.clock().Advance(absl::Minutes(1));
  const Ran sent = Digest("an-lise", replace);
  ASSERT_EQ(sent.code, ExitCode::kOk) << sent.notes;
  EXPECT_EQ(sent.notes.find("left out"), std::string::npos) << sent.notes;
}

TEST_F(DigestCommands, AnExtensionThatHoldsOnBesideACorrectionIsSaidAndFailsNothing) {
  network_.AddMember("an-digest", "ocad", {Role::kDigest});
  network_.PublishDirectory();
  network_.Open("an-digest");
  ASSERT_TRUE(network_.Open("an-digest").Sync().ok());
  network_.clock().Advance(absl::Minutes(1));
  const std::string wrong = Publish("Turns out wrong");
  network_.clock().Advance(absl::Minutes(1));
  const Ran first =
      Digest("an-digest", {"publish", "--tier", "amber", "--to", "org:astrid", "--json"});
  ASSERT_EQ(first.code, ExitCode::kOk) << first.notes;
  const std::string id = first.json()["id"];
  network_.clock().Advance(absl::Minutes(1));
  const Ran extended = RunAs("an-lise", {"bulletin", "extend", id, "--to", "org:meir", "--confirm",
                                         id, "--reason", "they asked", "--json"});
  ASSERT_EQ(extended.code, ExitCode::kOk) << extended.notes;
  const std::string extension = extended.json()["id"];
  network_.clock().Advance(absl::Minutes(1));
  ASSERT_TRUE(network_.Open("an-lise").Withdraw(*BulletinId::Parse(wrong)).ok());
  const Ran planned =
      Digest("an-digest", {"publish", "--tier", "amber", "--replace", "--dry-run", "--json"});
  EXPECT_EQ(planned.json()["standing"],
            nlohmann::json::array({{{"id", extension}, {"author", "an-lise"}}}))
      << planned.data;
  network_.clock().Advance(absl::Minutes(1));
  const Words correct = {"digest", "publish", "--corrections", "--tier", "amber"};
  const Ran sent = RunAs("an-digest", correct);
  ASSERT_EQ(sent.code, ExitCode::kOk) << sent.notes;
  EXPECT_NE(sent.notes.find("`" + extension + "` by `an-lise`, which carries the edition of " +
                            ThisWeek() + " to more readers, holds on: "),
            std::string::npos)
      << sent.notes;
  network_.clock().Advance(absl::Minutes(1));
  EXPECT_EQ(RunAs("an-digest", correct).code, ExitCode::kPartial)
      << "what is left is an analyst's to end";
  EXPECT_EQ(RunAs("an-lise", correct).code, ExitCode::kOk);
  EXPECT_EQ(RunAs("an-digest", correct).code, ExitCode::kOk) << "all stand";
}

TEST_F(DigestCommands, WhoHadWhatIsReplacedIsNamedHoweverItIsReplacedWithWhatReachesThem) {
  network_.Org("meir").community = *CommunityId::Parse("ghent");
  network_.PublishDirectory();
  const Ran first = PublishGreen({"--json"});
  ASSERT_EQ(first.code, ExitCode::kOk) << first.notes;
  const std::string id = first.json()["id"];
  network_.clock().Advance(absl::Minutes(1));
  const Ran permitted = RunAs("an-lise", {"bulletin", "permit", id, "--to", "org:meir", "--confirm",
                                          id, "--reason", "they asked"});
  ASSERT_EQ(permitted.code, ExitCode::kOk) << permitted.notes;
  const std::string named = "not reached, though they had the edition of " + ThisWeek() +
                            ": meir-guard; `shield bulletin permit` sends this one to them";
  network_.clock().Advance(absl::Minutes(1));
  const Ran planned = PublishGreen({"--replace", "--dry-run"});
  EXPECT_NE(planned.data.find(named), std::string::npos) << planned.data;
  EXPECT_EQ(PublishGreen({"--replace", "--dry-run", "--json"}).json()["not_reached"],
            nlohmann::json::array({{{"member", "meir-guard"}, {"way", "permit"}}}));
  const Week week = Week::Of(network_.clock().Now());
  network_.clock().Set(week.due());
  network_.PublishDirectory();
  const Ran once =
      RunAs("an-lise", {"digest", "publish", "--tier", "green", "--week", week.Print(), "--once"});
  ASSERT_EQ(once.code, ExitCode::kOk) << once.notes;
  EXPECT_NE(once.notes.find(named), std::string::npos) << once.notes;
}

TEST_F(DigestCommands, WhomAnotherAudienceLeavesOutIsNamed) {
  ASSERT_EQ(Digest("an-lise", {"publish", "--tier", "amber"}).code, ExitCode::kOk);
  network_.clock().Advance(absl::Minutes(1));
  const Ran narrower =
      Digest("an-lise", {"publish", "--tier", "amber", "--replace", "--to", "org:astrid"});
  ASSERT_EQ(narrower.code, ExitCode::kOk) << narrower.notes;
  EXPECT_NE(narrower.notes.find(": meir-guard; `shield bulletin extend` sends this one to them"),
            std::string::npos)
      << narrower.notes;
}

TEST_F(DigestCommands, WhatWasExtendedToAllIsInTheEditionForAll) {
  const auto narrow = network_.Open("an-lise").Publish(network_.DraftOf(
      "+++\ntitle = \"First for the shops\"\nkind = \"notice\"\ntlp = \"TLP:GREEN\"\nto = "
      "[\"sector:retail\"]\n+++\nBody.\n"));
  ASSERT_TRUE(narrow.ok()) << narrow.status();
  network_.clock().Advance(absl::Minutes(1));
  const std::string id = narrow->id.ToHex();
  EXPECT_EQ(Digest("an-lise", {"build", "--tier", "green"}).data.find("First for the shops"),
            std::string::npos);
  const Ran extended = RunAs("an-lise", {"bulletin", "extend", id, "--to", "community:antwerp",
                                         "--confirm", id, "--reason", "for all"});
  ASSERT_EQ(extended.code, ExitCode::kOk) << extended.notes;
  network_.clock().Advance(absl::Minutes(1));
  ASSERT_EQ(PublishGreen().code, ExitCode::kOk);
  const Ran shown = Digest("an-lise", {"build", "--tier", "green"});
  EXPECT_NE(shown.data.find("First for the shops"), std::string::npos) << shown.data;
  // Who was sent the first holds it, and misses nothing.
  network_.Open("meir-guard");
  const Ran check = RunAs("meir-guard", {"digest", "check"});
  EXPECT_EQ(check.code, ExitCode::kOk) << check.data;
}

TEST_F(DigestCommands, OfTwoThatHoldTheOneThatThisSeatCannotReplaceIsNamed) {
  const Week week = Week::Of(network_.clock().Now());
  network_.AddMember("an-digest", "ocad", {Role::kDigest});
  network_.PublishDirectory();
  network_.Open("an-digest");
  const Ran first = PublishGreen({"--json"});
  ASSERT_EQ(first.code, ExitCode::kOk) << first.notes;
  network_.clock().Advance(absl::Minutes(1));
  Draft own = network_.Green("Weekly briefing");
  own.kind = "weekly_briefing";
  own.members_json = absl::StrCat(
      R"({"title":"Weekly briefing","kind":"weekly_briefing","body":"Text.","details":{"week":")",
      ThisWeek(), R"(","tier":"green"}})");
  ASSERT_TRUE(network_.Open("an-digest").Sync().ok());
  ASSERT_TRUE(network_.Open("an-digest").Publish(own).ok());
  network_.clock().Set(week.due());
  network_.PublishDirectory();
  const Ran timer =
      RunAs("an-digest", {"digest", "publish", "--tier", "green", "--once", "--json"});
  EXPECT_EQ(timer.code, ExitCode::kPartial) << timer.data;
  EXPECT_EQ(timer.json()["author"], "an-lise");
  EXPECT_EQ(timer.json()["id"], first.json()["id"]);
}

TEST_F(DigestCommands, AReaderMailsThePublishedEditionThatItHolds) {
  const Words mail = {"mail",      "--tier",         "green", "--mail-from", "a@police.example",
                      "--mail-to", "b@hotel.example"};
  EXPECT_NE(Digest("astrid-guard", mail).code, ExitCode::kOk) << "there is none yet";
  ASSERT_EQ(PublishGreen().code, ExitCode::kOk);
  const Ran ran = Digest("astrid-guard", mail);
  EXPECT_EQ(ran.code, ExitCode::kOk) << ran.notes;
  EXPECT_NE(ran.data.find("Bag snatchers at the station"), std::string::npos);
  EXPECT_EQ(Digest("an-lise", mail).data, ran.data) << "the same message to every reader";
}

TEST_F(DigestCommands, ASeatThatPublishesNoEditionsHasNoneDue) {
  const Ran due = Digest("astrid-guard", {"due", "--json"});
  EXPECT_EQ(due.code, ExitCode::kRefused);
  EXPECT_EQ(due.json()["error"]["code"], "PUBLISHER_NOT_AUTHORISED");
}

TEST_F(DigestCommands, CheckCountsTheEditionsThatHold) {
  ASSERT_EQ(PublishGreen().code, ExitCode::kOk);
  network_.clock().Advance(absl::Minutes(1));
  ASSERT_EQ(PublishGreen({"--replace"}).code, ExitCode::kOk);
  const Ran check = RunAs("astrid-guard", {"digest", "check"});
  EXPECT_EQ(check.code, ExitCode::kOk) << check.notes;
  EXPECT_EQ(check.data, "1 edition here, 0 bulletins missing\n");
}

TEST_F(DigestCommands, WhatWasReplacedNamesWhatStandsInItsPlace) {
  const std::string first = PublishGreen({"--json"}).json()["id"];
  network_.clock().Advance(absl::Minutes(1));
  ASSERT_EQ(PublishGreen({"--replace"}).code, ExitCode::kOk);
  network_.clock().Advance(absl::Minutes(1));
  const Ran third = PublishGreen({"--replace", "--json"});
  ASSERT_EQ(third.code, ExitCode::kOk) << third.notes;
  const Ran shown = RunAs("astrid-guard", {"digest", "show", first, "--json"});
  EXPECT_NE(shown.code, ExitCode::kOk);
  EXPECT_NE(shown.json()["error"]["hint"].get<std::string>().find(
                "shield digest show " + third.json()["id"].get<std::string>()),
            std::string::npos)
      << shown.data;
}

}  // namespace
}  // namespace shield::cli
