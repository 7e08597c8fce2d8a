#include "broker/transport/accept_loop.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <deque>

#include "absl/strings/numbers.h"
#include "base/check.h"
#include "base/mutex.h"
#include "tests/support/fake_clock.h"

namespace shield::broker {
namespace {

using ::testing::StartsWith;

bool Connects(const Descriptor& client, const std::string& address) {
  int port = 0;
  SHIELD_CHECK(absl::SimpleAtoi(address.substr(address.rfind(':') + 1), &port));
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<uint16_t>(port));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return connect(client.get(), reinterpret_cast<const sockaddr*>(&to), sizeof(to)) == 0;
}

// A client's end; blocking.
Descriptor ConnectTo(const std::string& address) {
  Descriptor client(socket(AF_INET, SOCK_STREAM, 0));
  if (!Connects(client, address)) return {};
  return client;
}

// What gRPC would call the client.
std::string NameOf(const Descriptor& client) {
  sockaddr_storage own{};
  socklen_t length = sizeof(own);
  getsockname(client.get(), reinterpret_cast<sockaddr*>(&own), &length);
  return PeerAddressOf(own).name;
}

bool ReadsEnd(const Descriptor& client) {
  char byte = 0;
  return recv(client.get(), &byte, 1, 0) <= 0;
}

class AcceptLoopTest : public ::testing::Test {
 protected:
  void Start(const ConnectionLimits& limits = {}) {
    table_ = std::make_unique<ConnectionTable>(limits);
    auto listening = Listen("127.0.0.1:0");
    ASSERT_TRUE(listening.ok()) << listening.status();
    auto loop = AcceptLoop::Start(*std::move(listening), *table_, clock_, [this](Descriptor fd) {
      MutexLock lock(mutex_);
      handed_over_.push_back(std::move(fd));
      arrived_.NotifyAll();
    });
    ASSERT_TRUE(loop.ok()) << loop.status();
    loop_ = *std::move(loop);
  }

  Descriptor TakeHandedOver() {
    MutexLock lock(mutex_);
    while (handed_over_.empty()) arrived_.Wait(mutex_);
    Descriptor taken = std::move(handed_over_.front());
    handed_over_.pop_front();
    return taken;
  }

