// A RocksDB store in a folder of its own, to be closed, damaged and opened again.
#pragma once

#include <filesystem>
#include <memory>

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
  RocksHost() { SHIELD_CHECK(Open().ok()); }

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
    options.random = &random;
    absl::StatusOr<std::unique_ptr<store::RocksStore>> opened = store::RocksStore::Open(options);
    if (!opened.ok()) return opened.status();
    store_ = *std::move(opened);
    return absl::OkStatus();
  }

  FakeSpace space;
  SeededRandom random{1};

 private:
  TemporaryFolder folder_;
  std::unique_ptr<store::RocksStore> store_;
};

}  // namespace shield::testing
