// The errors of a store, made in one place so that all implementations say the same.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/strong_id.h"

namespace shield::store {

inline constexpr absl::string_view kRuleDirectoryMoved = "DIRECTORY_MOVED";
inline constexpr absl::string_view kRuleBulletinMoved = "BULLETIN_MOVED";
inline constexpr absl::string_view kRuleIdTaken = "ID_TAKEN";
inline constexpr absl::string_view kRuleDiskLow = "DISK_LOW";
inline constexpr absl::string_view kRuleCursorAhead = "CURSOR_AHEAD";
inline constexpr absl::string_view kRuleRollback = "ROLLBACK";
inline constexpr absl::string_view kRuleLimitExceeded = "LIMIT_EXCEEDED";
inline constexpr absl::string_view kRuleOutcomeUnknown = "OUTCOME_UNKNOWN";
inline constexpr absl::string_view kRuleStoreFailed = "STORE_FAILED";
inline constexpr absl::string_view kRuleStoreInUse = "STORE_IN_USE";
inline constexpr absl::string_view kRuleStoreFormat = "STORE_FORMAT";

absl::Status DirectoryMoved(uint64_t asked, uint64_t present);
absl::Status BulletinMoved(const BulletinId& id);
absl::Status NoSuchBulletin(const BulletinId& id);  // NOT_FOUND, no rule
absl::Status IdTaken(const BulletinId& id);
absl::Status DiskLow(uint64_t free_bytes, uint64_t watermark_bytes);
absl::Status CursorAhead(uint64_t asked, uint64_t last);
absl::Status HistoryDiffers(uint64_t seq);
absl::Status LimitExceeded(absl::string_view what, uint64_t value, uint64_t limit);
absl::Status OutcomeUnknown(const absl::Status& cause);
absl::Status StoreFailed(const absl::Status& cause);
// FAILED_PRECONDITION: not now, or not with this program. The store itself is not at fault.
absl::Status StoreInUse(absl::string_view folder);
absl::Status StoreFormat();
// DATA_LOSS, STORE_FAILED: the stored bytes are not what was written. `what` is a sentence.
absl::Status StoreCorrupt(absl::string_view what);

}  // namespace shield::store
