#include "client/state/handing_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace shield {

absl::StatusOr<std::optional<HandingLock>> HandingLock::TryTake(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot open the lock `", path, "`: ", std::strerror(errno)));
  }
  HandingLock lock(descriptor);
  if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) {
    return std::optional<HandingLock>(std::move(lock));
  }
  return std::optional<HandingLock>(std::nullopt);
}

HandingLock::HandingLock(HandingLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

HandingLock& HandingLock::operator=(HandingLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

HandingLock::~HandingLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace shield
