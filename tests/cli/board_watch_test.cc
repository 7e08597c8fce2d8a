// bulletin status, and publish --ack --wait: what they say, and when they end.
#include "client/cli/board_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "tests/cli/commands_fixture.h"

namespace shield::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

class Board : public Commands {
 protected:
  // For astrid, whose desk and guard are waited for.
  std::string Draft() {
    std::ofstream(folder_ / "draft.md") << "+++\ntitle = \"t\"\nkind = \"notice\"\ntlp = "
                                           "\"AMBER\"\nto = [\"org:astrid\"]\n+++\nB\n";
    return folder_ / "draft.md";
  }
  std::string Published() {
    const Ran ran = RunAs("an-lise", {"bulletin", "publish", Draft(), "--json"});
    EXPECT_EQ(ran.code, ExitCode::kOk) << ran.notes;
    return ran.json()["id"];
  }
  void Acknowledge(const std::string& member) {
    Client client = network_.Open(member);
    EXPECT_TRUE(client.Sync().ok());
    EXPECT_TRUE(client.AcknowledgeThrough(*client.LastEntry()).ok());
  }
  // Before the `looks`-th look at the board somebody acknowledges.
  void AcknowledgeBefore(int looks, const std::string& member) {
    for (int i = 1; i < looks; ++i) network_.Script("an-lise").BeforeNext("GetStatus", [] {});
    network_.Script("an-lise").BeforeNext("GetStatus", [this, member] { Acknowledge(member); });
  }
  Ran PublishAndWait(Words more = {}) {
    Words words = {"bulletin", "publish", Draft(), "--wait"};
    words.insert(words.end(), more.begin(), more.end());
    return RunAs("an-lise", words);
  }
};

TEST_F(Board, ShowsWhoHasAndWhoHasNot) {
  const std::string id = Published();
  Acknowledge("astrid-guard");
  const Ran ran = RunAs("an-lise", {"bulletin", "status", id});
  EXPECT_EQ(ran.code, ExitCode::kOk) << ran.notes;
  EXPECT_THAT(ran.data, StartsWith("TLP:AMBER\n1 of 2 have acknowledged\n"));
  const nlohmann::json board = RunAs("an-lise", {"bulletin", "status", id, "--json"}).json();
  EXPECT_EQ(board["counts"]["awaited"], 2);
  EXPECT_EQ(board["counts"]["pending"], 1);
  EXPECT_EQ(board["acknowledged"], 1);
}

TEST_F(Board, CsvIsAFormatOfItsOwn) {
  const std::string id = Published();
  const Ran csv = RunAs("an-lise", {"bulletin", "status", id, "--csv"});
  EXPECT_EQ(csv.code, ExitCode::kOk);
  EXPECT_THAT(csv.data, StartsWith("id,tlp,member,"));
  EXPECT_THAT(csv.data, HasSubstr(",astrid-guard,astrid,pending,yes,"));
  for (const char* other : {"--json", "--jsonl", "--watch"}) {
    EXPECT_EQ(RunAs("an-lise", {"bulletin", "status", id, "--csv", other}).code, ExitCode::kUsage);
  }
}

TEST_F(Board, AReceiptThatIsNotWhatItsMemberSignedEndsWithSevenAndTheRestIsShown) {
  const std::string id = Published();
  Acknowledge("astrid-guard");
  network_.Script("an-lise").AlterReaders([](std::vector<ReaderStatus>& readers) {
    for (ReaderStatus& reader : readers) {
      if (reader.member.text() == "astrid-desk") reader.receipts = {"a word of the broker's\n"};
    }
  });
  const Ran ran = RunAs("an-lise", {"bulletin", "status", id, "--json"});
  EXPECT_EQ(ran.code, ExitCode::kIntegrity);
  EXPECT_EQ(ran.json()["error"]["code"], "RECEIPT_MALFORMED");
  EXPECT_EQ(ran.json()["counts"]["acknowledged"], 1) << ran.data;
}

