#include "crypto/note.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/base64.h"
#include "base/status.h"
#include "tests/support/seeded_random.h"

namespace shield {
namespace {

// The example of the format's first implementation (golang.org/x/mod/sumdb/note).
constexpr absl::string_view kVerifier =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr absl::string_view kSigner =
    "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
constexpr absl::string_view kText =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";
constexpr absl::string_view kNote =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\xe2\x80\x94 PeterNeumann "
    "x08go/ZJkuBS9UG/"
    "SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

class NoteTest : public ::testing::Test {
 protected:
  VerifierKey Verifier(const SigningKey& key, absl::string_view name) {
    return key.Verifier(name).value();
  }

  static std::string Line(absl::string_view name, ByteSpan body) {
    return absl::StrCat("\xe2\x80\x94 ", name, " ", Base64Encode(body, Base64Form::kPadded), "\n");
  }

  testing::SeededRandom random_{6};
  SigningKey alice_ = SigningKey::Generate(random_);
  SigningKey bob_ = SigningKey::Generate(random_);
  const std::string note_ = SignNote("first\n\nthird\n", "net/alice", alice_);
};

TEST_F(NoteTest, SignsAndVerifiesThePublishedExample) {
  const absl::StatusOr<SigningKey::Named> signer = SigningKey::Parse(kSigner);
  ASSERT_TRUE(signer.ok()) << signer.status();
  EXPECT_EQ(signer->name, "PeterNeumann");
  EXPECT_EQ(SignNote(kText, signer->name, signer->key), kNote);
  EXPECT_EQ(signer->key.Print(signer->name, SecretAccess::ForExport()),
            absl::StrCat(kSigner, "\n"));

  const absl::StatusOr<VerifierKey> verifier = VerifierKey::Parse(kVerifier);
  ASSERT_TRUE(verifier.ok()) << verifier.status();
  EXPECT_EQ(verifier->ToString(), kVerifier);
  const absl::StatusOr<SignedNote> note = ParseNote(kNote);
  ASSERT_TRUE(note.ok()) << note.status();
  EXPECT_EQ(note->text, kText);
  EXPECT_TRUE(VerifyNote(*note, *verifier).ok());
}

TEST_F(NoteTest, OpenSslVerifiesTheSignatureOverTheText) {
  const SignedNote note = ParseNote(note_).value();
  const Ed25519PublicKey& raw = alice_.public_key();
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw.data(), raw.size()),
      EVP_PKEY_free);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  ASSERT_EQ(EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()), 1);
  const Bytes& signature = note.signatures.front().signature;
  EXPECT_EQ(EVP_DigestVerify(context.get(), signature.data(), signature.size(),
                             AsBytes(note.text).data(), note.text.size()),
            1);
}

TEST_F(NoteTest, TheTextEndsAtTheLastEmptyLine) {
  const absl::StatusOr<SignedNote> note = ParseNote(note_);
  ASSERT_TRUE(note.ok()) << note.status();
  EXPECT_EQ(note->text, "first\n\nthird\n");
  EXPECT_TRUE(VerifyNote(*note, Verifier(alice_, "net/alice")).ok());
}

TEST_F(NoteTest, AnotherNameIsAnotherKey) {
  const SignedNote note = ParseNote(note_).value();
  const absl::Status missing = VerifyNote(note, Verifier(alice_, "net/other"));
  EXPECT_EQ(RuleOf(missing), "BAD_SIGNATURE");
  EXPECT_TRUE(absl::IsDataLoss(missing));
}

