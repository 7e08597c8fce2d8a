// What one peer, one address and all together may take of the broker (docs/spec/wire.md section 4).
// The defaults are the product's; tests narrow them.
#pragma once

#include <cstddef>

#include "absl/time/time.h"

namespace shield::broker {

struct ConnectionLimits {
  size_t open = 12'000;          // connections of all kinds
  size_t unauthenticated = 512;  // not yet a complete request; the oldest is closed beyond
  size_t unauthenticated_per_address = 128;
  absl::Duration handshake = absl::Seconds(5);
  absl::Duration first_request = absl::Seconds(10);  // from accepting to the first call
  size_t bytes_before_first_request = 256 * 1024;
};

struct CallLimits {
  int streams_per_connection = 16;
  int subscriptions = 10'000;
  int subscriptions_per_member = 2;  // the newest stay
  int uploads = 32;                  // Publish and PublishDirectory, each
  int downloads = 64;                // GetDirectory, Fetch and GetStatus, each
  int unary = 64;                    // each method
  int unknown_per_connection = 100;  // calls of unknown methods before the connection is closed
  absl::Duration heartbeat = absl::Seconds(20);
  absl::Duration stalled = absl::Seconds(60);
  absl::Duration upload_idle = absl::Seconds(60);  // between two messages of an upload
};

struct TransportLimits {
  ConnectionLimits connections;
  CallLimits calls;
};

}  // namespace shield::broker
