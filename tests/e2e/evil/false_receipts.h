// What an author is told of a bulletin that the broker does not treat as it says.
#pragma once

#include <cstdint>
#include <memory>

#include "broker/core/service.h"

namespace shield::testing {

// A session that takes a bulletin, throws it away and gives the receipt that is due.
std::unique_ptr<broker::PublishSession> SwallowPublish(uint64_t log_size);

// The session itself, with one recipient too many in its receipt.
std::unique_ptr<broker::PublishSession> InflateReceipt(
    std::unique_ptr<broker::PublishSession> truth);

}  // namespace shield::testing
