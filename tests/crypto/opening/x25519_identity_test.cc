#include "crypto/opening/x25519_identity.h"

#include <gtest/gtest.h>

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/opening/age_failure.h"
#include "tests/support/seeded_random.h"

namespace shield {
namespace {

// A pair that age-keygen made for this test.
constexpr absl::string_view kText =
    "AGE-SECRET-KEY-1CP9RHPSHLFTHTQ6NKYAQM92KAM7WWTPN02N65HSLFNEMC2AWU25SFG844P";
constexpr absl::string_view kRecipient =
    "age1gqe48v60chhpvl4up0w9gf5pp3y66m2r5ga207juvddgagzdssys2h69ah";

constexpr SecretAccess kExport = SecretAccess::ForExport();

TEST(X25519Identity, ReadsWhatAgeKeygenWroteAndPrintsItAgain) {
  const auto identity = X25519Identity::Parse(kText);
  ASSERT_TRUE(identity.ok()) << identity.status();
  EXPECT_EQ(PrintAgeRecipient(identity->Recipient()), kRecipient);
  EXPECT_EQ(identity->Print(kExport), kText);
}

TEST(X25519Identity, GeneratesADifferentOneEachTime) {
  testing::SeededRandom random(8);
  const X25519Identity first = X25519Identity::Generate(random);
  const X25519Identity second = X25519Identity::Generate(random);
  EXPECT_NE(first.Recipient(), second.Recipient());
  EXPECT_EQ(X25519Identity::Parse(first.Print(kExport))->Recipient(), first.Recipient());
}

TEST(X25519Identity, KeepsWorkingAfterAMove) {
  X25519Identity first = *X25519Identity::Parse(kText);
  const X25519Identity second = std::move(first);
  EXPECT_EQ(second.Print(kExport), kText);
}

TEST(X25519Identity, RefusesOtherTextsWithoutRepeatingThem) {
  std::string changed(kText);
  changed[30] = changed[30] == 'Q' ? 'P' : 'Q';
  for (const std::string& text :
       {std::string(), std::string("AGE-SECRET-KEY-1"), absl::AsciiStrToLower(kText),
        absl::StrCat(kText, " "), std::string(kRecipient), changed,
        std::string(kText.substr(0, kText.size() - 1))}) {
    const absl::Status status = X25519Identity::Parse(text).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_FALSE(absl::StrContains(status.ToString(), "CP9RHPSH")) << status;
    EXPECT_NE(HintOf(status), "");
  }
}

TEST(X25519Identity, RefusesASharedSecretOfZero) {
  const X25519Identity identity = *X25519Identity::Parse(kText);
  const auto unwrapped = identity.Unwrap(X25519PublicKey{}, WrappedFileKey{});
  EXPECT_EQ(AgeFailureOf(unwrapped.status()), AgeFailure::kHeader);
}

}  // namespace
}  // namespace shield
