// What RocksDB alone would let pass: a store that lost acknowledged commits must not open, and must
// not be changed by the attempt.
#include <filesystem>
#include <fstream>

#include "base/status.h"
#include "broker/store/store_errors.h"
#include "gtest/gtest.h"
#include "tests/broker/store/rocks_host.h"
#include "tests/broker/store/sample_commands.h"

namespace shield::testing {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> FilesEnding(const fs::path& folder, absl::string_view ending) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const absl::string_view view(name);
    if (view.size() >= ending.size() && view.substr(view.size() - ending.size()) == ending &&
        fs::file_size(entry.path()) > 0) {
      found.push_back(entry.path());
    }
  }
  return found;
}

fs::path Manifest(const fs::path& database) {
  for (const auto& entry : fs::directory_iterator(database)) {
    if (entry.path().filename().string().rfind("MANIFEST-", 0) == 0) return entry.path();
  }
  return {};
}

void FlipByte(const fs::path& path, uint64_t offset) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(offset));
  const auto byte = static_cast<char>(file.get() ^ 0x20);
  file.seekp(static_cast<std::streamoff>(offset));
  file.put(byte);
}

class StoreDamageTest : public ::testing::Test {
 protected:
  static constexpr uint64_t kPublishes = 12;

  void SetUp() override {
    for (uint64_t number = 1; number <= kPublishes; ++number) {
      ASSERT_TRUE(Commit(host_.store(), SamplePublish(number, SampleMembers(3), 0, 3000)).ok());
    }
  }

  // The log becomes sorted files: what recovery does at every start.
  void Restart() {
    host_.Close();
    ASSERT_TRUE(host_.Open().ok());
  }

  void ExpectRefused(absl::string_view why) {
    const absl::Status status = host_.Open();
    EXPECT_FALSE(status.ok()) << why;
    EXPECT_TRUE(absl::IsDataLoss(status)) << why << ": " << status;
  }

  RocksHost host_;
};

TEST_F(StoreDamageTest, ABitFlipAnywhereInTheLogIsFound) {
  host_.Close();
  const std::vector<fs::path> logs = FilesEnding(host_.database(), ".log");
  ASSERT_EQ(logs.size(), 1u);
  const uint64_t size = fs::file_size(logs[0]);
  // The end of the log matters most: there RocksDB alone takes damage for an unfinished write.
  for (uint64_t offset : {uint64_t{5}, size / 4, size / 2, size - 2000, size - 300, size - 2}) {
    FlipByte(logs[0], offset);
    ExpectRefused(absl::StrCat("offset ", offset, " of ", size));
    FlipByte(logs[0], offset);
  }
  // Nothing was repaired on the way: with its bytes back the store is whole.
  ASSERT_TRUE(host_.Open().ok());
  EXPECT_EQ(host_.store().last_commit(), kPublishes);
  EXPECT_TRUE(host_.store().Verify().ok());
}

TEST_F(StoreDamageTest, ALogCutShortIsFound) {
  host_.Close();
  const fs::path log = FilesEnding(host_.database(), ".log").at(0);
  const fs::path whole = host_.folder() / "whole.log";
  fs::copy_file(log, whole);
  for (uint64_t cut : {uint64_t{1}, uint64_t{100}, fs::file_size(log) / 2, fs::file_size(log)}) {
    fs::resize_file(log, fs::file_size(whole) - cut);
    ExpectRefused(absl::StrCat("cut by ", cut));
    fs::copy_file(whole, log, fs::copy_options::overwrite_existing);
  }
  EXPECT_TRUE(host_.Open().ok());
}

TEST_F(StoreDamageTest, ADeletedLogIsFound) {
  host_.Close();
  for (const fs::path& log : FilesEnding(host_.database(), ".log")) fs::remove(log);
  ExpectRefused("log deleted");
}

