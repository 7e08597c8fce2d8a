#include "crypto/sha256.h"

#include <gtest/gtest.h>

#include <string>

#include "base/hex.h"

namespace shield {
namespace {

std::string Hex(const Digest& digest) { return HexEncode(digest.span()); }

// FIPS 180-4 examples.
constexpr absl::string_view kOfNothing =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr absl::string_view kOfAbc =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr absl::string_view kOfAMillionTimesA =
    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

TEST(Sha256, MatchesThePublishedExamples) {
  EXPECT_EQ(Hex(Sha256("")), kOfNothing);
  EXPECT_EQ(Hex(Sha256("abc")), kOfAbc);
}

TEST(Sha256, HashesAStreamInPiecesOfAnySize) {
  for (const size_t piece : {1u, 63u, 64u, 65u, 1000u}) {
    Sha256Hasher hasher;
    for (size_t left = 1'000'000; left > 0;) {
      const size_t taken = std::min(left, piece);
      hasher.Update(std::string(taken, 'a'));
      left -= taken;
    }
    EXPECT_EQ(Hex(hasher.Finish()), kOfAMillionTimesA) << piece;
  }
}

TEST(Sha256, AHasherBeginsAnewAfterFinish) {
  Sha256Hasher hasher;
  hasher.Update("something else");
  hasher.Finish();
  EXPECT_EQ(Hex(hasher.Finish()), kOfNothing);
  hasher.Update("abc");
  EXPECT_EQ(Hex(hasher.Finish()), kOfAbc);
}

}  // namespace
}  // namespace shield
