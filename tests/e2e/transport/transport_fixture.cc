#include "tests/e2e/transport/transport_fixture.h"

#include "absl/strings/numbers.h"
#include "base/check.h"
#include "proto/wire/prepare_process.h"

namespace shield::testing {

void TransportFixture::SetUpTestSuite() { SHIELD_CHECK(wire::PrepareProcess().ok()); }

TransportFixture::TransportFixture() = default;

void TransportFixture::StartServer(broker::TransportLimits limits, Clock* pacing,
                                   unsigned subscriber_shards, const std::string& listen) {
  broker::TransportOptions options;
  options.listen = listen;
  options.identity = broker_key_;
  options.limits = limits;
  options.pacing = pacing;
  options.subscriber_shards = subscriber_shards;
  auto server = broker::TransportServer::Start(options, service_, pins_, clock_, log_);
  ASSERT_TRUE(server.ok()) << server.status();
  server_ = *std::move(server);
  service_.Listen(server_.get());
}

TlsKeyPair TransportFixture::NewKey() { return *NewTlsKeyPair("shieldd"); }

TlsKeyPair TransportFixture::EnrolledKey(absl::string_view member) {
  TlsKeyPair pair = NewKey();
  pins_.Enrol(PinOf(pair), member);
  return pair;
}

std::unique_ptr<Connection> TransportFixture::Connect(const TlsKeyPair& pair) {
  return *NewGrpcConnection({address(), PinOf(broker_key_), pair});
}

std::shared_ptr<PinnedChannel> TransportFixture::OpenChannel(const TlsKeyPair& pair) {
  return *PinnedChannel::Create({address(), PinOf(broker_key_), pair});
}

int TransportFixture::port() const {
  int port = 0;
  SHIELD_CHECK(absl::SimpleAtoi(address().substr(address().rfind(':') + 1), &port));
  return port;
}

}  // namespace shield::testing
