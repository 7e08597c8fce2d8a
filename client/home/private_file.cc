#include "client/home/private_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/home/secret_text.h"

namespace shield {
namespace {

absl::Status FileError(absl::string_view what, const std::string& path) {
  const int error = errno;
  const std::string message =
      absl::StrCat("cannot ", what, " `", path, "`: ", std::strerror(error));
  if (error == EEXIST) return absl::AlreadyExistsError(message);
  if (error == ENOENT) return absl::NotFoundError(message);
  if (error == ENOSPC || error == EDQUOT) return absl::ResourceExhaustedError(message);
  if (error == EACCES || error == EPERM || error == EROFS) {
    return absl::PermissionDeniedError(message);
  }
  return absl::InternalError(message);
}

absl::Status WriteAll(int file, ByteSpan bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return FileError("write", path);
    bytes = bytes.subspan(static_cast<size_t>(written));
  }
  return fsync(file) == 0 ? absl::OkStatus() : FileError("sync", path);
}

absl::Status SyncFolder(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return SyncPath(folder.empty() ? "." : folder);
}

}  // namespace

absl::StatusOr<std::string> ReadSmallFile(const std::string& path, size_t max_bytes) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return FileError("read", path);
  std::string text;
  std::array<char, 64 * 1024> piece;
  while (text.size() <= max_bytes && file) {
    file.read(piece.data(), piece.size());
    text.append(piece.data(), static_cast<size_t>(file.gcount()));
  }
  if (file.bad()) return FileError("read", path);
  if (text.size() <= max_bytes) return text;
  return absl::InvalidArgumentError(
      absl::StrCat("`", path, "` has more than ", max_bytes, " bytes"));
}

absl::StatusOr<SecretText> ReadSecretFile(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return FileError("read", path);
  struct stat found {};
  absl::Status status = fstat(file, &found) == 0 ? absl::OkStatus() : FileError("read", path);
  if (status.ok() && static_cast<uint64_t>(found.st_size) > kMaxSmallFileBytes) {
    status = absl::InvalidArgumentError(
        absl::StrCat("`", path, "` has more than ", kMaxSmallFileBytes, " bytes"));
  }
  std::string text(status.ok() ? static_cast<size_t>(found.st_size) : 0, '\0');
  size_t size = 0;
  while (status.ok() && size < text.size()) {
    const ssize_t got = read(file, text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) status = FileError("read", path);
    if (got <= 0) break;
    size += static_cast<size_t>(got);
  }
  close(file);
  text.resize(size);
  SecretText secret(std::move(text));
  if (!status.ok()) return status;
  return secret;
}

// Nobody knows its name before it is there, so nothing can lie in its place: no link to another
// file and no file that others may read.
absl::Status WritePrivateFile(const std::string& path, ByteSpan bytes) {
  std::string beside = absl::StrCat(path, ".XXXXXX");
  const int file = mkostemp(beside.data(), O_CLOEXEC);
  if (file < 0) return FileError("write", path);
  absl::Status status = WriteAll(file, bytes, path);
  close(file);
  if (status.ok() && rename(beside.c_str(), path.c_str()) != 0) {
    status = FileError("replace", path);
  }
  if (status.ok()) return SyncFolder(path);
  unlink(beside.c_str());
  return status;
}

absl::Status SyncPath(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return FileError("open", path);
  absl::Status synced = fsync(file) == 0 ? absl::OkStatus() : FileError("sync", path);
  close(file);
  return synced;
}

absl::Status MoveToNewFile(const std::string& from, const std::string& to) {
  int moved = renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE);
  if (moved != 0 && (errno == EINVAL || errno == ENOSYS)) {
    // This file system cannot do both at once: the name is taken first, then what took it replaced.
    const int claim = open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (claim < 0) return FileError("write", to);
    close(claim);
    moved = rename(from.c_str(), to.c_str());
  }
  if (moved != 0) return FileError("write", to);
  return SyncFolder(to);
}

absl::Status MovePrivateFile(const std::string& from, const std::string& to) {
  if (rename(from.c_str(), to.c_str()) != 0) return FileError("replace", to);
  return SyncFolder(to);
}

absl::Status RemovePrivateFile(const std::string& path) {
  if (unlink(path.c_str()) != 0) return FileError("remove", path);
  return SyncFolder(path);
}

absl::Status MakePrivateFolder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::absolute(folder, error).parent_path(),
                                      error);
  if (mkdir(folder.c_str(), 0700) == 0) return absl::OkStatus();
  struct stat found {};
  if (errno != EEXIST || stat(folder.c_str(), &found) != 0 || !S_ISDIR(found.st_mode)) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot make the folder `", folder, "`: ", std::strerror(errno)));
  }
  if ((found.st_mode & 077) == 0 && found.st_uid == geteuid()) return absl::OkStatus();
  const bool own_and_empty = found.st_uid == geteuid() && (found.st_mode & S_ISVTX) == 0 &&
                             std::filesystem::is_empty(folder, error) && !error;
  if (own_and_empty && chmod(folder.c_str(), 0700) == 0) return absl::OkStatus();
  return WithHint(absl::FailedPreconditionError(
                      absl::StrCat("the folder `", folder, "` is not its owner's alone")),
                  "name one that is not there yet, or one of your own with mode 0700");
}

}  // namespace shield
