#include "broker/transport/transfer_pace.h"

#include <gtest/gtest.h>

namespace shield::broker {
namespace {

constexpr absl::Time kStart = absl::FromUnixSeconds(1'790'000'000);
constexpr absl::Duration kNoTime = absl::Nanoseconds(1);
constexpr PaceLimits kUpload = {.first = absl::Seconds(5)};

TEST(TransferPace, TheFirstMessageHasToComeSoon) {
  TransferPace pace(kUpload);
  pace.WaitSince(kStart);
  EXPECT_EQ(pace.FaultAt(kStart + absl::Seconds(5) - kNoTime), "");
  EXPECT_EQ(pace.FaultAt(kStart + absl::Seconds(5)), "it did not begin in time");
}

TEST(TransferPace, SilenceHasALimit) {
  TransferPace pace(kUpload);
  pace.WaitSince(kStart);
  pace.Moved(1'000'000, kStart);
  pace.WaitSince(kStart);
  EXPECT_EQ(pace.FaultAt(kStart + absl::Seconds(60) - kNoTime), "");
  EXPECT_EQ(pace.FaultAt(kStart + absl::Seconds(60)), "it stood still for too long");
}

TEST(TransferPace, AMessageAMinuteIsTooSlow) {
  TransferPace pace(kUpload);
  absl::Time now = kStart;
  for (int i = 0; i < 2; ++i) {
    pace.WaitSince(now);
    if (i > 0) now += absl::Seconds(59);
    pace.Moved(10, now);
  }
  pace.WaitSince(now);
  EXPECT_EQ(pace.FaultAt(now), "");
  EXPECT_EQ(pace.FaultAt(now + absl::Seconds(59)), "it was slower than the least rate");
}

TEST(TransferPace, TheLeastRateIsEnoughUntilTheTotalIsUsedUp) {
  constexpr absl::Duration kChunkTime = absl::Seconds(16);  // 64 KiB at 4 KiB a second
  TransferPace pace(kUpload);
  absl::Time now = kStart;
  pace.WaitSince(now);
  pace.Moved(65'536, now);
  while (now + kChunkTime < kStart + absl::Hours(2)) {
    pace.WaitSince(now);
    now += kChunkTime;
    EXPECT_EQ(pace.FaultAt(now), "");
    pace.Moved(65'536, now);
  }
  pace.WaitSince(now);
  EXPECT_EQ(pace.FaultAt(kStart + absl::Hours(2)), "it took too long");
}

TEST(TransferPace, TheBrokersOwnTimeDoesNotCount) {
  TransferPace pace(kUpload);
  pace.WaitSince(kStart);
  pace.Moved(1, kStart);
  EXPECT_EQ(pace.FaultAt(kStart + absl::Hours(3)), "");
  pace.WaitSince(kStart + absl::Hours(3));
  EXPECT_EQ(pace.FaultAt(kStart + absl::Hours(3) + absl::Seconds(59)), "");
}

}  // namespace
}  // namespace shield::broker
