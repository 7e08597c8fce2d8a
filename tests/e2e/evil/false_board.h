// What a source is shown of its readers by a broker that cheats: receipts that are forged,
// exchanged, shown again for another bulletin or kept back, and readers that are not listed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "base/strong_id.h"
#include "broker/core/service.h"
#include "tests/e2e/evil/attack.h"

namespace shield::testing {

// Thread-safe.
class FalseBoard {
 public:
  explicit FalseBoard(const Attack& attack) : attack_(attack) {}

  // Changes what is shown of one bulletin.
  void Falsify(std::vector<broker::RecipientStatus>& readers);

 private:
  void Replay(std::vector<broker::RecipientStatus>& readers);

  const Attack attack_;
  Mutex mutex_;
  // What was shown first, of whatever bulletin that was.
  std::optional<std::vector<broker::RecipientStatus>> first_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace shield::testing
