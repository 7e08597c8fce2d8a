#include "proto/wire/status_map.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/status.h"
#include "proto/wire/limits.h"
#include "proto/wire/strict_parse.h"
#include "shield/v1/error.pb.h"

namespace shield::wire {
namespace {

constexpr absl::string_view kDetailType = "type.googleapis.com/shield.v1.ErrorDetail";
constexpr absl::Duration kLongestRetryDelay = absl::Hours(24);

// At most `limit` bytes of `text`, never ending inside a UTF-8 sequence.
absl::string_view Cut(absl::string_view text, size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && (static_cast<uint8_t>(text[limit]) & 0xC0) == 0x80) --limit;
  return text.substr(0, limit);
}

bool IsRule(absl::string_view text) {
  return !text.empty() && text.size() <= kMaxRuleBytes &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isupper(c) || absl::ascii_isdigit(c) || c == '_';
         });
}

v1::ErrorDetail DetailOf(const absl::Status& status) {
  v1::ErrorDetail detail;
  detail.set_rule(RuleOf(status));
  detail.set_hint(std::string(Cut(HintOf(status), kMaxHintBytes)));
  const absl::Duration delay = RetryDelayOf(status).value_or(absl::ZeroDuration());
  detail.set_retry_delay_ms(absl::ToInt64Milliseconds(delay));
  return detail;
}

bool IsEmpty(const v1::ErrorDetail& detail) {
  return detail.rule().empty() && detail.hint().empty() && detail.retry_delay_ms() == 0;
}

absl::Status Attach(absl::Status status, const v1::ErrorDetail& detail) {
  if (IsRule(detail.rule())) status = WithRule(std::move(status), detail.rule());
  if (!detail.hint().empty()) {
    status = WithHint(std::move(status), Cut(detail.hint(), kMaxHintBytes));
  }
  const absl::Duration delay = absl::Milliseconds(detail.retry_delay_ms());
  if (delay > absl::ZeroDuration()) {
    status = WithRetryDelay(std::move(status), std::min(delay, kLongestRetryDelay));
  }
  return status;
}

// The detail a peer packed, if it is exactly one of ours.
std::optional<v1::ErrorDetail> DetailIn(absl::string_view bytes) {
  const absl::StatusOr<v1::Status> packed = ParseStrict<v1::Status>(bytes);
  if (!packed.ok() || packed->details_size() != 1) return std::nullopt;
  const v1::PackedDetail& any = packed->details(0);
  if (any.type_url() != kDetailType) return std::nullopt;
  absl::StatusOr<v1::ErrorDetail> detail = ParseStrict<v1::ErrorDetail>(any.value());
  if (!detail.ok()) return std::nullopt;
  return *std::move(detail);
}

absl::StatusCode CodeOf(grpc::StatusCode code) {
  const int number = static_cast<int>(code);
  const bool known = number >= 0 && number <= static_cast<int>(absl::StatusCode::kUnauthenticated);
  return known ? static_cast<absl::StatusCode>(number) : absl::StatusCode::kUnknown;
}

}  // namespace

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const auto code = static_cast<grpc::StatusCode>(status.code());
  const std::string message(Cut(status.message(), kMaxErrorMessageBytes));
  const v1::ErrorDetail detail = DetailOf(status);
  if (IsEmpty(detail)) return grpc::Status(code, message);
  v1::Status packed;
  packed.set_code(static_cast<int32_t>(status.code()));
  packed.set_message(message);
  v1::PackedDetail* any = packed.add_details();
  any->set_type_url(std::string(kDetailType));
  any->set_value(detail.SerializeAsString());
  return grpc::Status(code, message, packed.SerializeAsString());
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::Status result(CodeOf(status.error_code()),
                      Cut(status.error_message(), kMaxErrorMessageBytes));
  const std::optional<v1::ErrorDetail> detail = DetailIn(status.error_details());
  return detail.has_value() ? Attach(std::move(result), *detail) : result;
}

}  // namespace shield::wire
