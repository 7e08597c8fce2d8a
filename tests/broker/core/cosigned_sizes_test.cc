// Which size is shown as witnessed, which the next witness is asked for, and what is forgotten.
#include "broker/core/cosigned_sizes.h"

#include <gtest/gtest.h>

namespace shield::broker {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);

class CosignedSizesTest : public ::testing::Test {
 protected:
  bool Take(uint64_t size, const std::string& witness, absl::Time time = kNow) {
    return sizes_.Take(size, witness, {{witness, {}, {}}, time}, kQuorum);
  }

  static constexpr uint64_t kQuorum = 2;
  CosignedSizes sizes_;
};

TEST_F(CosignedSizesTest, TheNewestOfTheQuorumIsTheBest) {
  EXPECT_EQ(sizes_.Best(kQuorum), 0u);
  Take(10, "a");
  EXPECT_EQ(sizes_.Best(kQuorum), 10u);
  Take(10, "b");
  Take(20, "a");
  EXPECT_EQ(sizes_.Best(kQuorum), 10u);
  Take(20, "b");
  EXPECT_EQ(sizes_.Best(kQuorum), 20u);
  Take(30, "c");
  EXPECT_EQ(sizes_.Best(0), 30u);
}

TEST_F(CosignedSizesTest, TheSizeThatOneHasBegunWithIsOpenUntilItHasTheQuorum) {
  EXPECT_EQ(sizes_.Open(kQuorum), 0u);
  Take(10, "a");
  EXPECT_EQ(sizes_.Open(kQuorum), 10u);
  Take(10, "a", kNow + absl::Minutes(1));
  EXPECT_EQ(sizes_.Open(kQuorum), 10u);
  Take(10, "b");
  EXPECT_EQ(sizes_.Open(kQuorum), 0u);
}

// One that goes ahead alone does not call the others away from where they meet.
TEST_F(CosignedSizesTest, TheSizeThatMostHaveBegunIsTheOneToMeetAt) {
  constexpr uint64_t kThree = 3;
  Take(10, "a");
  Take(20, "stock");
  EXPECT_EQ(sizes_.Open(kThree), 10u);
  Take(10, "b");
  Take(30, "stock");
  EXPECT_EQ(sizes_.Open(kThree), 10u);
  Take(10, "c");
  EXPECT_EQ(sizes_.Best(kThree), 10u);
  EXPECT_EQ(sizes_.Open(kThree), 20u);
}

// Saying again what had to make room for newer ones is no news to be written down.
TEST_F(CosignedSizesTest, WhatHasToGoAtOnceIsNoNews) {
  for (uint64_t size = 100; size < 120; ++size) EXPECT_TRUE(Take(size, "fast"));
  EXPECT_FALSE(Take(100, "fast"));
  EXPECT_FALSE(sizes_.sizes().contains(100));
}

// Whatever one witness cosigns, and how fast: what the others have cosigned stays.
TEST_F(CosignedSizesTest, AFastWitnessPushesOutNobodysQuorum) {
  Take(10, "a");
  Take(10, "b");
  Take(11, "b");
  for (uint64_t size = 100; size < 200; ++size) Take(size, "fast");
  EXPECT_EQ(sizes_.Best(kQuorum), 10u);
  EXPECT_EQ(sizes_.sizes().at(10).size(), 2u);
  EXPECT_TRUE(sizes_.sizes().contains(11));
  EXPECT_EQ(sizes_.sizes().size(), 2 + CosignedSizes::kSizesOfOne);
  EXPECT_TRUE(sizes_.sizes().contains(199));
  EXPECT_FALSE(sizes_.sizes().contains(191));
}

TEST_F(CosignedSizesTest, OfOneWitnessTheBestIsKeptBesideTheNewest) {
  Take(10, "a");
  Take(10, "b");
  for (uint64_t size = 100; size < 200; ++size) Take(size, "a");
  EXPECT_EQ(sizes_.Best(kQuorum), 10u);
  EXPECT_EQ(sizes_.sizes().size(), 1 + CosignedSizes::kSizesOfOne);
}

TEST_F(CosignedSizesTest, AnOlderDateChangesNothing) {
  EXPECT_TRUE(Take(10, "a"));
  EXPECT_FALSE(Take(10, "a"));
  EXPECT_FALSE(Take(10, "a", kNow - absl::Seconds(1)));
  EXPECT_TRUE(Take(10, "a", kNow + absl::Seconds(1)));
}

TEST_F(CosignedSizesTest, AWitnessThatIsNoneAnyMoreDoesNotCount) {
  Take(10, "a");
  Take(10, "b");
  Take(20, "b");
  sizes_.Retain({"a"});
  EXPECT_EQ(sizes_.sizes().size(), 1u);
  EXPECT_EQ(sizes_.sizes().at(10).size(), 1u);
  EXPECT_EQ(sizes_.Open(kQuorum), 10u);
}

}  // namespace
}  // namespace shield::broker
