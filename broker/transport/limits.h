// What one peer, one address and all together may take of the broker (docs/spec/wire.md section 4).
// The defaults are the product's; tests narrow them.
#pragma once

#include <cstddef>

#include "absl/time/time.h"

namespace shield::broker {

struct ConnectionLimits {
  size_t open = 12'000;                  // connections of all kinds, but for
  size_t reserved_for_authorities = 16;  // so many more: a full house must be able to revoke
  size_t per_key = 8;                    // the oldest of a key is closed beyond
  size_t unauthenticated = 512;          // not yet a complete request; the oldest is closed beyond
  size_t unauthenticated_per_address = 128;
  // New connections of an address that turn out to be nobody's.
  double strangers_per_second = 50;
  double strangers_at_once = 1'024;
  absl::Duration handshake = absl::Seconds(5);
  absl::Duration first_request = absl::Seconds(10);  // from accepting to the first call
  size_t bytes_before_first_request = 256 * 1024;
  // What a known peer may send that belongs to no call that has begun and no message that was
  // taken. Sixteen streams with full windows hold half of it.
  size_t unserved_bytes = 2 * 1024 * 1024;
  absl::Duration farewell = absl::Milliseconds(500);  // from refusing a call to closing
};

// Calls of one kind at once.
struct PlaceLimits {
  int all = 0;
  int each = 0;       // of one member
  int authority = 0;  // of `all`, for seats of an authority alone
};

// How a peer has to move a transfer on (transfer_pace.h).
struct PaceLimits {
  absl::Duration first = absl::Seconds(60);  // until the first message
  absl::Duration idle = absl::Seconds(60);   // between two
  absl::Duration grace = absl::Seconds(60);  // before the least rate counts
  double least_bytes_per_second = 4096;
  absl::Duration total = absl::Hours(2);
};

struct CallLimits {
  int streams_per_connection = 16;
  int subscriptions = 10'000;
  int subscriptions_per_member = 2;  // the newest stay
  int catch_ups_per_member = 8;      // likewise, of those that leave at the first mark
  // Live calls of each other method, those that are being refused included: well above the places,
  // so that whoever has none is told so instead of waiting.
  int live = 1024;
  PlaceLimits publishes = {.all = 32, .each = 4, .authority = 8};
  PlaceLimits directory_uploads = {.all = 2, .each = 1};
  PlaceLimits downloads = {.all = 256, .each = 8, .authority = 32};  // of three methods together
  PlaceLimits unary = {.all = 256, .each = 16, .authority = 32};     // likewise
  int unknown_per_connection = 100;  // calls of unknown methods before the connection is closed
  size_t waiting_per_key = 256;  // started and not yet begun; beyond, all of the key's are closed
  absl::Duration heartbeat = absl::Seconds(20);
  absl::Duration stalled = absl::Seconds(60);
  PaceLimits publish = {.first = absl::Seconds(5)};
  PaceLimits directory_upload = {.first = absl::Seconds(5), .total = absl::Minutes(10)};
  PaceLimits download;
};

struct TransportLimits {
  ConnectionLimits connections;
  CallLimits calls;
};

}  // namespace shield::broker
