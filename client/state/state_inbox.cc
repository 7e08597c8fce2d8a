// How the inbox of state.db grows, is confirmed by signed heads, and is cut back.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/state/entry_row.h"
#include "client/state/state.h"

namespace shield {
namespace {

absl::Status InsertSeen(SqlDatabase& database, const SeenBulletin& seen) {
  ASSIGN_OR_RETURN(SqlQuery query, database.Prepare("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)"));
  return query.Bind(seen.author_key).Bind(seen.id.span()).Bind(seen.text_digest.span()).Run();
}

absl::Status InsertClaim(SqlDatabase& database, const ClaimedEnding& claim, absl::string_view note,
                         const EntryEffects& effects) {
  ASSIGN_OR_RETURN(SqlQuery query,
                   database.Prepare("INSERT OR IGNORE INTO ended VALUES (?, ?, ?, ?, ?, ?, ?)"));
  query.Bind(claim.id.span())
      .Bind(claim.text_digest.span())
      .Bind(static_cast<uint64_t>(claim.state))
      .Bind(AsBytes(note))
      .Bind(static_cast<uint64_t>(absl::ToUnixMillis(effects.held)));
  const bool seated = effects.seat.has_value();
  seated ? query.Bind(AsBytes(effects.seat->org.text())) : query.BindNull();
  return query.Bind(uint64_t{seated && effects.seat->analyst ? 1U : 0U}).Run();
}

// NULL where nothing is known of it.
std::optional<PastSeat> SeatOf(const SqlQuery& row, int org_column) {
  const std::optional<OrgId> org = OrgId::Parse(row.Text(org_column));
  if (!org.has_value()) return std::nullopt;
  return PastSeat{*org, row.Number(org_column + 1) != 0};
}

absl::Status EndBulletin(SqlDatabase& database, const ClaimedEnding& ended,
                         absl::string_view note) {
  // What was shared of it ends with it, and what was carried as what was delivered.
  for (const absl::string_view table : {"entry", "carried"}) {
    ASSIGN_OR_RETURN(SqlQuery query,
                     database.Prepare(absl::StrCat(
                         "UPDATE ", table, " SET state = ?1, ended_by = ?2, slot = x'', ",
                         "payload = x'' WHERE (id = ?3 OR original = ?3) AND state <> ?4")));
    // What was withdrawn stays so, whatever else ends it.
    query.Bind(static_cast<uint64_t>(ended.state))
        .Bind(AsBytes(note))
        .Bind(ended.id.span())
        .Bind(static_cast<uint64_t>(DeliveryState::kWithdrawn));
    RETURN_IF_ERROR(query.Run());
  }
  ASSIGN_OR_RETURN(
      SqlQuery slots,
      database.Prepare(
          "UPDATE publication SET seal_keys = x'', slots = x'', orgs = '' WHERE id = ?1 OR id IN "
          "(SELECT id FROM entry WHERE original = ?1 UNION SELECT id FROM carried "
          "WHERE original = ?1)"));
  return slots.Bind(ended.id.span()).Run();
}

absl::Status Moved(uint64_t seq, uint64_t size) {
  return absl::AbortedError(absl::StrCat("local state: entry ", seq, " does not follow entry ",
                                         size, "; another process has moved the inbox"));
}

absl::Status OtherHistory(absl::string_view rule, uint64_t seq, absl::string_view than) {
  return WithHint(WithRule(absl::DataLossError(absl::StrCat("inbox refused: entry ", seq,
                                                            " is another than ", than)),
                           rule),
                  "the broker lost data or is cheating: tell the authority");
}

}  // namespace

absl::StatusOr<std::optional<Digest>> ClientState::ChainHashLocked(uint64_t seq) {
  ASSIGN_OR_RETURN(SqlQuery query, database_.Prepare("SELECT chain_hash FROM entry WHERE seq = ?"));
  ASSIGN_OR_RETURN(const bool row, query.Bind(seq).Step());
  if (!row) return std::nullopt;
  return Digest::FromBytes(query.Blob(0));
}

absl::StatusOr<std::optional<KeptHead>> ClientState::HighestHeadLocked() {
  ASSIGN_OR_RETURN(SqlQuery query, database_.Prepare("SELECT seq, hash, note FROM head"));
  ASSIGN_OR_RETURN(const bool row, query.Step());
  if (!row) return std::nullopt;
  return std::optional<KeptHead>(KeptHead{
      query.Number(0), Digest::FromBytes(query.Blob(1)).value_or(Digest{}), query.Text(2)});
}

absl::StatusOr<std::optional<KeptHead>> ClientState::HighestHead() {
  MutexLock lock(mutex_);
  return HighestHeadLocked();
}

absl::Status ClientState::ConfirmLocked(uint64_t seq) {
  ASSIGN_OR_RETURN(SqlQuery query,
                   database_.Prepare("UPDATE position SET confirmed = max(confirmed, ?)"));
  return query.Bind(seq).Run();
}

absl::StatusOr<bool> ClientState::NoteHeadLocked(const KeptHead& head) {
  ASSIGN_OR_RETURN(const std::optional<Digest> stored, ChainHashLocked(head.seq));
  if (stored.has_value() && *stored != head.hash) return false;
  ASSIGN_OR_RETURN(const std::optional<KeptHead> highest, HighestHeadLocked());
  if (highest.has_value() && highest->seq == head.seq && highest->hash != head.hash) return false;
  if (stored.has_value()) RETURN_IF_ERROR(ConfirmLocked(head.seq));
  if (!highest.has_value() || highest->seq < head.seq) {
    ASSIGN_OR_RETURN(SqlQuery query,
                     database_.Prepare("INSERT OR REPLACE INTO head VALUES (1, ?, ?, ?)"));
    RETURN_IF_ERROR(query.Bind(head.seq).Bind(head.hash.span()).Bind(AsBytes(head.note)).Run());
  }
  return true;
}

absl::StatusOr<bool> ClientState::NoteHead(const KeptHead& head, Durability durability) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlTransaction transaction, SqlTransaction::Begin(database_, durability));
  ASSIGN_OR_RETURN(const bool agrees, NoteHeadLocked(head));
  if (!agrees) return false;
  RETURN_IF_ERROR(transaction.Commit());
  return true;
}

