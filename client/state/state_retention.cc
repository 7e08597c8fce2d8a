// What content state.db keeps, and for how long.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/state/state.h"

namespace shield {
namespace {

uint64_t Seconds(absl::Time time) {
  return static_cast<uint64_t>(std::max<int64_t>(0, absl::ToUnixSeconds(time)));
}

constexpr absl::string_view kHasContent = "(slot <> x'' OR payload <> x'')";
// Slots of what was published go by the end of the entry this home has of it.
constexpr absl::string_view kPublished =
    "publication JOIN entry ON entry.id = publication.id WHERE publication.slots <> x'' AND "
    "entry.expires";

}  // namespace

absl::StatusOr<std::vector<RetainedContent>> ClientState::Retained(absl::Time until, uint64_t max) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(
      SqlQuery query,
      database_.Prepare(absl::StrCat(
          "SELECT id, statement, expires, 0 FROM entry WHERE id IS NOT NULL AND expires < ?1 AND ",
          kHasContent, " UNION ALL SELECT id, statement, expires, 1 FROM carried WHERE expires < ",
          "?1 AND ", kHasContent,
          " UNION ALL SELECT publication.id, publication.statement, entry.expires, 2 FROM ",
          kPublished, " < ?1 ORDER BY 3, 1, 4 LIMIT ?2")));
  query.Bind(Seconds(until)).Bind(max);
  std::vector<RetainedContent> retained;
  for (;;) {
    ASSIGN_OR_RETURN(const bool row, query.Step());
    if (!row) return retained;
    const std::optional<BulletinId> id = BulletinId::FromBytes(query.Blob(0));
    if (!id.has_value()) return absl::DataLossError("local state: a bulletin has no id");
    retained.push_back({static_cast<RetainedContent::Place>(query.Number(3)), *id, query.Text(1),
                        absl::FromUnixSeconds(static_cast<int64_t>(query.Number(2)))});
  }
}

absl::StatusOr<uint64_t> ClientState::DropExpired(absl::Time moment) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlTransaction transaction, SqlTransaction::Begin(database_));
  uint64_t dropped = 0;
  ASSIGN_OR_RETURN(
      SqlQuery slots,
      database_.Prepare(absl::StrCat(
          "UPDATE publication SET seal_keys = x'', slots = x'', orgs = '' WHERE id IN (SELECT ",
          "publication.id FROM ", kPublished, " <= ?)")));
  RETURN_IF_ERROR(slots.Bind(Seconds(moment)).Run());
  for (const absl::string_view table : {"entry", "carried"}) {
    // What was withdrawn or replaced stays that, and has lost its content before.
    ASSIGN_OR_RETURN(SqlQuery query,
                     database_.Prepare(absl::StrCat(
                         "UPDATE ", table, " SET state = ?1, slot = x'', payload = x'' WHERE ",
                         "expires <= ?2 AND state NOT IN (?3, ?4) AND ", kHasContent)));
    query.Bind(static_cast<uint64_t>(DeliveryState::kExpired))
        .Bind(Seconds(moment))
        .Bind(static_cast<uint64_t>(DeliveryState::kWithdrawn))
        .Bind(static_cast<uint64_t>(DeliveryState::kSuperseded));
    RETURN_IF_ERROR(query.Run());
    dropped += database_.changes();
  }
  RETURN_IF_ERROR(transaction.Commit());
  return dropped;
}

}  // namespace shield