TEST_F(Board, AWatchGivesTheBoardThenWhatChangesUntilAllHaveAcknowledged) {
  const std::string id = Published();
  Acknowledge("astrid-guard");
  network_.Open("an-lise");
  AcknowledgeBefore(3, "astrid-desk");
  const Ran ran = RunAs("an-lise", {"bulletin", "status", id, "--watch", "--jsonl"});
  EXPECT_EQ(ran.code, ExitCode::kOk) << ran.notes;
  std::vector<std::string> seen;
  for (const absl::string_view line : absl::StrSplit(ran.data, '\n', absl::SkipEmpty())) {
    const nlohmann::json change = nlohmann::json::parse(std::string(line));
    if (change.value("org", "") != "astrid") continue;
    seen.push_back(
        absl::StrCat(change["member"].get<std::string>(), " ", change["state"].get<std::string>()));
  }
  EXPECT_THAT(seen,
              ::testing::UnorderedElementsAre("astrid-desk pending", "astrid-guard acknowledged",
                                              "astrid-desk acknowledged"));
  EXPECT_EQ(RunAs("an-lise", {"bulletin", "status", id, "--watch", "--json"}).code,
            ExitCode::kUsage);
}

TEST_F(Board, AWatchTellsOnceThatTheBrokerIsLostAndThatItIsBack) {
  const std::string id = Published();
  network_.Open("an-lise");
  ScriptedConnection& script = network_.Script("an-lise");
  script.BeforeNext("GetStatus", [] {});
  script.BeforeNext("GetStatus", [&script] {
    for (int i = 0; i < 300; ++i) {
      script.FailNext("GetStatus", absl::UnavailableError("cut off"));
    }
  });
  AcknowledgeBefore(301, "astrid-desk");
  AcknowledgeBefore(1, "astrid-guard");
  const Ran ran = RunAs("an-lise", {"bulletin", "status", id, "--watch"});
  EXPECT_EQ(ran.code, ExitCode::kOk);
  EXPECT_EQ(ran.notes,
            "shield: the broker is lost, trying again: cut off\nshield: the broker is back\n");
}

TEST_F(Board, WaitingEndsWithZeroWhenAllHaveAcknowledged) {
  network_.Open("an-lise");
  AcknowledgeBefore(2, "astrid-guard");
  AcknowledgeBefore(2, "astrid-desk");
  const Ran ran = PublishAndWait({"--ack", "30m", "--json"});
  EXPECT_EQ(ran.code, ExitCode::kOk) << ran.notes << ran.data;
  EXPECT_EQ(ran.json()["acknowledged"], 2);
  EXPECT_EQ(ran.json()["awaited"], 2);
  EXPECT_THAT(ran.json()["missing"], IsEmpty());
}

TEST_F(Board, WaitingEndsWithEightWhenTheTimeIsOverAndNamesWhoHasNot) {
  network_.Open("an-lise");
  AcknowledgeBefore(2, "astrid-guard");
  const Ran ran = PublishAndWait({"--ack", "30s"});
  EXPECT_EQ(ran.code, ExitCode::kPartial) << ran.notes;
  EXPECT_THAT(ran.data, HasSubstr("not yet: astrid-desk  astrid"));
  EXPECT_THAT(ran.data, Not(HasSubstr("not yet: astrid-guard")));
  EXPECT_THAT(ran.notes, HasSubstr("NOT_ALL_ACKNOWLEDGED"));
  EXPECT_THAT(ran.notes, Not(HasSubstr("astrid-desk"))) << "an error names nobody";
  network_.Open("an-lise");
  const Ran object = PublishAndWait({"--ack", "30s", "--json"});
  EXPECT_EQ(object.code, ExitCode::kPartial);
  EXPECT_THAT(object.json()["missing"], SizeIs(2)) << object.data;
  EXPECT_EQ(object.json()["id"].get<std::string>().size(), 32u);
}

