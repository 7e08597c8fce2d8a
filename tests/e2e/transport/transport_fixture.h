// A broker's transport over a fake service on loopback, and ways to knock at its door.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "broker/transport/server.h"
#include "client/transport/grpc_connection.h"
#include "client/transport/pinned_channel.h"
#include "crypto/tls_key.h"
#include "tests/e2e/transport/fake_broker_service.h"
#include "tests/e2e/transport/fake_pins.h"
#include "tests/support/captured_log.h"
#include "tests/support/fake_clock.h"

namespace shield::testing {

inline constexpr absl::Duration kPatience = absl::Seconds(20);

class TransportFixture : public ::testing::Test {
 protected:
  static void SetUpTestSuite();
  TransportFixture();

  // Starts the server; call it before anything else, and again only when it has been destroyed.
  // `subscriber_shards` and `listen` as in broker/transport/server.h.
  void StartServer(broker::TransportLimits limits = {}, Clock* pacing = nullptr,
                   unsigned subscriber_shards = 0, const std::string& listen = "127.0.0.1:0");

  // A new key that is enrolled as `member`, or not at all.
  static TlsKeyPair NewKey();
  TlsKeyPair EnrolledKey(absl::string_view member);
  static Digest PinOf(const TlsKeyPair& pair) { return *SpkiDigest(pair.certificate_pem); }

  std::unique_ptr<Connection> Connect(const TlsKeyPair& pair);
  std::shared_ptr<PinnedChannel> OpenChannel(const TlsKeyPair& pair);

  const std::string& address() const { return server_->address(); }
  int port() const;

  FakeClock clock_;
  CapturedLog log_;
  FakePins pins_;
  FakeBrokerService service_;
  TlsKeyPair broker_key_ = NewKey();
  std::unique_ptr<broker::TransportServer> server_;
};

}  // namespace shield::testing
