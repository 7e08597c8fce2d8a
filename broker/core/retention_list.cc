#include "broker/core/retention_list.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "broker/core/refusals.h"
#include "crypto/note.h"
#include "policy/labels.h"
#include "policy/statement.h"
#include "policy/vocabulary.h"

namespace shield::broker {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);

bool IsAuditor(const Seat& seat) {
  return seat.org->kind == OrgKind::kAuthority && seat.member->Has(Role::kAuditor);
}

absl::StatusOr<Statement> StatementOf(const store::BulletinRecord& record) {
  ASSIGN_OR_RETURN(const SignedNote note, ParseNote(AsText(record.statement)));
  return ParseStatement(note.text);
}

uint32_t RowDays(const RetentionTable& table, const Statement& statement) {
  const std::optional<absl::Duration> longest =
      table.Longest(statement.bulletin_class, statement.tlp);
  return longest.has_value() ? static_cast<uint32_t>(*longest / kDay) : 0;
}

RetentionRow RowOf(const CoreParts& parts, const Seat& seat, const store::BulletinRecord& record,
                   const Statement& statement) {
  const bool known = record.source == seat.org->id && statement.tlp != Tlp::kRed;
  return {.id = known ? std::make_optional(record.id) : std::nullopt,
          .text_digest = record.text_digest,
          .log_index = record.log_index,
          .bulletin_class = std::string(PrintBulletinClass(statement.bulletin_class)),
          .label = std::string(TlpBare(statement.tlp)),
          .issued = statement.issued,
          .expires = statement.expires,
          .row_days = RowDays(parts.retention, statement)};
}

// What has ended meanwhile is not listed any more.
store::DuePlace FirstPlace(const RetentionPlace& from, absl::Time now) {
  const absl::Time next = absl::FromUnixSeconds(absl::ToUnixSeconds(now) + 1);
  if (from.end < next) return {next, 0};
  return {from.end, from.rows};
}

}  // namespace

absl::StatusOr<RetentionPage> ListDue(const CoreParts& parts, const Seat& seat,
                                      const RetentionQuery& query) {
  if (!IsAuditor(seat)) return NotAnAuditor();
  const absl::Time now = parts.clock.Now();
  ASSIGN_OR_RETURN(
      const store::DueScan due,
      parts.store.ReadDue(FirstPlace(query.from, now), query.until, kRetentionRowsOfPage));
  RetentionPage page;
  page.rows.reserve(due.ids.size());
  for (const BulletinId& id : due.ids) {
    ASSIGN_OR_RETURN(const store::BulletinRecord record, parts.store.ReadBulletin(id));
    const absl::StatusOr<Statement> statement = StatementOf(record);
    if (!statement.ok()) {
      return parts.store.ReportDamage(absl::DataLossError(
          absl::StrCat("stored bulletin `", id.ToHex(),
                       "` cannot be read any more: ", statement.status().message())));
    }
    page.rows.push_back(RowOf(parts, seat, record, *statement));
  }
  if (due.next.has_value()) {
    page.next = RetentionPlace{due.next->end, static_cast<uint32_t>(due.next->rows)};
  }
  ASSIGN_OR_RETURN(const uint64_t unerased, parts.store.CountUnerased(now, kMaxUnerasedCounted));
  page.unerased = static_cast<uint32_t>(unerased);
  return page;
}

}  // namespace shield::broker