  testing::FakeClock clock_;
  std::unique_ptr<ConnectionTable> table_;
  Mutex mutex_;
  CondVar arrived_;
  std::deque<Descriptor> handed_over_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<AcceptLoop> loop_;
};

TEST_F(AcceptLoopTest, HandsSocketsOverReadyForGrpc) {
  Start();
  EXPECT_THAT(loop_->address(), StartsWith("127.0.0.1:"));
  const Descriptor client = ConnectTo(loop_->address());
  const Descriptor server = TakeHandedOver();
  int on = 0;
  socklen_t size = sizeof(on);
  getsockopt(server.get(), IPPROTO_TCP, TCP_NODELAY, &on, &size);
  EXPECT_NE(on, 0);
  EXPECT_NE(fcntl(server.get(), F_GETFL) & O_NONBLOCK, 0);
}

TEST_F(AcceptLoopTest, ForgetsAConnectionOnceItsOwnerShutsItDown) {
  Start();
  const Descriptor client = ConnectTo(loop_->address());
  const Descriptor server = TakeHandedOver();
  EXPECT_EQ(table_->open(), 1U);
  shutdown(server.get(), SHUT_RDWR);
  EXPECT_TRUE(ReadsEnd(client));
  while (table_->open() > 0) std::this_thread::yield();
}

TEST_F(AcceptLoopTest, CutsOverdueConnectionsOnItsOwn) {
  Start();
  const Descriptor client = ConnectTo(loop_->address());
  const Descriptor server = TakeHandedOver();
  clock_.Advance(absl::Seconds(10));
  EXPECT_TRUE(ReadsEnd(client));
}

TEST_F(AcceptLoopTest, CutsWhoSendsTooMuchBeforeItsFirstRequest) {
  ConnectionLimits limits;
  limits.bytes_before_first_request = 1000;
  Start(limits);
  const Descriptor within = ConnectTo(loop_->address());
  const Descriptor server_within = TakeHandedOver();
  const Descriptor beyond = ConnectTo(loop_->address());
  const Descriptor server_beyond = TakeHandedOver();
  const std::string bytes(1001, 'x');
  ASSERT_EQ(send(within.get(), bytes.data(), 1000, 0), 1000);
  ASSERT_EQ(send(beyond.get(), bytes.data(), 1001, 0), 1001);
  EXPECT_TRUE(ReadsEnd(beyond));
  char byte = 0;
  EXPECT_EQ(recv(within.get(), &byte, 1, MSG_DONTWAIT), -1);
}

TEST_F(AcceptLoopTest, CutsAMemberWhoseBytesAreGoodForNothing) {
  ConnectionLimits limits;
  limits.unserved_bytes = 50'000;
  Start(limits);
  const Descriptor client = ConnectTo(loop_->address());
  const Descriptor server = TakeHandedOver();
  ASSERT_TRUE(table_->Authenticate(NameOf(client), Digest{}));
  const std::string bytes(16'000, 'x');
  for (int i = 0; i < 10; ++i) {
    // Each of these is a message; they pay for themselves and for nothing that comes later.
    table_->CountMessage(NameOf(client), bytes.size());
    ASSERT_GT(send(client.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL), 0);
    table_->CutOverdue(clock_.Now());
  }
  EXPECT_TRUE(IsOpen(server));
  std::string read(bytes.size(), '\0');
  while (send(client.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) > 0) {
    static_cast<void>(recv(server.get(), read.data(), read.size(), MSG_DONTWAIT));
  }
  EXPECT_FALSE(IsOpen(server));
}

TEST_F(AcceptLoopTest, WithoutDescriptorsMakesRoomAndGoesOn) {
  Start();
  const Descriptor stranger = ConnectTo(loop_->address());
  const Descriptor server = TakeHandedOver();
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const Descriptor late(socket(AF_INET, SOCK_STREAM, 0));
  rlimit none = before;
  none.rlim_cur = static_cast<rlim_t>(Descriptor(fcntl(late.get(), F_DUPFD, 0)).get());
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  EXPECT_TRUE(Connects(late, loop_->address()));
  EXPECT_TRUE(ReadsEnd(stranger));
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  const Descriptor next = ConnectTo(loop_->address());
  EXPECT_GE(TakeHandedOver().get(), 0);
}

TEST_F(AcceptLoopTest, StopsListeningButKeepsWatching) {
  Start();
  const Descriptor client = ConnectTo(loop_->address());
  const Descriptor server = TakeHandedOver();
  loop_->StopAccepting();
  EXPECT_LT(ConnectTo(loop_->address()).get(), 0);
  EXPECT_EQ(table_->open(), 1U);
  clock_.Advance(absl::Seconds(10));
  EXPECT_TRUE(ReadsEnd(client));
}

TEST_F(AcceptLoopTest, EachOfManyServesUntilItStopsAndLeavesNothingOpen) {
  const auto next_descriptor = [] { return Descriptor(socket(AF_INET, SOCK_STREAM, 0)).get(); };
  const int before = next_descriptor();
  for (int i = 0; i < 200; ++i) {
    Start();
    const std::string address = loop_->address();
    const Descriptor client = ConnectTo(address);
    ASSERT_GE(client.get(), 0) << address;
    ASSERT_GE(TakeHandedOver().get(), 0);
    if (i % 2 == 0) loop_->StopAccepting();
    loop_.reset();
    EXPECT_LT(ConnectTo(address).get(), 0) << address;
  }
  EXPECT_EQ(next_descriptor(), before);
}

TEST(PeerAddress, IsWrittenAsGrpcWritesIt) {
  sockaddr_storage storage{};
  auto& ip = reinterpret_cast<sockaddr_in6&>(storage);
  ip.sin6_family = AF_INET6;
  ip.sin6_port = htons(1234);
  inet_pton(AF_INET6, "fe80::1", &ip.sin6_addr);
  EXPECT_EQ(PeerAddressOf(storage).name, "ipv6:%5Bfe80::1%5D:1234");
  ip.sin6_scope_id = 2;
  EXPECT_EQ(PeerAddressOf(storage).name, "ipv6:%5Bfe80::1%252%5D:1234");
  inet_pton(AF_INET6, "::ffff:192.0.2.7", &ip.sin6_addr);
  EXPECT_EQ(PeerAddressOf(storage).name, "ipv4:192.0.2.7:1234");
}

TEST(ListenTest, RefusesWhatIsNoAddress) {
  for (const char* address : {"", "7443", ":7443", "127.0.0.1:", "127.0.0.1:70000", "host:x"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(Listen(address).status())) << address;
  }
}

TEST(ListenTest, RefusesAnAddressThatIsTaken) {
  const auto first = Listen("127.0.0.1:0");
  ASSERT_TRUE(first.ok());
  EXPECT_TRUE(absl::IsUnavailable(Listen(first->address).status()));
}

TEST(ListenTest, ListensOnIpv6InBrackets) {
  const auto listening = Listen("[::1]:0");
  if (!listening.ok()) GTEST_SKIP() << "SKIPPED: no IPv6 on this machine";
  EXPECT_THAT(listening->address, StartsWith("[::1]:"));
}

}  // namespace
}  // namespace shield::broker
