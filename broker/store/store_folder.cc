#include "broker/store/store_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "broker/store/store_errors.h"
#include "broker/store/store_values.h"
#include "broker/store/store_verify.h"

namespace shield::store {
namespace {

absl::Status SyncFolder(const std::filesystem::path& folder) {
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const int result = descriptor < 0 ? -1 : fsync(descriptor);
  const int error = errno;
  if (descriptor >= 0) close(descriptor);
  if (result == 0) return absl::OkStatus();
  return absl::ErrnoToStatus(error, absl::StrCat("syncing folder `", folder.string(), "`"));
}

absl::Status WriteEpoch(RocksDatabase& database, Random& random) {
  std::array<uint8_t, 16> epoch{};
  random.Fill(epoch);
  rocksdb::WriteBatch batch;
  rocksdb::ColumnFamilyHandle* meta = database.handle(Column::kMeta);
  batch.Put(meta, FormatKey(), EncodeU32(kStoreFormat)).PermitUncheckedError();
  batch.Put(meta, EpochKey(), AsSlice(epoch)).PermitUncheckedError();
  return database.Write(batch, true);
}

absl::Status Failed(absl::string_view deed, const std::filesystem::path& path,
                    const std::error_code& error) {
  return absl::InternalError(absl::StrCat(deed, " `", path.string(), "`: ", error.message()));
}

absl::StatusOr<bool> Exists(const std::filesystem::path& path) {
  std::error_code error;
  const bool exists = std::filesystem::exists(path, error);
  if (error) return Failed("looking for", path, error);
  return exists;
}

absl::Status NoStore(const std::filesystem::path& folder) {
  return WithHint(
      absl::DataLossError(absl::StrCat("there is no store in `", folder.string(),
                                       "`: it is lost, not mounted, or was never made")),
      "put a backup in its place with `shieldd restore`; an empty one is made by `shieldd init` "
      "only");
}

}  // namespace

absl::Status CreateStore(const std::filesystem::path& folder, Random& random) {
  RETURN_IF_ERROR(PrepareNewStore(folder));
  return AdoptDatabase(folder, RocksDatabase::Mode::kCreate, random, 0).status();
}

absl::Status PrepareNewStore(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return Failed("making store folder", folder, error);
  ASSIGN_OR_RETURN(const bool database, Exists(DatabasePath(folder)));
  ASSIGN_OR_RETURN(const bool sentinel, Exists(SentinelPath(folder)));
  if (database || sentinel) {
    return WithHint(absl::FailedPreconditionError(
                        absl::StrCat("the folder `", folder.string(), "` holds a store already")),
                    "nothing is overwritten; move it away and keep it for examination");
  }
  std::filesystem::remove_all(NewDatabasePath(folder), error);
  return error ? Failed("removing", NewDatabasePath(folder), error) : absl::OkStatus();
}

absl::StatusOr<StoreReport> AdoptDatabase(const std::filesystem::path& folder,
                                          RocksDatabase::Mode mode, Random& random,
                                          uint64_t commit) {
  FailStop fail_stop;
  StoreHead head;
  StoreReport report;
  {
    ASSIGN_OR_RETURN(auto database, RocksDatabase::Open(NewDatabasePath(folder), mode, fail_stop));
    RETURN_IF_ERROR(WriteEpoch(*database, random));
    ASSIGN_OR_RETURN(head, LoadStoreHead(*database));
    ASSIGN_OR_RETURN(report, VerifyDatabase(*database));
    if (head.commit != commit) {
      return StoreCorrupt(
          absl::StrCat("the database ends at commit ", head.commit, ", not ", commit));
    }
  }
  std::error_code error;
  std::filesystem::rename(NewDatabasePath(folder), DatabasePath(folder), error);
  if (error) return Failed("naming the new database", DatabasePath(folder), error);
  RETURN_IF_ERROR(SyncFolder(folder));
  // A crash before this line leaves a database without sentinel, which nothing accepts.
  RETURN_IF_ERROR(HeadSentinel::Create(SentinelPath(folder), head.ToRecord()).status());
  return report;
}

absl::Status CheckStore(const std::filesystem::path& folder, FailStop& fail_stop) {
  ASSIGN_OR_RETURN(const std::optional<SentinelRecord> record,
                   HeadSentinel::Read(SentinelPath(folder)));
  ASSIGN_OR_RETURN(const bool database_there, Exists(DatabasePath(folder)));
  if (!record.has_value() && !database_there) return NoStore(folder);
  if (!database_there) {
    return StoreCorrupt(absl::StrCat("the database `", DatabasePath(folder).string(),
                                     "` is gone, but its head sentinel is there"));
  }
  if (!record.has_value()) {
    return StoreCorrupt(absl::StrCat("the head sentinel `", SentinelPath(folder).string(),
                                     "` is gone, but its database is there"));
  }
  ASSIGN_OR_RETURN(auto database, RocksDatabase::Open(DatabasePath(folder),
                                                      RocksDatabase::Mode::kReadOnly, fail_stop));
  ASSIGN_OR_RETURN(const StoreHead head, LoadStoreHead(*database));
  RETURN_IF_ERROR(CheckNewestCommits(*database, head));
  return CheckAgainstSentinel(*database, head, *record);
}

absl::StatusOr<OpenedStore> OpenCheckedStore(const std::filesystem::path& folder,
                                             FailStop& fail_stop) {
  RETURN_IF_ERROR(CheckStore(folder, fail_stop));
  ASSIGN_OR_RETURN(auto database, RocksDatabase::Open(DatabasePath(folder),
                                                      RocksDatabase::Mode::kReadWrite, fail_stop));
  ASSIGN_OR_RETURN(StoreHead head, LoadStoreHead(*database));
  ASSIGN_OR_RETURN(HeadSentinel sentinel,
                   HeadSentinel::Create(SentinelPath(folder), head.ToRecord()));
  return OpenedStore{std::move(database), std::move(head), std::move(sentinel)};
}

}  // namespace shield::store
