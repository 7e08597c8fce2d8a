// An export is worth something without Shield: stock age opens it, stock OpenSSL verifies it. And
// `shield verify` finds every byte that was changed in it.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/e2e/real_network.h"

namespace shield::testing {
namespace {

namespace fs = std::filesystem;

constexpr char kDraft[] = R"(+++
title = "Pickpocket team around the Meir"
kind = "flash_alert"
tlp = "TLP:AMBER+STRICT"
to = ["org:hotel-astrid"]
expires = 2099-12-01T00:00:00Z
attachments = ["map.txt"]
+++
Four people, working in pairs, seen since noon near the tram stop. Ça va, “quotes” – and dashes.
)";

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

void WriteAll(const std::string& path, absl::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

// Programs of the machine are found on its PATH.
ProcessResult RunStock(std::vector<std::string> command) {
  command.insert(command.begin(), "/usr/bin/env");
  return RunProcess(command);
}

#define REQUIRE_PROGRAM(...)                                                                       \
  if (RunStock({__VA_ARGS__}).exit_code != 0) {                                                    \
    GTEST_SKIP() << "SKIPPED: this machine has no " #__VA_ARGS__ "; nothing was compared with it"; \
  }                                                                                                \
  static_assert(true, "a semicolon follows")

// The public key on the statement's author line, as OpenSSL reads Ed25519 keys: `author <member>
// <name>+<key id>+<base64 of 0x01 and 32 bytes>`.
std::string AuthorKeyPem(absl::string_view text) {
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    if (words.size() != 3 || words[0] != "author") continue;
    const std::vector<std::string> parts = absl::StrSplit(words[2], absl::MaxSplits('+', 2));
    std::string key;
    if (parts.size() != 3 || !absl::Base64Unescape(parts[2], &key) || key.size() != 33) break;
    const std::string info = absl::HexStringToBytes("302a300506032b6570032100") + key.substr(1);
    return absl::StrCat("-----BEGIN PUBLIC KEY-----\n", absl::Base64Escape(info),
                        "\n-----END PUBLIC KEY-----\n");
  }
  return "";
}

class ExportInterop : public ::testing::Test {
 protected:
  ExportInterop() {
    network_.AddOrg("police-antwerp", "authority", "public-sector", "BE211", 3);
    network_.AddOrg("hotel-astrid", "member", "hotels-restaurants", "BE211", 2);
    network_.AddMember("analyst", "police-antwerp", "analyst", 3);
    network_.AddMember("astrid-desk", "hotel-astrid", "reader", 2);
    network_.PublishDirectory();
    network_.WriteDraft("map.txt", kMap);
    const std::string draft = network_.WriteDraft("draft.md", kDraft);
    id_ = network_.ShieldJson("analyst", {"bulletin", "publish", draft})["id"];
    const nlohmann::json exported =
        network_.ShieldJson("astrid-desk", {"inbox", "export", id_, "--out", out_});
    files_ = exported["files"].get<std::vector<std::string>>();
  }

  std::string Exported(absl::string_view name) const { return absl::StrCat(out_, "/", name); }
  std::string Identity() const { return network_.HomeOf("astrid-desk") + "/identity.txt"; }
  ProcessResult Verify() const {
    return network_.Shield("astrid-desk",
                           {"verify", "--network", network_.NetworkFile(), out_, "--json"});
  }

