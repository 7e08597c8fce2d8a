// Who hands entries of a home to an application: one at a time, over all processes.
//
// An flock(2) on a file of the home. It is taken for one entry and given back when the cursor has
// moved, so several subscribers of one home share its entries and none gets one twice.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"

namespace shield {

// Movable; gives the lock back when it goes, and so does the kernel when the process ends.
class HandingLock {
 public:
  // Nothing when another object or process has it. FAILED_PRECONDITION when the file cannot be
  // opened.
  static absl::StatusOr<std::optional<HandingLock>> TryTake(const std::string& path);

  HandingLock(HandingLock&& other) noexcept;
  HandingLock& operator=(HandingLock&& other) noexcept;
  ~HandingLock();

 private:
  explicit HandingLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace shield
