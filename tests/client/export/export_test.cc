#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "base/status.h"
#include "client/client.h"
#include "client/export/newest_held.h"
#include "client/export/verify_export.h"
#include "client/home/private_file.h"
#include "client/receive/fetch_attachment.h"
#include "client/receive/openings.h"
#include "client/state/state.h"
#include "crypto/sha256.h"
#include "policy/proof/checkpoint.h"
#include "policy/proof/verified_statement.h"
#include "tests/client/support/sample_network.h"

namespace shield::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class ExportTest : public ::testing::Test {
 protected:
  // A bulletin with an attachment, exported by one of its readers.
  void Export(const std::string& folder, absl::string_view tlp = "AMBER+STRICT") {
    std::ofstream(network_.folder() + "/map.png") << "not really a map";
    Client analyst = network_.Open("an-lise");
    const auto published = analyst.Publish(network_.DraftOf(
        absl::StrCat("+++\ntitle = \"Meir\"\nkind = \"notice\"\ntlp = \"", tlp,
                     "\"\nto = [\"org:astrid\"]\nattachments = [\"map.png\"]\n+++\nBody.\n")));
    ASSERT_TRUE(published.ok()) << published.status();
    Client guard = network_.Open("astrid-guard");
    ASSERT_TRUE(guard.Sync().ok());
    const auto report = guard.Export(published->id, folder);
    ASSERT_TRUE(report.ok()) << report.status();
    files_ = report->files;
  }
  std::string out() const { return out_ / "export"; }
  absl::Status Verify() { return VerifyExport(out(), network_.network(), Witness()).status(); }
  // What the reader knows whose home has the newest directory.
  ExportWitness Witness(std::span<const X25519Identity> identities = {}) {
    return {network_.clock().Now(), *network_.Open("astrid-guard").SyncDirectory(), identities};
  }
  std::unique_ptr<ClientState> StateOf(absl::string_view member) {
    return *ClientState::Open(network_.HomeOf(member).PathOf("state.db"),
                              network_.network().network.KeyName(member));
  }
  // Takes the log proof away: what a forger has not.
  void DropLogProof() {
    const std::string text = *ReadSmallFile(out() + "/proof.txt");
    const size_t log = text.find("\nlog ");
    ASSERT_NE(log, std::string::npos);
    std::ofstream(out() + "/proof.txt", std::ios::binary) << text.substr(0, log + 1);
  }
  // Signs another statement with the author's key, dated as the first, which its directory.txt and
  // recipient proof fit.
  void ForgeStatement() {
    Statement statement = *ReadClaimedStatement(*ReadSmallFile(out() + "/statement.txt"));
    statement.priority = Priority::kFlash;
    std::ofstream(out() + "/statement.txt", std::ios::binary)
        << *SignStatement(statement, network_.SignKeyOf("an-lise"));
  }
  // The next directory says that the author's signing key ended an hour from now; it is then.
  void EndAuthorsKey() {
    for (KeyRecord& key : network_.records().keys) {
      if (key.member.text() == "an-lise" && key.use == KeyUse::kSign) {
        key.period.until = network_.clock().Now() + absl::Hours(1);
      }
    }
    network_.PublishDirectory();
    network_.clock().Advance(absl::Hours(1));
  }
  // Changes one byte of a file in the export.
  void Damage(absl::string_view name, size_t at) {
    const std::string path = absl::StrCat(out(), "/", name);
    std::string text = *ReadSmallFile(path);
    text[at < text.size() ? at : text.size() - 1] ^= 1;
    std::ofstream(path, std::ios::binary) << text;
  }

  SampleNetwork network_;
  TemporaryFolder out_;
  std::vector<std::string> files_;
};

TEST_F(ExportTest, AnExportIsCheckedWithoutANetwork) {
  Export(out());
  EXPECT_THAT(files_,
              ElementsAre("statement.txt", "directory.txt", "proof.txt", "bulletin.age",
                          "content.json", "attachments/map.png", "attachments/map.png.age"));
  const auto verified = VerifyExport(out(), network_.network(), Witness());
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->author.text(), "an-lise");
  EXPECT_EQ(verified->author_org.text(), "ocad");
  EXPECT_EQ(verified->tlp, Tlp::kAmberStrict);
  EXPECT_THAT(verified->checked, Contains(HasSubstr("the log holds it")));
  EXPECT_THAT(verified->warnings, ElementsAre(HasSubstr("content.json was not compared")));
}