TEST_F(StoreDamageTest, ADeletedLogIsFoundWhenOnlyTheLastCommitIsInIt) {
  Restart();
  ASSERT_TRUE(Commit(host_.store(), SamplePublish(100, SampleMembers(1))).ok());
  host_.Close();
  for (const fs::path& log : FilesEnding(host_.database(), ".log")) fs::remove(log);
  ExpectRefused("log deleted");
}

TEST_F(StoreDamageTest, ATruncatedManifestLosesNothingSilently) {
  Restart();
  ASSERT_TRUE(Commit(host_.store(), SamplePublish(100, SampleMembers(1))).ok());
  host_.Close();
  const fs::path copy = host_.folder().parent_path() / "copy";
  fs::copy(host_.database(), copy, fs::copy_options::recursive);
  const uint64_t size = fs::file_size(Manifest(copy));
  for (uint64_t cut = 1; cut < size; cut += size / 12 + 1) {
    fs::remove_all(host_.database());
    fs::copy(copy, host_.database(), fs::copy_options::recursive);
    fs::resize_file(Manifest(host_.database()), size - cut);
    const absl::Status status = host_.Open();
    if (!status.ok()) continue;
    EXPECT_EQ(host_.store().last_commit(), kPublishes + 1) << "cut by " << cut;
    const absl::Status verified = host_.store().Verify().status();
    EXPECT_TRUE(verified.ok()) << "cut by " << cut << ": " << verified;
    host_.Close();
  }
}

TEST_F(StoreDamageTest, YesterdaysCopyIsFound) {
  host_.Close();
  const fs::path copy = host_.folder().parent_path() / "copy";
  fs::copy(host_.database(), copy, fs::copy_options::recursive);
  ASSERT_TRUE(host_.Open().ok());
  ASSERT_TRUE(Commit(host_.store(), SamplePublish(100, SampleMembers(1))).ok());
  host_.Close();
  fs::remove_all(host_.database());
  fs::rename(copy, host_.database());
  ExpectRefused("older copy");
}

TEST_F(StoreDamageTest, AnotherHistoryOfTheSameLengthIsFound) {
  host_.Close();
  const fs::path copy = host_.folder().parent_path() / "copy";
  fs::copy(host_.folder(), copy, fs::copy_options::recursive);
  ASSERT_TRUE(host_.Open().ok());
  ASSERT_TRUE(Commit(host_.store(), SamplePublish(100, SampleMembers(1))).ok());
  host_.Close();
  const fs::path sentinel = host_.folder().parent_path() / "sentinel";
  fs::copy_file(store::SentinelPath(host_.folder()), sentinel);
  fs::remove_all(host_.folder());
  fs::rename(copy, host_.folder());
  ASSERT_TRUE(host_.Open().ok());
  ASSERT_TRUE(Commit(host_.store(), SamplePublish(200, SampleMembers(1))).ok());
  host_.Close();
  fs::copy_file(sentinel, store::SentinelPath(host_.folder()),
                fs::copy_options::overwrite_existing);
  ExpectRefused("forked history");
}

TEST_F(StoreDamageTest, AMissingSentinelIsFound) {
  host_.Close();
  fs::remove(store::SentinelPath(host_.folder()));
  ExpectRefused("sentinel removed");
}

TEST_F(StoreDamageTest, AMissingDatabaseIsFound) {
  host_.Close();
  fs::remove_all(host_.database());
  ExpectRefused("database removed");
  EXPECT_FALSE(fs::exists(host_.database())) << "no empty database took its place";
}

TEST_F(StoreDamageTest, AStoreThatIsGoneAltogetherIsNotReplacedByAnEmptyOne) {
  host_.Close();
  fs::remove_all(host_.folder());
  ExpectRefused("folder removed");
  fs::create_directories(host_.folder());
  ExpectRefused("folder emptied, as an unmounted volume looks");
  EXPECT_TRUE(fs::is_empty(host_.folder()));
}

