#include "broker/store/rocks_options.h"

#include <memory>

#include "rocksdb/cache.h"
#include "rocksdb/file_checksum.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/slice_transform.h"
#include "rocksdb/table.h"
#include "rocksdb/write_buffer_manager.h"

namespace shield::store {
namespace {

constexpr double kFilterBitsPerKey = 10;
constexpr size_t kMemberPrefixBytes = 4;
constexpr uint64_t kTableFileBytes = 8 << 20;
// Of the payload column, which holds some 40 bytes for a chunk of 64 KiB: a compaction of one file
// moves about 100 MiB of blobs at most.
constexpr uint64_t kPayloadTableFileBytes = 64 << 10;
// The share of blob files, the oldest, whose live blobs a compaction moves to new ones.
constexpr double kBlobAgeCutoff = 0.25;

rocksdb::BlockBasedTableOptions TableOptions(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.block_size = 16 << 10;
  table.format_version = 5;
  table.cache_index_and_filter_blocks = true;
  table.filter_policy.reset(rocksdb::NewRibbonFilterPolicy(kFilterBitsPerKey));
  return table;
}

rocksdb::ColumnFamilyOptions PlainColumn(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions options;
  options.compression = rocksdb::kLZ4Compression;
  options.write_buffer_size = 8 << 20;
  // Small levels and files: one compaction takes a whole first level at most, and little of it.
  options.max_bytes_for_level_base = kMaxCompactionBytes / 4;
  options.target_file_size_base = kTableFileBytes;
  options.max_compaction_bytes = kMaxCompactionBytes;
  options.paranoid_file_checks = true;  // a new file is read back before the log that made it goes
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(TableOptions(cache)));
  return options;
}

// Digests do not compress.
rocksdb::ColumnFamilyOptions RecipientColumn(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions options = PlainColumn(cache);
  options.compression = rocksdb::kNoCompression;
  return options;
}

// One member's entries share the first four bytes: filters and reads work on that prefix, and a new
// entry is looked for right after the member's last one. Slots and hashes do not compress.
rocksdb::ColumnFamilyOptions InboxColumn(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions options = PlainColumn(cache);
  options.compression = rocksdb::kNoCompression;
  options.memtable_insert_with_hint_prefix_extractor.reset(
      rocksdb::NewFixedPrefixTransform(kMemberPrefixBytes));
  rocksdb::BlockBasedTableOptions table = TableOptions(cache);
  table.whole_key_filtering = false;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(kMemberPrefixBytes));
  options.memtable_prefix_bloom_size_ratio = 0.05;
  options.write_buffer_size = 16 << 20;
  options.periodic_compaction_seconds = kRewritePeriodSeconds;
  return options;
}

// Sealed bytes do not compress and are read whole; kept out of the tree only a quarter of them, the
// oldest, is rewritten by compactions.
rocksdb::ColumnFamilyOptions PayloadColumn(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions options = PlainColumn(cache);
  options.compression = rocksdb::kNoCompression;
  options.enable_blob_files = true;
  options.min_blob_size = 1024;
  options.enable_blob_garbage_collection = true;
  options.blob_garbage_collection_age_cutoff = kBlobAgeCutoff;
  options.periodic_compaction_seconds = kRewritePeriodSeconds;
  options.target_file_size_base = kPayloadTableFileBytes;
  options.max_compaction_bytes = 2 * kPayloadTableFileBytes;
  options.write_buffer_size = 16 << 20;
  return options;
}

}  // namespace

RocksSetup MakeRocksSetup() {
  const std::shared_ptr<rocksdb::Cache> cache = rocksdb::NewLRUCache(kBlockCacheBytes);
  RocksSetup setup;
  rocksdb::DBOptions& database = setup.database;
  // A bit flip inside the log stops the start; only an unfinished last record, which a crash
  // leaves, is dropped, and the head sentinel tells whether that record had been acknowledged.
  database.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  database.paranoid_checks = true;
  database.track_and_verify_wals_in_manifest = true;
  database.recycle_log_file_num = 0;
  database.max_bgerror_resume_count = 0;  // a failed write is final
  database.file_checksum_gen_factory = rocksdb::GetFileChecksumGenCrc32cFactory();
  database.write_buffer_manager =
      std::make_shared<rocksdb::WriteBufferManager>(kWriteBuffersBytes, cache);
  database.max_total_wal_size = kMaxWalBytes;
  database.max_open_files = kMaxOpenFiles;
  database.keep_log_file_num = 4;
  database.max_log_file_size = 1 << 20;
  database.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;

  setup.columns.assign(kColumnNames.size(), PlainColumn(cache));
  setup.columns[static_cast<size_t>(Column::kInbox)] = InboxColumn(cache);
  setup.columns[static_cast<size_t>(Column::kRecipient)] = RecipientColumn(cache);
  setup.columns[static_cast<size_t>(Column::kPayload)] = PayloadColumn(cache);
  return setup;
}

}  // namespace shield::store