TEST_F(ExportTest, WithTheReadersIdentityTheContentIsComparedToo) {
  Export(out());
  const MemberKeys keys = *network_.HomeOf("astrid-guard").ReadKeys(std::nullopt);
  const auto verified = VerifyExport(out(), network_.network(), Witness(keys.seal));
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_THAT(verified->warnings, IsEmpty());
  std::string content = *ReadSmallFile(out() + "/content.json");
  content.replace(content.find("Body."), 5, "Bode.");
  std::ofstream(out() + "/content.json", std::ios::binary) << content;
  EXPECT_EQ(RuleOf(VerifyExport(out(), network_.network(), Witness(keys.seal)).status()),
            "DIGEST_MISMATCH");
}

TEST_F(ExportTest, EveryChangedFileIsFound) {
  Export(out());
  ASSERT_TRUE(Verify().ok());
  const struct {
    const char* name;
    size_t at;
  } changes[] = {{"statement.txt", 40},      {"directory.txt", 60},
                 {"directory.txt", 1500},    {"proof.txt", 160},
                 {"bulletin.age", 30},       {"bulletin.age", 900},
                 {"attachments/map.png", 4}, {"attachments/map.png.age", 190}};
  for (const auto& change : changes) {
    Damage(change.name, change.at);
    const absl::Status status = Verify();
    EXPECT_FALSE(status.ok()) << change.name << " at " << change.at;
    Damage(change.name, change.at);
  }
  EXPECT_TRUE(Verify().ok());
}

TEST_F(ExportTest, WhatAnEndedKeySignsAndDatesBackIsRefused) {
  Export(out());
  ForgeStatement();
  DropLogProof();
  ASSERT_TRUE(Verify().ok()) << Verify();  // the key is active: whoever has it is its holder
  EndAuthorsKey();
  const absl::Status forged = Verify();
  EXPECT_EQ(RuleOf(forged), "PUBLISHER_KEY_REVOKED") << forged;
}

TEST_F(ExportTest, ALogProofOfAnotherBulletinDoesNotHelpAForger) {
  Export(out());
  ForgeStatement();
  EndAuthorsKey();
  EXPECT_EQ(RuleOf(Verify()), "LOG_MISMATCH");
}

TEST_F(ExportTest, WhatTheLogHoldsOutlivesItsAuthorsKey) {
  Export(out());
  EndAuthorsKey();
  const auto verified = VerifyExport(out(), network_.network(), Witness());
  ASSERT_TRUE(verified.ok()) << verified.status();
  // The broker's log shows that it took it, and not when.
  EXPECT_THAT(verified->checked, Not(Contains(HasSubstr("before"))));
  EXPECT_THAT(verified->warnings, Contains(HasSubstr("key or account has ended since")));
  DropLogProof();
  EXPECT_EQ(RuleOf(Verify()), "PUBLISHER_KEY_REVOKED");
}

// Whoever has the key after its end, and a broker that helps, can have the log hold what he likes.
TEST_F(ExportTest, WhatIsDatedAfterItsAuthorsKeyEndedIsRefusedThoughTheLogHoldsIt) {
  Export(out());
  for (KeyRecord& key : network_.records().keys) {
    if (key.member.text() == "an-lise") key.period.until = network_.clock().Now();
  }
  network_.clock().Advance(absl::Seconds(1));
  network_.PublishDirectory();
  const absl::Status refused = Verify();
  EXPECT_EQ(RuleOf(refused), "PUBLISHER_KEY_REVOKED") << refused;
  EXPECT_THAT(std::string(refused.message()), HasSubstr("dated after"));
}

