#include "crypto/opening/identity_file.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/opening/age_failure.h"
#include "crypto/opening/passphrase.h"
#include "tests/support/seeded_random.h"

namespace shield {
namespace {

// As age-keygen wrote it.
constexpr absl::string_view kFile =
    "# created: 2026-11-22T08:06:45Z\n"
    "# public key: age1gqe48v60chhpvl4up0w9gf5pp3y66m2r5ga207juvddgagzdssys2h69ah\n"
    "AGE-SECRET-KEY-1CP9RHPSHLFTHTQ6NKYAQM92KAM7WWTPN02N65HSLFNEMC2AWU25SFG844P\n";
const absl::Time kCreated = absl::FromUnixSeconds(1795334805);

absl::StatusOr<std::vector<X25519Identity>> Read(
    absl::string_view text, std::optional<absl::string_view> passphrase = std::nullopt) {
  return ReadIdentityFile(AsBytes(text), passphrase);
}

TEST(IdentityFile, IsWrittenAsAgeKeygenWritesIt) {
  const auto identities = Read(kFile);
  ASSERT_TRUE(identities.ok()) << identities.status();
  ASSERT_EQ(identities->size(), 1u);
  EXPECT_EQ(PrintIdentityFile(identities->front(), kCreated, SecretAccess::ForExport()),
            std::string(kFile));
}

TEST(IdentityFile, MayHoldSeveralIdentitiesAndCarriageReturns) {
  const std::string twice =
      absl::StrCat(kFile, "\n\r\n# another\r\n", kFile.substr(kFile.find("AGE-")));
  EXPECT_EQ(Read(twice)->size(), 2u);
}

TEST(IdentityFile, RefusesOtherLinesAndNamesThemByNumberOnly) {
  for (const std::string& text :
       {absl::StrCat(kFile, "secret words\n"), absl::StrCat(kFile, " AGE-SECRET-KEY-1\n")}) {
    const absl::Status status = Read(text).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_TRUE(absl::StrContains(status.message(), "line 4")) << status;
    EXPECT_FALSE(absl::StrContains(status.message(), "secret words")) << status;
  }
}

TEST(IdentityFile, RefusesAFileWithoutIdentity) {
  EXPECT_NE(HintOf(Read("").status()), "");
  EXPECT_NE(HintOf(Read("# nothing here\n").status()), "");
}

TEST(IdentityFile, HasLimits) {
  const absl::string_view line = kFile.substr(kFile.find("AGE-"));
  std::string many;
  for (size_t i = 0; i < kMaxIdentitiesInFile; ++i) absl::StrAppend(&many, line);
  EXPECT_EQ(Read(many)->size(), kMaxIdentitiesInFile);
  EXPECT_EQ(Read(absl::StrCat(many, line)).status().code(), absl::StatusCode::kInvalidArgument);

  std::string large = absl::StrCat(line, "#");
  large.resize(kMaxIdentityFileSize, 'x');
  EXPECT_TRUE(Read(large).ok());
  EXPECT_EQ(Read(large + "x").status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(IdentityFile, WrappedOpensWithItsPassphraseOnly) {
  testing::SeededRandom random(18);
  const X25519Identity identity = X25519Identity::Generate(random);
  const Bytes file = *WrapIdentityFile(identity, kCreated, "correct horse", random);
  EXPECT_TRUE(IsWrappedIdentityFile(file));
  const auto opened = ReadIdentityFile(file, "correct horse");
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->front().Recipient(), identity.Recipient());

  const absl::Status wrong = ReadIdentityFile(file, "wrong").status();
  EXPECT_EQ(AgeFailureOf(wrong), AgeFailure::kNoMatch);
  EXPECT_NE(HintOf(wrong), "");
  const absl::Status missing = ReadIdentityFile(file, std::nullopt).status();
  EXPECT_EQ(missing.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(HintOf(missing), "");
}

TEST(IdentityFile, APlainOneNeedsNoPassphrase) {
  EXPECT_FALSE(IsWrappedIdentityFile(AsBytes(kFile)));
  EXPECT_TRUE(Read(kFile, "unused").ok());
}

}  // namespace
}  // namespace shield
