// A program that forgot its first line. Alone in its process: preparing cannot be undone.
#include <gtest/gtest.h>

#include "broker/transport/server.h"
#include "client/transport/grpc_connection.h"
#include "tests/e2e/transport/fake_broker_service.h"
#include "tests/e2e/transport/fake_pins.h"
#include "tests/support/captured_log.h"
#include "tests/support/fake_clock.h"

namespace shield::testing {
namespace {

TEST(Unprepared, NeitherEndStartsWithoutPreparation) {
  const TlsKeyPair pair = *NewTlsKeyPair("shieldd");
  EXPECT_TRUE(absl::IsFailedPrecondition(
      NewGrpcConnection({"127.0.0.1:1", *SpkiDigest(pair.certificate_pem), pair}).status()));
  FakeClock clock;
  CapturedLog log;
  FakePins pins;
  FakeBrokerService service;
  broker::TransportOptions options;
  options.identity = pair;
  EXPECT_TRUE(absl::IsFailedPrecondition(
      broker::TransportServer::Start(options, service, pins, clock, log).status()));
}

}  // namespace
}  // namespace shield::testing
