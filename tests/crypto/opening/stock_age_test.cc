// Both ways with the `age` program of the distribution: what is sealed here opens there, and the
// other way round.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "crypto/age_file_sealer.h"
#include "crypto/opening/armor.h"
#include "crypto/opening/identity_file.h"
#include "crypto/opening/open_age_file.h"
#include "crypto/opening/open_payload.h"
#include "crypto/opening/open_slot.h"
#include "crypto/payload.h"
#include "crypto/seal_slots.h"
#include "crypto/system_random.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace shield {
namespace {

constexpr absl::string_view kPassphrase = "correct horse battery staple";

bool IsInstalled(const std::string& program) {
  return testing::RunProcess({"/bin/sh", "-c", absl::StrCat("command -v ", program)}).exit_code ==
         0;
}

class StockAgeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!IsInstalled("age")) GTEST_SKIP() << "SKIPPED: the program `age` is not installed";
    random_.Fill(plaintext_);
  }

  std::string Path(absl::string_view name) const { return folder_ / name; }
  void WriteFile(absl::string_view name, ByteSpan bytes) const {
    std::ofstream file(Path(name), std::ios::binary);
    file << AsText(bytes);
  }
  Bytes ReadFile(absl::string_view name) const {
    std::ifstream file(Path(name), std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    return ToBytes(AsBytes(text));
  }
  // Runs a shell command in the folder; it must succeed.
  void Run(const std::string& command) const {
    const auto result = testing::RunProcess(
        {"/bin/sh", "-c", absl::StrCat("cd ", folder_.path().string(), " && ", command)});
    ASSERT_EQ(result.exit_code, 0) << command << "\n" << result.data << result.notes;
  }
  // Runs age on a terminal, answering each question for a passphrase.
  void RunOnTerminal(const std::string& command) const {
    std::ofstream script(Path("answer.exp"));
    script << "set timeout 60\n"
           << "spawn " << command << "\n"
           << "expect {\n"
           << "  \"passphrase\" { send \"" << kPassphrase << "\\r\"; exp_continue }\n"
           << "  timeout { exit 9 }\n"
           << "  eof\n"
           << "}\n"
           << "lassign [wait] pid spawned error code\n"
           << "exit $code\n";
    script.close();
    Run("expect answer.exp");
  }

  SystemRandom random_;
  testing::TemporaryFolder folder_;
  Bytes plaintext_ = Bytes(200'000);
};

TEST_F(StockAgeTest, OpensASlotAndItsPayload) {
  const X25519Identity identity = X25519Identity::Generate(random_);
  WriteFile("identity.txt",
            AsBytes(PrintIdentityFile(identity, absl::UnixEpoch(), SecretAccess::ForExport())));
  const FileKey file_key = NewFileKey(random_);
  const X25519PublicKey recipient = identity.Recipient();
  Bytes delivery = ToBytes(SealSlots(std::span(&recipient, 1), file_key)->front());
  Append(delivery, SealPayload(file_key, NewPayloadNonce(random_), plaintext_));
  WriteFile("delivery.age", delivery);
  Run("age -d -i identity.txt -o opened delivery.age");
  EXPECT_EQ(ReadFile("opened"), plaintext_);
}

TEST_F(StockAgeTest, OpensASealedFile) {
  Run("age-keygen -o identity.txt");
  const auto identities = ReadIdentityFile(ReadFile("identity.txt"), std::nullopt);
  ASSERT_TRUE(identities.ok()) << identities.status();
  Bytes file;
  auto sealer =
      AgeFileSealer::Create(identities->front().Recipient(), random_, [&file](ByteSpan bytes) {
        Append(file, bytes);
        return absl::OkStatus();
      });
  ASSERT_TRUE((*sealer)->Write(plaintext_).ok());
  ASSERT_TRUE((*sealer)->Finish().ok());
  WriteFile("file.age", file);
  Run("age -d -i identity.txt -o opened file.age");
  EXPECT_EQ(ReadFile("opened"), plaintext_);
}

TEST_F(StockAgeTest, ItsFilesForOneRecipientOpenHereAsSlotAndPayload) {
  const X25519Identity identity = X25519Identity::Generate(random_);
  WriteFile("plain", plaintext_);
  Run(absl::StrCat("age -r ", PrintAgeRecipient(identity.Recipient()), " -o file.age plain"));
  const Bytes file = ReadFile("file.age");
  const auto file_key = OpenSlot(ByteSpan(file).first(kSlotSize), identity);
  ASSERT_TRUE(file_key.ok()) << file_key.status();
  EXPECT_EQ(*OpenPayload(*file_key, ByteSpan(file).subspan(kSlotSize)), plaintext_);
}

TEST_F(StockAgeTest, ItsFilesForSeveralRecipientsOpenHereArmoredOrNot) {
  const X25519Identity first = X25519Identity::Generate(random_);
  const X25519Identity second = X25519Identity::Generate(random_);
  WriteFile("plain", plaintext_);
  const std::string recipients = absl::StrCat(" -r ", PrintAgeRecipient(first.Recipient()), " -r ",
                                              PrintAgeRecipient(second.Recipient()));
  Run(absl::StrCat("age", recipients, " -o file.age plain"));
  Run(absl::StrCat("age -a", recipients, " -o file.txt plain"));
  EXPECT_EQ(*OpenAgeFile(ReadFile("file.age"), {.identities = std::span(&second, 1)}), plaintext_);

  Bytes opened;
  AgeFileOpener opener({.identities = std::span(&first, 1)}, [&opened](ByteSpan bytes) {
    Append(opened, bytes);
    return absl::OkStatus();
  });
  ArmorDecoder armor([&opener](ByteSpan bytes) { return opener.Write(bytes); });
  ASSERT_TRUE(armor.Write(ReadFile("file.txt")).ok());
  ASSERT_TRUE(armor.Finish().ok());
  ASSERT_TRUE(opener.Finish().ok());
  EXPECT_EQ(opened, plaintext_);
}

TEST_F(StockAgeTest, ReadsAWrappedIdentityFile) {
  if (!IsInstalled("expect")) GTEST_SKIP() << "SKIPPED: the program `expect` is not installed";
  const X25519Identity identity = X25519Identity::Generate(random_);
  WriteFile("identity.age", *WrapIdentityFile(identity, absl::UnixEpoch(), kPassphrase, random_));
  WriteFile("plain", plaintext_);
  Run(absl::StrCat("age -r ", PrintAgeRecipient(identity.Recipient()), " -o file.age plain"));
  RunOnTerminal("age -d -i identity.age -o opened file.age");
  EXPECT_EQ(ReadFile("opened"), plaintext_);
}

TEST_F(StockAgeTest, ItsWrappedIdentityFilesAreReadHereArmoredOrNot) {
  if (!IsInstalled("expect")) GTEST_SKIP() << "SKIPPED: the program `expect` is not installed";
  Run("age-keygen -o identity.txt");
  RunOnTerminal("age -p -o wrapped.age identity.txt");
  RunOnTerminal("age -p -a -o wrapped.txt identity.txt");
  const auto plain = ReadIdentityFile(ReadFile("identity.txt"), std::nullopt);
  ASSERT_TRUE(plain.ok());
  for (const absl::string_view name : {"wrapped.age", "wrapped.txt"}) {
    const auto opened = ReadIdentityFile(ReadFile(name), kPassphrase);
    ASSERT_TRUE(opened.ok()) << name << ": " << opened.status();
    EXPECT_EQ(opened->front().Recipient(), plain->front().Recipient());
  }
}

}  // namespace
}  // namespace shield
