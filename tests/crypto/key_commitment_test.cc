#include "crypto/key_commitment.h"

#include <gtest/gtest.h>

#include <set>

#include "base/hex.h"

namespace shield {
namespace {

constexpr absl::string_view kContext = "shield/bulletin/v1\nnetwork example.org/net\n";

FileKey KeyOf(uint8_t fill) { return *FileKey::FromBytes(Bytes(16, fill)); }

PayloadNonce NonceOf(uint8_t fill) {
  PayloadNonce nonce;
  nonce.fill(fill);
  return nonce;
}

// Computed with Python's hmac and hashlib from the formula in docs/spec/sealing.md section 5.
TEST(KeyCommitment, MatchesTheVector) {
  EXPECT_EQ(HexEncode(KeyCommitment(KeyOf(1), NonceOf(2), kContext).span()),
            "025a8d5f49a22d823e837c9d0857f26367cd2a2ad47bd80e42f758b88c4bc306");
}

TEST(KeyCommitment, DependsOnKeyNonceAndContext) {
  std::set<Digest> commitments = {
      KeyCommitment(KeyOf(1), NonceOf(2), kContext),
      KeyCommitment(KeyOf(3), NonceOf(2), kContext),
      KeyCommitment(KeyOf(1), NonceOf(3), kContext),
      KeyCommitment(KeyOf(1), NonceOf(2), "shield/bulletin/v1\n"),
      KeyCommitment(KeyOf(1), NonceOf(2), ""),
  };
  EXPECT_EQ(commitments.size(), 5u);
}

}  // namespace
}  // namespace shield