TEST_F(NoteTest, AChangedTextOrSignatureIsRefused) {
  const VerifierKey verifier = Verifier(alice_, "net/alice");
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"first", "First"}, {"\n\nthird", "\nthird"}, {"third\n", "third \n"}}) {
    const std::string changed = absl::StrReplaceAll(note_, {{from, to}});
    ASSERT_NE(changed, note_);
    const absl::StatusOr<SignedNote> note = ParseNote(changed);
    ASSERT_TRUE(note.ok()) << note.status();
    EXPECT_EQ(RuleOf(VerifyNote(*note, verifier)), "BAD_SIGNATURE");
  }
  SignedNote note = ParseNote(note_).value();
  for (size_t i = 0; i < kEd25519SignatureBytes; ++i) {
    note.signatures[0].signature[i] ^= 1;
    EXPECT_FALSE(VerifyNote(note, verifier).ok()) << i;
    note.signatures[0].signature[i] ^= 1;
  }
}

TEST_F(NoteTest, RefusesEveryOtherForm) {
  const std::string dash = "\xe2\x80\x94 ";
  const std::string line = note_.substr(note_.find(dash));
  const std::string text = "a\n\n";
  const std::vector<std::pair<std::string, std::string>> refused = {
      {"nothing", ""},
      {"no signature", "a\n"},
      {"no signature after the empty line", "a\n\n"},
      {"no text", "\n" + line},
      {"only signature", line},
      {"no empty line", "a\n" + line},
      {"no last line feed", text + line.substr(0, line.size() - 1)},
      {"a second line feed at the end", text + line + "\n"},
      {"hyphen instead of dash", text + "- " + line.substr(dash.size())},
      {"en dash", text + "\xe2\x80\x93 " + line.substr(dash.size())},
      {"two spaces", absl::StrReplaceAll(text + line, {{"net/alice ", "net/alice  "}})},
      {"a plus in the name", absl::StrReplaceAll(text + line, {{"net/alice", "net+alice"}})},
      {"no name", absl::StrReplaceAll(text + line, {{"net/alice ", ""}})},
      {"carriage return", absl::StrReplaceAll(text + line, {{"\n", "\r\n"}})},
      {"tab in the text", "a\tb\n\n" + line},
      {"escape in the text", "a\x1b[2Jb\n\n" + line},
      {"byte above ASCII in the text", "\xc3\xa9\n\n" + line},
      {"zero byte in the text", std::string("a\0b\n\n", 5) + line},
      {"base64 not padded", text + line.substr(0, line.size() - 2) + "\n"},
      {"one key twice", note_ + line},
  };
  for (const auto& [why, note] : refused) {
    EXPECT_EQ(ParseNote(note).status().code(), absl::StatusCode::kInvalidArgument) << why;
  }
}

TEST_F(NoteTest, LimitsTextAndSignatures) {
  const std::string text = std::string(99, 'x') + "\n";
  const std::string note = SignNote(text, "a", alice_);
  EXPECT_TRUE(ParseNote(note, {100, 1}).ok());
  EXPECT_FALSE(ParseNote(note, {99, 1}).ok());
  const std::string second = AddSignature(note, "b", bob_).value();
  EXPECT_TRUE(ParseNote(second, {100, 2}).ok());
  EXPECT_FALSE(ParseNote(second, {100, 1}).ok());
  EXPECT_FALSE(ParseNote(std::string(1 << 20, 'x'), {100, 1}).ok());
}

TEST_F(NoteTest, AddsASignatureOverTheSameText) {
  const absl::StatusOr<std::string> both = AddSignature(note_, "net/bob", bob_);
  ASSERT_TRUE(both.ok()) << both.status();
  EXPECT_TRUE(absl::StartsWith(*both, note_));
  const SignedNote note = ParseNote(*both).value();
  EXPECT_TRUE(VerifyNote(note, Verifier(alice_, "net/alice")).ok());
  EXPECT_TRUE(VerifyNote(note, Verifier(bob_, "net/bob")).ok());
  EXPECT_TRUE(absl::IsAlreadyExists(AddSignature(*both, "net/bob", bob_).status()));
}

