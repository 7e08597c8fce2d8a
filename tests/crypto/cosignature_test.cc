#include "crypto/cosignature.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/sha256.h"
#include "tests/support/seeded_random.h"

namespace shield {
namespace {

constexpr char kText[] =
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
constexpr char kName[] = "witness.example.com/w1";

class CosignatureTest : public ::testing::Test {
 protected:
  CosignatureTest()
      : log_(SigningKey::Generate(random_)),
        witness_(SigningKey::Generate(random_)),
        checkpoint_(SignNote(kText, "example.com/behind-the-sofa", log_)) {}

  SignedNote Cosigned(int64_t unix_s) {
    const absl::Time time = absl::FromUnixSeconds(unix_s) + absl::Milliseconds(300);
    return *ParseNote(*AddCosignature(checkpoint_, kName, witness_, time));
  }
  VerifierKey Key() const { return *witness_.Verifier(kName); }

  testing::SeededRandom random_{4};
  const SigningKey log_;
  const SigningKey witness_;
  const std::string checkpoint_;
};

// C2SP tlog-cosignature, "Format" and "Ed25519 signed message", word by word.
TEST_F(CosignatureTest, IsMadeOfTheBytesOfTheStandard) {
  const SignedNote note = Cosigned(1'679'315'147);
  ASSERT_EQ(note.signatures.size(), 2u);
  const NoteSignature& line = note.signatures[1];
  EXPECT_EQ(line.name, kName);
  Bytes hashed = ToBytes(AsBytes(absl::StrCat(kName, "\n\x04")));
  Append(hashed, witness_.public_key());
  const Digest id = Sha256(ByteSpan(hashed));
  EXPECT_EQ(ToBytes(line.key_id), ToBytes(id.span().first(4)));
  ASSERT_EQ(line.signature.size(), 72u);
  EXPECT_EQ(ReadU64(ByteSpan(line.signature).first(8)), 1'679'315'147u);
  Ed25519Signature signature;
  std::copy(line.signature.begin() + 8, line.signature.end(), signature.begin());
  const std::string message = absl::StrCat("cosignature/v1\ntime 1679315147\n", kText);
  EXPECT_TRUE(Key().Verify(AsBytes(message), signature));
}

TEST_F(CosignatureTest, IsFoundWithItsTime) {
  EXPECT_EQ(*FindCosignature(Cosigned(1'679'315'147), Key()), absl::FromUnixSeconds(1'679'315'147));
  EXPECT_EQ(*FindCosignature(*ParseNote(checkpoint_), Key()), std::nullopt);
  const SigningKey other = SigningKey::Generate(random_);
  EXPECT_EQ(*FindCosignature(Cosigned(5), *other.Verifier(kName)), std::nullopt);
  EXPECT_EQ(*FindCosignature(Cosigned(5), *witness_.Verifier("another.example/w")), std::nullopt);
}

TEST_F(CosignatureTest, NoOtherTimeTextOrSignatureHolds) {
  const auto rule = [this](SignedNote note) {
    return RuleOf(FindCosignature(note, Key()).status());
  };
  for (size_t byte = 0; byte < 72; ++byte) {
    SignedNote note = Cosigned(1'679'315'147);
    note.signatures[1].signature[byte] ^= 1;
    EXPECT_EQ(rule(note), "BAD_SIGNATURE") << byte;
  }
  SignedNote other_text = Cosigned(5);
  other_text.text[0] ^= 1;
  EXPECT_EQ(rule(other_text), "BAD_SIGNATURE");
  SignedNote shorter = Cosigned(5);
  shorter.signatures[1].signature.pop_back();
  EXPECT_EQ(rule(shorter), "BAD_SIGNATURE");
}

TEST_F(CosignatureTest, IsNoOrdinarySignatureOfTheSameKey) {
  const std::string plain = *AddSignature(checkpoint_, kName, witness_);
  EXPECT_EQ(*FindCosignature(*ParseNote(plain), Key()), std::nullopt);
  EXPECT_EQ(RuleOf(VerifyNote(Cosigned(5), Key())), "BAD_SIGNATURE");
}

TEST_F(CosignatureTest, IsAddedOnceAndNotBefore1970) {
  const std::string once = *AddCosignature(checkpoint_, kName, witness_, absl::UnixEpoch());
  EXPECT_TRUE(absl::IsAlreadyExists(
      AddCosignature(once, kName, witness_, absl::FromUnixSeconds(9)).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      AddCosignature(checkpoint_, kName, witness_, absl::FromUnixSeconds(-9)).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      AddCosignature("no note", kName, witness_, absl::UnixEpoch()).status()));
}

}  // namespace
}  // namespace shield
