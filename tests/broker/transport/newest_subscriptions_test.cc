#include "broker/transport/newest_subscriptions.h"

#include <gtest/gtest.h>

namespace shield::broker {
namespace {

Digest Pin(uint32_t number) {
  Digest pin;
  pin.bytes[0] = static_cast<uint8_t>(number);
  pin.bytes[1] = static_cast<uint8_t>(number >> 8);
  return pin;
}

TEST(NewestSubscriptions, TheOldestBeyondTheLimitLosesItsPlace) {
  NewestSubscriptions subscriptions(2);
  const auto first = subscriptions.Take(Pin(1));
  const auto second = subscriptions.Take(Pin(1));
  EXPECT_FALSE(first->replaced());
  const auto third = subscriptions.Take(Pin(1));
  EXPECT_TRUE(first->replaced());
  EXPECT_FALSE(second->replaced());
  EXPECT_FALSE(third->replaced());
}

TEST(NewestSubscriptions, ThoseThatEndedDoNotCount) {
  NewestSubscriptions subscriptions(2);
  const auto first = subscriptions.Take(Pin(1));
  subscriptions.Take(Pin(1)).reset();
  const auto third = subscriptions.Take(Pin(1));
  EXPECT_FALSE(first->replaced());
}

TEST(NewestSubscriptions, KeysDoNotTouchEachOther) {
  NewestSubscriptions subscriptions(1);
  const auto first = subscriptions.Take(Pin(1));
  for (uint32_t i = 2; i < 5'000; ++i) subscriptions.Take(Pin(i));
  EXPECT_FALSE(first->replaced());
  const auto second = subscriptions.Take(Pin(1));
  EXPECT_TRUE(first->replaced());
}

}  // namespace
}  // namespace shield::broker
