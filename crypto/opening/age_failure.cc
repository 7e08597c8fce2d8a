#include "crypto/opening/age_failure.h"

#include <array>
#include <string>

#include "base/status.h"

namespace shield {
namespace {

struct Kind {
  AgeFailure failure;
  absl::StatusCode code;
  absl::string_view rule;
};

constexpr std::array<Kind, 5> kKinds = {{
    {AgeFailure::kHeader, absl::StatusCode::kInvalidArgument, "AGE_HEADER"},
    {AgeFailure::kNoMatch, absl::StatusCode::kDataLoss, "AGE_NO_MATCH"},
    {AgeFailure::kHmac, absl::StatusCode::kDataLoss, "AGE_HMAC"},
    {AgeFailure::kPayload, absl::StatusCode::kDataLoss, "AGE_PAYLOAD"},
    {AgeFailure::kArmor, absl::StatusCode::kInvalidArgument, "AGE_ARMOR"},
}};

}  // namespace

absl::Status AgeError(AgeFailure failure, absl::string_view message) {
  for (const Kind& kind : kKinds) {
    if (kind.failure == failure) return WithRule(absl::Status(kind.code, message), kind.rule);
  }
  return absl::InternalError(message);
}

std::optional<AgeFailure> AgeFailureOf(const absl::Status& status) {
  const std::string rule = RuleOf(status);
  for (const Kind& kind : kKinds) {
    if (kind.rule == rule) return kind.failure;
  }
  return std::nullopt;
}

}  // namespace shield
