#include "broker/store/store_backup.h"

#include <filesystem>
#include <fstream>

#include "base/status.h"
#include "broker/store/store_errors.h"
#include "broker/store/store_verify.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/broker/store/rocks_host.h"
#include "tests/broker/store/sample_commands.h"

namespace shield::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class StoreBackupTest : public ::testing::Test {
 protected:
  void Publish(uint64_t number) {
    ASSERT_TRUE(Commit(host_.store(), SamplePublish(number, {member_}, 0, 3000)).ok());
  }
  // Of the store as it is, which is stopped for it.
  absl::StatusOr<store::BackupFacts> BackUp() {
    host_.Close();
    const auto facts = store::BackupStore(host_.folder(), backup_);
    SHIELD_CHECK(host_.Open().ok());
    return facts;
  }
  absl::StatusOr<store::Restored> Restore(std::optional<uint32_t> id = std::nullopt) {
    return store::RestoreStore(backup_, id, restored_, host_.random);
  }
  bool NothingIsVisible() const {
    return !fs::exists(store::DatabasePath(restored_)) &&
           !fs::exists(store::SentinelPath(restored_));
  }

  RocksHost host_;
  const MemberId member_ = Member("member-0");
  const fs::path backup_ = host_.folder().parent_path() / "backup";
  const fs::path restored_ = host_.folder().parent_path() / "restored";
};

TEST_F(StoreBackupTest, TheNewestIsRestoredWithANewEpoch) {
  Publish(1);
  const store::ResumeToken held = *host_.store().MakeResumeToken(member_, 1);
  ASSERT_TRUE(BackUp().ok());
  Publish(2);
  const auto facts = BackUp();
  ASSERT_TRUE(facts.ok()) << facts.status();
  EXPECT_EQ(facts->id, 2u);
  EXPECT_EQ(facts->commit, 2u);
  EXPECT_GT(facts->made, absl::FromUnixSeconds(1'700'000'000));
  Publish(3);
  const store::ResumeToken ahead = *host_.store().MakeResumeToken(member_, 3);

  const auto restored = Restore();
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(restored->backup.id, 2u);
  EXPECT_EQ(restored->backup.made, facts->made);
  EXPECT_EQ(restored->report.commits, 2u);
  auto store = store::RocksStore::Open({.folder = restored_, .space = &host_.space});
  ASSERT_TRUE(store.ok()) << store.status();
  EXPECT_NE((*store)->MakeResumeToken(member_, 1)->epoch, held.epoch);
  EXPECT_TRUE((*store)->CheckResumeToken(member_, held).ok());
  EXPECT_EQ(RuleOf((*store)->CheckResumeToken(member_, ahead)), store::kRuleRollback);
}

TEST_F(StoreBackupTest, AnOlderOneIsRestoredWhenItIsNamed) {
  Publish(1);
  ASSERT_TRUE(BackUp().ok());
  Publish(2);
  ASSERT_TRUE(BackUp().ok());
  EXPECT_EQ(Restore(7).status().code(), absl::StatusCode::kNotFound);
  const auto restored = Restore(1);
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(restored->report.commits, 1u);
}

TEST_F(StoreBackupTest, ADamagedNewestIsNotReplacedByAnOlderOneUnlessThatIsNamed) {
  Publish(1);
  ASSERT_TRUE(BackUp().ok());
  Publish(2);
  ASSERT_TRUE(BackUp().ok());
  std::ofstream(backup_ / "meta" / "2", std::ios::trunc) << "nonsense\n";
  const absl::Status refused = Restore().status();
  EXPECT_TRUE(absl::IsDataLoss(refused)) << refused;
  EXPECT_THAT(std::string(refused.message()), HasSubstr("damaged backups: 2"));
  EXPECT_THAT(HintOf(refused), HasSubstr("--backup"));
  EXPECT_FALSE(Restore(2).ok());
  EXPECT_TRUE(NothingIsVisible());
  // Nor is anything added: the backup engine tidies up what a damaged one may need.
  EXPECT_TRUE(absl::IsDataLoss(BackUp().status()));
  EXPECT_TRUE(Restore(1).ok());
}

TEST_F(StoreBackupTest, ADamagedFileIsFoundBeforeAnythingIsVisible) {
  for (uint64_t number = 1; number <= 12; ++number) Publish(number);
  ASSERT_TRUE(BackUp().ok());
  for (const auto& entry : fs::directory_iterator(backup_ / "shared_checksum")) {
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(40);
    file.put('?');
  }
  EXPECT_FALSE(Restore().ok());
  EXPECT_TRUE(NothingIsVisible());
}

TEST_F(StoreBackupTest, OfAStoreThatDoesNotVerifyNeverBecomesVisible) {
  Publish(1);
  host_.Close();
  host_.Overwrite(store::Column::kExpiry, store::ExpiryKey(1, SampleId(1)), "");
  ASSERT_TRUE(host_.Open().ok());
  ASSERT_TRUE(BackUp().ok());
  EXPECT_TRUE(absl::IsDataLoss(Restore().status()));
  EXPECT_TRUE(NothingIsVisible());
}

TEST_F(StoreBackupTest, WhatAnInterruptedRestoreLeftIsCleared) {
  Publish(1);
  ASSERT_TRUE(BackUp().ok());
  fs::create_directories(store::NewDatabasePath(restored_));
  std::ofstream(store::NewDatabasePath(restored_) / "CURRENT") << "half\n";
  const auto restored = Restore();
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_FALSE(fs::exists(store::NewDatabasePath(restored_)));
  EXPECT_TRUE(store::VerifyStore(restored_).ok());
}

TEST_F(StoreBackupTest, IsNeverRestoredOverAStoreNorOverHalfOfOne) {
  Publish(1);
  ASSERT_TRUE(BackUp().ok());
  const auto restore_over = [this] {
    return store::RestoreStore(backup_, std::nullopt, host_.folder(), host_.random).status();
  };
  host_.Close();
  EXPECT_TRUE(absl::IsFailedPrecondition(restore_over()));
  EXPECT_TRUE(absl::IsFailedPrecondition(store::CreateStore(host_.folder(), host_.random)));
  const fs::path aside = host_.folder().parent_path() / "aside";
  fs::rename(store::SentinelPath(host_.folder()), aside);
  EXPECT_TRUE(absl::IsFailedPrecondition(restore_over()));
  fs::rename(aside, store::SentinelPath(host_.folder()));
  EXPECT_TRUE(host_.Open().ok());
}

TEST_F(StoreBackupTest, IsClosedToOthers) {
  Publish(1);
  ASSERT_TRUE(BackUp().ok());
  EXPECT_EQ(fs::status(backup_).permissions(), fs::perms::owner_all);
  fs::permissions(backup_, fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec);
  const absl::Status refused = BackUp().status();
  EXPECT_TRUE(absl::IsFailedPrecondition(refused)) << refused;
  EXPECT_THAT(HintOf(refused), HasSubstr("chmod 0700"));
}

}  // namespace
}  // namespace shield::testing