TEST_F(ExportTest, ACheckpointThatIsNotTheOneSeenOfItsSizeIsAForkAndBothAreKept) {
  Export(out());
  ExportWitness witness = Witness();
  const std::string proof = *ReadSmallFile(out() + "/proof.txt");
  const std::string note = proof.substr(proof.find("\n\n") + 2);
  const Checkpoint shown = *VerifyCheckpoint(note, witness.newest->log_key());
  const std::string key = witness.newest->log_key().ToString();
  const auto state = StateOf("meir-guard");
  witness.state = state.get();
  ASSERT_TRUE(*state->StoreCheckpoint({key, shown.size, Sha256("other"), "other note"}, 0));
  EXPECT_EQ(RuleOf(VerifyExport(out(), network_.network(), witness).status()), "LOG_FORK");
  ASSERT_THAT(*state->Forks(), SizeIs(1));
  EXPECT_EQ(state->Forks()->front().kind, "log");
  EXPECT_EQ(state->Forks()->front().second, note);
  // The home of a reader has seen the same log.
  const auto same = StateOf("astrid-guard");
  witness.state = same.get();
  EXPECT_TRUE(VerifyExport(out(), network_.network(), witness).ok());
  EXPECT_THAT(*same->Forks(), IsEmpty());
}

TEST_F(ExportTest, ARevokedAuthorIsBelievedOnlyWithALogProof) {
  Export(out());
  network_.Member("an-lise").state = AccountState::kRevoked;
  network_.PublishDirectory();
  EXPECT_TRUE(Verify().ok()) << Verify();
  DropLogProof();
  EXPECT_EQ(RuleOf(Verify()), "PUBLISHER_KEY_REVOKED");
}

TEST_F(ExportTest, AKeyThatEndsInTheExportsOwnDirectoryIsSeenWithoutAHome) {
  for (KeyRecord& key : network_.records().keys) {
    if (key.member.text() == "an-lise") key.period.until = network_.clock().Now() + absl::Hours(1);
  }
  network_.PublishDirectory();
  Export(out());
  DropLogProof();
  EXPECT_TRUE(VerifyExport(out(), network_.network(), {network_.clock().Now()}).ok());
  network_.clock().Advance(absl::Hours(1));
  EXPECT_EQ(RuleOf(VerifyExport(out(), network_.network(), {network_.clock().Now()}).status()),
            "PUBLISHER_KEY_REVOKED");
}

TEST_F(ExportTest, WithoutANewerDirectoryTheReportSaysWhatThatLeavesOpen) {
  Export(out());
  const auto verified = VerifyExport(out(), network_.network(), {network_.clock().Now()});
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_THAT(verified->warnings, Contains(HasSubstr("newer directories were not consulted")));
}

TEST_F(ExportTest, ANewerDirectoryThanTheHeldOneIsFineAndAnotherTextOfItIsAFork) {
  const ExportWitness before = Witness();
  network_.PublishDirectory();
  Export(out());
  EXPECT_TRUE(VerifyExport(out(), network_.network(), before).ok());
  // A second network of the same authority signs its own version 2.
  SampleNetwork other;
  other.PublishDirectory();
  ExportWitness fork = Witness();
  fork.newest = *other.Open("astrid-guard").SyncDirectory();
  EXPECT_EQ(RuleOf(VerifyExport(out(), network_.network(), fork).status()), "DIRECTORY_FORK");
  // Where a home has seen that text, both stay in it as an alarm.
  const auto state = *ClientState::Open(other.HomeOf("astrid-guard").PathOf("state.db"),
                                        network_.network().network.KeyName("astrid-guard"));
  fork.state = state.get();
  EXPECT_EQ(RuleOf(VerifyExport(out(), network_.network(), fork).status()), "DIRECTORY_FORK");
  ASSERT_THAT(*state->Forks(), SizeIs(1));
  EXPECT_EQ(state->Forks()->front().kind, "directory");
}

TEST_F(ExportTest, AHomeGivesTheNewestDirectoryItHasSeen) {
  const Home home = network_.HomeOf("astrid-guard");
  EXPECT_EQ(*NewestHeld(home, network_.network(), network_.clock(), network_.random()), nullptr);
  Export(out());
  EXPECT_EQ((*NewestHeld(home, network_.network(), network_.clock(), network_.random()))->version(),
            1u);
}

