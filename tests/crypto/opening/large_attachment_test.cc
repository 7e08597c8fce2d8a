// Attachments take constant memory, however large they are.
//
// Each test runs in a process of its own under ctest, and the peak of resident memory is
// measured around the work, so that a copy of the file anywhere would show.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <vector>

#include "crypto/age_file_sealer.h"
#include "crypto/opening/open_age_file.h"
#include "crypto/opening/x25519_identity.h"
#include "crypto/sha256.h"
#include "crypto/system_random.h"

namespace shield {
namespace {

constexpr uint64_t kMebibyte = 1024 * 1024;
// Buffers of a chunk here and there; a sanitizer's shadow memory comes on top.
constexpr int64_t kAllowedGrowthKib = 4 * 1024;

int64_t PeakMemoryKib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

// Seals `size` bytes straight into an opener, which checks them: nothing is ever whole in memory.
void SealAndOpen(uint64_t size) {
  SystemRandom random;
  const X25519Identity identity = X25519Identity::Generate(random);
  uint64_t opened = 0;
  Sha256Hasher digest_out;
  AgeFileOpener opener({.identities = std::span(&identity, 1)}, [&](ByteSpan bytes) {
    opened += bytes.size();
    digest_out.Update(bytes);
    return absl::OkStatus();
  });
  auto sealer = AgeFileSealer::Create(identity.Recipient(), random,
                                      [&opener](ByteSpan bytes) { return opener.Write(bytes); });
  ASSERT_TRUE(sealer.ok());

  Bytes piece(100'000);
  random.Fill(piece);
  Sha256Hasher digest_in;
  for (uint64_t left = size; left > 0;) {
    const ByteSpan next = ByteSpan(piece).first(std::min<uint64_t>(left, piece.size()));
    digest_in.Update(next);
    ASSERT_TRUE((*sealer)->Write(next).ok());
    left -= next.size();
  }
  ASSERT_TRUE((*sealer)->Finish().ok());
  ASSERT_TRUE(opener.Finish().ok());
  EXPECT_EQ(opened, size);
  EXPECT_EQ(digest_out.Finish(), digest_in.Finish());
}

TEST(LargeAttachment, OfAQuarterGibibyteSealsAndOpensInTheMemoryOfASmallOne) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "SKIP: AddressSanitizer keeps what is freed";
#endif
  SealAndOpen(kMebibyte);
  const int64_t before = PeakMemoryKib();
  SealAndOpen(256 * kMebibyte);
  const int64_t growth = PeakMemoryKib() - before;
  RecordProperty("peak_growth_kib", std::to_string(growth));
  EXPECT_LT(growth, kAllowedGrowthKib);
}

}  // namespace
}  // namespace shield
