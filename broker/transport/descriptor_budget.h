// How many connections the process's limit of file descriptors allows.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "broker/transport/limits.h"

namespace shield::broker {

// Narrows `limits.open` to what `descriptors` leave over when the store holds `store_files`: each
// connection takes two, and 256 are kept for everything else. FAILED_PRECONDITION when fewer than
// kLeastConnections are left: such a broker would lock its members out.
inline constexpr size_t kLeastConnections = 64;
absl::StatusOr<ConnectionLimits> WithinDescriptors(ConnectionLimits limits, uint64_t descriptors,
                                                   uint64_t store_files);

}  // namespace shield::broker
