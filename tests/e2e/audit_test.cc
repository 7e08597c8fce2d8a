// Auditing with the real programs: the walk over a home and its log, proofs for third parties, the
// log as files for stock tools, witnesses, and OpenSSL.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/state/database.h"
#include "tests/e2e/real_network.h"
#include "tests/support/process.h"
#include "tests/support/shared_folder.h"

namespace shield::testing {
namespace {

namespace fs = std::filesystem;

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

class Auditing : public ::testing::Test {
 protected:
  Auditing() {
    network_.AddOrg("police-antwerp", "authority", "public-sector", "BE211", 3);
    network_.AddOrg("hotel-astrid", "member", "hotels-restaurants", "BE211", 2);
    network_.AddMember("analyst", "police-antwerp", "analyst", 3);
    network_.AddMember("auditor", "police-antwerp", "auditor", 3);
    network_.AddMember("reader", "hotel-astrid", "reader", 2);
    network_.AddMember("late", "hotel-astrid", "reader", 2);
    network_.PublishDirectory();
  }

  std::string Publish(absl::string_view title) {
    const std::string draft = network_.WriteDraft(
        absl::StrCat(title, ".md"),
        absl::StrCat("+++\ntitle = \"", title,
                     "\"\nkind = \"flash_alert\"\ntlp = \"AMBER+STRICT\"\nto = "
                     "[\"org:hotel-astrid\"]\nexpires = 2099-12-01T00:00:00Z\n+++\nBody.\n"));
    return network_.ShieldJson("analyst", {"bulletin", "publish", draft})["id"];
  }
  // Changes the state of a home behind its programs' back.
  void Change(absl::string_view home, const std::string& sql) {
    auto database = SqlDatabase::Open(network_.HomeOf(home) + "/state.db");
    ASSERT_TRUE(database.ok()) << database.status();
    const absl::Status changed = database->Execute(sql);
    ASSERT_TRUE(changed.ok()) << changed;
  }
  // The exit code and rule of a command.
  std::string Outcome(absl::string_view home, std::vector<std::string> arguments) {
    arguments.emplace_back("--json");
    const ProcessResult result = network_.Shield(home, arguments);
    const nlohmann::json object = nlohmann::json::parse(result.data, nullptr, false);
    std::string outcome = absl::StrCat(result.exit_code);
    if (object.is_object() && object.contains("error")) {
      absl::StrAppend(&outcome, " ", object["error"]["code"].get<std::string>());
    }
    return outcome;
  }

  RealNetwork network_;
};

TEST_F(Auditing, WalksTheWholeLogAndAllThatIsKept) {
  Publish("one");
  Publish("two");
  const nlohmann::json reader = network_.ShieldJson("reader", {"audit", "verify"});
  EXPECT_GE(reader["log_size"], 3);  // receipts come on top
  EXPECT_EQ(reader["entries"], 2);
  EXPECT_EQ(reader["directories"], 1);
  const nlohmann::json author = network_.ShieldJson("analyst", {"audit", "verify"});
  EXPECT_EQ(author["published"], 2);
  // Who reads nothing audits the log all the same.
  const nlohmann::json auditor = network_.ShieldJson("auditor", {"audit", "verify"});
  EXPECT_GE(auditor["log_size"], reader["log_size"]);
  EXPECT_EQ(auditor["entries"], 0);
}

TEST_F(Auditing, AnAuditorIsToldWhatFallsDueAtTheBroker) {
  ASSERT_EQ(network_.StopBroker(), 0);
  std::ofstream(network_.BrokerHome() + "/config.toml", std::ios::app)
      << "\n[retention_days.content]\n\"TLP:RED\" = 7\n";
  network_.StartBroker();
  const auto ending = [this](absl::string_view title, absl::string_view envelope,
                             absl::Duration life) -> std::string {
    const std::string draft = network_.WriteDraft(
        absl::StrCat(title, ".md"),
        absl::StrCat(
            "+++\ntitle = \"", title, "\"\nkind = \"notice\"\n", envelope, "\nexpires = ",
            absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::Now() + life, absl::UTCTimeZone()),
            "\n+++\nBody.\n"));
    return network_.ShieldJson("analyst", {"bulletin", "publish", draft})["id"];
  };
  const std::string strict =
      ending("soon", "tlp = \"AMBER+STRICT\"\nto = [\"org:hotel-astrid\"]", absl::Hours(2));
  ending("red", "tlp = \"RED\"\nto = [\"member:analyst\"]", absl::Hours(30));
  Publish("much later");

