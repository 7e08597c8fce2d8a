#include "client/export/export_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/quoted.h"
#include "base/status.h"

namespace shield {
namespace {

absl::Status Malformed(absl::string_view name, absl::string_view why) {
  return WithRule(absl::DataLossError(absl::StrCat("export refused: ", Quoted(name), " ", why)),
                  "EXPORT_MALFORMED");
}

absl::Status CannotRead(absl::string_view name, int error) {
  if (error == ENOENT) {
    return absl::NotFoundError(absl::StrCat("cannot read ", Quoted(name), ": it is missing"));
  }
  if (error == ELOOP || error == ENOTDIR || error == ENXIO) {
    return Malformed(name, "is a link or no plain file");
  }
  if (error == EACCES || error == EPERM) {
    return absl::PermissionDeniedError(
        absl::StrCat("cannot read ", Quoted(name), ": ", std::strerror(error)));
  }
  return absl::InternalError(
      absl::StrCat("cannot read ", Quoted(name), ": ", std::strerror(error)));
}

}  // namespace

class ExportFolder::Descriptor {
 public:
  explicit Descriptor(int folder) : folder_(folder) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(folder_); }
  int get() const { return folder_; }

 private:
  const int folder_;
};

ExportedFile::ExportedFile(ExportedFile&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

ExportedFile::~ExportedFile() {
  if (file_ >= 0) close(file_);
}

absl::StatusOr<size_t> ExportedFile::Read(std::span<uint8_t> bytes) {
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = read(file_, bytes.data() + done, bytes.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return CannotRead("a file of the export", errno);
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  return done;
}

absl::StatusOr<ExportFolder> ExportFolder::Open(const std::string& path) {
  const int folder = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return CannotRead(path, errno);
  return ExportFolder(path, std::make_shared<const Descriptor>(folder));
}

absl::StatusOr<ExportedFile> ExportFolder::OpenFile(absl::string_view name) const {
  int below = folder_->get();
  std::shared_ptr<const Descriptor> inner;
  std::string file(name);
  if (const size_t slash = name.find('/'); slash != absl::string_view::npos) {
    const std::string folder(name.substr(0, slash));
    const int opened =
        openat(below, folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (opened < 0) return CannotRead(name, errno);
    inner = std::make_shared<const Descriptor>(opened);
    below = opened;
    file = std::string(name.substr(slash + 1));
  }
  const int opened = openat(below, file.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (opened < 0) return CannotRead(name, errno);
  ExportedFile result(opened);
  struct stat found {};
  if (fstat(opened, &found) != 0) return CannotRead(name, errno);
  if (!S_ISREG(found.st_mode)) return Malformed(name, "is a link or no plain file");
  return result;
}

absl::StatusOr<std::string> ExportFolder::Read(absl::string_view name, size_t max_bytes) const {
  ASSIGN_OR_RETURN(ExportedFile file, OpenFile(name));
  std::string text;
  std::array<uint8_t, 64 * 1024> piece;
  for (;;) {
    ASSIGN_OR_RETURN(const size_t got, file.Read(piece));
    text.append(reinterpret_cast<const char*>(piece.data()), got);
    if (text.size() > max_bytes) {
      return Malformed(name, absl::StrCat("has more than ", max_bytes, " bytes"));
    }
    if (got < piece.size()) return text;
  }
}

absl::Status ExportFolder::CheckHoldsOnly(const std::set<std::string>& names) const {
  std::set<std::string> known = names;
  for (const std::string& name : names) {
    if (const size_t slash = name.find('/'); slash != std::string::npos) {
      known.insert(name.substr(0, slash));
    }
  }
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator at(path_, error), end; !error && at != end;
       at.increment(error)) {
    const std::string name = at->path().lexically_relative(path_).string();
    if (!known.contains(name) || at->is_symlink(error)) {
      return Malformed(name, "does not belong in the folder");
    }
  }
  if (!error) return absl::OkStatus();
  return absl::NotFoundError(absl::StrCat(Quoted(path_), " cannot be read: ", error.message()));
}

}  // namespace shield
