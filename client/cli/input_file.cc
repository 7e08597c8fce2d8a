#include "client/cli/input_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace shield::cli {

absl::StatusOr<std::string> ReadInputFile(const std::string& path, absl::string_view what,
                                          size_t max_bytes) {
  std::ifstream file(path, std::ios::binary);
  std::string text(max_bytes + 1, '\0');
  if (!file || !file.read(text.data(), static_cast<std::streamsize>(text.size())).eof()) {
    if (file.gcount() > static_cast<std::streamsize>(max_bytes)) {
      return WithRule(absl::InvalidArgumentError(
                          absl::StrCat(what, " `", path, "` is longer than ", max_bytes, " bytes")),
                      "LIMIT_EXCEEDED");
    }
    const std::string sentence =
        absl::StrCat(what, " `", path, "` cannot be read: ", std::strerror(errno));
    if (errno == ENOENT || errno == ENOTDIR) return absl::NotFoundError(sentence);
    return absl::FailedPreconditionError(sentence);
  }
  text.resize(static_cast<size_t>(file.gcount()));
  return text;
}

}  // namespace shield::cli