absl::Status ClientState::ApplyEffects(const EntryEffects& effects, absl::string_view note) {
  if (effects.seen.has_value()) RETURN_IF_ERROR(InsertSeen(database_, *effects.seen));
  if (effects.original_seen.has_value()) {
    RETURN_IF_ERROR(InsertSeen(database_, *effects.original_seen));
  }
  for (const ClaimedEnding& claim : effects.claims) {
    RETURN_IF_ERROR(InsertClaim(database_, claim, note, effects));
  }
  for (const ClaimedEnding& ended : effects.ended) {
    RETURN_IF_ERROR(EndBulletin(database_, ended, note));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> ClientState::Append(const KeptEntry& entry, const Digest& previous,
                                         const EntryEffects& effects, Durability durability) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlTransaction transaction, SqlTransaction::Begin(database_, durability));
  const uint64_t seq = entry.delivered.seq;
  ASSIGN_OR_RETURN(const std::optional<Digest> stored, ChainHashLocked(seq));
  if (stored.has_value() && *stored == entry.chain_hash) return false;
  if (stored.has_value()) return OtherHistory("ROLLBACK", seq, "the one stored");
  ASSIGN_OR_RETURN(const InboxCursor position, PositionLocked());
  const bool follows =
      position.size + 1 == seq && (position.size == 0 || position.head == previous);
  if (!follows) return Moved(seq, position.size);
  ASSIGN_OR_RETURN(const std::optional<KeptHead> highest, HighestHeadLocked());
  const bool at_head = highest.has_value() && highest->seq == seq;
  if (at_head && highest->hash != entry.chain_hash) {
    return OtherHistory("INBOX_GAP", seq, "the one of the signed head");
  }
  RETURN_IF_ERROR(InsertEntry(database_, entry));
  RETURN_IF_ERROR(ApplyEffects(effects, entry.delivered.statement));
  RETURN_IF_ERROR(NoteDeliveryLocked(entry, effects));
  ASSIGN_OR_RETURN(SqlQuery query, database_.Prepare("UPDATE position SET size = ?, head = ?"));
  RETURN_IF_ERROR(query.Bind(seq).Bind(entry.chain_hash.span()).Run());
  if (at_head) RETURN_IF_ERROR(ConfirmLocked(seq));
  RETURN_IF_ERROR(SayDurableLocked(durability));
  RETURN_IF_ERROR(transaction.Commit());
  synced_ = synced_ || durability == Durability::kNow;
  return true;
}

absl::StatusOr<uint64_t> ClientState::CountEndingsLocked(
    const std::vector<BulletinText>& bulletins) {
  uint64_t endings = 0;
  for (const BulletinText& bulletin : bulletins) {
    ASSIGN_OR_RETURN(SqlQuery query, database_.Prepare("SELECT count(*) FROM (SELECT 1 FROM ended "
                                                       "WHERE id = ? AND digest = ? LIMIT ?)"));
    query.Bind(bulletin.id.span()).Bind(bulletin.text_digest.span()).Bind(kMaxEndings);
    RETURN_IF_ERROR(query.Step().status());
    endings += query.Number(0);
  }
  return endings;
}

