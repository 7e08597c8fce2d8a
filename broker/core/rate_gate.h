// How much one member may ask of the broker: four allowances that refill with time.
//
// An allowance is a bucket: it holds at most a burst, drains as it is used and refills evenly. What
// does not fit is refused with RESOURCE_EXHAUSTED, RATE_LIMITED and the time after which it would.
#pragma once

#include <array>
#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/mutex.h"

namespace shield::broker {

struct RateLimits {
  uint32_t publishes_per_minute = 600;
  uint64_t upload_bytes_per_hour = uint64_t{2048} * 1024 * 1024;
  uint32_t calls_per_second = 50;  // every other call; a burst is four seconds' worth
  // Beside the call they come in; a burst is 64 seconds' worth, since they come after a silence.
  uint32_t receipts_per_second = 50;
};

// Thread-safe. Keyed by the TLS pin of an admitted caller, so the number of keys is bounded by the
// directory; still never more than kMaxPins are remembered, then any one is forgotten.
class RateGate {
 public:
  static constexpr size_t kMaxPins = 200'000;

  RateGate(const RateLimits& limits, Clock& clock);

  // One publish call begins.
  absl::Status AdmitPublish(const Digest& pin);
  // `bytes` more of it, as they arrive.
  absl::Status AdmitUpload(const Digest& pin, uint64_t bytes);
  // One call of any other kind.
  absl::Status AdmitCall(const Digest& pin);
  // One call with so many receipts; when they are too many, the call is not counted either.
  absl::Status AdmitReceipts(const Digest& pin, size_t receipts);

 private:
  enum Kind : size_t { kPublish, kUpload, kCall, kReceipts, kKinds };
  struct Allowance {
    double per_second;
    double burst;
    absl::string_view name;
  };
  struct Bucket {
    double used = 0;
    absl::Time at;
  };

  absl::Status Take(Kind kind, const Digest& pin, double amount);
  void ForgetOne() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::array<Allowance, kKinds> allowances_;
  Clock& clock_;
  Mutex mutex_;
  absl::flat_hash_map<Digest, std::array<Bucket, kKinds>> buckets_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace shield::broker