  const nlohmann::json list = network_.ShieldJson("auditor", {"audit", "retention", "--due", "7d"});
  EXPECT_EQ(list["of"], "broker");
  ASSERT_EQ(list["due"].size(), 2u) << list;
  EXPECT_EQ(list["due"][0]["id"], strict);
  EXPECT_EQ(list["due"][0]["tlp"], "TLP:AMBER+STRICT");
  EXPECT_TRUE(list["due"][0]["row_days"].is_null());
  EXPECT_TRUE(list["due"][1]["id"].is_null()) << "of RED the hash stands for the id";
  EXPECT_EQ(list["due"][1]["tlp"], "TLP:RED");
  EXPECT_EQ(list["due"][1]["row_days"], 7);
  EXPECT_FALSE(absl::StrContains(list.dump(), "soon"));
  EXPECT_FALSE(absl::StrContains(list.dump(), "analyst"));
  EXPECT_EQ(network_.ShieldJson("auditor", {"audit", "retention", "--due", "24h"})["due"].size(),
            1u);
  // What was taken back falls due no more.
  network_.ShieldJson("analyst",
                      {"bulletin", "withdraw", strict, "--confirm", strict, "--reason", "over"});
  const nlohmann::json rest =
      network_.ShieldJson("auditor", {"audit", "retention", "--due", "24h"})["due"];
  for (const nlohmann::json& row : rest) EXPECT_NE(row["id"], strict);
  // Everybody else has the list of the own home.
  EXPECT_EQ(network_.ShieldJson("reader", {"audit", "retention"})["of"], "home");
  for (const char* who : {"reader", "analyst"}) {
    EXPECT_EQ(Outcome(who, {"audit", "retention", "--of", "broker"}), "5 NOT_AN_AUDITOR") << who;
  }
}

TEST_F(Auditing, ListsWhatIsKnownOfTheLog) {
  const std::string id = Publish("one");
  const nlohmann::json online = network_.ShieldJson("reader", {"audit", "ls"});
  EXPECT_GE(online["log_size"], 2);
  ASSERT_EQ(online["entries"].size(), 2u);
  EXPECT_EQ(online["entries"][0]["kind"], "directory");
  EXPECT_EQ(online["entries"][0]["version"], 1);
  EXPECT_EQ(online["entries"][1]["kind"], "bulletin");
  EXPECT_EQ(online["entries"][1]["id"], id);
  EXPECT_EQ(online["entries"][1]["index"], 1);
  const nlohmann::json offline = network_.ShieldJson("reader", {"audit", "ls", "--offline"});
  EXPECT_EQ(offline["entries"].size(), 1u);
}

TEST_F(Auditing, AProofIsCheckedByWhoHasTheNetworkFileAlone) {
  const std::string id = Publish("one");
  for (int i = 0; i < 5; ++i) Publish(absl::StrCat("more-", i));
  const std::string file = network_.folder() / "proof.txt";
  const nlohmann::json written =
      network_.ShieldJson("reader", {"audit", "prove", id, "--out", file});
  EXPECT_EQ(written["bytes"], ReadAll(file).size());
  std::printf("a proof of %zu bytes\n", ReadAll(file).size());
  const auto verify = [&](const std::string& path) {
    return RunProcess({ShieldProgram(), "verify", "--json", "--network", network_.NetworkFile(),
                       "--home", network_.folder() / "nowhere", path});
  };
  const ProcessResult verified = verify(file);
  EXPECT_EQ(verified.exit_code, 0) << verified.notes;
  EXPECT_EQ(nlohmann::json::parse(verified.data)["verified"][0]["id"], id);
  // No changed byte passes, but for spare bits at the end of what is packed.
  const std::string text = ReadAll(file);
  EXPECT_LT(text.size(), 2048u);
  size_t changed = 0;
  for (size_t at = 0; at < text.size(); at += 37) {
    if (at + 5 == text.size()) continue;
    std::string other = text;
    other[at] = static_cast<char>(other[at] == 'x' ? 'y' : 'x');
    const std::string path = network_.folder() / "changed.txt";
    std::ofstream(path, std::ios::binary) << other;
    const int code = verify(path).exit_code;
    EXPECT_TRUE(code == 7 || code == 5) << "byte " << at << ": " << code;
    ++changed;
  }
  EXPECT_GT(changed, 20u);
  EXPECT_EQ(Outcome("reader", {"audit", "prove", std::string(32, 'a'), "--out", file + "2"}),
            "3 NOT_FOUND");
}

TEST_F(Auditing, AHomeThatWasChangedBreaksTheWalk) {
  Publish("one");
  network_.ShieldJson("reader", {"inbox", "ls"});
  Change("reader", "UPDATE entry SET log_index = 0 WHERE seq = 1");
  EXPECT_EQ(Outcome("reader", {"audit", "verify"}), "7 INBOX_GAP");
}

// The files of C2SP tlog-tiles, read as any tool would: no code of Shield in between.
TEST_F(Auditing, TheLogIsWrittenAsTilesWhoseHashesAreThoseOfTheEntries) {
  Publish("one");
  Publish("two");
  const std::string folder = network_.folder() / "log";
  const nlohmann::json written =
      network_.ShieldJson("auditor", {"audit", "export", "--out", folder});
  EXPECT_EQ(written["log_size"], 3);
  EXPECT_EQ(written["files"], 3);
  const std::string tile = ReadAll(folder + "/tile/0/000.p/3");
  EXPECT_EQ(tile.size(), 3 * 32u);
  const std::string bundle = ReadAll(folder + "/tile/entries/000.p/3");
  EXPECT_TRUE(absl::StrContains(bundle, "shield/leaf/directory/v1"));
  const ProcessResult stock =
      RunProcess({"/usr/bin/env", "python3", "-c",
                  "import hashlib,sys,base64\n"
                  "f=sys.argv[1]\n"
                  "b=open(f+'/tile/entries/000.p/3','rb').read()\n"
                  "t=open(f+'/tile/0/000.p/3','rb').read()\n"
                  "h=lambda x:hashlib.sha256(x).digest()\n"
                  "l=[]\n"
                  "while b:\n"
                  "  n=b[0]<<8|b[1]; l.append(h(b'\\0'+b[2:2+n])); b=b[2+n:]\n"
                  "assert b''.join(l)==t\n"
                  "r=h(b'\\1'+h(b'\\1'+l[0]+l[1])+l[2])\n"
                  "c=open(f+'/checkpoint').read().split('\\n')\n"
                  "assert c[1]=='3' and base64.b64decode(c[2])==r\n",
                  folder});
  if (stock.exit_code == 127) GTEST_SKIP() << "SKIPPED: this machine has no python3";
  EXPECT_EQ(stock.exit_code, 0) << stock.notes;
  EXPECT_EQ(Outcome("auditor", {"audit", "export", "--out", folder}), "1 ALREADY_EXISTS");
}

// The commands that docs/spec/log.md prints.
TEST_F(Auditing, StockOpensslVerifiesACheckpointWithTheCommandsOfTheSpecification) {
  Publish("one");
  const std::string folder = network_.folder() / "log";
  network_.ShieldJson("auditor", {"audit", "export", "--out", folder});
  const std::string spec = ReadAll((SourceFolder() / "docs/spec/log.md").string());
  const size_t begin = spec.find("```sh\n");
  ASSERT_NE(begin, std::string::npos);
  const size_t end = spec.find("```", begin + 6);
  const std::string commands = spec.substr(begin + 6, end - begin - 6);
  ASSERT_TRUE(absl::StrContains(commands, "openssl pkeyutl -verify"));
  if (RunProcess({"/usr/bin/env", "openssl", "version"}).exit_code != 0) {
    GTEST_SKIP() << "SKIPPED: this machine has no openssl";
  }
  const nlohmann::json shown = network_.ShieldJson("auditor", {"directory", "show"});
  const std::string key = shown["log"];
  const auto run = [&](const std::string& checkpoint) {
    return RunProcess({"/bin/sh", "-ec",
                       absl::StrCat("cd '", network_.folder().path().native(), "'; LOG_KEY='", key,
                                    "'; CHECKPOINT='", checkpoint, "'; ", commands)});
  };
  const ProcessResult good = run(folder + "/checkpoint");
  EXPECT_EQ(good.exit_code, 0) << good.notes;
  EXPECT_TRUE(absl::StrContains(good.data, "Signature Verified Successfully")) << good.data;
  std::string text = ReadAll(folder + "/checkpoint");
  text.replace(text.find("\n2\n"), 3, "\n3\n");
  const std::string changed = network_.folder() / "changed-checkpoint";
  std::ofstream(changed, std::ios::binary) << text;
  EXPECT_NE(run(changed).exit_code, 0);
}

TEST_F(Auditing, AQuorumOfWitnessesIsAskedForAndMet) {
  Publish("one");
  const std::string key = network_.ShieldJson("auditor", {"audit", "witness-key"})["key"];
  EXPECT_TRUE(absl::StrContains(key, "/witness/auditor+"));
  network_.ShieldJson("authority", {"directory", "witness", key, "--quorum", "1"});
  network_.PublishDirectory();
  // Witnesses have a day from when a home knows of them.
  EXPECT_EQ(Outcome("reader", {"inbox", "ls"}), "0");
  Change("reader", "UPDATE witnessed SET known = known - 86400000");
  EXPECT_EQ(Outcome("reader", {"inbox", "ls"}), "7 LOG_UNWITNESSED");
  const nlohmann::json cosigned = network_.ShieldJson("auditor", {"audit", "witness"});
  EXPECT_GE(cosigned["log_size"], 3);
  EXPECT_EQ(cosigned["handed_in"], true);
  Publish("two");
  EXPECT_EQ(Outcome("reader", {"inbox", "ls"}), "0");
  // After a restart of the broker also to who looks for the first time.
  EXPECT_EQ(network_.StopBroker(), 0);
  network_.StartBroker();
  EXPECT_EQ(Outcome("reader", {"inbox", "ls"}), "0");
  EXPECT_EQ(Outcome("late", {"inbox", "ls"}), "0");
  EXPECT_EQ(Outcome("reader", {"audit", "verify"}), "0");
}

TEST_F(Auditing, TwoWitnessesMeetOverALogThatGrows) {
  const std::string first = network_.ShieldJson("auditor", {"audit", "witness-key"})["key"];
  const std::string second = network_.ShieldJson("reader", {"audit", "witness-key"})["key"];
  network_.ShieldJson("authority", {"directory", "witness", first, second, "--quorum", "2"});
  network_.PublishDirectory();
  EXPECT_EQ(Outcome("reader", {"inbox", "ls"}), "0");
  Change("reader", "UPDATE witnessed SET known = known - 86400000");
  network_.ShieldJson("auditor", {"audit", "witness"});
  Publish("in between");
  // Reading makes the log grow as well, and the second witness reads.
  EXPECT_EQ(Outcome("reader", {"inbox", "ls"}), "7 LOG_UNWITNESSED");
  network_.ShieldJson("reader", {"audit", "witness"});
  EXPECT_EQ(Outcome("reader", {"inbox", "ls"}), "0");
}

TEST_F(Auditing, AWitnessThatNobodyNamedIsRefusedAndMayWriteAFile) {
  EXPECT_EQ(Outcome("auditor", {"audit", "witness"}), "5 NOT_A_WITNESS");
  const std::string file = network_.folder() / "cosigned";
  EXPECT_EQ(Outcome("auditor", {"audit", "witness", "--out", file}), "0");
  const std::string note = ReadAll(file);
  EXPECT_TRUE(absl::StrContains(note, "/witness/auditor ")) << note;
}

}  // namespace
}  // namespace shield::testing
