#include "broker/store/store_backup.h"

#include <memory>
#include <system_error>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "broker/store/store_errors.h"
#include "broker/store/store_folder.h"
#include "rocksdb/utilities/backup_engine.h"

namespace shield::store {
namespace {

namespace fs = std::filesystem;

rocksdb::BackupEngineOptions EngineOptions(const fs::path& folder) {
  rocksdb::BackupEngineOptions options(folder.string());
  options.sync = true;
  options.share_table_files = true;
  options.share_files_with_checksum = true;
  return options;
}

// A backup is as secret as the store: who sends to whom, and when.
absl::Status PrepareTarget(const fs::path& target) {
  std::error_code error;
  const bool made = fs::create_directories(target, error);
  if (!error && made) fs::permissions(target, fs::perms::owner_all, error);
  const fs::file_status status = error ? fs::file_status() : fs::status(target, error);
  if (error) {
    return absl::InternalError(
        absl::StrCat("making backup folder `", target.string(), "`: ", error.message()));
  }
  if ((status.permissions() & (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none) {
    return absl::OkStatus();
  }
  return WithHint(absl::FailedPreconditionError(
                      absl::StrCat("others can enter the backup folder `", target.string(), "`")),
                  absl::StrCat("chmod 0700 ", target.string()));
}

absl::Status NoDamagedBackup(const rocksdb::BackupEngineReadOnlyBase& engine,
                             absl::string_view hint) {
  std::vector<rocksdb::BackupID> damaged;
  engine.GetCorruptedBackups(&damaged);
  if (damaged.empty()) return absl::OkStatus();
  return WithHint(
      absl::DataLossError(absl::StrCat("damaged backups: ", absl::StrJoin(damaged, ", "))), hint);
}

absl::StatusOr<BackupFacts> FactsOf(const rocksdb::BackupInfo& info) {
  BackupFacts facts{.id = info.backup_id, .made = absl::FromUnixSeconds(info.timestamp)};
  if (!absl::SimpleAtoi(info.app_metadata, &facts.commit)) {
    return absl::DataLossError(
        absl::StrCat("backup ", info.backup_id, " does not say which commit it holds"));
  }
  return facts;
}

absl::StatusOr<BackupFacts> FindBackup(const rocksdb::BackupEngineReadOnlyBase& engine,
                                       std::optional<uint32_t> id) {
  rocksdb::BackupInfo info;
  if (!id.has_value()) {
    RETURN_IF_ERROR(NoDamagedBackup(
        engine, "name the one to restore with `--backup ID`; it may be older than you think"));
  }
  const rocksdb::Status found =
      id.has_value() ? engine.GetBackupInfo(*id, &info) : engine.GetLatestBackupInfo(&info);
  if (found.IsNotFound()) return absl::NotFoundError("there is no such backup");
  RETURN_IF_ERROR(FromRocks(found, "reading the backup"));
  return FactsOf(info);
}

absl::StatusOr<BackupFacts> BackupDatabase(OpenedStore& opened, const fs::path& target) {
  rocksdb::BackupEngine* raw = nullptr;
  RETURN_IF_ERROR(
      FromRocks(rocksdb::BackupEngine::Open(EngineOptions(target), rocksdb::Env::Default(), &raw),
                "opening the backup folder"));
  const std::unique_ptr<rocksdb::BackupEngine> engine(raw);
  RETURN_IF_ERROR(
      NoDamagedBackup(*engine, "nothing was added to them; back up into another folder"));
  rocksdb::CreateBackupOptions options;
  options.flush_before_backup = true;
  rocksdb::BackupID id = 0;
  RETURN_IF_ERROR(
      FromRocks(engine->CreateNewBackupWithMetadata(options, &opened.database->raw(),
                                                    absl::StrCat(opened.head.commit), &id),
                "making the backup"));
  RETURN_IF_ERROR(FromRocks(engine->VerifyBackup(id, true), "reading the backup back"));
  return FindBackup(*engine, id);
}

}  // namespace

absl::StatusOr<BackupFacts> BackupStore(const fs::path& folder, const fs::path& target) {
  RETURN_IF_ERROR(PrepareTarget(target));
  FailStop fail_stop;
  ASSIGN_OR_RETURN(OpenedStore opened, OpenCheckedStore(folder, fail_stop));
  return BackupDatabase(opened, target);
}

absl::StatusOr<Restored> RestoreStore(const fs::path& source, std::optional<uint32_t> id,
                                      const fs::path& folder, Random& random) {
  rocksdb::BackupEngineReadOnly* raw = nullptr;
  RETURN_IF_ERROR(FromRocks(
      rocksdb::BackupEngineReadOnly::Open(EngineOptions(source), rocksdb::Env::Default(), &raw),
      absl::StrCat("opening backup `", source.string(), "`")));
  const std::unique_ptr<rocksdb::BackupEngineReadOnly> engine(raw);
  ASSIGN_OR_RETURN(const BackupFacts backup, FindBackup(*engine, id));
  RETURN_IF_ERROR(PrepareNewStore(folder));
  const std::string target = NewDatabasePath(folder).string();
  RETURN_IF_ERROR(FromRocks(engine->RestoreDBFromBackup(backup.id, target, target), "restoring"));
  ASSIGN_OR_RETURN(const StoreReport report,
                   AdoptDatabase(folder, RocksDatabase::Mode::kReadWrite, random, backup.commit));
  return Restored{backup, report};
}

}  // namespace shield::store
