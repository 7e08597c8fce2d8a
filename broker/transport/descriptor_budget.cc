#include "broker/transport/descriptor_budget.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace shield::broker {
namespace {

constexpr uint64_t kEverythingElse = 256;
constexpr uint64_t kPerConnection = 2;

}  // namespace

absl::StatusOr<ConnectionLimits> WithinDescriptors(ConnectionLimits limits, uint64_t descriptors,
                                                   uint64_t store_files) {
  const uint64_t taken =
      store_files + kEverythingElse + kPerConnection * limits.reserved_for_authorities;
  const uint64_t room = descriptors > taken ? (descriptors - taken) / kPerConnection : 0;
  if (room < kLeastConnections) {
    return WithHint(
        absl::FailedPreconditionError(absl::StrCat(
            "the broker does not start: a limit of ", descriptors, " open files leaves room for ",
            room, " connections, and it wants at least ", kLeastConnections)),
        absl::StrCat(
            "raise the hard limit: `ulimit -Hn`, or LimitNOFILE= of the unit, to at least ",
            taken + kPerConnection * kLeastConnections));
  }
  limits.open = std::min<uint64_t>(limits.open, room);
  return limits;
}

}  // namespace shield::broker
