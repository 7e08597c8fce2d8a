#include "client/cli/input_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "absl/strings/match.h"
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
