#include "broker/core/rate_gate.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace shield::broker {

RateGate::RateGate(const RateLimits& limits, Clock& clock)
    : allowances_{{{limits.publishes_per_minute / 60.0, double(limits.publishes_per_minute),
                    "bulletins a minute"},
                   {double(limits.upload_bytes_per_hour) / 3600.0,
                    double(limits.upload_bytes_per_hour), "uploaded bytes an hour"},
                   {double(limits.calls_per_second), 4.0 * limits.calls_per_second,
                    "calls in four seconds"},
                   {double(limits.receipts_per_second), 64.0 * limits.receipts_per_second,
                    "receipts in a minute"}}},
      clock_(clock) {}

absl::Status RateGate::AdmitPublish(const Digest& pin) { return Take(kPublish, pin, 1); }

absl::Status RateGate::AdmitUpload(const Digest& pin, uint64_t bytes) {
  return Take(kUpload, pin, double(bytes));
}

absl::Status RateGate::AdmitCall(const Digest& pin) { return Take(kCall, pin, 1); }

absl::Status RateGate::AdmitReceipts(const Digest& pin, size_t receipts) {
  RETURN_IF_ERROR(Take(kReceipts, pin, double(receipts)));
  return AdmitCall(pin);
}

absl::Status RateGate::Take(Kind kind, const Digest& pin, double amount) {
  const Allowance& allowance = allowances_[kind];
  const absl::Time now = clock_.Now();
  MutexLock lock(mutex_);
  if (buckets_.size() >= kMaxPins && !buckets_.contains(pin)) ForgetOne();
  Bucket& bucket = buckets_[pin][kind];
  if (now > bucket.at) {
    const double refilled = absl::ToDoubleSeconds(now - bucket.at) * allowance.per_second;
    bucket.used = std::max(0.0, bucket.used - refilled);
    bucket.at = now;
  }
  if (bucket.used + amount <= allowance.burst) {
    bucket.used += amount;
    return absl::OkStatus();
  }
  const double excess = bucket.used + amount - allowance.burst;
  const absl::Duration wait = absl::Seconds(excess / allowance.per_second) + absl::Milliseconds(1);
  return WithRetryDelay(
      WithHint(
          WithRule(absl::ResourceExhaustedError(absl::StrCat(
                       "more than ", static_cast<uint64_t>(allowance.burst), " ", allowance.name)),
                   "RATE_LIMITED"),
          "wait and try again"),
      wait);
}

// Any entry will do: one that is forgotten starts with a full allowance.
void RateGate::ForgetOne() { buckets_.erase(buckets_.begin()); }

}  // namespace shield::broker
