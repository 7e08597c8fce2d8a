#include "broker/store/store_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "broker/store/store_errors.h"
#include "broker/store/store_values.h"

namespace shield::store {
namespace {

constexpr uint32_t kStoreFormat = 1;

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

}  // namespace

absl::Status CreateStore(const std::filesystem::path& folder, Random& random, FailStop& fail_stop) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error) std::filesystem::remove_all(NewDatabasePath(folder), error);
  if (error) {
    return absl::InternalError(
        absl::StrCat("making store folder `", folder.string(), "`: ", error.message()));
  }
  return AdoptDatabase(folder, RocksDatabase::Mode::kCreate, random, fail_stop);
}

absl::Status AdoptDatabase(const std::filesystem::path& folder, RocksDatabase::Mode mode,
                           Random& random, FailStop& fail_stop) {
  StoreHead head;
  {
    ASSIGN_OR_RETURN(auto database, RocksDatabase::Open(NewDatabasePath(folder), mode, fail_stop));
    RETURN_IF_ERROR(WriteEpoch(*database, random));
    ASSIGN_OR_RETURN(head, LoadStoreHead(*database));
  }
  // A crash between the two leaves a database without sentinel: taken as it is when it is empty,
  // refused when it was restored, which is then to be done again.
  std::error_code error;
  std::filesystem::rename(NewDatabasePath(folder), DatabasePath(folder), error);
  if (error) {
    return absl::InternalError(absl::StrCat("naming the new database: ", error.message()));
  }
  RETURN_IF_ERROR(SyncFolder(folder));
  return HeadSentinel::Create(SentinelPath(folder), head.ToRecord()).status();
}

absl::Status CheckStore(const std::filesystem::path& folder, FailStop& fail_stop) {
  ASSIGN_OR_RETURN(const std::optional<SentinelRecord> record,
                   HeadSentinel::Read(SentinelPath(folder)));
  if (!std::filesystem::exists(DatabasePath(folder))) {
    return StoreCorrupt(absl::StrCat("the database `", DatabasePath(folder).string(),
                                     "` is gone, but its head sentinel is there"));
  }
  ASSIGN_OR_RETURN(auto database, RocksDatabase::Open(DatabasePath(folder),
                                                      RocksDatabase::Mode::kReadOnly, fail_stop));
  ASSIGN_OR_RETURN(const StoreHead head, LoadStoreHead(*database));
  if (record.has_value()) return CheckAgainstSentinel(*database, head, *record);
  // A crash between making the database and making its sentinel.
  if (head.commit == 0) return absl::OkStatus();
  return StoreCorrupt(absl::StrCat("the head sentinel `", SentinelPath(folder).string(),
                                   "` is gone, but the database holds commits"));
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
