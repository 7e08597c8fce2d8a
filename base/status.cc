#include "base/status.h"

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace shield {
namespace {

constexpr absl::string_view kRule = "shield/rule";
constexpr absl::string_view kHint = "shield/hint";
constexpr absl::string_view kRetryDelayMs = "shield/retry-delay-ms";

absl::Status With(absl::Status status, absl::string_view kind, absl::string_view value) {
  if (!status.ok()) status.SetPayload(kind, absl::Cord(value));
  return status;
}

std::string Payload(const absl::Status& status, absl::string_view kind) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kind);
  return payload.has_value() ? std::string(*payload) : std::string();
}

}  // namespace

absl::Status WithRule(absl::Status status, absl::string_view rule) {
  return With(std::move(status), kRule, rule);
}

absl::Status WithHint(absl::Status status, absl::string_view hint) {
  return With(std::move(status), kHint, hint);
}

absl::Status WithRetryDelay(absl::Status status, absl::Duration delay) {
  return With(std::move(status), kRetryDelayMs, absl::StrCat(absl::ToInt64Milliseconds(delay)));
}

absl::Status Annotate(const absl::Status& status, absl::string_view context) {
  if (status.ok()) return status;
  absl::Status annotated(status.code(), absl::StrCat(context, ": ", status.message()));
  status.ForEachPayload([&annotated](absl::string_view kind, const absl::Cord& payload) {
    annotated.SetPayload(kind, payload);
  });
  return annotated;
}

std::string RuleOf(const absl::Status& status) { return Payload(status, kRule); }

std::string HintOf(const absl::Status& status) { return Payload(status, kHint); }

std::optional<absl::Duration> RetryDelayOf(const absl::Status& status) {
  int64_t milliseconds = 0;
  if (!absl::SimpleAtoi(Payload(status, kRetryDelayMs), &milliseconds)) return std::nullopt;
  return absl::Milliseconds(milliseconds);
}

}  // namespace shield
