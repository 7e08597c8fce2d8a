#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "policy/fields.h"
#include "policy/records.h"

namespace shield {
namespace {

absl::Status Refusal(absl::string_view line, absl::string_view why) {
  return WithRule(
      absl::InvalidArgumentError(absl::StrCat("directory line ", Quoted(line), " refused: ", why)),
      "DIRECTORY_MALFORMED");
}

absl::Status ParseOwnLine(absl::string_view line, const OrgId& org, DirectoryRecords& records) {
  if (absl::StartsWith(line, "key ")) {
    ASSIGN_OR_RETURN(KeyRecord key, ParseKeyRecord(line));
    records.keys.push_back(std::move(key));
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(MemberRecord member, ParseMemberRecord(line));
  if (member.org != org) {
    return Refusal(line, absl::StrCat("it stands under the organisation `", org.text(), "`"));
  }
  records.members.push_back(std::move(member));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<DirectoryRecords> ParseOrgLines(const OrgLines& lines) {
  ASSIGN_OR_RETURN(OrgRecord org, ParseOrgRecord(lines.line));
  if (org.own_lines != lines.own_lines.size()) {
    return Refusal(lines.line,
                   absl::StrCat(lines.own_lines.size(), " lines follow it, not ", org.own_lines));
  }
  DirectoryRecords records;
  for (size_t i = 0; i < lines.own_lines.size(); ++i) {
    if (i > 0 && lines.own_lines[i] <= lines.own_lines[i - 1]) {
      return Refusal(lines.own_lines[i], "lines are not sorted bytewise, each once");
    }
    RETURN_IF_ERROR(ParseOwnLine(lines.own_lines[i], org.id, records));
  }
  absl::flat_hash_set<MemberId> members;
  for (const MemberRecord& member : records.members) members.insert(member.id);
  for (const KeyRecord& key : records.keys) {
    if (!members.contains(key.member)) {
      return Refusal(PrintKeyRecord(key), "its member stands not in the same organisation");
    }
  }
  records.orgs.push_back(std::move(org));
  return records;
}

}  // namespace shield
