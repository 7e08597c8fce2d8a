#include "crypto/opening/open_age_file.h"

#include <gtest/gtest.h>

#include <vector>

#include "absl/strings/str_cat.h"
#include "base/base64.h"
#include "crypto/age_keys.h"
#include "crypto/opening/age_failure.h"
#include "crypto/opening/passphrase.h"
#include "crypto/payload.h"
#include "crypto/seal_slots.h"
#include "tests/support/seeded_random.h"

namespace shield {
namespace {

class OpenAgeFileTest : public ::testing::Test {
 protected:
  OpenAgeFileTest() {
    for (int i = 0; i < 3; ++i) identities_.push_back(X25519Identity::Generate(random_));
  }

  // The stanza of a slot for identity `i`.
  AgeStanza StanzaFor(int i) {
    const X25519PublicKey recipient = identities_[i].Recipient();
    const ParsedSlot slot = *ParseSlot(SealSlots(std::span(&recipient, 1), file_key_)->front());
    return {"X25519",
            {Base64Encode(slot.share.span(), Base64Form::kUnpadded)},
            ToBytes(slot.wrapped_key)};
  }
  // A file with these stanzas, its MAC right.
  Bytes FileWith(std::vector<AgeStanza> stanzas, const Bytes& plaintext) {
    AgeHeader header{std::move(stanzas), {}};
    const std::string text = PrintAgeHeader(header);
    header.mac = HeaderMac(HeaderMacKey(file_key_), AsBytes(AuthenticatedPart(text)));
    Bytes file = ToBytes(AsBytes(PrintAgeHeader(header)));
    Append(file, SealPayload(file_key_, NewPayloadNonce(random_), plaintext));
    return file;
  }
  absl::StatusOr<Bytes> OpenWith(const Bytes& file, int first, int count) {
    return OpenAgeFile(file, {.identities = std::span(identities_).subspan(first, count)});
  }

  testing::SeededRandom random_{11};
  FileKey file_key_ = NewFileKey(random_);
  std::vector<X25519Identity> identities_;
  const Bytes plaintext_ = Bytes(100'000, 0x42);
};

TEST_F(OpenAgeFileTest, OpensForEachOfSeveralRecipientsAmongUnknownOnes) {
  const AgeStanza unknown{"grease", {"x"}, Bytes(100, 1)};
  const Bytes file = FileWith({unknown, StanzaFor(0), StanzaFor(1)}, plaintext_);
  EXPECT_EQ(*OpenWith(file, 0, 1), plaintext_);
  EXPECT_EQ(*OpenWith(file, 1, 1), plaintext_);
  EXPECT_EQ(*OpenWith(file, 1, 2), plaintext_);
  EXPECT_EQ(AgeFailureOf(OpenWith(file, 2, 1).status()), AgeFailure::kNoMatch);
}

TEST_F(OpenAgeFileTest, OpensAStreamCutAnywhere) {
  const Bytes file = FileWith({StanzaFor(0)}, plaintext_);
  for (const size_t piece : {size_t{1}, size_t{100}, size_t{1000}, kChunkSize}) {
    Bytes opened;
    AgeFileOpener opener({.identities = identities_}, [&opened](ByteSpan bytes) {
      Append(opened, bytes);
      return absl::OkStatus();
    });
    for (size_t at = 0; at < file.size(); at += piece) {
      const ByteSpan rest = ByteSpan(file).subspan(at);
      ASSERT_TRUE(opener.Write(rest.first(std::min(piece, rest.size()))).ok());
    }
    ASSERT_TRUE(opener.Finish().ok());
    EXPECT_EQ(opened, plaintext_);
  }
}

TEST_F(OpenAgeFileTest, RefusesAHeaderThatWasAddedTo) {
  Bytes file = FileWith({StanzaFor(0)}, plaintext_);
  const std::string added = "-> added\n\n";
  file.insert(file.begin() + 22, added.begin(), added.end());
  EXPECT_EQ(AgeFailureOf(OpenWith(file, 0, 1).status()), AgeFailure::kHmac);
}

TEST_F(OpenAgeFileTest, RefusesMalformedStanzasOfItsOwnKind) {
  const AgeStanza good = StanzaFor(0);
  AgeStanza two_arguments = good;
  two_arguments.arguments.push_back("more");
  AgeStanza no_argument = good;
  no_argument.arguments.clear();
  AgeStanza short_share = good;
  short_share.arguments.front().pop_back();
  AgeStanza long_body = good;
  long_body.body.push_back(0);
  for (const AgeStanza& stanza : {two_arguments, no_argument, short_share, long_body}) {
    EXPECT_EQ(AgeFailureOf(OpenWith(FileWith({stanza}, plaintext_), 0, 1).status()),
              AgeFailure::kHeader);
  }
}

TEST_F(OpenAgeFileTest, RefusesAScryptStanzaBesideOthers) {
  const Bytes wrapped = *SealWithPassphrase(plaintext_, "secret", random_, 1);
  const size_t size = *FindAgeHeader(wrapped);
  const AgeStanza scrypt = ParseAgeHeader(AsText(wrapped).substr(0, size))->stanzas.front();
  const Bytes file = FileWith({StanzaFor(0), scrypt}, plaintext_);
  EXPECT_EQ(AgeFailureOf(OpenWith(file, 0, 1).status()), AgeFailure::kHeader);
}

TEST_F(OpenAgeFileTest, SaysWhatIsWrongWithAFileThatEndsEarly) {
  const Bytes file = FileWith({StanzaFor(0)}, plaintext_);
  const size_t header = *FindAgeHeader(file);
  for (const size_t size : {size_t{0}, size_t{10}, header - 1, header, header + 15}) {
    const Bytes cut(file.begin(), file.begin() + static_cast<ptrdiff_t>(size));
    EXPECT_EQ(AgeFailureOf(OpenWith(cut, 0, 1).status()), AgeFailure::kHeader) << size;
  }
  const Bytes cut(file.begin(), file.begin() + static_cast<ptrdiff_t>(header + 16));
  EXPECT_EQ(AgeFailureOf(OpenWith(cut, 0, 1).status()), AgeFailure::kPayload);
}

}  // namespace
}  // namespace shield
