// Who gets in, and what everybody else is told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "tests/e2e/transport/false_broker.h"
#include "tests/e2e/transport/http2_frames.h"
#include "tests/e2e/transport/raw_peer.h"
#include "tests/e2e/transport/transport_fixture.h"

namespace shield::testing {
namespace {

class Door : public TransportFixture {
 protected:
  // Whether the broker has logged a handshake that failed for `reason`; it does so on its own time.
  bool Logged(absl::string_view reason) {
    for (const absl::Time end = absl::Now() + kPatience; absl::Now() < end;) {
      for (const std::string& line : log_.lines()) {
        if (absl::StrContains(line, "handshake_refused") && absl::StrContains(line, reason)) {
          return true;
        }
      }
      std::this_thread::yield();
    }
    return false;
  }
};

TEST_F(Door, AnUnknownKeyIsToldThatItIsNotEnrolled) {
  StartServer();
  const absl::Status status = Connect(NewKey())->GetBroker(kPatience).status();
  EXPECT_TRUE(absl::IsUnauthenticated(status)) << status;
  EXPECT_EQ(RuleOf(status), "NOT_ENROLLED");
  EXPECT_THAT(HintOf(status), ::testing::HasSubstr("revoked"));
  EXPECT_TRUE(Logged("unknown_key"));
}

TEST_F(Door, AnotherBrokerKeyIsNotTheBroker) {
  StartServer();
  const auto connection =
      *NewGrpcConnection({address(), PinOf(NewKey()), EnrolledKey("desk-astrid")});
  const absl::Status status = connection->GetBroker(kPatience).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_EQ(RuleOf(status), "WRONG_BROKER_PIN");
}

TEST_F(Door, NobodyThereIsUnreachable) {
  StartServer();
  const auto connection = Connect(EnrolledKey("desk-astrid"));
  server_.reset();
  const absl::Status status = connection->GetBroker(kPatience).status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_EQ(RuleOf(status), "UNREACHABLE");
}

TEST_F(Door, ABrokerThatWentAwayIsUnreachableAndNotARefusal) {
  StartServer();
  const auto connection = Connect(EnrolledKey("desk-astrid"));
  ASSERT_TRUE(connection->GetBroker(kPatience).ok());
  server_.reset();
  EXPECT_EQ(RuleOf(connection->GetBroker(kPatience).status()), "UNREACHABLE");
}

// Each time by the next call: none waits for an attempt that a call before has begun.
TEST_F(Door, WhoeverStandsThereNowAnswersTheNextCall) {
  StartServer();
  const std::string address = server_->address();
  const TlsKeyPair key = EnrolledKey("desk-astrid");
  const auto connection = Connect(key);
  ASSERT_TRUE(connection->GetBroker(kPatience).ok());
  for (int i = 0; i < 3; ++i) {
    server_.reset();
    // The second for certain on a new attempt, which is refused.
    EXPECT_EQ(RuleOf(connection->GetBroker(kPatience).status()), "UNREACHABLE");
    EXPECT_EQ(RuleOf(connection->GetBroker(kPatience).status()), "UNREACHABLE");
    StartServer({}, nullptr, 0, address);
    EXPECT_TRUE(connection->GetBroker(kPatience).ok());
  }
}

// The pin and the place in the directory hold for every attempt, and not for the first alone.
TEST_F(Door, AnotherKeyAtThePlaceOfABrokerThatWentAwayIsNotTheBroker) {
  StartServer();
  const std::string address = server_->address();
  const TlsKeyPair key = EnrolledKey("desk-astrid");
  const auto connection = Connect(key);
  ASSERT_TRUE(connection->GetBroker(kPatience).ok());
  server_.reset();
  EXPECT_EQ(RuleOf(connection->GetBroker(kPatience).status()), "UNREACHABLE");
  const TlsKeyPair own = std::exchange(broker_key_, NewKey());
  StartServer({}, nullptr, 0, address);
  EXPECT_EQ(RuleOf(connection->GetBroker(kPatience).status()), "WRONG_BROKER_PIN");
  server_.reset();
  broker_key_ = own;
  pins_.Revoke(PinOf(key));
  StartServer({}, nullptr, 0, address);
  EXPECT_EQ(RuleOf(connection->GetBroker(kPatience).status()), "NOT_ENROLLED");
}

TEST_F(Door, AHalfKeyPairIsRefusedBeforeAnyConnection) {
  StartServer();
  const TlsKeyPair mixed{NewKey().key_pem, NewKey().certificate_pem};
  EXPECT_TRUE(
      absl::IsInvalidArgument(NewGrpcConnection({address(), PinOf(broker_key_), mixed}).status()));
}

TEST_F(Door, WhateverElseAnswersIsNamed) {
  StartServer();
  const struct {
    FalseBroker::Kind kind;
    const char* rule;
  } cases[] = {
      {FalseBroker::Kind::kGreetsInPlainText, "NOT_A_BROKER"},
      {FalseBroker::Kind::kSpeaksNoHttp2, "NOT_A_BROKER"},
      {FalseBroker::Kind::kSpeaksTls12, "TLS_TOO_OLD"},
      {FalseBroker::Kind::kClosesAtOnce, "UNREACHABLE"},
  };
  for (const auto& other : cases) {
    const FalseBroker broker(other.kind, broker_key_);
    const auto connection =
        *NewGrpcConnection({broker.address(), PinOf(broker_key_), EnrolledKey("desk-astrid")});
    EXPECT_EQ(RuleOf(connection->GetBroker(kPatience).status()), other.rule);
  }
}

TEST_F(Door, ABrokerThatTakesItsTimeIsUnreachableAndNotARefusal) {
  StartServer();
  for (const auto kind :
       {FalseBroker::Kind::kShowsItsKeyAndWaits, FalseBroker::Kind::kShowsItsKeyAndClosesOnce}) {
    const FalseBroker broker(kind, broker_key_);
    const auto connection =
        *NewGrpcConnection({broker.address(), PinOf(broker_key_), EnrolledKey("desk-astrid")});
    const absl::Status status = connection->GetBroker(absl::Seconds(2)).status();
    EXPECT_EQ(RuleOf(status), "UNREACHABLE") << status;
  }
}

TEST_F(Door, WhatAnEarlierAttemptSawSaysNothingAboutThisOne) {
  StartServer();
  auto other = std::make_unique<FalseBroker>(FalseBroker::Kind::kShowsItsKeyAndWaits, NewKey());
  const auto connection =
      *NewGrpcConnection({other->address(), PinOf(broker_key_), EnrolledKey("desk-astrid")});
  EXPECT_EQ(RuleOf(connection->GetBroker(kPatience).status()), "WRONG_BROKER_PIN");
  other.reset();
  EXPECT_EQ(RuleOf(connection->GetBroker(kPatience).status()), "UNREACHABLE");
}

TEST_F(Door, Tls12IsRefused) {
  StartServer();
  const TlsKeyPair key = EnrolledKey("desk-astrid");
  EXPECT_EQ(RawTlsPeer::Connect(port(), key, RawTlsPeer::Version::kTls13).handshake_error(), "");
  EXPECT_NE(RawTlsPeer::Connect(port(), key, RawTlsPeer::Version::kTls12).handshake_error(), "");
  EXPECT_TRUE(Logged("tls_version"));
}

TEST_F(Door, GarbageIsHungUpOn) {
  StartServer();
  RawTcpPeer peer(port());
  peer.Send(std::string(1000, 'x'));
  EXPECT_TRUE(peer.WaitUntilClosed());
  EXPECT_TRUE(Logged("not_tls"));
  EXPECT_TRUE(Connect(EnrolledKey("desk-astrid"))->GetBroker(kPatience).ok());
}

TEST_F(Door, SixHundredSilentConnectionsLeaveRoomForAMember) {
  StartServer();
  const TlsKeyPair key = EnrolledKey("desk-astrid");
  {
    std::vector<std::unique_ptr<RawTcpPeer>> flood;
    for (int i = 0; i < 600; ++i) flood.push_back(std::make_unique<RawTcpPeer>(port()));
    const auto connection = Connect(key);
    EXPECT_TRUE(connection->GetBroker(kPatience).ok());
    EXPECT_TRUE(flood[0]->WaitUntilClosed());  // the oldest made room
    EXPECT_TRUE(connection->GetBroker(kPatience).ok());
  }
  EXPECT_TRUE(Connect(key)->GetBroker(kPatience).ok());
}

// Once the one that came first is closed, the next is known to have been looked at as well.
TEST_F(Door, AConnectionWithoutARequestIsClosedInTime) {
  broker::TransportLimits limits;
  limits.connections.handshake = absl::Minutes(10);  // gRPC's own limit knows no fake clock
  StartServer(limits);
  const TlsKeyPair key = EnrolledKey("desk-astrid");
  constexpr absl::Duration kApart = absl::Milliseconds(1);
  // Each is accepted, and says so, before the clock moves.
  const auto knock = [&] { return RawTlsPeer::Connect(port(), key, RawTlsPeer::Version::kTls13); };
  const RawTlsPeer first = knock();
  ASSERT_EQ(first.handshake_error(), "");
  clock_.Advance(kApart);
  const RawTlsPeer second = knock();
  ASSERT_EQ(second.handshake_error(), "");
  clock_.Advance(limits.connections.first_request - 2 * kApart);
  EXPECT_FALSE(first.Closed());
  clock_.Advance(kApart);
  EXPECT_TRUE(first.WaitUntilClosed());
  EXPECT_FALSE(second.Closed());
  clock_.Advance(kApart);
  EXPECT_TRUE(second.WaitUntilClosed());
}

TEST_F(Door, EndlessHeadersBeforeTheFirstRequestAreCutOff) {
  StartServer();
  RawTlsPeer peer =
      RawTlsPeer::Connect(port(), EnrolledKey("desk-astrid"), RawTlsPeer::Version::kTls13);
  ASSERT_EQ(peer.handshake_error(), "");
  ASSERT_TRUE(peer.Send(http2::Hello()));
  EXPECT_TRUE(peer.SendHeadersUntilClosed(1, 64));
}

TEST_F(Door, ARevokedMemberIsCutOffWithinASecond) {
  StartServer();
  const TlsKeyPair key = EnrolledKey("desk-astrid");
  const auto connection = Connect(key);
  auto reader = connection->Subscribe({}, absl::InfiniteDuration());
  ASSERT_TRUE((*reader)->Read().ok());
  const auto other = Connect(EnrolledKey("desk-other"));
  ASSERT_TRUE(other->GetBroker(kPatience).ok());

  pins_.Revoke(PinOf(key));
  const absl::Time start = absl::Now();
  const Digest revoked[] = {PinOf(key)};
  server_->PinsRevoked(revoked);
  EXPECT_FALSE((*reader)->Read().ok());
  EXPECT_LT(absl::Now() - start, absl::Seconds(1));
  EXPECT_EQ(RuleOf(connection->GetBroker(kPatience).status()), "NOT_ENROLLED");
  EXPECT_TRUE(other->GetBroker(kPatience).ok());
}

TEST_F(Door, AKeyRevokedBetweenHandshakeAndFirstCallLosesItsConnection) {
  StartServer();
  const TlsKeyPair key = EnrolledKey("desk-astrid");
  RawTlsPeer early = RawTlsPeer::Connect(port(), key, RawTlsPeer::Version::kTls13);
  ASSERT_TRUE(early.Send(http2::Hello()));
  ASSERT_TRUE(early.ReadSettings());
  pins_.Revoke(PinOf(key));
  const Digest revoked[] = {PinOf(key)};
  server_->PinsRevoked(revoked);
  EXPECT_TRUE(early.WaitUntilClosed());
}

TEST_F(Door, ARefusedFirstCallIsAnsweredAndThenCutOff) {
  StartServer();
  const TlsKeyPair key = EnrolledKey("desk-astrid");
  RawTlsPeer peer = RawTlsPeer::Connect(port(), key, RawTlsPeer::Version::kTls13);
  ASSERT_TRUE(peer.Send(http2::Hello()));
  ASSERT_TRUE(peer.ReadSettings());
  pins_.Revoke(PinOf(key));
  http2::CallHeaders headers("GetBroker");
  ASSERT_TRUE(peer.Send(headers.Next(1) + http2::Message(1, "", http2::kEndStream)));
  EXPECT_TRUE(peer.ReadUntil("not enrolled"));
  clock_.Advance(absl::Milliseconds(500));
  EXPECT_TRUE(peer.WaitUntilClosed());
}

TEST_F(Door, OfOneKeyTheNewestConnectionsStay) {
  broker::TransportLimits limits;
  limits.connections.per_key = 2;
  StartServer(limits);
  const TlsKeyPair key = EnrolledKey("desk-astrid");
  std::vector<RawTlsPeer> peers;
  for (int i = 0; i < 3; ++i) {
    peers.push_back(RawTlsPeer::Connect(port(), key, RawTlsPeer::Version::kTls13));
    http2::CallHeaders headers("GetBroker");
    ASSERT_TRUE(peers.back().Send(http2::Hello() + headers.Next(1) +
                                  http2::Message(1, "", http2::kEndStream)));
    ASSERT_TRUE(peers.back().ReadUntil("grpc-status"));
  }
  EXPECT_TRUE(peers[0].WaitUntilClosed());
  EXPECT_TRUE(Connect(EnrolledKey("desk-other"))->GetBroker(kPatience).ok());
}

TEST_F(Door, ARevokedMemberGetsNothingOverAConnectionThatIsStillOpen) {
  StartServer();
  const TlsKeyPair key = EnrolledKey("desk-astrid");
  const auto connection = Connect(key);
  auto reader = connection->Subscribe({}, absl::InfiniteDuration());
  ASSERT_TRUE((*reader)->Read().ok());
  pins_.Revoke(PinOf(key));
  service_.Post("secret");
  EXPECT_EQ(RuleOf((*reader)->Read().status()), "NOT_ENROLLED");
  EXPECT_EQ(RuleOf(connection->GetBroker(kPatience).status()), "NOT_ENROLLED");
}

}  // namespace
}  // namespace shield::testing
