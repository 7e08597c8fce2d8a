#include "broker/transport/refusal_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/captured_log.h"
#include "tests/support/fake_clock.h"

namespace shield::broker {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

TEST(RefusalLog, WritesTenLinesASecondAndCountsTheRest) {
  testing::FakeClock clock;
  testing::CapturedLog lines;
  RefusalLog log(lines, clock);
  for (int i = 0; i < 1'000; ++i) log.Report("unknown_key", Digest{});
  EXPECT_THAT(lines.lines(), SizeIs(RefusalLog::kLinesPerSecond));
  clock.Advance(absl::Seconds(1));
  log.Report("not_tls");
  ASSERT_THAT(lines.lines(), SizeIs(RefusalLog::kLinesPerSecond + 1));
  EXPECT_THAT(lines.lines().back(), HasSubstr("\"unlogged\":990"));
}

}  // namespace
}  // namespace shield::broker
