#include "base/status.h"

#include <gtest/gtest.h>

namespace shield {
namespace {

absl::StatusOr<int> Half(int number) {
  if (number % 2 != 0) return WithRule(absl::InvalidArgumentError("odd"), "ODD");
  return number / 2;
}

absl::StatusOr<int> Quarter(int number) {
  ASSIGN_OR_RETURN(const int half, Half(number));
  ASSIGN_OR_RETURN(const int quarter, Half(half));
  return quarter;
}

TEST(Status, MacrosPassValuesAndErrorsOn) {
  EXPECT_EQ(*Quarter(8), 2);
  EXPECT_EQ(RuleOf(Quarter(6).status()), "ODD");
}

TEST(Status, AnnotatingKeepsCodeAndDetails) {
  absl::Status status = absl::AbortedError("directory moved");
  status = WithRetryDelay(WithHint(WithRule(status, "STALE"), "refresh"), absl::Milliseconds(250));
  status = Annotate(status, "publish");
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(status.message(), "publish: directory moved");
  EXPECT_EQ(RuleOf(status), "STALE");
  EXPECT_EQ(HintOf(status), "refresh");
  EXPECT_EQ(RetryDelayOf(status), absl::Milliseconds(250));
}

TEST(Status, OkCarriesNothing) {
  EXPECT_TRUE(Annotate(WithRule(absl::OkStatus(), "X"), "y").ok());
  EXPECT_EQ(RuleOf(absl::OkStatus()), "");
  EXPECT_FALSE(RetryDelayOf(absl::OkStatus()).has_value());
}

}  // namespace
}  // namespace shield
