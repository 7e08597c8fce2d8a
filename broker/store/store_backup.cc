#include "broker/store/store_backup.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "broker/store/store_folder.h"
#include "broker/store/store_verify.h"
#include "rocksdb/utilities/backup_engine.h"

namespace shield::store {
namespace {

rocksdb::BackupEngineOptions EngineOptions(const std::filesystem::path& folder) {
  rocksdb::BackupEngineOptions options(folder.string());
  options.sync = true;
  options.share_table_files = true;
  options.share_files_with_checksum = true;
  return options;
}

}  // namespace

absl::Status BackupDatabase(RocksDatabase& database, const std::filesystem::path& target) {
  std::error_code error;
  std::filesystem::create_directories(target, error);
  if (error) {
    return absl::InternalError(
        absl::StrCat("making backup folder `", target.string(), "`: ", error.message()));
  }
  rocksdb::BackupEngine* raw = nullptr;
  RETURN_IF_ERROR(
      FromRocks(rocksdb::BackupEngine::Open(EngineOptions(target), rocksdb::Env::Default(), &raw),
                "opening the backup folder"));
  const std::unique_ptr<rocksdb::BackupEngine> engine(raw);
  rocksdb::CreateBackupOptions options;
  options.flush_before_backup = true;
  return FromRocks(engine->CreateNewBackup(options, &database.raw()), "making the backup");
}

absl::Status BackupStore(const std::filesystem::path& folder, const std::filesystem::path& target) {
  FailStop fail_stop;
  ASSIGN_OR_RETURN(const OpenedStore opened, OpenCheckedStore(folder, fail_stop));
  return BackupDatabase(*opened.database, target);
}

absl::StatusOr<StoreReport> RestoreStore(const std::filesystem::path& source,
                                         const std::filesystem::path& folder, Random& random) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    return absl::InternalError(
        absl::StrCat("making store folder `", folder.string(), "`: ", error.message()));
  }
  if (!std::filesystem::is_empty(folder)) {
    return WithHint(absl::FailedPreconditionError(absl::StrCat(
                        "restore refused: the store folder `", folder.string(), "` is not empty")),
                    "restore into an empty folder; keep the old one for examination");
  }
  rocksdb::BackupEngineReadOnly* raw = nullptr;
  RETURN_IF_ERROR(FromRocks(
      rocksdb::BackupEngineReadOnly::Open(EngineOptions(source), rocksdb::Env::Default(), &raw),
      absl::StrCat("opening backup `", source.string(), "`")));
  const std::unique_ptr<rocksdb::BackupEngineReadOnly> engine(raw);
  const std::string target = NewDatabasePath(folder).string();
  RETURN_IF_ERROR(FromRocks(engine->RestoreDBFromLatestBackup(target, target), "restoring"));
  FailStop fail_stop;
  RETURN_IF_ERROR(AdoptDatabase(folder, RocksDatabase::Mode::kReadWrite, random, fail_stop));
  return VerifyStore(folder);
}

}  // namespace shield::store
