// What a refusal of a line shows of it.
#include "policy/line_reader.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace shield {
namespace {

constexpr TextKind kKind = {"sample", "SAMPLE_MALFORMED", 4096};

TEST(LineReader, NamesTheLineAtFault) {
  LineReader lines = *LineReader::Create("first\nid XY\n", kKind);
  ASSERT_TRUE(lines.TakeWhole("first").ok());
  ASSERT_TRUE(lines.Take("id").ok());
  const absl::Status refused = lines.Refuse("the id is not 32 lowercase hex digits");
  EXPECT_EQ(refused.message(),
            "sample refused: line 2 `id XY`: the id is not 32 lowercase hex digits");
  EXPECT_EQ(RuleOf(refused), "SAMPLE_MALFORMED");
}

// A key file given for a network file, and a private key in the place of a public one.
TEST(LineReader, NeverRepeatsAPrivateKey) {
  for (absl::string_view line : {"AGE-SECRET-KEY-1CP9RHPSH", "seal age-secret-key-1CP9RHPSH",
                                 "PRIVATE+KEY+net/jan+c74f20a3+CP9RHPSH",
                                 "authority PRIVATE+KEY+net/jan+c74f20a3+CP9RHPSH"}) {
    const std::string text = absl::StrCat(line, "\n");
    LineReader lines = *LineReader::Create(text, kKind);
    const absl::Status left = lines.Finish();
    EXPECT_FALSE(absl::StrContains(left.ToString(), "CP9RHPSH")) << left;
    const absl::Status other = lines.Take("sample").status();
    EXPECT_FALSE(absl::StrContains(other.ToString(), "CP9RHPSH")) << other;
    EXPECT_TRUE(absl::StrContains(other.message(), "line 1 (a private key")) << other;
  }
}

// A file given by mistake is a passphrase as likely as anything else.
TEST(LineReader, NeverRepeatsAFileOfAnotherKind) {
  LineReader lines = *LineReader::Create("correct horse battery\n", kKind);
  const absl::Status refused = lines.TakeWhole("shield/sample/v1");
  EXPECT_FALSE(absl::StrContains(refused.ToString(), "horse")) << refused;
  EXPECT_TRUE(absl::StrContains(refused.message(), "`shield/sample/v1`")) << refused;
}

TEST(LineReader, ShowsTheBeginningOfALongLine) {
  const std::string text = std::string(4000, 'x') + "\n";
  LineReader lines = *LineReader::Create(text, kKind);
  EXPECT_LT(lines.TakeWhole("first").message().size(), 200U);
}

}  // namespace
}  // namespace shield
