#include "client/digest/show/defang.h"

#include <gtest/gtest.h>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "client/text/clean_text.h"
#include "tests/client/digest/support/hostile_strings.h"

namespace shield {
namespace {

TEST(Defang, AnAddressIsOneNoLonger) {
  EXPECT_EQ(DefangIndicator("https://evil.example:8443/a.b"),
            "hxxps[:]//evil[.]example[:]8443/a[.]b");
  EXPECT_EQ(DefangIndicator("HTTP://EVIL.EXAMPLE"), "hxxp[:]//EVIL[.]EXAMPLE");
  EXPECT_EQ(DefangIndicator("ftp://evil.example"), "fxp[:]//evil[.]example");
  EXPECT_EQ(DefangIndicator("a@evil.example"), "a[@]evil[.]example");
  EXPECT_EQ(DefangIndicator("2001:db8::1"), "2001[:]db8[:][:]1");
  EXPECT_EQ(DefangIndicator("192.0.2.1"), "192[.]0[.]2[.]1");
}

TEST(Defang, OfAPatternOnlyWhatItLooksFor) {
  EXPECT_EQ(DefangIndicator("[domain-name:value = 'evil.example']"),
            "[domain-name:value = 'evil[.]example']");
  EXPECT_EQ(
      DefangIndicator("[url:value = 'https://e.example/'] AND [ipv4-addr:value = '192.0.2.1']"),
      "[url:value = 'hxxps[:]//e[.]example/'] AND [ipv4-addr:value = '192[.]0[.]2[.]1']");
  EXPECT_EQ(DefangIndicator("[file:hashes.'SHA-256' = 'aa00']"),
            "[file:hashes.'SHA-256' = 'aa00']");
  EXPECT_EQ(DefangIndicator("[x:y = 'it\\'s.bad']"), "[x:y = 'it\\'s[.]bad']");
}

TEST(Defang, WhatOnlyLooksLikeAPatternIsDefangedWhole) {
  EXPECT_EQ(DefangIndicator("[a:b = 'c'] http://e.example/"),
            "[a[:]b = 'c'] hxxp[:]//e[.]example/");
  EXPECT_EQ(DefangIndicator("[a:b = 'unclosed.example"), "[a[:]b = 'unclosed[.]example");
}

TEST(Defang, OfProseOnlyTheAddresses) {
  EXPECT_EQ(DefangProse("Beacon 4.5 to evil.example at 12:30."),
            "Beacon 4.5 to evil[.]example at 12:30.");
  EXPECT_EQ(DefangProse("see http://x/ or a@b or 192.0.2.1"),
            "see hxxp[:]//x/ or a[@]b or 192[.]0[.]2[.]1");
  EXPECT_EQ(DefangProse(""), "");
}

TEST(Defang, WhatIsDefangedStaysAsItIs) {
  for (const HostileString& hostile : HostileStrings()) {
    const std::string once = DefangIndicator(CleanLine(hostile.text));
    EXPECT_EQ(DefangIndicator(once), once) << hostile.text;
    EXPECT_FALSE(absl::StrContains(once, "://")) << once;
    EXPECT_FALSE(absl::StartsWith(absl::AsciiStrToLower(once), "http")) << once;
  }
}

}  // namespace
}  // namespace shield
