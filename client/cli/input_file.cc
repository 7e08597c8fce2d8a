#include "client/cli/input_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace shield::cli {
namespace {

constexpr size_t kPieceBytes = size_t{64} * 1024;

// The file of one role, for its errors.
struct Named {
  const std::string& path;
  absl::string_view what;

  absl::Status CannotBeRead(absl::string_view why) const {
    return absl::FailedPreconditionError(absl::StrCat(what, " `", path, "` cannot be read: ", why));
  }
  absl::Status OfSystem(int error) const {
    const absl::Status status = CannotBeRead(std::strerror(error));
    const bool absent = error == ENOENT || error == ENOTDIR;
    return absent ? absl::NotFoundError(status.message()) : status;
  }
};

absl::Status CheckKind(int file, const Named& named, InputOrigin origin) {
  struct stat found {};
  if (fstat(file, &found) != 0) return named.OfSystem(errno);
  if (S_ISDIR(found.st_mode)) return named.CannotBeRead("it is a folder");
  if (S_ISREG(found.st_mode) || origin == InputOrigin::kOwn) return absl::OkStatus();
  return named.CannotBeRead("it is no plain file");
}

absl::StatusOr<std::string> ReadAll(int file, const Named& named, size_t max_bytes) {
  std::string text;
  for (;;) {
    const size_t before = text.size();
    text.resize(before + std::min(kPieceBytes, max_bytes + 1 - before));
    const ssize_t got = read(file, text.data() + before, text.size() - before);
    text.resize(before + static_cast<size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return named.OfSystem(errno);
    if (got == 0) return text;
    if (text.size() <= max_bytes) continue;
    return WithRule(absl::InvalidArgumentError(absl::StrCat(
                        named.what, " `", named.path, "` is longer than ", max_bytes, " bytes")),
                    "LIMIT_EXCEEDED");
  }
}

}  // namespace

absl::StatusOr<std::string> ReadInputFile(const std::string& path, absl::string_view what,
                                          size_t max_bytes, InputOrigin origin) {
  const Named named{path, what};
  // A pipe of another's does not make the open wait for its other end.
  const int carried = origin == InputOrigin::kCarried ? O_NOFOLLOW | O_NONBLOCK : 0;
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | carried);
  if (file < 0 && errno == ELOOP) {
    return WithHint(named.CannotBeRead("it is a link"), "name the file itself");
  }
  if (file < 0) return named.OfSystem(errno);
  const absl::Cleanup closing = [file] { close(file); };
  RETURN_IF_ERROR(CheckKind(file, named, origin));
  return ReadAll(file, named, max_bytes);
}

absl::StatusOr<std::string> ReadSignedFile(const std::string& path, absl::string_view what,
                                           size_t max_bytes) {
  ASSIGN_OR_RETURN(std::string text, ReadInputFile(path, what, max_bytes));
  if (!absl::StrContains(text, '\r')) return text;
  return WithRule(
      WithHint(
          absl::InvalidArgumentError(absl::StrCat(
              what, " `", path, "` was changed on its way: its lines end in CR LF, not in LF")),
          "have it sent again as an attachment, not in the text of a mail, and save it "
          "unchanged"),
      "LINES_CHANGED");
}

}  // namespace shield::cli
