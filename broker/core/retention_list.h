// Lists for an auditor what falls due for erasure (docs/spec/wire.md, "Retention").
//
// The list is that by which the sweep erases, read without changing it: live bulletins by the end
// their authors signed. What has ended is in no part of it; how much of that is not erased yet is
// told as a number. An auditor has no sight of content, and here none of names either: a row says
// class, label, times and the row of the operator's table. The id is told of the auditor's own
// organisation's bulletins, but for RED; of others the log's hash stands for it.
#pragma once

#include <cstddef>

#include "absl/status/statusor.h"
#include "broker/core/core_parts.h"
#include "broker/core/directory_board.h"
#include "broker/core/service.h"

namespace shield::broker {

// Bulletins looked at for one page.
inline constexpr size_t kRetentionRowsOfPage = 256;
// Up to which what is not erased yet is counted.
inline constexpr uint64_t kMaxUnerasedCounted = 10'000;

// PERMISSION_DENIED, NOT_AN_AUDITOR: the seat is none of an auditor in an authority.
// INVALID_ARGUMENT, LIMIT_EXCEEDED: it is to go on too far within one end. DATA_LOSS when a stored
// statement is not what was written; that fails the store.
absl::StatusOr<RetentionPage> ListDue(const CoreParts& parts, const Seat& seat,
                                      const RetentionQuery& query);

}  // namespace shield::broker
