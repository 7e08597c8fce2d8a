// Where a stream of bytes goes.
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "base/bytes.h"

namespace shield {

// Takes the next bytes, valid for the call only. An error stops the stream and is what its writer
// returns.
using ByteSink = std::function<absl::Status(ByteSpan)>;

}  // namespace shield
