#include "crypto/padding.h"

#include <gtest/gtest.h>

#include <cmath>

namespace shield {
namespace {

// The formula as the paper writes it, in floating point, for sizes small enough for that.
uint64_t AsPublished(uint64_t bytes) {
  const auto exponent = static_cast<uint64_t>(std::floor(std::log2(static_cast<double>(bytes))));
  const auto kept = static_cast<uint64_t>(std::floor(std::log2(static_cast<double>(exponent)))) + 1;
  const uint64_t mask = (uint64_t{1} << (exponent - kept)) - 1;
  return (bytes + mask) & ~mask;
}

TEST(Padme, NothingIsSmallerThanTheFloor) {
  EXPECT_EQ(PadmeSize(0), 4096u);
  EXPECT_EQ(PadmeSize(1), 4096u);
  EXPECT_EQ(PadmeSize(4095), 4096u);
  EXPECT_EQ(PadmeSize(4096), 4096u);
  EXPECT_EQ(PadmeSize(4097), 4352u);
}

TEST(Padme, FollowsThePublishedFormulaAboveTheFloor) {
  for (uint64_t bytes = 4097; bytes < 4'000'000; bytes += bytes / 997 + 1) {
    EXPECT_EQ(PadmeSize(bytes), AsPublished(bytes)) << bytes;
  }
}

TEST(Padme, CostsAtMostTwelvePercentAndIsStable) {
  for (uint64_t bytes = 4097; bytes < uint64_t{1} << 60; bytes += bytes / 31 + 1) {
    const uint64_t padded = PadmeSize(bytes);
    EXPECT_GE(padded, bytes);
    EXPECT_LE(static_cast<double>(padded), static_cast<double>(bytes) * 1.12) << bytes;
    EXPECT_EQ(PadmeSize(padded), padded) << bytes;
  }
}

TEST(Padme, RefusesSizesThatCannotBe) {
  EXPECT_GE(PadmeSize(uint64_t{1} << 62), uint64_t{1} << 62);
  EXPECT_DEATH(PadmeSize((uint64_t{1} << 62) + 1), "check failed");
}

TEST(PadContent, FillsUpWithLineFeedsThatJsonIgnores) {
  const std::string padded = PadContent("{}");
  EXPECT_EQ(padded.size(), 4096u);
  EXPECT_EQ(padded.substr(0, 3), "{}\n");
  EXPECT_EQ(padded.find_first_not_of('\n', 2), std::string::npos);
  EXPECT_EQ(PadContent(std::string(5000, 'x')).size(), PadmeSize(5000));
}

}  // namespace
}  // namespace shield
