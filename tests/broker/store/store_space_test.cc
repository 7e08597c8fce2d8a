// Space on the disk: what is kept back, and what is given back.
#include <filesystem>

#include "gtest/gtest.h"
#include "tests/broker/store/rocks_host.h"
#include "tests/broker/store/sample_commands.h"

namespace shield::testing {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kMebibyte = uint64_t{1} << 20;
// One flush writes two full memtables of the column at most into one blob file; a file that also
// holds what is still there stays.
constexpr uint64_t kMixedFileBytes = 34 * kMebibyte;
constexpr uint32_t kUploadChunks = 48 * kMebibyte / store::kChunkBytes;

uint64_t BytesIn(const fs::path& folder) {
  uint64_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) bytes += entry.file_size();
  }
  return bytes;
}

class StoreSpaceTest : public ::testing::Test {
 protected:
  // 48 MiB that never become a bulletin.
  store::UploadId Stage() {
    const store::UploadId upload = *host_.store().BeginUpload();
    const Bytes chunk(store::kChunkBytes, 0x5c);
    for (uint32_t i = 0; i < kUploadChunks; ++i) {
      SHIELD_CHECK(host_.store().PutChunk(upload, 0, i, chunk).ok());
    }
    return upload;
  }

  RocksHost host_;
};

TEST_F(StoreSpaceTest, OfADroppedUploadIsGivenBack) {
  ASSERT_TRUE(Commit(host_.store(), SamplePublish(1, SampleMembers(2), 0, 3000)).ok());
  const store::UploadId upload = Stage();
  ASSERT_TRUE(Commit(host_.store(), SamplePublish(2, SampleMembers(2), 0, 3000)).ok());
  EXPECT_GT(BytesIn(host_.folder()), 48 * kMebibyte);
  ASSERT_TRUE(host_.store().DropUpload(upload).ok());
  host_.Close();  // waits for what is being given back
  EXPECT_LT(BytesIn(host_.folder()), kMixedFileBytes);
  ASSERT_TRUE(host_.Open().ok());
  EXPECT_EQ(*host_.store().ReadChunk(SampleId(1), 0, 0), Bytes(3000, 1));
  EXPECT_TRUE(host_.store().Verify().ok());
}

TEST_F(StoreSpaceTest, OfUploadsThatAreSweptAtTheStartIsGivenBack) {
  Stage();
  host_.Close();
  EXPECT_GT(BytesIn(host_.folder()), 48 * kMebibyte);
  ASSERT_TRUE(host_.Open().ok());
  host_.Close();
  EXPECT_LT(BytesIn(host_.folder()), 2 * kMebibyte);
}

TEST_F(StoreSpaceTest, OfAnUploadThatWasPublishedIsKept) {
  const store::UploadId upload = Stage();
  store::PublishCommand command = SamplePublish(1, SampleMembers(1), 0, 0);
  command.upload = upload;
  command.part_bytes = {48 * kMebibyte};
  ASSERT_TRUE(Commit(host_.store(), command).ok());
  const store::UploadId dropped = Stage();
  ASSERT_TRUE(host_.store().DropUpload(dropped).ok());
  host_.Close();
  EXPECT_LT(BytesIn(host_.folder()), 48 * kMebibyte + kMixedFileBytes);
  ASSERT_TRUE(host_.Open().ok());
  EXPECT_TRUE(host_.store().Verify().ok());
}

TEST_F(StoreSpaceTest, OfABulletinThatWasWithdrawnIsGivenBackAfterTheSweep) {
  store::PublishCommand command = SamplePublish(1, SampleMembers(2), 0, 0);
  command.upload = Stage();
  command.part_bytes = {48 * kMebibyte};
  ASSERT_TRUE(Commit(host_.store(), command).ok());
  ASSERT_TRUE(Commit(host_.store(), SampleWithdrawal(2, 1)).ok());
  store::SweepCommand sweep{absl::UnixEpoch()};
  for (bool more = true; more;) {
    const auto receipt = Commit(host_.store(), sweep);
    ASSERT_TRUE(receipt.ok()) << receipt.status();
    more = receipt->more;
  }
  host_.Close();  // waits for what is being given back
  EXPECT_LT(BytesIn(host_.folder()), kMixedFileBytes);
  ASSERT_TRUE(host_.Open().ok());
  EXPECT_EQ(host_.store().ReadBulletin(SampleId(1))->state, store::BulletinState::kWithdrawn);
  EXPECT_TRUE(host_.store().Verify().ok());
}

TEST_F(StoreSpaceTest, KeptForRevokingIsAtLeastTheFloorAgain) {
  host_.Close();
  const auto with = [this](uint64_t watermark) {
    return store::RocksStore::Open({.folder = host_.folder(),
                                    .space = &host_.space,
                                    .publish_watermark_bytes = watermark})
        .status();
  };
  EXPECT_TRUE(absl::IsInvalidArgument(with(2 * store::kFloorBytes - 1)));
  EXPECT_TRUE(with(2 * store::kFloorBytes).ok());
}

}  // namespace
}  // namespace shield::testing
