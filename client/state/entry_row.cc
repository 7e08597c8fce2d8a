#include "client/state/entry_row.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "client/state/entry_columns.h"

namespace shield {
namespace {

std::string OrgText(const std::optional<OrgId>& org) { return org ? org->str() : std::string(); }

}  // namespace

const char kEntryColumns[] =
    "seq, id, statement, log_index, payload, state, ended_by, slot, slot_hash, leaf_index, "
    "leaf_proof, openings, chain_hash, directory_version, received, finding, fault, "
    "fault_sentence, "
    "checked, own_org, author_org, marks, shared_original, original, expires";

constexpr char kEntryValues[] =
    "?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,?23,?24,?25";

absl::StatusOr<KeptEntry> ReadEntry(const SqlQuery& row) {
  KeptEntry entry;
  DeliveredEntry& delivered = entry.delivered;
  delivered.seq = row.Number(0);
  if (!row.IsNull(1)) entry.id = BulletinId::FromBytes(row.Blob(1));
  delivered.statement = row.Text(2);
  delivered.log_index = row.Number(3);
  delivered.payload = row.Blob(4);
  delivered.state = static_cast<DeliveryState>(row.Number(5));
  delivered.ended_by = row.Text(6);
  delivered.slot = row.Blob(7);
  delivered.slot_hash = DigestOf(row.Blob(8));
  delivered.leaf_index = static_cast<uint32_t>(row.Number(9));
  ASSIGN_OR_RETURN(delivered.leaf_proof, UnpackDigests(row.Blob(10)));
  ASSIGN_OR_RETURN(delivered.openings, UnpackOpenings(row.Text(11)));
  entry.chain_hash = DigestOf(row.Blob(12));
  entry.directory_version = row.Number(13);
  entry.received = absl::FromUnixMillis(static_cast<int64_t>(row.Number(14)));
  entry.finding = static_cast<Finding>(row.Number(15));
  entry.fault = row.Text(16);
  entry.fault_sentence = row.Text(17);
  entry.checked = absl::FromUnixMillis(static_cast<int64_t>(row.Number(18)));
  entry.own_org = OrgId::Parse(row.Text(19));
  entry.author_org = OrgId::Parse(row.Text(20));
  entry.marks = absl::StrSplit(row.Text(21), ' ', absl::SkipEmpty());
  delivered.shared_original = row.Text(22);
  if (!row.IsNull(23)) entry.original = BulletinId::FromBytes(row.Blob(23));
  if (!row.IsNull(24)) {
    entry.expires = absl::FromUnixSeconds(static_cast<int64_t>(row.Number(24)));
  }
  return entry;
}

absl::StatusOr<std::vector<ClosedStatement>> ReadClosedStatements(SqlQuery& query) {
  std::vector<ClosedStatement> statements;
  for (;;) {
    ASSIGN_OR_RETURN(const bool row, query.Step());
    if (!row) return statements;
    ClosedStatement& read = statements.emplace_back();
    read.place = query.Number(0);
    if (!query.IsNull(1)) read.id = BulletinId::FromBytes(query.Blob(1));
    read.statement = query.Text(2);
  }
}

void BindConclusion(SqlQuery& query, const KeptEntry& entry) {
  query.Bind(static_cast<uint64_t>(entry.finding))
      .Bind(entry.fault)
      .Bind(entry.fault_sentence)
      .Bind(static_cast<uint64_t>(absl::ToUnixMillis(entry.checked)))
      .Bind(OrgText(entry.own_org))
      .Bind(OrgText(entry.author_org))
      .Bind(absl::StrJoin(entry.marks, " "));
}

void BindEntry(SqlQuery& query, const KeptEntry& entry) {
  const DeliveredEntry& delivered = entry.delivered;
  query.Bind(delivered.seq);
  entry.id.has_value() ? query.Bind(entry.id->span()) : query.BindNull();
  query.Bind(AsBytes(delivered.statement))
      .Bind(delivered.log_index)
      .Bind(delivered.payload)
      .Bind(static_cast<uint64_t>(delivered.state))
      .Bind(AsBytes(delivered.ended_by))
      .Bind(delivered.slot)
      .Bind(delivered.slot_hash.span())
      .Bind(static_cast<uint64_t>(delivered.leaf_index))
      .Bind(PackDigests(delivered.leaf_proof))
      .Bind(AsBytes(PackOpenings(delivered.openings)))
      .Bind(entry.chain_hash.span())
      .Bind(entry.directory_version)
      .Bind(static_cast<uint64_t>(absl::ToUnixMillis(entry.received)));
  BindConclusion(query, entry);
  query.Bind(AsBytes(delivered.shared_original));
  entry.original.has_value() ? query.Bind(entry.original->span()) : query.BindNull();
  entry.expires.has_value() ? query.Bind(static_cast<uint64_t>(absl::ToUnixSeconds(*entry.expires)))
                            : query.BindNull();
}

absl::Status InsertEntry(SqlDatabase& database, const KeptEntry& entry) {
  ASSIGN_OR_RETURN(
      SqlQuery query,
      database.Prepare(absl::StrCat(
          "INSERT INTO entry (", kEntryColumns, ", highest_log_index) VALUES (", kEntryValues,
          ", max(?4, ifnull((SELECT highest_log_index FROM entry WHERE seq = ?1 - 1), 0)))")));
  BindEntry(query, entry);
  return query.Run();
}

absl::Status InsertCarried(SqlDatabase& database, const KeptEntry& entry, absl::Time opens_from) {
  ASSIGN_OR_RETURN(
      SqlQuery query,
      database.Prepare(absl::StrCat("INSERT INTO carried (", kEntryColumns,
                                    ", opens_from, handed) VALUES (", kEntryValues, ", ?26, 0)")));
  BindEntry(query, entry);
  return query.Bind(static_cast<uint64_t>(absl::ToUnixMillis(opens_from))).Run();
}

}  // namespace shield
