#include "broker/store/store_head.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "broker/store/record_reader.h"
#include "broker/store/store_errors.h"
#include "broker/store/store_values.h"

namespace shield::store {
namespace {

absl::StatusOr<MerkleFrontier> LoadFrontier(RocksDatabase& database, uint64_t size) {
  Bytes serialised;
  AppendU64(serialised, size);
  uint64_t begin = 0;
  for (int level = 63; level >= 0; --level) {
    const uint64_t width = uint64_t{1} << level;
    if ((size & width) == 0) continue;
    ASSIGN_OR_RETURN(const Digest root,
                     ReadLogNode(database, static_cast<uint32_t>(level), begin >> level));
    Append(serialised, root.span());
    begin += width;
  }
  std::optional<MerkleFrontier> frontier = MerkleFrontier::Parse(serialised);
  if (!frontier.has_value()) return database.Damaged("the log's frontier cannot be read");
  return *std::move(frontier);
}

absl::Status LoadIdentity(RocksDatabase& database, StoreHead& head) {
  ASSIGN_OR_RETURN(auto format, database.Get(Column::kMeta, FormatKey()));
  ASSIGN_OR_RETURN(auto epoch, database.Get(Column::kMeta, EpochKey()));
  if (!format.has_value() || !epoch.has_value() || epoch->size() != head.epoch.size()) {
    return database.Damaged("the database has no epoch: it is not a store of Shield");
  }
  if (DecodeU32(*format) != kStoreFormat) {
    return StoreFormat();
  }
  std::copy(epoch->begin(), epoch->end(), head.epoch.begin());
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Bytes> ReadLogEntry(RocksDatabase& database, uint64_t index) {
  ASSIGN_OR_RETURN(auto bytes, database.Get(Column::kLog, LogEntryKey(index)));
  if (!bytes.has_value()) {
    return database.Damaged(absl::StrCat("entry ", index, " of the log is missing"));
  }
  return ToBytes(AsBytes(*bytes));
}

absl::StatusOr<Digest> ReadLogNode(RocksDatabase& database, uint32_t level, uint64_t index) {
  ASSIGN_OR_RETURN(auto bytes, database.Get(Column::kLog, LogKey(level, index)));
  const std::optional<Digest> node =
      bytes.has_value() ? Digest::FromBytes(AsBytes(*bytes)) : std::nullopt;
  if (!node.has_value()) {
    return database.Damaged(absl::StrCat("log node ", index, " of level ", level, " is missing"));
  }
  return *node;
}

absl::StatusOr<StoreHead> LoadStoreHead(RocksDatabase& database) {
  StoreHead head;
  RETURN_IF_ERROR(LoadIdentity(database, head));
  ASSIGN_OR_RETURN(auto last, database.Last(Column::kCommit, "", ""));
  if (last.has_value()) {
    const std::optional<CommitValue> commit = DecodeCommit(last->second);
    if (last->first.size() != 8 || !commit.has_value()) {
      return database.Damaged("the last commit row cannot be read");
    }
    head.commit = ReadU64(AsBytes(last->first));
    head.running_hash = commit->running_hash;
    head.directory_version = commit->directory_version;
    ASSIGN_OR_RETURN(head.log, LoadFrontier(database, commit->log_index + 1));
  }
  ASSIGN_OR_RETURN(auto row, database.Get(Column::kMeta, DirectoryKey()));
  uint64_t version = 0;
  if (row.has_value()) {
    const std::optional<DirectoryValue> directory = DecodeDirectory(*row);
    if (!directory.has_value()) return database.Damaged("the directory row cannot be read");
    version = directory->version;
  }
  if (version != head.directory_version) {
    return database.Damaged(absl::StrCat("the directory is version ", version,
                                         ", but the last commit says ", head.directory_version));
  }
  return head;
}

absl::Status CheckNewestCommits(RocksDatabase& database, const StoreHead& head) {
  if (head.commit == 0) return absl::OkStatus();
  uint64_t expected = head.commit > kNewestCommits ? head.commit - kNewestCommits + 1 : 1;
  return database.Scan(
      Column::kCommit, CommitKey(expected), "",
      [&](absl::string_view key, absl::string_view) -> absl::StatusOr<bool> {
        if (key == absl::string_view(CommitKey(expected++))) return true;
        return database.Damaged(absl::StrCat("commit ", expected - 1, " is missing"));
      });
}

absl::Status CheckAgainstSentinel(RocksDatabase& database, const StoreHead& head,
                                  const SentinelRecord& record) {
  if (record.epoch != head.epoch) {
    return StoreCorrupt("the database is not the one the head sentinel belongs to");
  }
  if (record.commit > head.commit) {
    return StoreCorrupt(absl::StrCat("the database ends at commit ", head.commit, ", but commit ",
                                     record.commit,
                                     " was acknowledged: its end is lost or it is an older copy"));
  }
  if (record.commit == 0) return absl::OkStatus();
  ASSIGN_OR_RETURN(auto row, database.Get(Column::kCommit, CommitKey(record.commit)));
  const std::optional<CommitValue> commit = row.has_value() ? DecodeCommit(*row) : std::nullopt;
  if (!commit.has_value() || commit->running_hash != record.running_hash ||
      commit->directory_version != record.directory_version) {
    return StoreCorrupt(absl::StrCat("commit ", record.commit,
                                     " of the database is not the one that was acknowledged"));
  }
  return absl::OkStatus();
}

}  // namespace shield::store
