#include "client/audit/broker_retention.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace shield {
namespace {

absl::Status Malformed(absl::string_view what) {
  return WithRule(absl::DataLossError(absl::StrCat("the broker's list of what is due: ", what)),
                  "ANSWER_MALFORMED");
}

absl::StatusOr<DueAtBroker> ReadRow(const RetentionRow& row) {
  const std::optional<BulletinClass> bulletin_class = ParseBulletinClass(row.bulletin_class);
  if (!bulletin_class.has_value()) return Malformed("a row is of no class there is");
  const std::optional<Tlp> tlp = ParseBareTlp(row.label);
  if (!tlp.has_value()) return Malformed("a row has no label there is");
  return DueAtBroker{row.id, row.text_digest, row.log_index, *bulletin_class,
                     *tlp,   row.issued,      row.expires,   row.row_days};
}

bool GoesOn(const RetentionPlace& from, const RetentionPlace& next) {
  return next.end > from.end || (next.end == from.end && next.rows > from.rows);
}

}  // namespace

absl::StatusOr<BrokerRetention> ListBrokerRetention(const ClientParts& parts, absl::Time until,
                                                    uint64_t max) {
  BrokerRetention list;
  // A bulletin that was published between two pages may move another into the next one again.
  std::set<uint64_t> seen;
  absl::Time last = absl::InfinitePast();
  RetentionQuery query{until, {}};
  for (;;) {
    ASSIGN_OR_RETURN(const RetentionPage page, parts.retrier.Run([&](absl::Duration left) {
      return parts.connection.GetRetention(query, left);
    }));
    list.unerased = page.unerased;
    for (const RetentionRow& row : page.rows) {
      if (row.expires < last || row.expires >= until) return Malformed("a row is out of order");
      last = row.expires;
      ASSIGN_OR_RETURN(const DueAtBroker due, ReadRow(row));
      if (!seen.insert(due.log_index).second) continue;
      if (list.due.size() == max) {
        list.more = true;
        return list;
      }
      list.due.push_back(due);
    }
    if (!page.next.has_value()) return list;
    if (!GoesOn(query.from, *page.next)) return Malformed("it does not go on");
    query.from = *page.next;
  }
}

}  // namespace shield
