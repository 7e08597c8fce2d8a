// A RocksDB store in a folder of its own, to be closed, damaged and opened again.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/check.h"
#include "broker/store/rocks_store.h"
#include "broker/store/store_folder.h"
#include "tests/broker/store/store_host.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temporary_folder.h"

namespace shield::testing {

// A disk that is as full as a test says. Thread-compatible.
class FakeSpace final : public store::SpaceProbe {
 public:
  absl::StatusOr<uint64_t> FreeBytes() override { return free_bytes; }
  uint64_t free_bytes = uint64_t{1} << 40;
};

class RocksHost final : public StoreHost {
 public:
  RocksHost() {
    SHIELD_CHECK(store::CreateStore(folder(), random).ok());
    SHIELD_CHECK(Open().ok());
  }

  store::Store& store() override { return *store_; }
  store::RocksStore& rocks() { return *store_; }
  void SetDiskLow(bool low) override {
    space.free_bytes = low ? store::kPublishWatermarkBytes - 1 : uint64_t{1} << 40;
  }

  std::filesystem::path folder() const { return folder_.path() / "store"; }
  std::filesystem::path database() const { return store::DatabasePath(folder()); }

  void Close() { store_.reset(); }
  absl::Status Open() {
    store::RocksStoreOptions options;
    options.folder = folder();
    options.space = &space;
    absl::StatusOr<std::unique_ptr<store::RocksStore>> opened = store::RocksStore::Open(options);
    if (!opened.ok()) return opened.status();
    store_ = *std::move(opened);
    return absl::OkStatus();
  }

  // Replaces the closed store's row, as a fault of our own or of the machine would; nothing:
  // removes it.
  void Overwrite(store::Column column, absl::string_view key,
                 const std::optional<std::string>& value) {
    store::FailStop fail_stop;
    auto database = store::RocksDatabase::Open(this->database(),
                                               store::RocksDatabase::Mode::kReadWrite, fail_stop);
    SHIELD_CHECK(database.ok());
    rocksdb::WriteBatch batch;
    const rocksdb::Slice row(key.data(), key.size());
    if (value.has_value()) {
      batch.Put((*database)->handle(column), row, *value).PermitUncheckedError();
    } else {
      batch.Delete((*database)->handle(column), row).PermitUncheckedError();
    }
    SHIELD_CHECK((*database)->Write(batch, true).ok());
  }
  // A row of the closed store.
  std::optional<std::string> Row(store::Column column, absl::string_view key) {
    store::FailStop fail_stop;
    auto database = store::RocksDatabase::Open(this->database(),
                                               store::RocksDatabase::Mode::kReadOnly, fail_stop);
    SHIELD_CHECK(database.ok());
    absl::StatusOr<std::optional<std::string>> row = (*database)->Get(column, key);
    SHIELD_CHECK(row.ok());
    return *std::move(row);
  }

  FakeSpace space;
  SeededRandom random{1};

 private:
  TemporaryFolder folder_;
  std::unique_ptr<store::RocksStore> store_;
};

}  // namespace shield::testing
