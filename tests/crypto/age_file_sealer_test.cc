#include "crypto/age_file_sealer.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "crypto/opening/open_age_file.h"
#include "crypto/opening/x25519_identity.h"
#include "tests/crypto/refused_keys.h"
#include "tests/support/seeded_random.h"

namespace shield {
namespace {

class AgeFileSealerTest : public ::testing::Test {
 protected:
  testing::SeededRandom random_{7};
  X25519Identity identity_ = X25519Identity::Generate(random_);
  Bytes file_;
  ByteSink into_file_ = [this](ByteSpan bytes) {
    Append(file_, bytes);
    return absl::OkStatus();
  };
};

TEST_F(AgeFileSealerTest, WhatItSealsOpensForItsRecipientAndNobodyElse) {
  Bytes plaintext(300'000);
  random_.Fill(plaintext);
  auto sealer = AgeFileSealer::Create(identity_.Recipient(), random_, into_file_);
  ASSERT_TRUE(sealer.ok()) << sealer.status();
  ASSERT_TRUE((*sealer)->Write(plaintext).ok());
  ASSERT_TRUE((*sealer)->Finish().ok());
  const auto opened = OpenAgeFile(file_, {.identities = std::span(&identity_, 1)});
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(*opened, plaintext);
  const X25519Identity other = X25519Identity::Generate(random_);
  EXPECT_FALSE(OpenAgeFile(file_, {.identities = std::span(&other, 1)}).ok());
}

TEST_F(AgeFileSealerTest, ReportsSizeAndDigestOfTheFile) {
  auto sealer = AgeFileSealer::Create(identity_.Recipient(), random_, into_file_);
  ASSERT_TRUE((*sealer)->Write(Bytes(100'000, 1)).ok());
  const auto sealed = (*sealer)->Finish();
  ASSERT_TRUE(sealed.ok());
  EXPECT_EQ(sealed->bytes, file_.size());
  EXPECT_EQ(sealed->digest, Sha256(ByteSpan(file_)));
}

TEST_F(AgeFileSealerTest, AnEmptyFileIsSealedToo) {
  auto sealer = AgeFileSealer::Create(identity_.Recipient(), random_, into_file_);
  ASSERT_TRUE((*sealer)->Finish().ok());
  const auto opened = OpenAgeFile(file_, {.identities = std::span(&identity_, 1)});
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_TRUE(opened->empty());
}

TEST_F(AgeFileSealerTest, RefusesEverySecondSpellingAndKeyOfLowOrder) {
  for (const absl::string_view hex : testing::kLowOrderOrSecondSpelling) {
    const auto sealer =
        AgeFileSealer::Create(testing::X25519FromHex(hex), random_, into_file_).status();
    EXPECT_TRUE(absl::IsInvalidArgument(sealer)) << hex;
    EXPECT_TRUE(file_.empty());
  }
}

TEST_F(AgeFileSealerTest, PassesOnTheErrorOfItsSink) {
  auto full = [](ByteSpan) { return absl::ResourceExhaustedError("the disk is full"); };
  EXPECT_EQ(AgeFileSealer::Create(identity_.Recipient(), random_, full).status().code(),
            absl::StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace shield