TEST_F(NoteTest, CountsDifferentKeysNotNames) {
  std::string note = AddSignature(note_, "net/alice-again", alice_).value();
  const std::vector<VerifierKey> keys = {Verifier(alice_, "net/alice"),
                                         Verifier(alice_, "net/alice-again"),
                                         Verifier(bob_, "net/bob")};
  EXPECT_EQ(*CountSigners(ParseNote(note).value(), keys), 1U);
  note = AddSignature(note, "net/bob", bob_).value();
  EXPECT_EQ(*CountSigners(ParseNote(note).value(), keys), 2U);
  note = AddSignature(note, "net/stranger", SigningKey::Generate(random_)).value();
  EXPECT_EQ(*CountSigners(ParseNote(note).value(), keys), 2U);
}

TEST_F(NoteTest, OneFalseSignatureOfAKnownKeySpoilsTheNote) {
  SignedNote note = ParseNote(AddSignature(note_, "net/bob", bob_).value()).value();
  note.signatures[1].signature[5] ^= 1;
  const std::vector<VerifierKey> keys = {Verifier(alice_, "net/alice"), Verifier(bob_, "net/bob")};
  EXPECT_EQ(RuleOf(CountSigners(note, keys).status()), "BAD_SIGNATURE");
}

// The example of C2SP tlog-cosignature: a log's signature and a witness's over a time and the text.
constexpr absl::string_view kCosigned =
    "example.com/behind-the-sofa\n"
    "20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    "\n"
    "\xe2\x80\x94 example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/"
    "Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "\xe2\x80\x94 witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+"
    "mbIUBkBIfZ+qnA==\n";

TEST_F(NoteTest, ReadsTheCosignedCheckpointOfC2sp) {
  const absl::StatusOr<SignedNote> note = ParseNote(kCosigned);
  ASSERT_TRUE(note.ok()) << note.status();
  ASSERT_EQ(note->signatures.size(), 2U);
  EXPECT_EQ(note->signatures[0].signature.size(), kEd25519SignatureBytes);
  EXPECT_EQ(note->signatures[1].name, "witness.example.com/w1");
  EXPECT_EQ(note->signatures[1].signature.size(), 8 + kEd25519SignatureBytes);
}

TEST_F(NoteTest, SignaturesOfOtherKindsAndLengthsAreLeftAlone) {
  const VerifierKey alice = Verifier(alice_, "net/alice");
  for (const size_t size : {size_t{1}, size_t{63}, size_t{72}, kMaxNoteSignatureBytes}) {
    const absl::StatusOr<SignedNote> note =
        ParseNote(absl::StrCat(note_, Line("witness/w1", Bytes(4 + size, 7))));
    ASSERT_TRUE(note.ok()) << note.status() << " " << size;
    EXPECT_TRUE(VerifyNote(*note, alice).ok());
    EXPECT_EQ(*CountSigners(*note, std::vector<VerifierKey>{alice}), 1U);
  }
  for (const size_t size : {size_t{0}, size_t{3}, size_t{4}, 4 + kMaxNoteSignatureBytes + 1}) {
    EXPECT_TRUE(absl::IsInvalidArgument(
        ParseNote(absl::StrCat(note_, Line("witness/w1", Bytes(size, 7)))).status()))
        << size;
  }
}

TEST_F(NoteTest, ASignatureOfAnotherLengthUnderAKnownKeySpoilsTheNote) {
  const VerifierKey bob = Verifier(bob_, "net/bob");
  for (const size_t size : {size_t{1}, size_t{63}, size_t{65}, size_t{72}}) {
    Bytes body = ToBytes(bob.key_id());
    body.resize(body.size() + size, 7);
    const SignedNote note = ParseNote(absl::StrCat(note_, Line("net/bob", body))).value();
    EXPECT_EQ(RuleOf(VerifyNote(note, bob)), "BAD_SIGNATURE") << size;
    EXPECT_EQ(RuleOf(CountSigners(note, std::vector<VerifierKey>{bob}).status()), "BAD_SIGNATURE");
  }
}

}  // namespace
}  // namespace shield
