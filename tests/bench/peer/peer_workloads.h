// Live fan-out beside what another program does for its users on the same machine.
#pragma once

#include "tests/bench/harness/workload.h"

namespace shield::testing {

// `fanout_jetstream` {subscribers, bytes, store}: ours as in fanout_live, beside NATS JetStream
// with a stream in files, 16 publishers of payloads as large, each waiting for its acknowledgement,
// and subscribers that acknowledge a turn at its end. store=synced: what it acknowledges is on the
// disk, as with the broker, for which the file system of TMPDIR must be able to write at once (ext4
// can, tmpfs cannot: the workload then fails and says so); store=cached: as it comes, in the page
// cache.
void AddPeers(Suite& suite);

}  // namespace shield::testing
