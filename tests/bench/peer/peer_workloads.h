// Live fan-out beside what another program does for its users on the same machine.
#pragma once

#include "tests/bench/harness/workload.h"

namespace shield::testing {

// `fanout_jetstream` {subscribers, bytes, store}: ours as in fanout_live, beside NATS JetStream
// with a stream in files, 16 publishers of payloads as large, each waiting for its acknowledgement,
// and subscribers that acknowledge for all before. store=synced: what it acknowledges is on the
// disk, as with the broker; store=cached: as it comes, in the page cache.
void AddPeers(Suite& suite);

}  // namespace shield::testing