TEST_F(StoreDamageTest, AnEmptyDatabaseWithoutSentinelIsRefusedToo) {
  host_.Close();
  fs::remove_all(host_.folder());
  ASSERT_TRUE(store::CreateStore(host_.folder(), host_.random).ok());
  fs::remove(store::SentinelPath(host_.folder()));
  ExpectRefused("sentinel of an empty store removed");
}

TEST_F(StoreDamageTest, AnUnreadableSentinelIsAnErrorOfTheDisk) {
  host_.Close();
  fs::remove(store::SentinelPath(host_.folder()));
  fs::create_directory(store::SentinelPath(host_.folder()));
  EXPECT_FALSE(host_.Open().ok());
}

TEST_F(StoreDamageTest, AFlushOrCompactionThatFailsStopsTheStore) {
  host_.Close();
  ASSERT_TRUE(host_.Open().ok());
  host_.Close();
  const std::vector<fs::path> tables = FilesEnding(host_.database(), ".sst");
  for (const fs::path& table : tables) FlipByte(table, 40);
  store::FailStop fail_stop;
  auto database = store::RocksDatabase::Open(host_.database(),
                                             store::RocksDatabase::Mode::kReadWrite, fail_stop);
  ASSERT_TRUE(database.ok()) << database.status();
  ASSERT_FALSE(fail_stop.tripped());
  rocksdb::CompactRangeOptions options;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  // Nobody looks at what comes back, as nobody does when RocksDB compacts by itself.
  (*database)
      ->raw()
      .CompactRange(options, (*database)->handle(store::Column::kBulletin), nullptr, nullptr)
      .PermitUncheckedError();
  EXPECT_TRUE(fail_stop.tripped());
  EXPECT_FALSE(fail_stop.cause().ok());
}

TEST_F(StoreDamageTest, ATornSentinelWriteIsSurvived) {
  host_.Close();
  FlipByte(store::SentinelPath(host_.folder()), 20);
  EXPECT_TRUE(host_.Open().ok());
  host_.Close();
  FlipByte(store::SentinelPath(host_.folder()), 20);
  FlipByte(store::SentinelPath(host_.folder()), store::HeadSentinel::kSectorBytes + 20);
  ExpectRefused("both sectors damaged");
}

TEST_F(StoreDamageTest, AFlippedByteInASortedFileStopsTheStore) {
  Restart();
  host_.Close();
  int found = 0;
  for (const fs::path& table : FilesEnding(host_.database(), ".sst")) {
    FlipByte(table, 40);
    absl::Status status = host_.Open();
    if (status.ok()) {
      status = host_.store().Verify().status();
      EXPECT_FALSE(host_.store().health().ok());
      EXPECT_EQ(RuleOf(Commit(host_.store(), SamplePublish(200, SampleMembers(1))).status()),
                store::kRuleStoreFailed);
      host_.Close();
    }
    EXPECT_TRUE(absl::IsDataLoss(status)) << table << ": " << status;
    FlipByte(table, 40);
    ++found;
  }
  EXPECT_GT(found, 4);
  ASSERT_TRUE(host_.Open().ok());
  EXPECT_TRUE(host_.store().Verify().ok());
}

TEST_F(StoreDamageTest, AFlippedByteOfAPayloadStopsTheStoreWhenItIsRead) {
  Restart();
  host_.Close();
  const std::vector<fs::path> blobs = FilesEnding(host_.database(), ".blob");
  ASSERT_FALSE(blobs.empty());
  FlipByte(blobs[0], fs::file_size(blobs[0]) / 2);
  ASSERT_TRUE(host_.Open().ok());
  bool lost = false;
  for (uint64_t number = 1; number <= kPublishes && !lost; ++number) {
    lost = absl::IsDataLoss(host_.store().ReadChunk(SampleId(number), 0, 0).status());
  }
  EXPECT_TRUE(lost);
  EXPECT_FALSE(host_.store().health().ok());
  EXPECT_EQ(RuleOf(host_.store().ReadPosition(Member("member-0")).status()),
            store::kRuleStoreFailed);
}

}  // namespace
}  // namespace shield::testing
