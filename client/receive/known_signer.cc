#include "client/receive/known_signer.h"

#include <algorithm>
#include <vector>

#include "absl/status/statusor.h"
#include "base/status.h"
#include "client/receive/openings.h"

namespace shield {
namespace {

// How many statements are in memory at a time.
constexpr uint64_t kBatch = 256;

using ReadBefore = std::function<absl::StatusOr<std::vector<ClosedStatement>>(uint64_t before)>;
using VisitStatement = std::function<void(const ClosedStatement&, const Statement&)>;

absl::Status Walk(const Directory& newest, const ReadBefore& read, const VisitStatement& visit) {
  for (uint64_t before = ClientState::kNewest;;) {
    ASSIGN_OR_RETURN(const std::vector<ClosedStatement> closed, read(before));
    for (const ClosedStatement& each : closed) {
      const absl::StatusOr<Statement> statement = ReadClaimedStatement(each.statement);
      if (statement.ok() && GivesKey(newest, *statement)) visit(each, *statement);
    }
    if (closed.size() < kBatch) return absl::OkStatus();
    before = closed.back().place;
  }
}

}  // namespace

bool GivesKey(const Directory& directory, const Statement& statement) {
  const auto keys = directory.KeysOf(statement.author);
  return std::any_of(keys.begin(), keys.end(), [&statement](const KeyRecord& key) {
    return key.use == KeyUse::kSign && key.value == statement.author_key;
  });
}

absl::Status VisitClosedOfKnownSigners(
    ClientState& state, const Directory& newest,
    const std::function<void(const ClosedPlace& place, const Statement& statement)>& visit) {
  RETURN_IF_ERROR(Walk(
      newest, [&state](uint64_t before) { return state.ClosedForNow(before, kBatch); },
      [&visit](const ClosedStatement& closed, const Statement& statement) {
        visit({closed.place, std::nullopt}, statement);
      }));
  return Walk(
      newest, [&state](uint64_t before) { return state.CarriedClosedForNow(before, kBatch); },
      [&visit](const ClosedStatement& closed, const Statement& statement) {
        visit({0, closed.id}, statement);
      });
}

}  // namespace shield
