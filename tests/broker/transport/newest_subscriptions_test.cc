#include "broker/transport/newest_subscriptions.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace shield::broker {
namespace {

std::string Member(uint32_t number) { return absl::StrCat("member-", number); }

TEST(NewestSubscriptions, TheOldestBeyondTheLimitLosesItsPlace) {
  NewestSubscriptions subscriptions(2);
  const auto first = subscriptions.Take(Member(1));
  const auto second = subscriptions.Take(Member(1));
  EXPECT_FALSE(first->replaced());
  const auto third = subscriptions.Take(Member(1));
  EXPECT_TRUE(first->replaced());
  EXPECT_FALSE(second->replaced());
  EXPECT_FALSE(third->replaced());
}

TEST(NewestSubscriptions, ThoseThatEndedDoNotCount) {
  NewestSubscriptions subscriptions(2);
  const auto first = subscriptions.Take(Member(1));
  subscriptions.Take(Member(1)).reset();
  const auto third = subscriptions.Take(Member(1));
  EXPECT_FALSE(first->replaced());
}

TEST(NewestSubscriptions, MembersDoNotTouchEachOther) {
  NewestSubscriptions subscriptions(1);
  const auto first = subscriptions.Take(Member(1));
  for (uint32_t i = 2; i < 5'000; ++i) subscriptions.Take(Member(i));
  EXPECT_FALSE(first->replaced());
  const auto second = subscriptions.Take(Member(1));
  EXPECT_TRUE(first->replaced());
}

}  // namespace
}  // namespace shield::broker
