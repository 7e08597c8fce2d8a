// Everything that is measured through the real shieldd, beside bare gRPC and raw RocksDB.
#pragma once

#include "tests/bench/harness/workload.h"

namespace shield::testing {

// All of what follows, and the store's (store_workloads.h), in the order of the table.
void AddNetwork(Suite& suite);

// Publishing through the broker: publishes a second.
void AddPublishCall(Suite& suite);
// Live fan-out: deliveries a second, and processor time of the server for one; beside a bare server
// that sends, and beside one that is published to.
void AddFanout(Suite& suite);
// From the publish call to decrypted; beside the bare fan-out, and beside readers' primitives.
void AddLatency(Suite& suite);
// An inbox that has filled while its reader was away.
void AddCatchUp(Suite& suite);
// Subscribers to whom nothing is sent.
void AddIdle(Suite& suite);
// An attachment up and down.
void AddAttachment(Suite& suite);
// Exponents of a publish and of a delivery.
void AddNetworkGrowth(Suite& suite);

}  // namespace shield::testing
