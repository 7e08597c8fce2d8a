#include "crypto/payload.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/hex.h"
#include "tests/support/seeded_random.h"

namespace shield {
namespace {

class PayloadTest : public ::testing::Test {
 protected:
  PayloadTest() : file_key_(NewFileKey(random_)), nonce_(NewPayloadNonce(random_)) {}

  Bytes Plaintext(size_t size) {
    Bytes bytes(size);
    random_.Fill(bytes);
    return bytes;
  }

  testing::SeededRandom random_{6};
  FileKey file_key_;
  PayloadNonce nonce_;
};

TEST_F(PayloadTest, HasTheSizeThatWasForetold) {
  for (const size_t size : {size_t{0}, size_t{1}, kChunkSize - 1, kChunkSize, kChunkSize + 1,
                            2 * kChunkSize, 3 * kChunkSize + 7}) {
    EXPECT_EQ(SealPayload(file_key_, nonce_, Plaintext(size)).size(), SealedPayloadSize(size));
  }
  EXPECT_EQ(SealedPayloadSize(0), 32u);
  EXPECT_EQ(SealedPayloadSize(kChunkSize), 16u + kSealedChunkSize);
  EXPECT_EQ(SealedPayloadSize(kChunkSize + 1), 16u + kSealedChunkSize + 17u);
}

TEST_F(PayloadTest, BeginsWithItsNonce) {
  const Bytes payload = SealPayload(file_key_, nonce_, Plaintext(100));
  EXPECT_TRUE(std::equal(nonce_.begin(), nonce_.end(), payload.begin()));
}

TEST_F(PayloadTest, StreamingGivesTheSameBytesHoweverItIsCut) {
  for (const size_t size : {size_t{0}, size_t{5}, kChunkSize, kChunkSize + 1, 2 * kChunkSize}) {
    const Bytes plaintext = Plaintext(size);
    const Bytes whole = SealPayload(file_key_, nonce_, plaintext);
    for (const size_t piece : {size_t{1000}, kChunkSize, 3 * kChunkSize}) {
      Bytes streamed;
      PayloadSealer sealer(file_key_, nonce_, [&streamed](ByteSpan bytes) {
        Append(streamed, bytes);
        return absl::OkStatus();
      });
      for (size_t at = 0; at < size; at += piece) {
        ASSERT_TRUE(sealer.Write(ByteSpan(plaintext).subspan(at, std::min(piece, size - at))).ok());
      }
      ASSERT_TRUE(sealer.Finish().ok());
      EXPECT_EQ(streamed, whole) << size << " in pieces of " << piece;
    }
  }
}

TEST_F(PayloadTest, ASinkThatFailsStopsTheStream) {
  PayloadSealer sealer(file_key_, nonce_,
                       [](ByteSpan) { return absl::ResourceExhaustedError("the disk is full"); });
  EXPECT_EQ(sealer.Write(Plaintext(2 * kChunkSize)).code(), absl::StatusCode::kResourceExhausted);
}

TEST(ChunkNonce, CountsBigEndianAndMarksTheLast) {
  EXPECT_EQ(HexEncode(ChunkNonce(0, false)), "000000000000000000000000");
  EXPECT_EQ(HexEncode(ChunkNonce(0, true)), "000000000000000000000001");
  EXPECT_EQ(HexEncode(ChunkNonce(257, false)), "000000000000000000010100");
  EXPECT_EQ(HexEncode(ChunkNonce(~uint64_t{0}, true)), "000000ffffffffffffffff01");
}

}  // namespace
}  // namespace shield