TEST_F(Board, WaitingEndsWhenTheTimeIsOverWhetherTheBrokerIsThereOrNot) {
  network_.Open("an-lise");
  const auto lose = [this] {
    for (int i = 0; i < 3000; ++i) {
      network_.Script("an-lise").FailNext("GetStatus", absl::UnavailableError("cut off"));
    }
  };
  network_.Script("an-lise").BeforeNext("GetStatus", [] {});
  network_.Script("an-lise").BeforeNext("GetStatus", lose);
  const absl::Time begun = network_.clock().Now();
  const Ran lost = PublishAndWait({"--ack", "30s"});
  EXPECT_EQ(lost.code, ExitCode::kPartial) << "the last board counts: " << lost.notes;
  EXPECT_LE(network_.clock().Now() - begun, absl::Minutes(2));
  network_.Open("an-lise");
  lose();
  const Ran never = PublishAndWait({"--ack", "30s"});
  EXPECT_EQ(never.code, ExitCode::kUnreachable) << never.notes;
}

TEST_F(Board, WaitingBearsWithABrokerThatIsAwayAtTheFirstLook) {
  network_.Open("an-lise");
  for (int i = 0; i < 30; ++i) {
    network_.Script("an-lise").FailNext("GetStatus", absl::UnavailableError("cut off"));
  }
  AcknowledgeBefore(31, "astrid-guard");
  AcknowledgeBefore(1, "astrid-desk");
  const Ran ran = PublishAndWait({"--ack", "2h"});
  EXPECT_EQ(ran.code, ExitCode::kOk) << ran.notes;
}

// One is kept back by the broker: every form of the board says so.
TEST_F(Board, WhoIsNotListedIsInEveryForm) {
  const std::string id = Published();
  network_.Open("an-lise");
  Acknowledge("astrid-guard");
  network_.Script("an-lise").AlterReaders([](std::vector<ReaderStatus>& readers) {
    std::erase_if(readers,
                  [](const ReaderStatus& each) { return each.member.text() == "astrid-desk"; });
  });
  const Ran csv = RunAs("an-lise", {"bulletin", "status", id, "--csv"});
  EXPECT_THAT(csv.data, HasSubstr(",TLP:AMBER,(1 not listed),,pending,yes,"));
  EXPECT_THAT(csv.notes, HasSubstr("1 of those it was sealed to are not listed"));
  AcknowledgeBefore(1, "astrid-desk");
  network_.Script("an-lise").BeforeNext("GetStatus", [this] {
    network_.Script("an-lise").AlterReaders([](std::vector<ReaderStatus>&) {});
  });
  const Ran watched = RunAs("an-lise", {"bulletin", "status", id, "--watch", "--jsonl"});
  EXPECT_EQ(watched.code, ExitCode::kOk) << watched.notes;
  std::vector<int> unlisted;
  for (const absl::string_view line : absl::StrSplit(watched.data, '\n', absl::SkipEmpty())) {
    const nlohmann::json object = nlohmann::json::parse(std::string(line));
    if (object.contains("counts")) unlisted.push_back(object["counts"]["unlisted"]);
  }
  EXPECT_THAT(unlisted, ElementsAre(1, 0));
}

TEST_F(Board, WaitingWithoutATimeOrWithOneOutOfFormIsAUsageError) {
  EXPECT_EQ(PublishAndWait().code, ExitCode::kUsage);
  for (const char* within : {"", "30", "1h30m", "0m", "91d", "-1m"}) {
    EXPECT_EQ(PublishAndWait({absl::StrCat("--ack=", within)}).code, ExitCode::kUsage) << within;
  }
  EXPECT_EQ(network_.broker().committed(), 0u);
}

