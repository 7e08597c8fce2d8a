// Walks a whole database and holds every row against the others.
#pragma once

#include <filesystem>

#include "absl/status/statusor.h"
#include "broker/store/records.h"
#include "broker/store/rocks_database.h"

namespace shield::store {

// Of one snapshot, so commits may go on. DATA_LOSS names the first thing that does not hold:
// file and block checksums; commits dense and running hash; log nodes; the directory, its lines
// complete; a bulletin for each publish, its commit, text digest, expiry row, recipients and
// chunks; each inbox dense, its chain, and its entries among the recipients of their bulletins;
// cursors.
absl::StatusOr<StoreReport> VerifyDatabase(RocksDatabase& database);

// For `shieldd verify`: checks the sentinel and verifies, writing nothing.
absl::StatusOr<StoreReport> VerifyStore(const std::filesystem::path& folder);

}  // namespace shield::store
