// What is to end, and what has ended and is not erased yet: the list the sweep works off, read
// without changing it.
#include <algorithm>

#include "base/status.h"
#include "broker/store/check_command.h"
#include "broker/store/rocks_store.h"
#include "broker/store/store_errors.h"
#include "broker/store/store_keys.h"
#include "broker/store/stored_rows.h"

namespace shield::store {
namespace {

uint64_t Seconds(absl::Time time) {
  return static_cast<uint64_t>(std::max<int64_t>(0, absl::ToUnixSeconds(time)));
}

Key EndKey(uint64_t seconds) {
  Key key;
  PutU64(key, seconds);
  return key;
}

struct DueRow {
  uint64_t end = 0;  // Unix seconds
  BulletinId id;
};

std::optional<DueRow> ReadDueRow(absl::string_view key) {
  const std::optional<uint64_t> end = DecodeU64(key.substr(0, 8));
  const std::optional<BulletinId> id = key.size() == 8 + BulletinId::kSize
                                           ? BulletinId::FromBytes(AsBytes(key.substr(8)))
                                           : std::nullopt;
  if (!end.has_value() || !id.has_value()) return std::nullopt;
  return DueRow{*end, *id};
}

}  // namespace

absl::StatusOr<DueScan> RocksStore::ReadDue(const DuePlace& from, absl::Time until,
                                            size_t max_rows) {
  RETURN_IF_ERROR(Usable());
  RETURN_IF_ERROR(CheckDuePlace(from));
  const uint64_t first = Seconds(from.end);
  std::vector<DueRow> rows;
  DueScan scan;
  DuePlace place = from;
  uint64_t passed = from.rows;
  const auto visit = [&](absl::string_view key, absl::string_view) -> absl::StatusOr<bool> {
    const std::optional<DueRow> row = ReadDueRow(key);
    if (!row.has_value()) return database_->Damaged("an expiry row cannot be read");
    if (row->end == first && passed > 0) {
      --passed;
      return true;
    }
    if (rows.size() == max_rows) {
      scan.next = place;
      return false;
    }
    const absl::Time end = absl::FromUnixSeconds(static_cast<int64_t>(row->end));
    place = {end, end == place.end ? place.rows + 1 : 1};
    rows.push_back(*row);
    return true;
  };
  if (Seconds(until) > first) {
    RETURN_IF_ERROR(database_->Scan(Column::kExpiry, EndKey(first), EndKey(Seconds(until)), visit));
  }
  for (const DueRow& row : rows) {
    absl::StatusOr<BulletinValue> value = FindBulletin(row.id);
    if (absl::IsNotFound(value.status())) continue;  // about to be committed
    RETURN_IF_ERROR(value.status());
    RETURN_IF_ERROR(AddStanding(*database_, value->record));
    if (value->record.state == BulletinState::kLive) scan.ids.push_back(row.id);
  }
  return scan;
}

absl::StatusOr<uint64_t> RocksStore::CountUnerased(absl::Time now, uint64_t max) {
  RETURN_IF_ERROR(Usable());
  uint64_t count = 0;
  const auto visit = [&](absl::string_view, absl::string_view) -> absl::StatusOr<bool> {
    return ++count < max;
  };
  if (max == 0) return count;
  RETURN_IF_ERROR(
      database_->Scan(Column::kMeta, ErasurePrefix(), AfterPrefix(ErasurePrefix()), visit));
  if (count == max) return count;
  RETURN_IF_ERROR(database_->Scan(Column::kExpiry, "", EndKey(Seconds(now) + 1), visit));
  return count;
}

}  // namespace shield::store
