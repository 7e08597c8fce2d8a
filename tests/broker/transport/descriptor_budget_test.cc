#include "broker/transport/descriptor_budget.h"

#include <gtest/gtest.h>

namespace shield::broker {
namespace {

constexpr uint64_t kStoreFiles = 512;

size_t OpenWithin(uint64_t descriptors) {
  const auto limits = WithinDescriptors({}, descriptors, kStoreFiles);
  return limits.ok() ? limits->open : 0;
}

TEST(DescriptorBudget, GivesEachConnectionTwoOfWhatIsLeft) {
  EXPECT_EQ(OpenWithin(65'536), 12'000U);
  EXPECT_EQ(OpenWithin(4'096), (4'096U - kStoreFiles - 256 - 2 * 16) / 2);
}

TEST(DescriptorBudget, RefusesALimitThatWouldLockMembersOut) {
  const uint64_t least = kStoreFiles + 256 + 2 * 16 + 2 * kLeastConnections;
  EXPECT_EQ(OpenWithin(least), kLeastConnections);
  const absl::Status refused = WithinDescriptors({}, least - 1, kStoreFiles).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(refused)) << refused;
  EXPECT_EQ(OpenWithin(0), 0U);
}

}  // namespace
}  // namespace shield::broker
