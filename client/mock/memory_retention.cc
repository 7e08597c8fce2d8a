// What falls due in the broker in memory, which has no retention table (docs/spec/wire.md,
// "Retention").
#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <utility>

#include "base/status.h"
#include "client/mock/memory_broker.h"
#include "client/mock/memory_connection.h"
#include "client/receive/openings.h"
#include "policy/labels.h"
#include "policy/vocabulary.h"

namespace shield {
namespace {

constexpr size_t kRowsOfPage = 256;
constexpr uint32_t kMaxRowsPassed = 100'000;

absl::Status NotAnAuditor() {
  return WithRule(absl::PermissionDeniedError(
                      "what falls due for erasure is listed for auditors of an authority"),
                  "NOT_AN_AUDITOR");
}

}  // namespace

absl::StatusOr<RetentionPage> MemoryBroker::DueFor(const OrgRecord& org,
                                                   const RetentionQuery& query) {
  const absl::Time now = clock_.Now();
  const absl::Time from = std::max(query.from.end, now);
  std::set<std::pair<absl::Time, BulletinId>> ends;
  RetentionPage page;
  for (const auto& [id, bulletin] : bulletins_) {
    ASSIGN_OR_RETURN(const Statement statement, ReadClaimedStatement(bulletin.statement));
    if (bulletin.state != DeliveryState::kLive || statement.expires <= now) continue;
    if (statement.expires >= from && statement.expires < query.until) {
      ends.emplace(statement.expires, id);
    }
  }
  RetentionPlace place = query.from;
  uint32_t passed = query.from.rows;
  for (const auto& [end, id] : ends) {
    if (end == query.from.end && passed > 0) {
      --passed;
      continue;
    }
    if (page.rows.size() == kRowsOfPage) {
      page.next = place;
      return page;
    }
    place = {end, end == place.end ? place.rows + 1 : 1};
    const Bulletin& bulletin = bulletins_.at(id);
    ASSIGN_OR_RETURN(const Statement statement, ReadClaimedStatement(bulletin.statement));
    const bool known = bulletin.source == org.id && statement.tlp != Tlp::kRed;
    page.rows.push_back(
        {.id = known ? std::make_optional(id) : std::nullopt,
         .text_digest = bulletin.text_digest,
         .log_index = bulletin.receipt.log_index,
         .bulletin_class = std::string(PrintBulletinClass(statement.bulletin_class)),
         .label = std::string(TlpBare(statement.tlp)),
         .issued = statement.issued,
         .expires = end});
  }
  return page;
}

absl::StatusOr<RetentionPage> MemoryConnection::GetRetention(const RetentionQuery& query,
                                                             absl::Duration) {
  MutexLock lock(broker_.mutex_);
  RETURN_IF_ERROR(broker_.CheckCaller(member_));
  const Directory& directory = broker_.directory_->directory();
  const MemberRecord* member = directory.FindMember(member_);
  const OrgRecord* org = member == nullptr ? nullptr : directory.FindOrg(member->org);
  const bool auditor =
      org != nullptr && org->kind == OrgKind::kAuthority && member->Has(Role::kAuditor);
  if (!auditor) return NotAnAuditor();
  if (query.from.rows > kMaxRowsPassed) {
    return WithRule(absl::InvalidArgumentError("there are too many rows to pass"),
                    "LIMIT_EXCEEDED");
  }
  return broker_.DueFor(*org, query);
}

}  // namespace shield
