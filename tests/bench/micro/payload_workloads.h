// Sealing and opening payloads of one thread.
#pragma once

#include "tests/bench/harness/workload.h"

namespace shield::testing {

// payload_seal and payload_open {bytes}: MB a second beside the cipher alone (raw_cipher.h). Up to
// 1 MiB in one call, as a bulletin's content; above that through the streams that attachments pass.
void AddPayload(Suite& suite);

}  // namespace shield::testing
