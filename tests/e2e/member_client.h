// A member of a RealNetwork as a program of its own would use libshield: a home, a connection over
// TLS to the real broker, a client.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "base/system_clock.h"
#include "client/client.h"
#include "crypto/system_random.h"
#include "tests/e2e/real_network.h"

namespace shield::testing {

// Clients borrow its clock and randomness: it outlives them. Thread-safe.
class MemberClients {
 public:
  // A client in `member`'s home, connected to `address` (the broker's changes with each start).
  // What is wrong with the home aborts the test program.
  Client Open(const RealNetwork& network, absl::string_view member, const std::string& address,
              absl::Duration timeout = absl::Seconds(10));

 private:
  SystemClock clock_;
  SystemRandom random_;
};

// A draft of a flash alert to `to`.
Draft FlashAlert(absl::string_view title, absl::string_view tlp,
                 const std::vector<std::string>& to);

}  // namespace shield::testing
