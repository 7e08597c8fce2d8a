#include "crypto/fingerprint.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "crypto/sha256.h"

namespace shield {
namespace {

TEST(Fingerprint, HasTheFormsOfTheSpecification) {
  const Fingerprint zero{Digest{}};
  EXPECT_EQ(zero.Base32(), "AAAA-AAAA-AAAA-AAAA-AAAA");
  Digest ones;
  ones.bytes.fill(0xff);
  EXPECT_EQ(Fingerprint(ones).Base32(), "7777-7777-7777-7777-7777");
  EXPECT_EQ(Fingerprint(Sha256("abc")).Base32(), "XJ4B-NP4P-AHH6-UQKB-IDPF");
  // Computed with Python from docs/spec/directory.md, "Enrolment".
  EXPECT_EQ(zero.Words(), "bababa bababa bababa bababa bababa babado");
  EXPECT_EQ(Fingerprint(ones).Words(), "zuzuzo zuzuzo zuzuzo zuzuzo zuzuzo zuzuva");
  EXPECT_EQ(Fingerprint(Sha256("abc")).Words(), "ronuma fujuza gubala lutifa dibiha dozara");
}

TEST(Fingerprint, IsReadBackFromBothForms) {
  for (int i = 0; i < 1000; ++i) {
    const Fingerprint fingerprint(Sha256(absl::StrCat("request ", i)));
    const std::string words = fingerprint.Words();
    EXPECT_EQ(*Fingerprint::Parse(words), fingerprint) << words;
    EXPECT_EQ(*Fingerprint::Parse(absl::AsciiStrToUpper(words)), fingerprint);
    EXPECT_EQ(*Fingerprint::Parse(fingerprint.Base32()), fingerprint);
    EXPECT_EQ(*Fingerprint::Parse(absl::AsciiStrToLower(fingerprint.Base32())), fingerprint);
  }
}

TEST(Fingerprint, WordsArePronounceable) {
  const std::string words = Fingerprint(Sha256("abc")).Words();
  for (absl::string_view word : absl::StrSplit(words, ' ')) {
    ASSERT_EQ(word.size(), 6U);
    for (size_t i = 0; i < word.size(); ++i) {
      const absl::string_view letters = i % 2 == 0 ? "bdfghjklmnprstvz" : "aiou";
      EXPECT_NE(letters.find(word[i]), absl::string_view::npos) << word;
    }
  }
}

// 100 bits: one bit more or less in the first 100 is another fingerprint, later ones do not count.
TEST(Fingerprint, ShowsExactlyAHundredBits) {
  const Digest digest = Sha256("abc");
  for (size_t bit = 0; bit < 256; ++bit) {
    Digest other = digest;
    other.bytes[bit / 8] = static_cast<uint8_t>(other.bytes[bit / 8] ^ (0x80 >> (bit % 8)));
    EXPECT_EQ(Fingerprint(other) == Fingerprint(digest), bit >= 100) << bit;
    EXPECT_EQ(Fingerprint(other).Words() == Fingerprint(digest).Words(), bit >= 100) << bit;
  }
}

TEST(Fingerprint, CheckBitsCatchMostWordsMisheard) {
  int caught = 0;
  constexpr int kTries = 400;
  for (int i = 0; i < kTries; ++i) {
    std::vector<std::string> words =
        absl::StrSplit(Fingerprint(Sha256(absl::StrCat(i))).Words(), ' ');
    std::string& word = words[static_cast<size_t>(i) % words.size()];
    word[1] = word[1] == 'a' ? 'o' : 'a';
    if (!Fingerprint::Parse(absl::StrJoin(words, " ")).ok()) ++caught;
  }
  EXPECT_GT(caught, kTries / 2);
}

TEST(Fingerprint, RefusesEverythingElse) {
  for (absl::string_view text :
       {"", "ABCD", "AAAA-AAAA-AAAA-AAAA-AAA1", "AAAA-AAAA-AAAA-AAAA-AAAAA",
        "babababa babababa babababa babababa babababa babababa",
        "xababa bababa bababa bababa bababa bababa", "bababa bababa bababa bababa bababa"}) {
    EXPECT_FALSE(Fingerprint::Parse(text).ok()) << text;
  }
}

}  // namespace
}  // namespace shield
