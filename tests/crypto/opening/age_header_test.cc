#include "crypto/opening/age_header.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "crypto/opening/age_failure.h"

namespace shield {
namespace {

const std::string kMacLine = absl::StrCat("--- ", std::string(43, 'A'), "\n");

std::string Header(absl::string_view stanzas) {
  return absl::StrCat("age-encryption.org/v1\n", stanzas, kMacLine);
}

void ExpectRefused(const std::string& text) {
  EXPECT_EQ(AgeFailureOf(ParseAgeHeader(text).status()), AgeFailure::kHeader) << text;
}

TEST(AgeHeader, ReadsStanzasWithBodiesOfAnyLengthAndPrintsThemAgain) {
  for (const size_t size : {0u, 1u, 47u, 48u, 49u, 96u, 1000u}) {
    AgeHeader header;
    header.stanzas.push_back({"kind", {"with", "arguments~!"}, Bytes(size, 0x5a)});
    header.stanzas.push_back({"bare", {}, Bytes(size, 0xa5)});
    header.mac.fill(7);
    const std::string text = PrintAgeHeader(header);
    const auto parsed = ParseAgeHeader(text);
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    ASSERT_EQ(parsed->stanzas.size(), 2u);
    EXPECT_EQ(parsed->stanzas[0].type, "kind");
    EXPECT_EQ(parsed->stanzas[0].arguments, (std::vector<std::string>{"with", "arguments~!"}));
    EXPECT_EQ(parsed->stanzas[0].body, Bytes(size, 0x5a));
    EXPECT_EQ(PrintAgeHeader(*parsed), text);
  }
}

TEST(AgeHeader, RefusesWhatIsNotAHeader) {
  ExpectRefused("");
  ExpectRefused("age-encryption.org/v1\n");
  ExpectRefused("age-encryption.org/v2\n-> a\n\n" + kMacLine);
  ExpectRefused(Header(""));
  ExpectRefused(Header("-> a\n\n") + "\n");
  ExpectRefused(Header("-> a\r\n\r\n"));
}

TEST(AgeHeader, RefusesMalformedStanzas) {
  ExpectRefused(Header("-> \n\n"));
  ExpectRefused(Header("-> a  b\n\n"));
  ExpectRefused(Header("-> a \n\n"));
  ExpectRefused(Header("->a\n\n"));
  ExpectRefused(Header("-> a\x7f\n\n"));
  ExpectRefused(Header("-> \xc3\xa9\n\n"));
  ExpectRefused(Header("-> a\n"));
  ExpectRefused(Header("-> a\nAA==\n"));
  ExpectRefused(Header("-> a\nAB\n"));
  ExpectRefused(Header(absl::StrCat("-> a\n", std::string(64, 'A'), "\n")));
  ExpectRefused(Header(absl::StrCat("-> a\n", std::string(68, 'A'), "\n\n")));
}

TEST(AgeHeader, RefusesMalformedMacs) {
  const std::string start = "age-encryption.org/v1\n-> a\n\n";
  const std::string value(43, 'A');
  EXPECT_TRUE(ParseAgeHeader(start + "--- " + value + "\n").ok());
  ExpectRefused(start + "---\n");
  ExpectRefused(start + "---" + value + "\n");
  ExpectRefused(start + "---  " + value + "\n");
  ExpectRefused(start + "--- " + value + " \n");
  ExpectRefused(start + "--- " + value);
  ExpectRefused(start + "--- " + value + "=\n");
  ExpectRefused(start + "--- " + value.substr(1) + "B\n");
}

TEST(AgeHeader, IsFoundOnceItIsWhole) {
  const std::string header = Header("-> a\n\n");
  const std::string file = header + "payload";
  for (size_t size = 0; size < header.size(); ++size) {
    EXPECT_EQ(*FindAgeHeader(AsBytes(file).first(size)), 0u) << size;
  }
  EXPECT_EQ(*FindAgeHeader(AsBytes(header)), header.size());
  EXPECT_EQ(*FindAgeHeader(AsBytes(file)), header.size());
  EXPECT_EQ(AgeFailureOf(FindAgeHeader(AsBytes("agf")).status()), AgeFailure::kHeader);
}

TEST(AgeHeader, MayBeAMebibyteLongAndNoLonger) {
  std::string stanzas;
  const size_t room = kMaxAgeHeaderSize - Header("").size();
  while (stanzas.size() + 65 < room) absl::StrAppend(&stanzas, "-> a\n\n");
  const size_t left = room - stanzas.size();
  absl::StrAppend(&stanzas, "-> ", std::string(left - 5, 'a'), "\n\n");
  const std::string longest = Header(stanzas);
  ASSERT_EQ(longest.size(), kMaxAgeHeaderSize);
  EXPECT_TRUE(ParseAgeHeader(longest).ok());
  EXPECT_EQ(*FindAgeHeader(AsBytes(longest)), longest.size());

  const std::string beyond = Header("-> a\n\n" + stanzas);
  EXPECT_EQ(AgeFailureOf(ParseAgeHeader(beyond).status()), AgeFailure::kHeader);
  EXPECT_EQ(AgeFailureOf(FindAgeHeader(AsBytes(beyond)).status()), AgeFailure::kHeader);
}

}  // namespace
}  // namespace shield
