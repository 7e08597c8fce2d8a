// A connection to JetStream over mutual TLS, and the one stream that the benchmarks use.
//
// Thin owners of what the C library gives out; its errors as statuses.
#pragma once

#include <nats/nats.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "crypto/tls_key.h"

namespace shield::testing {

inline constexpr char kJetStreamSubject[] = "bulletins";

// Threads that deliver, as many as counting readers have; the library adds one that reads to each
// connection. Before the first connection, once.
absl::Status PrepareJetStreamDelivery();

// OK, or UNAVAILABLE with the library's words for it.
absl::Status FromNats(natsStatus status, absl::string_view what);

// Thread-safe, as the library's connection is.
class JetStreamClient {
 public:
  // The peer's certificate is not checked: that costs the peer nothing.
  static absl::StatusOr<std::unique_ptr<JetStreamClient>> Connect(const std::string& address,
                                                                  const TlsKeyPair& own);
  JetStreamClient(const JetStreamClient&) = delete;
  JetStreamClient& operator=(const JetStreamClient&) = delete;

  // All give UNAVAILABLE with the library's words.
  // The stream, in files. Once for a server.
  absl::Status MakeStream();
  // Returns when it has been acknowledged.
  absl::Status Publish(ByteSpan message);
  // Calls `handler` with `closure` for each message of the stream from its beginning, until the
  // library says that the subscription is complete (natsSubscription_SetOnCompleteCB), some time
  // after it was destroyed. Acknowledgements are the handler's and count for all before; 65,536
  // may be owed, for ten minutes, and what the server keeps of them is in its memory.
  absl::Status Subscribe(natsMsgHandler handler, void* closure, natsSubscription** subscription);

 private:
  struct Destroy {
    void operator()(natsOptions* options) const { natsOptions_Destroy(options); }
    void operator()(natsConnection* connection) const { natsConnection_Destroy(connection); }
    void operator()(jsCtx* context) const { jsCtx_Destroy(context); }
  };

  JetStreamClient() = default;

  std::unique_ptr<natsOptions, Destroy> options_;
  std::unique_ptr<natsConnection, Destroy> connection_;
  std::unique_ptr<jsCtx, Destroy> context_;
};

}  // namespace shield::testing
