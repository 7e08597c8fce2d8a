#include "broker/daemon/private_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace shield::broker {
namespace {

absl::Status Failed(absl::string_view deed, const std::string& path, int error) {
  return absl::ErrnoToStatus(error, absl::StrCat("cannot ", deed, " `", path, "`"));
}

// A descriptor that closes itself.
class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int get() const { return descriptor_; }
  bool ok() const { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

absl::Status WriteAll(int descriptor, absl::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failed("write", path, errno);
    text.remove_prefix(static_cast<size_t>(written));
  }
  if (::fsync(descriptor) != 0) return Failed("sync", path, errno);
  return absl::OkStatus();
}

absl::Status SyncFolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  File file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!file.ok() || ::fsync(file.get()) != 0) return Failed("sync", folder, errno);
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadRegularFile(const std::string& path, size_t max_bytes,
                                            mode_t forbidden_mode) {
  File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.ok()) return Failed("open", path, errno);
  struct stat facts {};
  if (::fstat(file.get(), &facts) != 0) return Failed("read", path, errno);
  if (!S_ISREG(facts.st_mode)) {
    return absl::FailedPreconditionError(absl::StrCat("`", path, "` is not a regular file"));
  }
  if ((facts.st_mode & forbidden_mode) != 0) {
    return WithHint(absl::FailedPreconditionError(
                        absl::StrCat("`", path, "` may be read or written by others")),
                    absl::StrCat("chmod 0600 ", path));
  }
  if (static_cast<uint64_t>(facts.st_size) > max_bytes) {
    return absl::FailedPreconditionError(
        absl::StrCat("`", path, "` is larger than ", max_bytes, " bytes"));
  }
  std::string text(static_cast<size_t>(facts.st_size), '\0');
  size_t filled = 0;
  while (filled < text.size()) {
    const ssize_t got = ::read(file.get(), text.data() + filled, text.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Failed("read", path, errno);
    if (got == 0) break;
    filled += static_cast<size_t>(got);
  }
  text.resize(filled);
  return text;
}

}  // namespace

absl::Status WritePrivateFile(const std::string& path, absl::string_view text) {
  File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file.ok()) return Failed("create", path, errno);
  if (absl::Status written = WriteAll(file.get(), text, path); !written.ok()) {
    ::unlink(path.c_str());
    return written;
  }
  return SyncFolderOf(path);
}

absl::StatusOr<std::string> ReadPrivateFile(const std::string& path, size_t max_bytes) {
  return ReadRegularFile(path, max_bytes, S_IRWXG | S_IRWXO);
}

absl::StatusOr<std::string> ReadPublicFile(const std::string& path, size_t max_bytes) {
  return ReadRegularFile(path, max_bytes, 0);
}

}  // namespace shield::broker
