#include "base/log.h"

#include <gtest/gtest.h>

#include "tests/support/captured_log.h"
#include "tests/support/fake_clock.h"

namespace shield {
namespace {

TEST(Log, WritesOneJsonObjectALine) {
  testing::CapturedLog sink;
  testing::FakeClock clock(absl::FromUnixMillis(1'741'000'000'123));
  Log(sink, clock, "publish_committed",
      {{"member", *MemberId::Parse("p1")},
       {"bytes", 4096},
       {"replayed", false},
       {"rule", "PUBLIC"},
       {"status", absl::StatusCode::kOk}});
  ASSERT_EQ(sink.lines().size(), 1u);
  EXPECT_EQ(sink.lines()[0],
            "{\"time\":\"2025-03-03T11:06:40.123Z\",\"event\":\"publish_committed\","
            "\"member\":\"p1\",\"bytes\":4096,\"replayed\":false,\"rule\":\"PUBLIC\","
            "\"status\":\"OK\"}");
}

// What a careless caller would want to log does not compile.
static_assert(!std::is_constructible_v<LogValue, std::string>);
static_assert(!std::is_constructible_v<LogValue, absl::string_view>);
static_assert(!std::is_constructible_v<LogValue, const char*>);
static_assert(!std::is_constructible_v<LogValue, char (&)[16]>);
static_assert(!std::is_constructible_v<LogWord, std::string>);
static_assert(!std::is_constructible_v<LogWord, absl::string_view>);
static_assert(!std::is_constructible_v<LogWord, const char*>);
static_assert(!std::is_constructible_v<LogWord, char (&)[16]>);
static_assert(std::is_constructible_v<LogWord, const char (&)[16]>);

}  // namespace
}  // namespace shield
