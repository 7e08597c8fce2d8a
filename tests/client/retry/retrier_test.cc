#include "client/retry/retrier.h"

#include <gtest/gtest.h>

#include "base/status.h"
#include "tests/support/fake_clock.h"
#include "tests/support/seeded_random.h"

namespace shield::testing {
namespace {

class RetrierTest : public ::testing::Test {
 protected:
  FakeClock clock_;
  SeededRandom random_{1};
  Retrier retrier_{clock_, random_, {absl::Seconds(10), absl::Milliseconds(100), absl::Seconds(5)}};
};

TEST_F(RetrierTest, ASuccessIsReturnedAtOnce) {
  const absl::Time before = clock_.Now();
  EXPECT_TRUE(retrier_.Run([](absl::Duration) { return absl::OkStatus(); }).ok());
  EXPECT_EQ(clock_.Now(), before);
}

TEST_F(RetrierTest, WhatTryingAgainCannotMendIsReturnedAtOnce) {
  int calls = 0;
  for (const absl::Status& status :
       {absl::DataLossError("x"), absl::PermissionDeniedError("x"), absl::UnauthenticatedError("x"),
        absl::AbortedError("x"), absl::ResourceExhaustedError("no delay named")}) {
    EXPECT_EQ(retrier_.Run([&](absl::Duration) {
      ++calls;
      return status;
    }),
              status);
  }
  EXPECT_EQ(calls, 5);
}

TEST_F(RetrierTest, AttemptsEndWithTheDeadlineAndTheLastErrorIsGiven) {
  const absl::Time before = clock_.Now();
  int calls = 0;
  const absl::Status status = retrier_.Run([&](absl::Duration left) {
    ++calls;
    EXPECT_GT(left, absl::ZeroDuration());
    return absl::UnavailableError("away");
  });
  EXPECT_TRUE(absl::IsUnavailable(status));
  EXPECT_LT(clock_.Now() - before, absl::Seconds(10));
  EXPECT_GT(calls, 4);
  EXPECT_LT(calls, 12);
}

// A clock that somebody sets back by an hour at its second reading.
class SetBackClock final : public Clock {
 public:
  absl::Time Now() override {
    if (++readings_ == 2) clock_.Advance(-absl::Hours(1));
    return clock_.Now();
  }
  void Sleep(absl::Duration duration) override {
    slept_ += duration;
    clock_.Sleep(duration);
  }
  absl::Duration slept() const { return slept_; }

 private:
  FakeClock clock_;
  int readings_ = 0;
  absl::Duration slept_ = absl::ZeroDuration();
};

TEST_F(RetrierTest, AClockThatIsSetBackMakesNobodyWaitForLonger) {
  SetBackClock clock;
  Retrier retrier(clock, random_, {absl::Seconds(10), absl::Milliseconds(100), absl::Seconds(5)});
  EXPECT_TRUE(retrier.Wait(absl::Seconds(2)));
  EXPECT_EQ(clock.slept(), absl::Seconds(2));
}

TEST_F(RetrierTest, AClockThatIsSetBackGivesNoMoreAttempts) {
  SetBackClock clock;
  Retrier retrier(clock, random_, {absl::Seconds(10), absl::Milliseconds(100), absl::Seconds(5)});
  const absl::Status status = retrier.Run([](absl::Duration left) {
    EXPECT_LE(left, absl::Seconds(10));
    return absl::UnavailableError("away");
  });
  EXPECT_TRUE(absl::IsUnavailable(status));
  EXPECT_LE(clock.slept(), absl::Seconds(10));
}

TEST_F(RetrierTest, WaitsGrowAndAreShortenedByUpToHalf) {
  for (int failures = 0; failures < 12; ++failures) {
    const absl::Duration full =
        std::min(absl::Milliseconds(100) * (1 << failures), absl::Seconds(5));
    for (int i = 0; i < 50; ++i) {
      const absl::Duration delay = retrier_.Delay(failures, absl::UnavailableError(""));
      EXPECT_LE(delay, full);
      EXPECT_GE(delay, full / 2);
    }
  }
}

TEST_F(RetrierTest, ADelayTheBrokerAsksForIsKept) {
  const absl::Status busy = WithRetryDelay(absl::ResourceExhaustedError("busy"), absl::Seconds(3));
  EXPECT_EQ(retrier_.Delay(0, busy), absl::Seconds(3));
  int calls = 0;
  const absl::Time before = clock_.Now();
  EXPECT_TRUE(
      retrier_.Run([&](absl::Duration) { return ++calls < 3 ? busy : absl::OkStatus(); }).ok());
  EXPECT_EQ(clock_.Now() - before, absl::Seconds(6));
}

}  // namespace
}  // namespace shield::testing
