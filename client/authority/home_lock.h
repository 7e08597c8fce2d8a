// One process at a time in a home: an flock(2) on its file `lock`.
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace shield {

// Movable; releases the lock when it goes, and so does the kernel when the process ends.
class HomeLock {
 public:
  // FAILED_PRECONDITION, rule HOME_IN_USE, when another process or object holds it.
  static absl::StatusOr<HomeLock> Take(const std::string& path);

  HomeLock(HomeLock&& other) noexcept;
  HomeLock& operator=(HomeLock&& other) noexcept;
  ~HomeLock();

 private:
  explicit HomeLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace shield
