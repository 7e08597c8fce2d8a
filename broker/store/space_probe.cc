#include "broker/store/space_probe.h"

#include <sys/statvfs.h>

#include <cerrno>

#include "absl/strings/str_cat.h"

namespace shield::store {

absl::StatusOr<uint64_t> FileSystemSpace::FreeBytes() {
  struct statvfs stats = {};
  if (statvfs(folder_.c_str(), &stats) != 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("free space of `", folder_.string(), "`"));
  }
  return uint64_t{stats.f_bavail} * stats.f_frsize;
}

}  // namespace shield::store
