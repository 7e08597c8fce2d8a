#include "crypto/fingerprint.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "crypto/sha256.h"

namespace shield {
namespace {

constexpr size_t kBits = 100;
constexpr size_t kWords = 6;
constexpr size_t kBitsAWord = 17;
constexpr size_t kBase32Characters = 20;
constexpr size_t kBase32Group = 4;
constexpr absl::string_view kConsonants = "bdfghjklmnprstvz";
constexpr absl::string_view kVowels = "aiou";
constexpr absl::string_view kLastVowels = "ao";
constexpr absl::string_view kBase32Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

// Up to 104 bits, most significant first.
using BitBuffer = std::array<uint8_t, 13>;

uint32_t ReadBits(const BitBuffer& buffer, size_t from, size_t count) {
  uint32_t value = 0;
  for (size_t i = from; i < from + count; ++i) {
    value = (value << 1) | ((buffer[i / 8] >> (7 - i % 8)) & 1U);
  }
  return value;
}

void WriteBits(BitBuffer& buffer, size_t from, size_t count, uint32_t value) {
  for (size_t i = 0; i < count; ++i) {
    const uint32_t bit = (value >> (count - 1 - i)) & 1U;
    const size_t at = from + i;
    buffer[at / 8] = static_cast<uint8_t>(buffer[at / 8] | (bit << (7 - at % 8)));
  }
}

uint32_t CheckBits(const BitBuffer& bits) { return Sha256(ByteSpan(bits)).bytes[0] >> 6; }

// The alphabets of a word's six letters, first to last.
constexpr std::array<absl::string_view, 6> kLetters = {kConsonants, kVowels,     kConsonants,
                                                       kVowels,     kConsonants, kLastVowels};

std::string PrintWord(uint32_t value) {
  std::string word(kLetters.size(), ' ');
  for (size_t i = kLetters.size(); i-- > 0;) {
    word[i] = kLetters[i][value % kLetters[i].size()];
    value /= static_cast<uint32_t>(kLetters[i].size());
  }
  return word;
}

std::optional<uint32_t> ParseWord(absl::string_view word) {
  if (word.size() != kLetters.size()) return std::nullopt;
  uint32_t value = 0;
  for (size_t i = 0; i < kLetters.size(); ++i) {
    const size_t letter = kLetters[i].find(word[i]);
    if (letter == absl::string_view::npos) return std::nullopt;
    value = value * static_cast<uint32_t>(kLetters[i].size()) + static_cast<uint32_t>(letter);
  }
  return value;
}

absl::Status Refused(absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("fingerprint refused: ", why));
}

absl::StatusOr<BitBuffer> ParseWords(const std::vector<std::string>& words) {
  BitBuffer bits{};
  for (size_t i = 0; i < kWords; ++i) {
    const std::optional<uint32_t> value = ParseWord(words[i]);
    if (!value.has_value())
      return Refused(absl::StrCat("`", words[i], "` is not one of its words"));
    WriteBits(bits, i * kBitsAWord, kBitsAWord, *value);
  }
  const uint32_t check = ReadBits(bits, kBits, 2);
  bits.back() &= 0xf0;
  if (check != CheckBits(bits)) return Refused("a word is wrong; compare them one by one");
  return bits;
}

absl::StatusOr<BitBuffer> ParseBase32(absl::string_view letters) {
  BitBuffer bits{};
  for (size_t i = 0; i < kBase32Characters; ++i) {
    const size_t value = kBase32Alphabet.find(letters[i]);
    if (value == absl::string_view::npos) return Refused("it is neither six words nor base32");
    WriteBits(bits, i * 5, 5, static_cast<uint32_t>(value));
  }
  return bits;
}

}  // namespace

Fingerprint::Fingerprint(const Digest& digest) {
  std::copy_n(digest.bytes.begin(), bits_.size(), bits_.begin());
  bits_.back() &= 0xf0;
}

absl::StatusOr<Fingerprint> Fingerprint::Parse(absl::string_view text) {
  const std::string lower = absl::AsciiStrToLower(text);
  const std::vector<std::string> parts =
      absl::StrSplit(lower, absl::ByAnyChar(" -\n"), absl::SkipEmpty());
  const std::string joined = absl::StrJoin(parts, "");
  absl::StatusOr<BitBuffer> bits = Refused("it is neither six words nor base32");
  if (parts.size() == kWords) {
    bits = ParseWords(parts);
  } else if (joined.size() == kBase32Characters) {
    bits = ParseBase32(joined);
  }
  if (!bits.ok()) return bits.status();
  Fingerprint fingerprint;
  fingerprint.bits_ = *bits;
  return fingerprint;
}

std::string Fingerprint::Words() const {
  BitBuffer bits = bits_;
  WriteBits(bits, kBits, 2, CheckBits(bits_));
  std::vector<std::string> words;
  for (size_t i = 0; i < kWords; ++i) {
    words.push_back(PrintWord(ReadBits(bits, i * kBitsAWord, kBitsAWord)));
  }
  return absl::StrJoin(words, " ");
}

std::string Fingerprint::Base32() const {
  std::string text;
  for (size_t i = 0; i < kBase32Characters; ++i) {
    if (i != 0 && i % kBase32Group == 0) text.push_back('-');
    text.push_back(kBase32Alphabet[ReadBits(bits_, i * 5, 5)]);
  }
  return absl::AsciiStrToUpper(text);
}

}  // namespace shield
