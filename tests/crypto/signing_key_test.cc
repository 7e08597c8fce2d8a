#include "crypto/signing_key.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "base/base64.h"
#include "base/hex.h"
#include "base/status.h"
#include "tests/support/seeded_random.h"

namespace shield {
namespace {

TEST(SigningKey, SignsTheFirstVectorOfRfc8032) {
  const Bytes seed = *HexDecode("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  const SigningKey key = SigningKey::FromSeed(*SigningSeed::FromBytes(seed));
  EXPECT_EQ(HexEncode(key.public_key()),
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  EXPECT_EQ(
      HexEncode(key.Sign({})),
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e3970"
      "1cf9b46bd25bf5f0595bbe24655141438e7a100b");
}

TEST(SigningKey, IsReadBackFromItsFile) {
  testing::SeededRandom random(1);
  const SigningKey key = SigningKey::Generate(random);
  const std::string file = key.Print("net/jan", SecretAccess::ForExport());
  const absl::StatusOr<SigningKey::Named> read = SigningKey::Parse(file);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->name, "net/jan");
  EXPECT_EQ(read->key.public_key(), key.public_key());
}

TEST(SigningKey, RefusesOtherFilesWithoutRepeatingThem) {
  testing::SeededRandom random(1);
  const std::string file = SigningKey::Generate(random).Print("net/jan", SecretAccess::ForExport());
  std::string other_name = file;
  other_name.replace(other_name.find("jan"), 3, "jon");
  const std::string secret = file.substr(file.rfind('+') + 1, 20);
  for (const std::string& text :
       {std::string(), file.substr(1), file + "\n", file + "x", other_name, file.substr(0, 40)}) {
    const absl::Status refused = SigningKey::Parse(text).status();
    EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_FALSE(absl::StrContains(refused.message(), secret));
  }
}

TEST(VerifierKey, RefusesWhatItDoesNotPrint) {
  testing::SeededRandom random(2);
  const VerifierKey key = SigningKey::Generate(random).Verifier("net/jan").value();
  const std::string text = key.ToString();
  EXPECT_EQ(*VerifierKey::Parse(text), key);
  std::string wrong_id = text;
  wrong_id[8] = wrong_id[8] == '0' ? '1' : '0';
  std::string upper_id = text;
  for (size_t i = 8; i < 16; ++i) upper_id[i] = absl::ascii_toupper(upper_id[i]);
  Bytes other_algorithm = {0x04};
  Append(other_algorithm, key.public_key());
  const std::vector<std::string> refused = {
      "",
      "net/jan",
      text + "=",
      text + "\n",
      " " + text,
      wrong_id,
      upper_id == text ? "x" : upper_id,
      text.substr(0, text.size() - 4),
      text.substr(7),
      "net/jan+00000000+" + Base64Encode(other_algorithm, Base64Form::kPadded)};
  for (const std::string& other : refused) {
    EXPECT_FALSE(VerifierKey::Parse(other).ok()) << other;
  }
}

// As after `cp sign.key sign.pub`.
TEST(VerifierKey, NeverRepeatsAPrivateKeyGivenByMistake) {
  testing::SeededRandom random(2);
  const std::string file = SigningKey::Generate(random).Print("net/jan", SecretAccess::ForExport());
  const std::string secret = file.substr(file.rfind('+') + 1, 20);
  for (const std::string& text : {file, " " + file, file.substr(0, file.size() - 1),
                                  absl::AsciiStrToLower(file.substr(0, 12)) + file.substr(12)}) {
    const absl::Status refused = VerifierKey::Parse(text).status();
    EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_FALSE(absl::StrContains(refused.ToString(), secret)) << refused;
    EXPECT_TRUE(absl::StrContains(refused.message(), "private key")) << refused;
    EXPECT_NE(HintOf(refused), "");
  }
}

TEST(VerifierKey, RepeatsLittleOfALongTextAndNoControlBytes) {
  const absl::Status refused = VerifierKey::Parse(std::string(5000, 'x') + "\x1b[2J").status();
  EXPECT_LT(refused.message().size(), 200U);
  const absl::Status control = VerifierKey::Parse("a\x1b[2J").status();
  EXPECT_FALSE(absl::StrContains(control.message(), "\x1b")) << control;
}

TEST(VerifierKey, NamesHaveALimitAndNoSpaceOrPlus) {
  EXPECT_TRUE(IsKeyName(std::string(kMaxKeyNameBytes, 'a')));
  EXPECT_FALSE(IsKeyName(std::string(kMaxKeyNameBytes + 1, 'a')));
  for (absl::string_view name : {"", "a b", "a+b", "a\n", "\xc3\xa9", "a\x7f"}) {
    EXPECT_FALSE(IsKeyName(name)) << name;
  }
}

// Under a key of small order everybody can make a signature that the equation accepts.
TEST(VerifierKey, NothingVerifiesUnderKeysOfSmallOrderOrSecondEncodings) {
  const std::vector<std::string> keys = {
      "0000000000000000000000000000000000000000000000000000000000000000",
      "0100000000000000000000000000000000000000000000000000000000000000",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  };
  for (const std::string& hex : keys) {
    Ed25519PublicKey raw;
    const Bytes bytes = *HexDecode(hex);
    std::copy(bytes.begin(), bytes.end(), raw.begin());
    const VerifierKey key = VerifierKey::Create("net/mallory", raw).value();
    EXPECT_FALSE(key.CheckPoint().ok()) << hex;
    // R = identity, S = 0.
    Ed25519Signature signature{};
    signature[0] = 1;
    EXPECT_FALSE(key.Verify(AsBytes("anything"), signature)) << hex;
  }
}

TEST(VerifierKey, AnEnrolledKeyIsAPoint) {
  testing::SeededRandom random(3);
  const SigningKey key = SigningKey::Generate(random);
  EXPECT_TRUE(key.Verifier("net/jan")->CheckPoint().ok());
}

}  // namespace
}  // namespace shield
