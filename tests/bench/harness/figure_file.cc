#include "tests/bench/harness/figure_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace shield::testing {
namespace {

constexpr int kNone = -1;

absl::Status SystemError(absl::string_view deed, absl::string_view path) {
  return absl::ErrnoToStatus(errno, absl::StrCat("cannot ", deed, " `", path, "`"));
}

// Whether what is there ends in the middle of a line.
bool IsCutOff(int descriptor) {
  struct stat about = {};
  if (fstat(descriptor, &about) != 0 || about.st_size == 0) return false;
  char last = '\n';
  return pread(descriptor, &last, 1, about.st_size - 1) == 1 && last != '\n';
}

}  // namespace

absl::StatusOr<FigureFile> FigureFile::Open(std::string path) {
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (descriptor < 0) return SystemError("open", path);
  FigureFile file(std::move(path), descriptor);
  if (IsCutOff(descriptor)) RETURN_IF_ERROR(file.Append(""));
  return file;
}

FigureFile::FigureFile(std::string path, int descriptor)
    : path_(std::move(path)), descriptor_(descriptor) {}

FigureFile::FigureFile(FigureFile&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, kNone)) {}

FigureFile::~FigureFile() {
  if (descriptor_ != kNone) close(descriptor_);
}

absl::Status FigureFile::Append(absl::string_view line) {
  const std::string whole = absl::StrCat(line, "\n");
  const ssize_t written = write(descriptor_, whole.data(), whole.size());
  if (written < 0) return SystemError("write", path_);
  if (static_cast<size_t>(written) < whole.size()) {
    return absl::ResourceExhaustedError(absl::StrCat("cannot write `", path_, "`: no more space"));
  }
  return absl::OkStatus();
}

}  // namespace shield::testing
