#include "client/authority/directory_file.h"

#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status.h"
#include "policy/fields.h"

namespace shield {
namespace {

absl::Status Refusal(absl::string_view why) {
  return WithRule(absl::InvalidArgumentError(absl::StrCat("directory file refused: ", why)),
                  "DIRECTORY_FILE_MALFORMED");
}

// Takes the text through the next LF, without it.
absl::StatusOr<absl::string_view> TakeLine(absl::string_view& rest) {
  const size_t end = rest.find('\n');
  if (end == absl::string_view::npos) return Refusal("it ends within a line");
  const absl::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

absl::StatusOr<uint64_t> TakeCount(absl::string_view& rest, absl::string_view keyword) {
  ASSIGN_OR_RETURN(absl::string_view line, TakeLine(rest));
  const absl::string_view whole = line;
  std::optional<uint64_t> count;
  if (absl::ConsumePrefix(&line, keyword) && absl::ConsumePrefix(&line, " ")) {
    count = ParseNumber(line);
  }
  if (!count.has_value()) {
    return Refusal(absl::StrCat("`", keyword, " <n>` must stand where ", Quoted(whole), " does"));
  }
  return *count;
}

absl::StatusOr<std::string> TakeBytes(absl::string_view& rest, uint64_t size) {
  if (rest.size() < size) return Refusal("it is cut off");
  std::string bytes(rest.substr(0, size));
  rest.remove_prefix(size);
  return bytes;
}

}  // namespace

absl::StatusOr<DirectoryUpload> ParseDirectoryFile(absl::string_view text) {
  ASSIGN_OR_RETURN(absl::string_view head, TakeLine(text));
  if (head != "shield/upload/v1") return Refusal("it does not begin with `shield/upload/v1`");
  ASSIGN_OR_RETURN(const uint64_t note_size, TakeCount(text, "note"));
  ASSIGN_OR_RETURN(const uint64_t fresh_size, TakeCount(text, "fresh"));
  ASSIGN_OR_RETURN(const uint64_t authority_size, TakeCount(text, "authority"));
  ASSIGN_OR_RETURN(const uint64_t count, TakeCount(text, "lines"));

  DirectoryUpload upload;
  ASSIGN_OR_RETURN(upload.note, TakeBytes(text, note_size));
  ASSIGN_OR_RETURN(upload.fresh, TakeBytes(text, fresh_size));
  ASSIGN_OR_RETURN(upload.authority, TakeBytes(text, authority_size));
  while (!text.empty()) {
    ASSIGN_OR_RETURN(absl::string_view line, TakeLine(text));
    upload.lines.emplace_back(line);
  }
  if (upload.lines.size() != count) return Refusal("it holds another number of lines than it says");
  return upload;
}

std::string PrintDirectoryFile(const DirectoryUpload& upload) {
  std::string text =
      absl::StrCat("shield/upload/v1\nnote ", upload.note.size(), "\nfresh ", upload.fresh.size(),
                   "\nauthority ", upload.authority.size(), "\n");
  absl::StrAppend(&text, "lines ", upload.lines.size(), "\n", upload.note, upload.fresh,
                  upload.authority);
  for (const std::string& line : upload.lines) absl::StrAppend(&text, line, "\n");
  return text;
}

absl::StatusOr<std::vector<OrgLines>> GroupByOrg(const std::vector<std::string>& lines) {
  std::vector<OrgLines> orgs;
  for (const std::string& line : lines) {
    if (absl::StartsWith(line, "org ")) {
      orgs.push_back({line, {}});
    } else if (orgs.empty()) {
      return Refusal("its first line is not an organisation's");
    } else {
      orgs.back().own_lines.push_back(line);
    }
  }
  return orgs;
}

std::vector<std::string> Flatten(const std::vector<OrgLines>& orgs) {
  std::vector<std::string> lines;
  for (const OrgLines& org : orgs) {
    lines.push_back(org.line);
    lines.insert(lines.end(), org.own_lines.begin(), org.own_lines.end());
  }
  return lines;
}

}  // namespace shield
