#include "crypto/bech32.h"

#include <gtest/gtest.h>

#include "absl/strings/ascii.h"

namespace shield {
namespace {

TEST(Bech32, PrintsAndReadsBackAnyLength) {
  for (size_t size = 0; size < 70; ++size) {
    Bytes data(size);
    for (size_t i = 0; i < size; ++i) data[i] = static_cast<uint8_t>(i * 37 + size);
    const std::string text = Bech32Encode("shield", data);
    const std::optional<Bech32Text> read = Bech32Decode(text);
    ASSERT_TRUE(read.has_value()) << text;
    EXPECT_EQ(read->prefix, "shield");
    EXPECT_EQ(read->data, data);
  }
}

TEST(Bech32, ReadsTheVectorsOfBip173ThatHoldWholeBytes) {
  EXPECT_TRUE(Bech32Decode("A12UEL5L").has_value());
  EXPECT_TRUE(Bech32Decode("a12uel5l").has_value());
  EXPECT_TRUE(Bech32Decode("abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw").has_value());
  EXPECT_TRUE(Bech32Decode("an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcluded"
                           "charactersbio1tt5tgs")
                  .has_value());
}

TEST(Bech32, RefusesTheInvalidVectorsOfBip173) {
  for (const absl::string_view text :
       {absl::string_view("\x20"
                          "1nwldj5"),
        absl::string_view("\x7f"
                          "1axkwrx"),
        absl::string_view("\x80"
                          "1eym55h"),
        absl::string_view("pzry9x0s0muk"), absl::string_view("1pzry9x0s0muk"),
        absl::string_view("x1b4n0q5v"), absl::string_view("li1dgmt3"),
        absl::string_view("de1lg7wt\xff"), absl::string_view("A1G7SGD8"),
        absl::string_view("10a06t8"), absl::string_view("1qzzfhee"), absl::string_view("")}) {
    EXPECT_FALSE(Bech32Decode(text).has_value()) << text;
  }
}

TEST(Bech32, RefusesMixedCase) {
  std::string text = Bech32Encode("age", Bytes(32, 9));
  EXPECT_TRUE(Bech32Decode(absl::AsciiStrToUpper(text)).has_value());
  text[5] = absl::ascii_toupper(text[5]);
  text[4] = 'Q';
  EXPECT_FALSE(Bech32Decode(text).has_value());
}

TEST(Bech32, RefusesAnyChangedCharacter) {
  const std::string text = Bech32Encode("age", Bytes(32, 0x5a));
  for (size_t i = 4; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = changed[i] == 'q' ? 'p' : 'q';
    EXPECT_FALSE(Bech32Decode(changed).has_value()) << i;
  }
}

TEST(Bech32, RefusesBitsLeftOverThatAreNotZero) {
  // 0x0b takes two characters and leaves two bits. The checksums of all three are right.
  const std::optional<Bech32Text> canonical = Bech32Decode("a1pv7wwwzp");
  ASSERT_TRUE(canonical.has_value());
  EXPECT_EQ(canonical->data, Bytes{0x0b});
  EXPECT_FALSE(Bech32Decode("a1pdrc6mln").has_value()) << "a bit left over is set";
  EXPECT_FALSE(Bech32Decode("a1pvqe5pnhc").has_value()) << "a whole character is left over";
}

}  // namespace
}  // namespace shield
