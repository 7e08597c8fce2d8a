#include "base/base64.h"

#include <gtest/gtest.h>

#include <vector>

namespace shield {
namespace {

// RFC 4648 section 10.
TEST(Base64, EncodesTheVectorsOfTheRfc) {
  const std::vector<std::pair<absl::string_view, absl::string_view>> vectors = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, text] : vectors) {
    EXPECT_EQ(Base64Encode(AsBytes(plain), Base64Form::kPadded), text);
    EXPECT_EQ(Base64Decode(text, Base64Form::kPadded), ToBytes(AsBytes(plain)));
  }
}

TEST(Base64, RefusesWhatEncodingWouldNotPrint) {
  for (absl::string_view text : {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm 9v", "Zm9v\n",
                                 "====", "Z===", "Zm9-", "Zm9_", "=Zg="}) {
    EXPECT_FALSE(Base64Decode(text, Base64Form::kPadded).has_value()) << text;
  }
  for (absl::string_view text : {"Zg==", "Zh", "Z", "Zm8="}) {
    EXPECT_FALSE(Base64Decode(text, Base64Form::kUnpadded).has_value()) << text;
  }
}

// libsodium 1.0.18 reads each of these bytes as '/'.
TEST(Base64, RefusesEveryByteOutsideTheAlphabet) {
  int accepted = 0;
  for (int c = 0; c < 256; ++c) {
    const std::string text = std::string("AAA") + static_cast<char>(c);
    accepted += Base64Decode(text, Base64Form::kUnpadded).has_value() ? 1 : 0;
  }
  EXPECT_EQ(accepted, 64);
}

TEST(Base64, RoundTripsEveryLength) {
  Bytes bytes;
  for (int i = 0; i < 100; ++i) {
    for (Base64Form form : {Base64Form::kPadded, Base64Form::kUnpadded}) {
      EXPECT_EQ(Base64Decode(Base64Encode(bytes, form), form), bytes);
    }
    bytes.push_back(static_cast<uint8_t>(i * 37));
  }
}

}  // namespace
}  // namespace shield
