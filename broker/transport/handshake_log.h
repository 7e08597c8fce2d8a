// Why handshakes fail, in the broker's own log.
//
// gRPC tells nobody but its own log when a peer speaks an old TLS, no TLS at all, or shows no
// certificate. This reads that log: what it knows becomes one line {"event":"handshake_refused",
// "reason":…} with a reason of docs/spec/wire.md section 5, everything else is dropped.
#pragma once

#include "absl/strings/string_view.h"
#include "broker/transport/refusal_log.h"

namespace shield::broker {

// Installs itself while it lives. gRPC's log is one for the whole process: of several, the last one
// made gets the lines.
class HandshakeLog {
 public:
  explicit HandshakeLog(RefusalLog& log);
  ~HandshakeLog();
  HandshakeLog(const HandshakeLog&) = delete;
  HandshakeLog& operator=(const HandshakeLog&) = delete;

  // Takes one line of gRPC's log.
  void Read(absl::string_view line);

 private:
  RefusalLog& log_;
};

}  // namespace shield::broker
