#include "proto/wire/status_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/status.h"
#include "proto/wire/limits.h"
#include "shield/v1/error.pb.h"

namespace shield::wire {
namespace {

using ::testing::IsEmpty;

TEST(StatusMap, EveryCodeComesBackAsItself) {
  for (int code = 0; code <= 16; ++code) {
    const absl::Status status(static_cast<absl::StatusCode>(code), code == 0 ? "" : "why");
    EXPECT_EQ(FromGrpc(ToGrpc(status)), status);
    EXPECT_EQ(static_cast<int>(ToGrpc(status).error_code()), code);
  }
}

TEST(StatusMap, RuleHintAndDelayComeBack) {
  absl::Status status = WithRule(absl::AbortedError("the directory moved"), "DIRECTORY_MOVED");
  status = WithRetryDelay(WithHint(status, "seal again"), absl::Milliseconds(1500));
  EXPECT_EQ(FromGrpc(ToGrpc(status)), status);
}

TEST(StatusMap, CodesNobodyKnowsAreUnknown) {
  const grpc::Status odd(static_cast<grpc::StatusCode>(17), "odd");
  EXPECT_TRUE(absl::IsUnknown(FromGrpc(odd)));
}

TEST(StatusMap, LongTextsAreCutBetweenCharacters) {
  std::string text(kMaxErrorMessageBytes - 1, 'x');
  text += "\u00e9";  // two bytes, one of them past the limit
  const absl::Status status = WithHint(absl::InternalError(text), text);
  const absl::Status back = FromGrpc(ToGrpc(status));
  EXPECT_EQ(back.message(), std::string(kMaxErrorMessageBytes - 1, 'x'));
  EXPECT_EQ(HintOf(back), std::string(kMaxHintBytes - 1, 'x'));
}

TEST(StatusMap, TextsAsLongAsTheLimitAreKept) {
  const std::string text(kMaxErrorMessageBytes, 'x');
  EXPECT_EQ(FromGrpc(ToGrpc(absl::InternalError(text))).message(), text);
}

// A status with `details` packed the way a peer might.
grpc::Status WithDetails(const v1::Status& packed) {
  return grpc::Status(grpc::StatusCode::ABORTED, "why", packed.SerializeAsString());
}

v1::Status Packed(const v1::ErrorDetail& detail) {
  v1::Status packed;
  v1::PackedDetail& any = *packed.add_details();
  any.set_type_url("type.googleapis.com/shield.v1.ErrorDetail");
  any.set_value(detail.SerializeAsString());
  return packed;
}

TEST(StatusMap, DetailsOfOtherShapesAreDropped) {
  v1::ErrorDetail detail;
  detail.set_rule("DIRECTORY_MOVED");
  EXPECT_EQ(RuleOf(FromGrpc(WithDetails(Packed(detail)))), "DIRECTORY_MOVED");

  v1::Status twice = Packed(detail);
  *twice.add_details() = twice.details(0);
  EXPECT_THAT(RuleOf(FromGrpc(WithDetails(twice))), IsEmpty());
  v1::Status other = Packed(detail);
  other.mutable_details(0)->set_type_url("type.googleapis.com/google.rpc.RetryInfo");
  EXPECT_THAT(RuleOf(FromGrpc(WithDetails(other))), IsEmpty());
  const auto rule_in = [](const std::string& details) {
    return RuleOf(FromGrpc(grpc::Status(grpc::StatusCode::ABORTED, "why", details)));
  };
  const std::string unknown_field("\x7a\x01x", 3);
  EXPECT_EQ(rule_in(Packed(detail).SerializeAsString()), "DIRECTORY_MOVED");
  EXPECT_THAT(rule_in(Packed(detail).SerializeAsString() + unknown_field), IsEmpty());
  v1::Status longer = Packed(detail);
  longer.mutable_details(0)->mutable_value()->append(unknown_field);
  EXPECT_THAT(rule_in(longer.SerializeAsString()), IsEmpty());
  v1::Status merged = Packed(detail);
  merged.mutable_details(0)->mutable_value()->append(detail.SerializeAsString());
  EXPECT_THAT(rule_in(merged.SerializeAsString()), IsEmpty());
  EXPECT_THAT(RuleOf(FromGrpc(grpc::Status(grpc::StatusCode::ABORTED, "why", "garbage"))),
              IsEmpty());
}

TEST(StatusMap, RulesThatAreNotRulesAreDropped) {
  for (const std::string& rule : {std::string("lower"), std::string("A B"), std::string("A\x1b"),
                                  std::string(kMaxRuleBytes + 1, 'A')}) {
    v1::ErrorDetail detail;
    detail.set_rule(rule);
    detail.set_hint("kept");
    const absl::Status status = FromGrpc(WithDetails(Packed(detail)));
    EXPECT_THAT(RuleOf(status), IsEmpty());
    EXPECT_EQ(HintOf(status), "kept");
  }
}

TEST(StatusMap, ADelayIsNeitherNegativeNorEndless) {
  v1::ErrorDetail detail;
  detail.set_retry_delay_ms(-1);
  EXPECT_FALSE(RetryDelayOf(FromGrpc(WithDetails(Packed(detail)))).has_value());
  detail.set_retry_delay_ms(INT64_MAX);
  EXPECT_EQ(RetryDelayOf(FromGrpc(WithDetails(Packed(detail)))), absl::Hours(24));
}

}  // namespace
}  // namespace shield::wire
