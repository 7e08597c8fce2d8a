// Every file of tests/vectors/sealing opens or is refused as it says, and the accepted one is
// sealed again to the same bytes. Form: docs/spec/sealing.md, "Vectors".
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/base64.h"
#include "base/hex.h"
#include "base/status.h"
#include "crypto/key_commitment.h"
#include "crypto/opening/open_payload.h"
#include "crypto/opening/open_slot.h"
#include "crypto/payload.h"
#include "crypto/seal_batch.h"
#include "tests/support/shared_folder.h"

namespace shield {
namespace {

// The fields of one file, by name.
using Vector = std::map<std::string, std::string>;

std::filesystem::path Folder() { return testing::SourceFolder() / "tests/vectors/sealing"; }

Vector Read(const std::filesystem::path& path) {
  Vector vector;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const size_t colon = line.find(": ");
    if (line[0] != '#' && colon != std::string::npos) {
      vector[line.substr(0, colon)] = line.substr(colon + 2);
    }
  }
  return vector;
}

Bytes FromBase64(const std::string& text) { return *Base64Decode(text, Base64Form::kPadded); }

PayloadNonce NonceOf(const Bytes& payload) {
  PayloadNonce nonce;
  std::copy_n(payload.begin(), nonce.size(), nonce.begin());
  return nonce;
}

// What a reader makes of it: "OK" or the rule that refuses it.
std::string Outcome(const Vector& vector) {
  const Bytes payload = FromBase64(vector.at("payload"));
  const auto file_key =
      OpenSlot(FromBase64(vector.at("slot")), *X25519Identity::Parse(vector.at("identity")));
  if (!file_key.ok()) return RuleOf(file_key.status());
  const Digest commitment =
      KeyCommitment(*file_key, NonceOf(payload), AsText(FromBase64(vector.at("context"))));
  if (commitment != *Digest::FromBytes(FromBase64(vector.at("commit")))) {
    return "COMMITMENT_MISMATCH";
  }
  const auto text = OpenPayload(*file_key, payload);
  if (!text.ok()) return RuleOf(text.status());
  return *text == FromBase64(vector.at("text")) ? "OK" : "another text";
}

TEST(SealingVectors, EachOpensOrIsRefusedForTheRightReason) {
  std::set<std::string> expected;
  for (const auto& entry : std::filesystem::directory_iterator(Folder())) {
    if (!entry.is_regular_file()) continue;
    const Vector vector = Read(entry.path());
    EXPECT_EQ(Outcome(vector), vector.at("expect")) << entry.path();
    expected.insert(vector.at("expect"));
  }
  EXPECT_EQ(expected, (std::set<std::string>{"OK", "SLOT_MALFORMED", "AGE_NO_MATCH", "AGE_HMAC",
                                             "COMMITMENT_MISMATCH", "AGE_PAYLOAD"}));
}

TEST(SealingVectors, TheAcceptedOneIsSealedToTheSameBytes) {
  const Vector vector = Read(Folder() / "accepted");
  const X25519PublicKey recipient = *ParseAgeRecipient(vector.at("recipient"));
  const FileKey file_key = *FileKey::FromBytes(*HexDecode(vector.at("file-key")));
  const Bytes raw = *HexDecode(vector.at("one-time-secret"));
  OneTimeSecret secret;
  ASSERT_EQ(raw.size(), secret.size());
  std::copy(raw.begin(), raw.end(), secret.begin());
  Slot slot;
  ASSERT_TRUE(SealBatch(std::span(&recipient, 1), std::span(&secret, 1), file_key,
                        HeaderMacKey(file_key), std::span(&slot, 1)));
  EXPECT_EQ(Base64Encode(slot, Base64Form::kPadded), vector.at("slot"));

  const PayloadNonce nonce = NonceOf(*HexDecode(vector.at("nonce")));
  const Bytes payload = SealPayload(file_key, nonce, FromBase64(vector.at("text")));
  EXPECT_EQ(Base64Encode(payload, Base64Form::kPadded), vector.at("payload"));
}

}  // namespace
}  // namespace shield
