#include "crypto/hmac.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include <string>

#include "base/hex.h"

namespace shield {
namespace {

struct HmacCase {
  Bytes key;
  std::string message;
  std::string tag;
};

Bytes KeyOf(absl::string_view text) { return ToBytes(AsBytes(text)); }

// RFC 4231, sections 4.2 to 4.5, 4.7 and 4.8.
TEST(Hmac, MatchesTheVectorsOfTheRfc) {
  const HmacCase cases[] = {
      {Bytes(20, 0x0b), "Hi There",
       "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {KeyOf("Jefe"), "what do ya want for nothing?",
       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {Bytes(20, 0xaa), std::string(50, '\xdd'),
       "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {*HexDecode("0102030405060708090a0b0c0d0e0f10111213141516171819"), std::string(50, '\xcd'),
       "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
      {Bytes(131, 0xaa), "Test Using Larger Than Block-Size Key - Hash Key First",
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
      {Bytes(131, 0xaa),
       "This is a test using a larger than block-size key and a larger than block-size data. The "
       "key needs to be hashed before being used by the HMAC algorithm.",
       "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
  };
  for (const HmacCase& c : cases) {
    EXPECT_EQ(HexEncode(HmacSha256(c.key, {AsBytes(c.message)})), c.tag);
  }
}

// Key and message of every length around a block, the message in two parts.
TEST(Hmac, IsThatOfLibsodium) {
  for (size_t key_bytes = 0; key_bytes <= 130; ++key_bytes) {
    for (const size_t bytes :
         {size_t{0}, size_t{1}, size_t{55}, size_t{56}, size_t{64}, key_bytes}) {
      Bytes key(key_bytes + 1);  // libsodium wants a pointer also to nothing
      Bytes message(bytes + 1);
      randombytes_buf_deterministic(key.data(), key.size(), Bytes(32, 1).data());
      randombytes_buf_deterministic(message.data(), message.size(), Bytes(32, 2).data());
      HmacTag expected;
      crypto_auth_hmacsha256_state state;
      crypto_auth_hmacsha256_init(&state, key.data(), key_bytes);
      crypto_auth_hmacsha256_update(&state, message.data(), bytes);
      crypto_auth_hmacsha256_final(&state, expected.data());
      const ByteSpan whole = ByteSpan(message).first(bytes);
      EXPECT_EQ(HmacSha256(ByteSpan(key).first(key_bytes),
                           {whole.first(bytes / 3), whole.subspan(bytes / 3)}),
                expected)
          << key_bytes << " and " << bytes;
    }
  }
}

}  // namespace
}  // namespace shield