TEST_F(ExportTest, AMissingFileIsNamed) {
  Export(out());
  std::filesystem::remove(out() + "/proof.txt");
  const absl::Status status = Verify();
  EXPECT_TRUE(absl::IsNotFound(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("proof.txt"));
}

TEST_F(ExportTest, AFileThatDoesNotBelongThereIsRefused) {
  for (const char* name : {"orders.txt", "attachments/orders.txt"}) {
    SCOPED_TRACE(name);
    const std::string folder = out() + std::string(name).substr(0, 1);
    Export(folder);
    std::ofstream(folder + "/" + name) << "believe me";
    const absl::Status status = VerifyExport(folder, network_.network(), Witness()).status();
    EXPECT_EQ(RuleOf(status), "EXPORT_MALFORMED") << status;
    EXPECT_TRUE(absl::IsDataLoss(status));
  }
}

TEST_F(ExportTest, AnotherNetworksKeysDoNotVerifyIt) {
  Export(out());
  SampleNetwork other;
  NetworkFile stranger = network_.network();
  stranger.authority = {*other.SignKeyOf("an-lise").Verifier("antwerp.example/authority-1")};
  EXPECT_EQ(RuleOf(VerifyExport(out(), stranger, {network_.clock().Now()}).status()),
            "BAD_SIGNATURE");
}

TEST_F(ExportTest, AnExportNeverWritesIntoAFullFolder) {
  Export(out());
  Client guard = network_.Open("astrid-guard");
  const auto items = guard.Inbox();
  EXPECT_TRUE(absl::IsAlreadyExists(guard.Export(*items->front().id, out()).status()));
}

TEST_F(ExportTest, AnExportThatFailsLeavesNothing) {
  std::ofstream(network_.folder() + "/map.png") << "x";
  Client analyst = network_.Open("an-lise");
  const auto published = analyst.Publish(network_.DraftOf(
      "+++\ntitle = \"Meir\"\nkind = \"notice\"\ntlp = \"GREEN\"\nattachments = [\"map.png\"]\n"
      "+++\n"));
  Client guard = network_.Open("astrid-guard");
  ASSERT_TRUE(guard.Sync().ok());
  network_.Script("astrid-guard").FailNext("Fetch", absl::NotFoundError("gone"));
  EXPECT_FALSE(guard.Export(published->id, out()).ok());
  EXPECT_TRUE(std::filesystem::is_empty(out_.path()));
}

TEST_F(ExportTest, FilesOfAnExportAreTheMembersAlone) {
  Export(out());
  struct stat found {};
  ASSERT_EQ(stat((out() + "/content.json").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
  ASSERT_EQ(stat(out().c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0700u);
}

TEST(SafeFileName, NeverLeavesTheFolder) {
  EXPECT_EQ(SafeFileName("../../etc/passwd", 1), "passwd");
  EXPECT_EQ(SafeFileName("..\\..\\evil.exe", 1), "evil.exe");
  EXPECT_EQ(SafeFileName("..", 3), "attachment-3");
  EXPECT_EQ(SafeFileName("", 2), "attachment-2");
  EXPECT_EQ(SafeFileName("-rf", 1), "rf");
  EXPECT_EQ(SafeFileName("a b\nc\x1b[2J.txt", 1), "a_b_c__2J.txt");
  EXPECT_EQ(SafeFileName(std::string(500, 'a'), 1).size(), 120u);
}

TEST(SafeFileName, NoTwoAttachmentsShareAName) {
  std::vector<ContentAttachment> attachments(4);
  attachments[0].name = "a.txt";
  attachments[1].name = "x/a.txt";
  attachments[2].name = "a.txt.age";
  attachments[3].name = "2-a.txt";
  const std::vector<std::string> names = ExportedAttachmentNames(attachments);
  std::set<std::string> all;
  for (const std::string& name : names) {
    EXPECT_TRUE(all.insert(name).second) << name;
    EXPECT_TRUE(all.insert(name + ".age").second) << name;
  }
}

}  // namespace
}  // namespace shield::testing
