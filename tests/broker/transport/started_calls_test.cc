#include "broker/transport/started_calls.h"

#include <gtest/gtest.h>

namespace shield::broker {
namespace {

constexpr absl::Time kStart = absl::FromUnixSeconds(1'790'000'000);

Digest Pin(uint8_t first) {
  Digest pin;
  pin.bytes[0] = first;
  return pin;
}

TEST(StartedCalls, OneTooManyWaitingIsRefused) {
  StartedCalls calls(2);
  EXPECT_TRUE(calls.Start(Pin(1), kStart));
  EXPECT_TRUE(calls.Start(Pin(1), kStart));
  EXPECT_FALSE(calls.Start(Pin(1), kStart));
  EXPECT_TRUE(calls.Start(Pin(2), kStart));
}

TEST(StartedCalls, ThoseThatBeginWaitNoLonger) {
  StartedCalls calls(1);
  for (int i = 0; i < 1'000; ++i) {
    ASSERT_TRUE(calls.Start(Pin(1), kStart));
    calls.Begin(Pin(1));
  }
  calls.Begin(Pin(1));
  EXPECT_TRUE(calls.Start(Pin(1), kStart));
  EXPECT_FALSE(calls.Start(Pin(1), kStart));
}

TEST(StartedCalls, ThoseThatNeverBeginAreForgivenSlowly) {
  StartedCalls calls(4);
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(calls.Start(Pin(1), kStart));
  EXPECT_FALSE(calls.Start(Pin(1), kStart));
  EXPECT_TRUE(calls.Start(Pin(1), kStart + absl::Milliseconds(250)));
  EXPECT_FALSE(calls.Start(Pin(1), kStart + absl::Milliseconds(250)));
}

}  // namespace
}  // namespace shield::broker
