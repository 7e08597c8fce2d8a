#include "crypto/secret_bytes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#include "tests/support/seeded_random.h"

namespace shield {
namespace {

using Secret = SecretBytes<16>;

static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);

bool IsZero(const Secret& secret) { return secret == Secret(); }

TEST(SecretBytes, HoldsWhatItWasGiven) {
  const Bytes raw(16, 7);
  const std::optional<Secret> secret = Secret::FromBytes(raw);
  ASSERT_TRUE(secret.has_value());
  const auto revealed = secret->Reveal(SecretAccess::ForCrypto());
  EXPECT_TRUE(std::equal(raw.begin(), raw.end(), revealed.begin(), revealed.end()));
}

TEST(SecretBytes, IsNotMadeFromTheWrongLength) {
  EXPECT_FALSE(Secret::FromBytes(Bytes(15)).has_value());
  EXPECT_FALSE(Secret::FromBytes(Bytes(17)).has_value());
}

TEST(SecretBytes, MovingLeavesNothingBehind) {
  testing::SeededRandom random(1);
  Secret first = Secret::FromRandom(random);
  const Secret copy = first.Clone();
  Secret second = std::move(first);
  EXPECT_TRUE(IsZero(first));
  EXPECT_EQ(second, copy);
  Secret third;
  third = std::move(second);
  EXPECT_TRUE(IsZero(second));
  EXPECT_EQ(third, copy);
}

TEST(SecretBytes, IsWipedWhenItGoes) {
  alignas(Secret) unsigned char storage[sizeof(Secret)];
  testing::SeededRandom random(2);
  auto* secret = new (storage) Secret(Secret::FromRandom(random));
  ASSERT_FALSE(IsZero(*secret));
  std::destroy_at(secret);
  const volatile unsigned char* left = storage;
  for (size_t i = 0; i < sizeof storage; ++i) EXPECT_EQ(left[i], 0) << i;
}

TEST(SecretBytes, ComparesEveryByte) {
  Bytes raw(16, 1);
  const Secret secret = *Secret::FromBytes(raw);
  for (size_t i = 0; i < raw.size(); ++i) {
    raw[i] ^= 0x80;
    EXPECT_FALSE(secret == *Secret::FromBytes(raw)) << i;
    raw[i] ^= 0x80;
  }
  EXPECT_TRUE(secret == *Secret::FromBytes(raw));
}

// The memory is still the vector's, so it may be looked at.
TEST(Wipe, ReachesBeyondThePresentSize) {
  Bytes bytes(100, 7);
  bytes.resize(3);
  const uint8_t* memory = bytes.data();
  Wipe(bytes);
  EXPECT_TRUE(bytes.empty());
  EXPECT_EQ(ToBytes(ByteSpan(memory, 100)), Bytes(100, 0));

  std::string text(100, 'x');
  text.resize(3);
  const char* letters = text.data();
  Wipe(text);
  EXPECT_TRUE(text.empty());
  EXPECT_EQ(std::string(letters, 100), std::string(100, '\0'));
}

}  // namespace
}  // namespace shield
