// How an inbox entry stands in its row of state.db.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "base/digest.h"
#include "client/state/database.h"
#include "client/state/state.h"

namespace shield {

// A digest as a column holds it; zeros of what is none.
inline Digest DigestOf(const Bytes& bytes) { return Digest::FromBytes(bytes).value_or(Digest{}); }

// In the order ReadEntry expects them.
extern const char kEntryColumns[];

// DATA_LOSS when a column is damaged.
absl::StatusOr<KeptEntry> ReadEntry(const SqlQuery& row);

// All rows of a query for place, id and statement.
absl::StatusOr<std::vector<ClosedStatement>> ReadClosedStatements(SqlQuery& query);

absl::Status InsertEntry(SqlDatabase& database, const KeptEntry& entry);
// Into the table of what was carried. The application may be handed it from `opens_from` on.
absl::Status InsertCarried(SqlDatabase& database, const KeptEntry& entry, absl::Time opens_from);

// Binds finding, fault, fault_sentence, checked, own_org, author_org, marks.
void BindConclusion(SqlQuery& query, const KeptEntry& entry);

}  // namespace shield
