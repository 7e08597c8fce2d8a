#include "client/authority/home_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace shield {

absl::StatusOr<HomeLock> HomeLock::Take(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot open the lock `", path, "`: ", std::strerror(errno)));
  }
  HomeLock lock(descriptor);
  if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) return lock;
  return WithHint(WithRule(absl::FailedPreconditionError(absl::StrCat(
                               "another process works in this home: `", path, "` is locked")),
                           "HOME_IN_USE"),
                  "wait until it has ended, then try again");
}

HomeLock::HomeLock(HomeLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

HomeLock& HomeLock::operator=(HomeLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

HomeLock::~HomeLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace shield
