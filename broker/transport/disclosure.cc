#include "broker/transport/disclosure.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "proto/wire/status_map.h"

namespace shield::broker {
namespace {

// What a caller brought, or asked for, contradicts itself or what the broker holds: nothing broke
// in here. Of what it holds itself the broker verifies signatures only when it starts.
bool IsOfTheCaller(absl::string_view rule) {
  return rule == "ROLLBACK" || rule == "DIRECTORY_FORK" || rule == "AUTHORITY_FORK" ||
         rule == "BAD_SIGNATURE" || rule == "DIGEST_MISMATCH";
}

bool BrokeInside(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
      return true;
    case absl::StatusCode::kDataLoss:
      return !IsOfTheCaller(RuleOf(status));
    case absl::StatusCode::kUnavailable:
      return RuleOf(status) == "STORE_FAILED" || RuleOf(status) == "OUTCOME_UNKNOWN";
    default:
      return false;
  }
}

}  // namespace

grpc::Status Disclosure::Told(const absl::Status& status) {
  if (!BrokeInside(status)) return wire::ToGrpc(status);
  const uint64_t reference = ++references_;
  Log(log_, clock_, "call_failed", {{"reference", reference}, {"code", status.code()}});
  absl::Status told(status.code(),
                    absl::StrCat("something failed inside the broker, reference ", reference));
  told = WithHint(told, "tell the operator the reference: it stands in the broker's log");
  if (const std::string rule = RuleOf(status); !rule.empty()) told = WithRule(told, rule);
  const std::optional<absl::Duration> delay = RetryDelayOf(status);
  return wire::ToGrpc(delay.has_value() ? WithRetryDelay(told, *delay) : told);
}

}  // namespace shield::broker
