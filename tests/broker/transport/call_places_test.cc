#include "broker/transport/call_places.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/status.h"

namespace shield::broker {
namespace {

TEST(CallPlaces, OneTooManyOfAMemberIsRefusedWithADelay) {
  CallPlaces places({.all = 10, .each = 2});
  const auto first = places.Take("desk", false);
  auto second = places.Take("desk", false);
  ASSERT_TRUE(first.ok() && second.ok());
  const auto third = places.Take("desk", false);
  EXPECT_TRUE(absl::IsResourceExhausted(third.status()));
  EXPECT_EQ(RuleOf(third.status()), "RATE_LIMITED");
  EXPECT_TRUE(RetryDelayOf(third.status()).has_value());
  EXPECT_TRUE(places.Take("other", false).ok());
  second->reset();
  EXPECT_TRUE(places.Take("desk", false).ok());
}

TEST(CallPlaces, OneTooManyOfAllIsRefused) {
  CallPlaces places({.all = 2, .each = 2});
  const auto first = places.Take("a", false);
  const auto second = places.Take("b", true);
  EXPECT_EQ(RuleOf(places.Take("c", false).status()), "RATE_LIMITED");
  EXPECT_EQ(RuleOf(places.Take("c", true).status()), "RATE_LIMITED");
}

TEST(CallPlaces, SomeAreForTheAuthorityAlone) {
  CallPlaces places({.all = 3, .each = 3, .authority = 1});
  const auto first = places.Take("a", false);
  const auto second = places.Take("b", false);
  EXPECT_FALSE(places.Take("c", false).ok());
  auto vetting = places.Take("vetting", true);
  EXPECT_TRUE(vetting.ok());
  EXPECT_FALSE(places.Take("vetting", true).ok());
  vetting->reset();
  EXPECT_FALSE(places.Take("c", false).ok());
}

}  // namespace
}  // namespace shield::broker
