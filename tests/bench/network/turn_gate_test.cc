#include "tests/bench/network/turn_gate.h"

#include <thread>

#include "gtest/gtest.h"

namespace shield::testing {
namespace {

TEST(TurnGate, OpensWhenTheLastReaderHasTheLastEntry) {
  TurnGate gate(2);
  gate.Begin(10);
  const absl::Time first = absl::FromUnixSeconds(100);
  const absl::Time second = absl::FromUnixSeconds(200);
  gate.Note(0, 10, first);
  EXPECT_TRUE(absl::IsDeadlineExceeded(gate.Wait(absl::ZeroDuration()).status()));
  gate.Note(0, 9, first);
  EXPECT_TRUE(absl::IsDeadlineExceeded(gate.Wait(absl::ZeroDuration()).status()));
  gate.Note(9, 10, second);
  EXPECT_EQ(*gate.Wait(absl::ZeroDuration()), second);
}

TEST(TurnGate, CountsAReaderOnceInATurnAndAnewInTheNext) {
  TurnGate gate(1);
  gate.Begin(5);
  gate.Note(4, 5, absl::FromUnixSeconds(1));
  EXPECT_TRUE(gate.Wait(absl::ZeroDuration()).ok());
  gate.Begin(6);
  EXPECT_TRUE(absl::IsDeadlineExceeded(gate.Wait(absl::ZeroDuration()).status()));
  gate.Note(5, 5, absl::FromUnixSeconds(2));
  EXPECT_TRUE(absl::IsDeadlineExceeded(gate.Wait(absl::ZeroDuration()).status()));
  gate.Note(5, 6, absl::FromUnixSeconds(3));
  EXPECT_EQ(*gate.Wait(absl::ZeroDuration()), absl::FromUnixSeconds(3));
}

TEST(TurnGate, WakesWhoeverWaits) {
  TurnGate gate(1);
  gate.Begin(1);
  std::thread reader([&] { gate.Note(0, 1, absl::FromUnixSeconds(1)); });
  EXPECT_TRUE(gate.Wait(absl::Seconds(30)).ok());
  reader.join();
}

TEST(TurnGate, TellsWhyATurnCannotEnd) {
  TurnGate gate(2);
  gate.Begin(1);
  gate.Note(0, 1, absl::FromUnixSeconds(1));
  std::thread reader([&] { gate.Fail(absl::UnavailableError("cut off")); });
  EXPECT_EQ(gate.Wait(absl::Seconds(30)).status(), absl::UnavailableError("cut off"));
  reader.join();
}

}  // namespace
}  // namespace shield::testing