TEST_F(Board, ANamedEntryIsAcknowledgedAloneAndWithoutANameAllAre) {
  const std::string first = Published();
  const std::string second = Published();
  network_.Open("astrid-guard");
  const Ran one = RunAs("astrid-guard", {"inbox", "ack", second, "--json"});
  EXPECT_EQ(one.code, ExitCode::kOk) << one.notes;
  EXPECT_EQ(one.json()["acknowledged"], 2) << "the cursor";
  const auto acknowledged = [&](const std::string& id) {
    return RunAs("an-lise", {"bulletin", "status", id, "--json"}).json()["acknowledged"];
  };
  const auto listed = [&](int number) {
    const Ran list = RunAs("astrid-guard", {"inbox", "ls", "--offline", "--json"});
    return list.json()["entries"][number]["acknowledged"];
  };
  EXPECT_EQ(acknowledged(first), 0);
  EXPECT_EQ(acknowledged(second), 1);
  EXPECT_EQ(listed(0), false) << "what its source sees";
  EXPECT_EQ(listed(1), true);
  EXPECT_EQ(RunAs("astrid-guard", {"inbox", "ack"}).code, ExitCode::kOk);
  EXPECT_EQ(acknowledged(first), 1);
  EXPECT_EQ(listed(0), true);
}

TEST_F(Board, ANamedOneUnderEmbargoIsNotAcknowledged) {
  const absl::Time opens = network_.clock().Now() + absl::Hours(2);
  const std::string path = folder_ / "later.md";
  std::ofstream(path) << "+++\ntitle = \"t\"\nkind = \"notice\"\ntlp = \"AMBER\"\nto = "
                         "[\"org:astrid\"]\nnot_before = "
                      << absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", opens, absl::UTCTimeZone())
                      << "\n+++\nB\n";
  const std::string id = RunAs("an-lise", {"bulletin", "publish", path, "--json"}).json()["id"];
  network_.Open("astrid-guard");
  const Ran early = RunAs("astrid-guard", {"inbox", "ack", id, "--json"});
  EXPECT_EQ(early.code, ExitCode::kRefused) << early.notes;
  EXPECT_EQ(early.json()["error"]["code"], "EMBARGOED");
  const auto acknowledged = [&] {
    return RunAs("an-lise", {"bulletin", "status", id, "--json"}).json()["acknowledged"];
  };
  EXPECT_EQ(acknowledged(), 0);
  EXPECT_EQ(network_.Script("astrid-guard").calls("Acknowledge"), 0);
  network_.clock().Advance(absl::Hours(3));
  network_.Refresh();
  EXPECT_EQ(RunAs("astrid-guard", {"inbox", "ack", id}).code, ExitCode::kOk);
  EXPECT_EQ(acknowledged(), 1);
}

// Whoever types `inbox ack` has seen what was listed before, and nothing else.
TEST_F(Board, WhatComesWithTheCommandIsNotAcknowledged) {
  const std::string first = Published();
  network_.Open("astrid-guard");
  ASSERT_EQ(RunAs("astrid-guard", {"inbox", "ls"}).code, ExitCode::kOk);
  const std::string second = Published();
  const Ran ran = RunAs("astrid-guard", {"inbox", "ack"});
  EXPECT_EQ(ran.code, ExitCode::kOk) << ran.notes;
  EXPECT_THAT(ran.notes, HasSubstr("1 newer"));
  const auto acknowledged = [&](const std::string& id) {
    return RunAs("an-lise", {"bulletin", "status", id, "--json"}).json()["acknowledged"];
  };
  EXPECT_EQ(acknowledged(first), 1);
  EXPECT_EQ(acknowledged(second), 0);
}

TEST_F(Board, ShowingOneTellsItsSource) {
  const std::string id = Published();
  network_.Open("astrid-guard");
  EXPECT_EQ(RunAs("astrid-guard", {"inbox", "show", id}).code, ExitCode::kOk);
  const nlohmann::json board = RunAs("an-lise", {"bulletin", "status", id, "--json"}).json();
  EXPECT_EQ(board["counts"]["opened"], 1);
}

}  // namespace
}  // namespace shield::cli
