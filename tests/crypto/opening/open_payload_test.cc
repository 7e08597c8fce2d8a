#include "crypto/opening/open_payload.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "crypto/opening/age_failure.h"
#include "crypto/payload.h"
#include "tests/support/seeded_random.h"

namespace shield {
namespace {

class OpenPayloadTest : public ::testing::Test {
 protected:
  Bytes Plaintext(size_t size) {
    Bytes bytes(size);
    random_.Fill(bytes);
    return bytes;
  }
  Bytes Sealed(const Bytes& plaintext) {
    return SealPayload(file_key_, NewPayloadNonce(random_), plaintext);
  }
  // Opens `payload` in pieces; what was released is in `released_`.
  absl::Status Stream(const Bytes& payload, size_t piece) {
    released_.clear();
    PayloadOpener opener(file_key_, [this](ByteSpan bytes) {
      Append(released_, bytes);
      return absl::OkStatus();
    });
    for (size_t at = 0; at < payload.size(); at += piece) {
      const auto status =
          opener.Write(ByteSpan(payload).subspan(at, std::min(piece, payload.size() - at)));
      if (!status.ok()) return status;
    }
    return opener.Finish();
  }

  testing::SeededRandom random_{10};
  FileKey file_key_ = NewFileKey(random_);
  Bytes released_;
};

constexpr size_t kSizes[] = {0, 1, kChunkSize - 1, kChunkSize, kChunkSize + 1, 2 * kChunkSize};

TEST_F(OpenPayloadTest, GivesBackWhatWasSealed) {
  for (const size_t size : kSizes) {
    const Bytes plaintext = Plaintext(size);
    const Bytes payload = Sealed(plaintext);
    EXPECT_EQ(*OpenPayload(file_key_, payload), plaintext) << size;
    for (const size_t piece : {size_t{997}, kChunkSize, 3 * kChunkSize}) {
      ASSERT_TRUE(Stream(payload, piece).ok()) << size << " in pieces of " << piece;
      EXPECT_EQ(released_, plaintext);
    }
  }
}

TEST_F(OpenPayloadTest, RefusesAnyCut) {
  for (const size_t size : kSizes) {
    const Bytes payload = Sealed(Plaintext(size));
    for (const size_t cut : {size_t{1}, size_t{16}, size_t{17}, size_t{32}, kSealedChunkSize}) {
      if (cut > payload.size()) continue;
      const Bytes shorter(payload.begin(), payload.end() - static_cast<ptrdiff_t>(cut));
      EXPECT_EQ(AgeFailureOf(OpenPayload(file_key_, shorter).status()), AgeFailure::kPayload)
          << size << " without " << cut;
    }
  }
}

TEST_F(OpenPayloadTest, RefusesAnyExtension) {
  for (const size_t size : kSizes) {
    for (const size_t more : {size_t{1}, size_t{16}, kSealedChunkSize}) {
      Bytes payload = Sealed(Plaintext(size));
      payload.resize(payload.size() + more);
      EXPECT_EQ(AgeFailureOf(OpenPayload(file_key_, payload).status()), AgeFailure::kPayload);
    }
  }
}

TEST_F(OpenPayloadTest, RefusesAChangedByteAnywhere) {
  Bytes payload = Sealed(Plaintext(kChunkSize + 10));
  for (const size_t at : {size_t{0}, size_t{16}, kSealedChunkSize, payload.size() - 1}) {
    payload[at] ^= 1;
    EXPECT_EQ(AgeFailureOf(OpenPayload(file_key_, payload).status()), AgeFailure::kPayload) << at;
    payload[at] ^= 1;
  }
}

TEST_F(OpenPayloadTest, RefusesAsAStreamIsRefused) {
  const auto same = [this](const Bytes& payload, const std::string& what) {
    const absl::Status whole = OpenPayload(file_key_, payload).status();
    EXPECT_FALSE(whole.ok()) << what;
    EXPECT_EQ(whole, Stream(payload, 4096)) << what;
  };
  for (const size_t size : kSizes) {
    const Bytes payload = Sealed(Plaintext(size));
    for (const size_t cut : {size_t{1}, size_t{16}, size_t{17}, size_t{40}, kSealedChunkSize}) {
      if (cut > payload.size()) continue;
      same(Bytes(payload.begin(), payload.end() - static_cast<ptrdiff_t>(cut)),
           absl::StrCat(size, " without ", cut));
    }
    for (const size_t more : {size_t{1}, size_t{16}, kSealedChunkSize}) {
      Bytes longer = payload;
      longer.resize(payload.size() + more);
      same(longer, absl::StrCat(size, " and ", more));
    }
    for (const size_t at : {size_t{0}, payload.size() / 2, payload.size() - 1}) {
      Bytes changed = payload;
      changed[at] ^= 1;
      same(changed, absl::StrCat(size, " changed at ", at));
    }
  }
}

TEST_F(OpenPayloadTest, RefusesChunksInAnotherOrder) {
  Bytes payload = Sealed(Plaintext(3 * kChunkSize));
  std::swap_ranges(payload.begin() + kPayloadNonceSize,
                   payload.begin() + kPayloadNonceSize + kSealedChunkSize,
                   payload.begin() + kPayloadNonceSize + kSealedChunkSize);
  EXPECT_EQ(AgeFailureOf(OpenPayload(file_key_, payload).status()), AgeFailure::kPayload);
}

TEST_F(OpenPayloadTest, ReleasesOnlyChunksThatAuthenticated) {
  const Bytes plaintext = Plaintext(2 * kChunkSize + 10);
  Bytes payload = Sealed(plaintext);
  payload[kPayloadNonceSize + kSealedChunkSize + 5] ^= 1;  // in the second chunk
  EXPECT_FALSE(Stream(payload, 1000).ok());
  EXPECT_EQ(released_, Bytes(plaintext.begin(), plaintext.begin() + kChunkSize));
}

TEST_F(OpenPayloadTest, DoesNotOpenUnderAnotherKey) {
  const Bytes payload = Sealed(Plaintext(10));
  EXPECT_EQ(AgeFailureOf(OpenPayload(NewFileKey(random_), payload).status()), AgeFailure::kPayload);
}

TEST_F(OpenPayloadTest, PassesOnTheErrorOfItsSink) {
  PayloadOpener opener(file_key_,
                       [](ByteSpan) { return absl::ResourceExhaustedError("the disk is full"); });
  ASSERT_TRUE(opener.Write(Sealed(Plaintext(10))).ok());
  EXPECT_EQ(opener.Finish().code(), absl::StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace shield
