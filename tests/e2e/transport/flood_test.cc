// Enrolled members that send frames no client of ours would send, to make the broker's memory grow.
#include <gtest/gtest.h>
#include <zlib.h>

#include <fstream>

#include "absl/time/clock.h"
#include "base/check.h"
#include "base/status.h"
#include "tests/e2e/transport/http2_frames.h"
#include "tests/e2e/transport/raw_peer.h"
#include "tests/e2e/transport/transport_fixture.h"

namespace shield::testing {
namespace {

constexpr size_t kMebibyte = size_t{1} << 20;

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kMemoryIsKept = true;  // AddressSanitizer holds freed memory back
#else
constexpr bool kMemoryIsKept = false;
#endif

// The most memory the process has held since the last call of ResetPeak.
size_t PeakBytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmHWM:", 0) == 0) return std::stoul(line.substr(6)) * 1024;
  }
  return 0;
}

std::string Compressed(const std::string& plain) {
  uLongf size = compressBound(plain.size());
  std::string packed(size, '\0');
  z_stream stream{};
  SHIELD_CHECK(deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9,
                            Z_DEFAULT_STRATEGY) == Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  SHIELD_CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

void ResetPeak() { std::ofstream("/proc/self/clear_refs") << "5"; }

class Flood : public TransportFixture {
 protected:
  void Start() {
    StartServer();
    key_ = EnrolledKey("desk-astrid");
    ResetPeak();
    before_ = PeakBytes();
  }

  // A connection over which one call has been answered.
  RawTlsPeer KnownPeer() {
    RawTlsPeer peer = RawTlsPeer::Connect(port(), key_, RawTlsPeer::Version::kTls13);
    EXPECT_EQ(peer.handshake_error(), "");
    http2::CallHeaders headers("GetBroker");
    EXPECT_TRUE(
        peer.Send(http2::Hello() + headers.Next(1) + http2::Message(1, "", http2::kEndStream)));
    EXPECT_TRUE(peer.ReadUntil("grpc-status"));
    return peer;
  }

  // How much memory the process took at most beyond what it had at the start.
  size_t Growth() const { return kMemoryIsKept ? 0 : PeakBytes() - before_; }

  void ExpectThatOthersAreServed() {
    EXPECT_TRUE(Connect(EnrolledKey("desk-other"))->GetBroker(kPatience).ok());
  }

  TlsKeyPair key_;
  size_t before_ = 0;
};

struct ResetCase {
  const char* method;
  bool later;  // the resets come in a write of their own
};

class ResetFlood : public Flood, public ::testing::WithParamInterface<ResetCase> {};

TEST_P(ResetFlood, CostsAFixedAmountAndTheConnection) {
  constexpr uint32_t kStreamsPerWrite = 16;
  constexpr uint32_t kStreams = 100'000;
  Start();
  RawTlsPeer peer = KnownPeer();
  http2::CallHeaders headers(GetParam().method);
  bool open = true;
  for (uint32_t stream = 3; open && stream < 2 * kStreams; stream += 2 * kStreamsPerWrite) {
    std::string opening;
    std::string resets;
    for (uint32_t id = stream; id < stream + 2 * kStreamsPerWrite; id += 2) {
      opening += headers.Next(id) + http2::Message(id, "");
      (GetParam().later ? resets : opening) += http2::Reset(id);
    }
    open = peer.Send(opening) && (resets.empty() || peer.Send(resets));
  }
  EXPECT_FALSE(open) << "all streams were taken";
  EXPECT_TRUE(peer.WaitUntilClosed());
  EXPECT_LT(Growth(), 64 * kMebibyte);
  ExpectThatOthersAreServed();
}

INSTANTIATE_TEST_SUITE_P(
    EveryMethod, ResetFlood,
    ::testing::Values(ResetCase{"GetBroker", false}, ResetCase{"GetBroker", true},
                      ResetCase{"GetDirectory", false}, ResetCase{"GetDirectory", true},
                      ResetCase{"PublishDirectory", false}, ResetCase{"PublishDirectory", true},
                      ResetCase{"Publish", false}, ResetCase{"Publish", true},
                      ResetCase{"Subscribe", false}, ResetCase{"Subscribe", true},
                      ResetCase{"Acknowledge", false}, ResetCase{"Acknowledge", true},
                      ResetCase{"Fetch", false}, ResetCase{"Fetch", true},
                      ResetCase{"GetStatus", false}, ResetCase{"GetStatus", true},
                      ResetCase{"AddReceipts", false}, ResetCase{"AddReceipts", true},
                      ResetCase{"GetRetention", false}, ResetCase{"GetRetention", true},
                      ResetCase{"Log", false}, ResetCase{"Log", true}, ResetCase{"Steal", false},
                      ResetCase{"Steal", true}),
    [](const ::testing::TestParamInfo<ResetCase>& reset) {
      return std::string(reset.param.method) + (reset.param.later ? "InTwoWrites" : "InOneWrite");
    });

TEST_F(Flood, AMessageThatClaimsToBeCompressedIsNotUnpacked) {
  Start();
  RawTlsPeer peer = KnownPeer();
  http2::CallHeaders headers("GetBroker", "gzip");
  // Within the first window.
  constexpr size_t kUnpackedBytes = 50 * kMebibyte;
  const std::string bomb = Compressed(std::string(kUnpackedBytes, '\0'));
  ResetPeak();
  before_ = PeakBytes();
  ASSERT_TRUE(peer.Send(headers.Next(3) + http2::Message(3, bomb, http2::kEndStream, true)));
  EXPECT_TRUE(peer.ReadUntil("message refused"));
  EXPECT_LT(Growth(), 16 * kMebibyte);
  ExpectThatOthersAreServed();
}

TEST_F(Flood, ALargeUploadAndALargeDownloadAreNone) {
  Start();
  constexpr size_t kBytes = 48 * kMebibyte;
  service_.set_fetched(std::string(kBytes, 'f'));
  const auto connection = Connect(key_);
  auto writer = connection->Publish({"the statement", {}}, kPatience);
  ASSERT_TRUE(writer.ok()) << writer.status();
  const absl::Time start = absl::Now();
  EXPECT_TRUE((*writer)->WritePayload(Bytes(kBytes, 'p')).ok());
  EXPECT_TRUE((*writer)->Finish().ok());
  RecordProperty("upload_ms", static_cast<int>(absl::ToInt64Milliseconds(absl::Now() - start)));
  auto reader = connection->Fetch({BulletinId({1, 2, 3}), 1, 0}, kPatience);
  ASSERT_TRUE(reader.ok()) << reader.status();
  size_t fetched = 0;
  for (absl::StatusOr<Bytes> part = (*reader)->Read(); part.ok() && !part->empty();
       part = (*reader)->Read()) {
    fetched += part->size();
  }
  EXPECT_EQ(fetched, kBytes);
}

TEST_F(Flood, EndlessHeadersAfterACallAreCutOff) {
  Start();
  RawTlsPeer peer = KnownPeer();
  constexpr int kFrames = 40'000;
  EXPECT_TRUE(peer.SendHeadersUntilClosed(3, kFrames));
  EXPECT_LT(Growth(), 192 * kMebibyte);
  ExpectThatOthersAreServed();
}

}  // namespace
}  // namespace shield::testing
