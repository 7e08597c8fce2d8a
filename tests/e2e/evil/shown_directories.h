// The directories that the victim is shown instead of the newest one.
#pragma once

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "base/mutex.h"
#include "broker/core/service.h"
#include "tests/e2e/evil/attack.h"

namespace shield::testing {

// Thread-safe.
class ShownDirectories {
 public:
  explicit ShownDirectories(const Attack& attack) : attack_(attack) {}

  // What the attack makes of a true answer, which must be whole.
  absl::StatusOr<std::unique_ptr<broker::DirectoryReader>> Instead(broker::DirectoryReader& truth);

  // The version that the victim is to believe the newest; 0: the true one.
  uint64_t VersionTold();

 private:
  using Parts = std::vector<broker::DirectoryPart>;
  struct Shown {
    uint64_t version = 0;
    Parts parts;
  };

  const Attack attack_;
  Mutex mutex_;
  std::vector<Shown> shown_ ABSL_GUARDED_BY(mutex_);  // each version once, as the victim saw it
};

}  // namespace shield::testing
