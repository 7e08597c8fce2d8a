#include "crypto/opening/armor.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/base64.h"
#include "crypto/opening/age_failure.h"

namespace shield {
namespace {

constexpr absl::string_view kBegin = "-----BEGIN AGE ENCRYPTED FILE-----\n";
constexpr absl::string_view kEnd = "-----END AGE ENCRYPTED FILE-----\n";

std::string Armored(ByteSpan bytes) {
  std::string text(kBegin);
  for (; !bytes.empty(); bytes = bytes.subspan(std::min<size_t>(48, bytes.size()))) {
    const ByteSpan line = bytes.first(std::min<size_t>(48, bytes.size()));
    absl::StrAppend(&text, Base64Encode(line, Base64Form::kPadded), "\n");
  }
  return absl::StrCat(text, kEnd);
}

absl::StatusOr<Bytes> Decode(absl::string_view text, size_t piece = 1000) {
  Bytes out;
  ArmorDecoder decoder([&out](ByteSpan bytes) {
    Append(out, bytes);
    return absl::OkStatus();
  });
  for (size_t at = 0; at < text.size(); at += piece) {
    const absl::Status status = decoder.Write(AsBytes(text.substr(at, piece)));
    if (!status.ok()) return status;
  }
  const absl::Status status = decoder.Finish();
  if (!status.ok()) return status;
  return out;
}

void ExpectRefused(absl::string_view text) {
  EXPECT_EQ(AgeFailureOf(Decode(text).status()), AgeFailure::kArmor) << text;
}

TEST(Armor, DecodesFilesOfAnyLengthCutAnywhere) {
  for (const size_t size : {0u, 1u, 47u, 48u, 49u, 96u, 500u}) {
    const Bytes bytes(size, 0x33);
    for (const size_t piece : {1u, 7u, 1000u}) EXPECT_EQ(*Decode(Armored(bytes), piece), bytes);
  }
}

TEST(Armor, TakesCarriageReturnsAndAMissingLastLineFeed) {
  const Bytes bytes(100, 1);
  const std::string text = Armored(bytes);
  EXPECT_EQ(*Decode(absl::StrReplaceAll(text, {{"\n", "\r\n"}})), bytes);
  EXPECT_EQ(*Decode(text.substr(0, text.size() - 1)), bytes);
}

TEST(Armor, TakesWhitespaceAroundItUpToTheLimit) {
  const Bytes bytes(100, 1);
  const std::string text = Armored(bytes);
  EXPECT_EQ(*Decode(absl::StrCat("\n\r \t\n", text, "\n \r\n")), bytes);
  EXPECT_EQ(*Decode(std::string(kMaxArmorWhitespace, '\n') + text), bytes);
  EXPECT_EQ(*Decode(text + std::string(kMaxArmorWhitespace, '\n')), bytes);
  ExpectRefused(std::string(kMaxArmorWhitespace + 1, '\n') + text);
  ExpectRefused(text + std::string(kMaxArmorWhitespace + 1, '\n'));
  ExpectRefused(std::string(10 * kMaxArmorWhitespace, ' ') + "\n" + text);
}

TEST(Armor, RefusesEverythingElse) {
  const std::string line = std::string(64, 'A') + "\n";
  const auto body = [](absl::string_view lines) { return absl::StrCat(kBegin, lines, kEnd); };
  ExpectRefused("");
  ExpectRefused("age-encryption.org/v1\n");
  ExpectRefused(absl::StrCat(" ", Armored(Bytes(10, 1))));
  ExpectRefused(absl::StrCat("text\n", Armored(Bytes(10, 1))));
  ExpectRefused(absl::StrCat(Armored(Bytes(10, 1)), "text\n"));
  ExpectRefused(absl::StrCat(Armored(Bytes(10, 1)), Armored(Bytes(10, 1))));
  ExpectRefused(absl::StrCat(kBegin, line));
  ExpectRefused(body("\n" + line));
  ExpectRefused(body(line + "\n"));
  ExpectRefused(body("AAAA\n" + line));
  ExpectRefused(body("AAA=\n" + line));
  ExpectRefused(body(std::string(68, 'A') + "\n"));
  ExpectRefused(body("AA\n"));
  ExpectRefused(body("AB==\n"));
  ExpectRefused(body("AAA=\n=\n"));
  ExpectRefused(body(" " + line));
  ExpectRefused(body("AAAA \n"));
  ExpectRefused(body("AA*A\n"));
  ExpectRefused(
      body("AA\x80"
           "A\n"));
}

TEST(Armor, LooksArmoredByItsFirstLine) {
  EXPECT_TRUE(LooksArmored(AsBytes(Armored(Bytes(3, 1)))));
  EXPECT_TRUE(LooksArmored(AsBytes("\n  -----BEGIN OTHER")));
  EXPECT_FALSE(LooksArmored(AsBytes("age-encryption.org/v1")));
  EXPECT_FALSE(LooksArmored(AsBytes("# created: 2026")));
}

}  // namespace
}  // namespace shield
