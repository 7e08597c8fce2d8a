#include "tests/bench/ceiling/raw_store.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "broker/store/store_values.h"
#include "tests/broker/store/sample_commands.h"

namespace shield::testing {
namespace {

constexpr size_t kMostValueBytes = 64 * 1024;

// Values of the store, on average.
constexpr size_t kBulletinBytes = 280;
constexpr size_t kCommitBytes = 66;
constexpr size_t kNodeBytes = 32;
constexpr size_t kInboxBytes = 222;
constexpr size_t kRecipientBytes = 44;
constexpr uint64_t kExpires = 1'800'000'000;

}  // namespace

RawStore::RawStore() : RawStore(std::make_unique<TemporaryFolder>(), "") {}

RawStore::RawStore(const std::string& folder) : RawStore(nullptr, folder) {}

RawStore::RawStore(std::unique_ptr<TemporaryFolder> own_folder, const std::string& folder)
    : own_folder_(std::move(own_folder)), filler_(kMostValueBytes, 'x') {
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* raw = nullptr;
  SHIELD_CHECK(rocksdb::DB::Open(options, own_folder_ ? *own_folder_ / "db" : folder, &raw).ok());
  database_.reset(raw);
}

void RawStore::WriteGroup(size_t publishes, const RawPublish& shape) {
  rocksdb::WriteBatch batch;
  for (size_t i = 0; i < publishes; ++i) Add(batch, next_.fetch_add(1), shape);
  rocksdb::WriteOptions synced;
  synced.sync = true;
  SHIELD_CHECK(database_->Write(synced, &batch).ok());
}

void RawStore::Add(rocksdb::WriteBatch& batch, uint64_t number, const RawPublish& shape) const {
  SHIELD_CHECK(shape.payload_bytes <= filler_.size());
  const auto put = [&](const std::string& key, size_t value_bytes) {
    batch.Put(key, rocksdb::Slice(filler_.data(), value_bytes)).PermitUncheckedError();
  };
  const BulletinId id = SampleId(number);
  put("b" + store::BulletinKey(id), kBulletinBytes);
  put("p" + store::PayloadKey(number, 0, 0), shape.payload_bytes);
  put("c" + store::CommitKey(number), kCommitBytes);
  put("l" + store::LogKey(0, number), kNodeBytes);  // on average a leaf makes one node more
  put("l" + store::LogKey(1, number), kNodeBytes);
  put("e" + store::ExpiryKey(kExpires, id), 0);
  for (uint32_t i = 0; i < shape.recipients; ++i) {
    put("i" + store::InboxKey({i}, number), kInboxBytes);
  }
  for (size_t i = 0; i < shape.recipients; i += store::kRecipientsPerTile) {
    put("r" + store::RecipientKey(id, static_cast<uint32_t>(i)),
        kRecipientBytes * std::min(store::kRecipientsPerTile, shape.recipients - i));
  }
}

}  // namespace shield::testing
