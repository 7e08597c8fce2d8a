#include "crypto/edwards_to_montgomery.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include <vector>

#include "base/hex.h"
#include "crypto/system_random.h"
#include "tests/support/seeded_random.h"

namespace shield {
namespace {

using Scalar = std::array<uint8_t, 32>;

std::vector<X25519PublicKey> ByEdwards(const std::vector<Scalar>& scalars) {
  std::vector<EdwardsPoint> points(scalars.size());
  for (size_t i = 0; i < scalars.size(); ++i) {
    EXPECT_EQ(crypto_scalarmult_ed25519_base(points[i].data(), scalars[i].data()), 0);
  }
  std::vector<X25519PublicKey> keys(scalars.size());
  EdwardsToMontgomery(points, keys);
  return keys;
}

X25519PublicKey ByLadder(const Scalar& scalar) {
  X25519PublicKey key;
  EXPECT_EQ(crypto_scalarmult_base(key.bytes.data(), scalar.data()), 0);
  return key;
}

TEST(EdwardsToMontgomery, GivesTheKeysOfRfc7748) {
  // RFC 7748, section 6.1.
  std::vector<Scalar> scalars(2);
  const Bytes alice =
      *HexDecode("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
  const Bytes bob = *HexDecode("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
  std::copy(alice.begin(), alice.end(), scalars[0].begin());
  std::copy(bob.begin(), bob.end(), scalars[1].begin());
  const auto keys = ByEdwards(scalars);
  EXPECT_EQ(HexEncode(keys[0].span()),
            "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
  EXPECT_EQ(HexEncode(keys[1].span()),
            "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
}

TEST(EdwardsToMontgomery, AgreesWithTheLadderForRandomScalarsInBatchesOfAnySize) {
  SodiumInit();
  testing::SeededRandom random(3);
  for (const size_t count : {1u, 2u, 3u, 128u, 1000u}) {
    std::vector<Scalar> scalars(count);
    for (Scalar& scalar : scalars) random.Fill(scalar);
    const auto keys = ByEdwards(scalars);
    for (size_t i = 0; i < count; ++i) EXPECT_EQ(keys[i], ByLadder(scalars[i])) << i;
  }
}

TEST(EdwardsToMontgomery, AgreesAtTheEdgesOfTheScalars) {
  SodiumInit();
  Scalar ones;
  ones.fill(0xff);
  const std::vector<Scalar> scalars = {Scalar{1}, Scalar{8}, ones};
  const auto keys = ByEdwards(scalars);
  for (size_t i = 0; i < scalars.size(); ++i) EXPECT_EQ(keys[i], ByLadder(scalars[i])) << i;
}

TEST(EdwardsToMontgomery, OfNothingIsNothing) { EdwardsToMontgomery({}, {}); }

}  // namespace
}  // namespace shield