  static constexpr char kMap[] = "the map, in words: north of the station, then left\n";
  RealNetwork network_;
  std::string id_;
  std::string out_ = network_.folder() / "export";
  std::vector<std::string> files_;
};

TEST_F(ExportInterop, StockAgeOpensTheBulletin) {
  REQUIRE_PROGRAM("age", "--version");
  const ProcessResult opened = RunStock({"age", "-d", "-i", Identity(), Exported("bulletin.age")});
  ASSERT_EQ(opened.exit_code, 0) << opened.notes;
  const std::string content = ReadAll(Exported("content.json"));
  ASSERT_TRUE(absl::StartsWith(opened.data, content));
  EXPECT_EQ(opened.data.find_first_not_of('\n', content.size()), std::string::npos);
  const nlohmann::json json = nlohmann::json::parse(opened.data);
  EXPECT_EQ(json["title"], "Pickpocket team around the Meir");
  EXPECT_EQ(json["tlp"], "TLP:AMBER+STRICT");
  // The attachment is an age file of its own; its identity stands in the content.
  const std::string key = network_.WriteDraft(
      "attachment.key", absl::StrCat(json["attachments"][0]["identity"].get<std::string>(), "\n"));
  const ProcessResult map = RunStock({"age", "-d", "-i", key, Exported("attachments/map.txt.age")});
  EXPECT_EQ(map.exit_code, 0) << map.notes;
  EXPECT_EQ(map.data, kMap);
  // Nobody else's identity opens it.
  const ProcessResult other = RunStock(
      {"age", "-d", "-i", network_.HomeOf("analyst") + "/identity.txt", Exported("bulletin.age")});
  EXPECT_NE(other.exit_code, 0);
}

TEST_F(ExportInterop, StockOpenSslVerifiesTheAuthorsSignature) {
  REQUIRE_PROGRAM("openssl", "version");
  const std::string note = ReadAll(Exported("statement.txt"));
  const size_t end = note.find("\n\n");
  ASSERT_NE(end, std::string::npos);
  const std::string text = note.substr(0, end + 1);  // through the LF before the empty line
  const std::vector<std::string> lines = absl::StrSplit(note.substr(end + 2), '\n');
  const std::vector<std::string> words = absl::StrSplit(lines[0], ' ');
  ASSERT_EQ(words.size(), 3u) << lines[0];
  EXPECT_EQ(words[0], "\u2014");
  EXPECT_EQ(words[1], "antwerp.example/analyst");
  std::string signature;
  ASSERT_TRUE(absl::Base64Unescape(words[2], &signature));
  ASSERT_EQ(signature.size(), 68u);  // four bytes of key id before it
  const std::string key = network_.WriteDraft("author.pem", AuthorKeyPem(text));
  const std::string signature_file = network_.WriteDraft("signature", signature.substr(4));
  const auto verify = [&](absl::string_view signed_text) {
    const std::string input = network_.WriteDraft("signed", signed_text);
    return RunStock({"openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", key, "-in",
                     input, "-sigfile", signature_file});
  };
  const ProcessResult verified = verify(text);
  EXPECT_EQ(verified.exit_code, 0) << verified.data << verified.notes;
  std::string changed = text;
  changed[changed.size() / 2] ^= 1;
  EXPECT_NE(verify(changed).exit_code, 0);
}

TEST_F(ExportInterop, StockAgeKeygenReadsOurIdentityAndWeReadItsOwn) {
  REQUIRE_PROGRAM("sh", "-c", "command -v age-keygen");
  const ProcessResult ours = RunStock({"age-keygen", "-y", Identity()});
  ASSERT_EQ(ours.exit_code, 0) << ours.notes;
  const std::string recipient(absl::StripAsciiWhitespace(ours.data));
  EXPECT_TRUE(absl::StrContains(ReadAll(Exported("proof.txt")), recipient)) << recipient;
  const ProcessResult made = RunStock({"age-keygen"});
  ASSERT_EQ(made.exit_code, 0) << made.notes;
  // Older identities stay in the file below the newest; comments and all.
  WriteAll(Identity(), ReadAll(Identity()) + made.data);
  EXPECT_EQ(network_.ShieldJson("astrid-desk", {"inbox", "show", id_})["id"], id_);
}

TEST_F(ExportInterop, VerifyNamesWhatItCheckedAndNeedsNoBroker) {
  network_.KillBroker();
  const ProcessResult verified = Verify();
  ASSERT_EQ(verified.exit_code, 0) << verified.notes;
  const nlohmann::json report = nlohmann::json::parse(verified.data)["verified"][0];
  EXPECT_EQ(report["id"], id_);
  EXPECT_EQ(report["author"], "analyst");
  EXPECT_EQ(report["org"], "police-antwerp");
  EXPECT_EQ(report["tlp"], "TLP:AMBER+STRICT");
  EXPECT_TRUE(report["warnings"].empty()) << report;
  // Whoever checks it without the reader's identity is told what that leaves open.
  const ProcessResult outsider =
      network_.Shield("authority", {"verify", "--network", network_.NetworkFile(), out_, "--json"});
  ASSERT_EQ(outsider.exit_code, 8) << outsider.notes;
  // And, without a directory in its home, that newer ones were not consulted.
  const nlohmann::json warnings = nlohmann::json::parse(outsider.data)["verified"][0]["warnings"];
  EXPECT_EQ(warnings.size(), 2u) << warnings;
  EXPECT_TRUE(absl::StrContains(outsider.notes, "ended since")) << outsider.notes;
  EXPECT_EQ(nlohmann::json::parse(outsider.data)["verified"][0]["complete"], false);
}

TEST_F(ExportInterop, VerifyFindsEveryChangedByteAndEveryMissingFile) {
  ASSERT_EQ(files_.size(), 7u);
  for (const std::string& name : files_) {
    const std::string whole = ReadAll(Exported(name));
    ASSERT_FALSE(whole.empty()) << name;
    for (const size_t at : {size_t{0}, whole.size() / 3, whole.size() / 2, whole.size() - 1}) {
      std::string changed = whole;
      changed[at] ^= 1;
      WriteAll(Exported(name), changed);
      const ProcessResult verified = Verify();
      EXPECT_EQ(verified.exit_code, 7) << name << " at " << at << "\n" << verified.data;
    }
    fs::remove(Exported(name));
    const ProcessResult verified = Verify();
    EXPECT_EQ(verified.exit_code, 3) << name << "\n" << verified.data;
    // An attachment's sealed file is missed under the attachment's name.
    const absl::string_view missed =
        name == "attachments/map.txt.age" ? "attachments/map.txt" : absl::string_view(name);
    EXPECT_TRUE(absl::StrContains(verified.data, missed)) << verified.data;
    WriteAll(Exported(name), whole);
  }
  EXPECT_EQ(Verify().exit_code, 0);
}

}  // namespace
}  // namespace shield::testing