absl::StatusOr<bool> ClientState::Settle(const KeptEntry& entry, DeliveryState was,
                                         const EntryEffects& effects) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlTransaction transaction, SqlTransaction::Begin(database_));
  ASSIGN_OR_RETURN(const uint64_t endings, CountEndingsLocked(effects.weighed));
  if (endings != effects.endings_weighed) return false;
  // What was carried has no number.
  ASSIGN_OR_RETURN(
      SqlQuery query,
      database_.Prepare(absl::StrCat(
          "UPDATE ", entry.carried ? "carried" : "entry",
          " SET finding = ?, fault = ?, fault_sentence = ?, checked = ?, own_org = ?, ",
          "author_org = ?, marks = ?, state = ?, ended_by = ?, slot = ?, payload = ? WHERE ",
          entry.carried ? "id" : "seq", " = ? AND chain_hash = ? AND finding = 1 AND state = ?")));
  BindConclusion(query, entry);
  const DeliveredEntry& delivered = entry.delivered;
  query.Bind(static_cast<uint64_t>(delivered.state))
      .Bind(AsBytes(delivered.ended_by))
      .Bind(delivered.slot)
      .Bind(delivered.payload);
  entry.carried ? query.Bind(entry.id->span()) : query.Bind(delivered.seq);
  query.Bind(entry.chain_hash.span()).Bind(static_cast<uint64_t>(was));
  RETURN_IF_ERROR(query.Run());
  if (database_.changes() == 0) return false;
  RETURN_IF_ERROR(ApplyEffects(effects, delivered.statement));
  // The broker has lost what was carried: it takes no receipt for it.
  if (!entry.carried) RETURN_IF_ERROR(NoteDeliveryLocked(entry, effects));
  RETURN_IF_ERROR(transaction.Commit());
  return true;
}

absl::Status ClientState::StorePayload(const KeptEntry& entry, ByteSpan payload) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query,
                   database_.Prepare("UPDATE entry SET payload = ? WHERE seq = ? AND chain_hash = "
                                     "? AND payload = x'' AND slot <> x''"));
  return query.Bind(payload).Bind(entry.delivered.seq).Bind(entry.chain_hash.span()).Run();
}

absl::StatusOr<bool> ClientState::CutBack(const std::optional<Digest>& last) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlTransaction transaction, SqlTransaction::Begin(database_));
  ASSIGN_OR_RETURN(const InboxCursor position, PositionLocked());
  if (position.confirmed == position.size) return false;
  if (last.has_value() && position.head != *last) return false;
  ASSIGN_OR_RETURN(const std::optional<Digest> hash, ChainHashLocked(position.confirmed));
  ASSIGN_OR_RETURN(SqlQuery rows, database_.Prepare("DELETE FROM entry WHERE seq > ?"));
  RETURN_IF_ERROR(rows.Bind(position.confirmed).Run());
  ASSIGN_OR_RETURN(SqlQuery query,
                   database_.Prepare("UPDATE position SET size = ?1, head = ?2, handed = "
                                     "min(handed, ?1), acknowledged = min(acknowledged, ?1)"));
  query.Bind(position.confirmed).Bind(hash.has_value() ? hash->span() : ByteSpan());
  RETURN_IF_ERROR(query.Run());
  RETURN_IF_ERROR(transaction.Commit());
  return true;
}

absl::StatusOr<std::vector<ClosedStatement>> ClientState::ClosedForNow(uint64_t before,
                                                                       uint64_t max) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query,
                   database_.Prepare("SELECT seq, id, statement FROM entry WHERE finding = 1 AND "
                                     "seq < ? ORDER BY seq DESC LIMIT ?"));
  query.Bind(before).Bind(max);
  return ReadClosedStatements(query);
}

absl::StatusOr<std::vector<std::string>> ClientState::EarlierStatements(const BulletinId& id,
                                                                        uint64_t seq) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query,
                   database_.Prepare("SELECT statement FROM entry WHERE id = ? AND seq < ? AND "
                                     "finding <> 2 ORDER BY seq LIMIT ?"));
  query.Bind(id.span()).Bind(seq).Bind(kMaxEarlier);
  std::vector<std::string> statements;
  for (;;) {
    ASSIGN_OR_RETURN(const bool row, query.Step());
    if (!row) return statements;
    statements.push_back(query.Text(0));
  }
}

absl::StatusOr<std::optional<uint64_t>> ClientState::HighestLogIndex(uint64_t seq) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query,
                   database_.Prepare("SELECT highest_log_index FROM entry WHERE seq = ?"));
  ASSIGN_OR_RETURN(const bool row, query.Bind(seq).Step());
  if (!row) return std::nullopt;
  return std::optional<uint64_t>(query.Number(0));
}

absl::StatusOr<std::vector<KeptEnding>> ClientState::FindEndings(const BulletinId& id,
                                                                 const Digest& text_digest) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(
      SqlQuery query,
      database_.Prepare("SELECT state, ending, held, org, analyst FROM ended WHERE id = ? AND "
                        "digest = ? LIMIT ?"));
  query.Bind(id.span()).Bind(text_digest.span()).Bind(kMaxEndings);
  std::vector<KeptEnding> endings;
  for (;;) {
    ASSIGN_OR_RETURN(const bool row, query.Step());
    if (!row) return endings;
    endings.push_back({static_cast<DeliveryState>(query.Number(0)), query.Text(1),
                       absl::FromUnixMillis(static_cast<int64_t>(query.Number(2))),
                       SeatOf(query, 3)});
  }
}

}  // namespace shield
