#include "policy/proof/directory_tree.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/status.h"
#include "policy/proof/directory_keys.h"

namespace shield {
namespace {

using LinesByOrg = absl::flat_hash_map<OrgId, std::vector<std::string>>;

std::vector<Digest> LeavesOf(std::span<const OrgLines> orgs) {
  std::vector<Digest> leaves;
  leaves.reserve(orgs.size());
  for (const OrgLines& org : orgs) leaves.push_back(LeafHash(AsBytes(org.line)));
  return leaves;
}

absl::StatusOr<LinesByOrg> OwnLines(const DirectoryRecords& records) {
  LinesByOrg lines;
  absl::flat_hash_map<MemberId, const OrgId*> org_of;
  for (const MemberRecord& member : records.members) {
    lines[member.org].push_back(PrintMemberRecord(member));
    org_of.emplace(member.id, &member.org);
  }
  for (const KeyRecord& key : records.keys) {
    const auto org = org_of.find(key.member);
    if (org == org_of.end()) {
      return WithRule(
          absl::InvalidArgumentError(absl::StrCat("directory not built: a key is of member `",
                                                  key.member.text(), "`, who is not in it")),
          "DIRECTORY_MALFORMED");
    }
    lines[*org->second].push_back(PrintKeyRecord(key));
  }
  for (auto& entry : lines) std::sort(entry.second.begin(), entry.second.end());
  return lines;
}

// What was built is read back as others will read it, so that nothing is signed which they refuse.
absl::Status CheckReadable(const DirectoryText& built) {
  ASSIGN_OR_RETURN(DirectoryNote note, ParseDirectoryNote(built.text));
  DirectoryRecords all;
  for (const OrgLines& org : built.orgs) {
    ASSIGN_OR_RETURN(const DirectoryRecords records, ParseOrgLines(org));
    all.orgs.insert(all.orgs.end(), records.orgs.begin(), records.orgs.end());
    all.members.insert(all.members.end(), records.members.begin(), records.members.end());
    all.keys.insert(all.keys.end(), records.keys.begin(), records.keys.end());
  }
  ASSIGN_OR_RETURN(const std::shared_ptr<const Directory> directory,
                   Directory::Create(std::move(note), std::move(all)));
  return CheckDirectoryKeys(*directory).status();
}

}  // namespace

Digest LinesRoot(std::span<const std::string> lines) {
  std::vector<Digest> leaves;
  leaves.reserve(lines.size());
  for (const std::string& line : lines) leaves.push_back(LeafHash(AsBytes(line)));
  return MerkleTree(std::move(leaves)).Root();
}

absl::StatusOr<DirectoryText> BuildDirectoryText(DirectoryNote note, DirectoryRecords records) {
  ASSIGN_OR_RETURN(LinesByOrg own_lines, OwnLines(records));
  std::sort(records.orgs.begin(), records.orgs.end(),
            [](const OrgRecord& a, const OrgRecord& b) { return a.id < b.id; });
  DirectoryText built;
  for (OrgRecord& org : records.orgs) {
    OrgLines lines;
    lines.own_lines = std::move(own_lines[org.id]);
    own_lines.erase(org.id);
    org.own_lines = lines.own_lines.size();
    org.own_lines_root = LinesRoot(lines.own_lines);
    lines.line = PrintOrgRecord(org);
    built.orgs.push_back(std::move(lines));
  }
  if (!own_lines.empty()) {
    return WithRule(absl::InvalidArgumentError(absl::StrCat(
                        "directory not built: a member is of organisation `",
                        own_lines.begin()->first.text(), "`, which is not in it or stands twice")),
                    "DIRECTORY_MALFORMED");
  }
  note.orgs = built.orgs.size();
  note.orgs_root = MerkleTree(LeavesOf(built.orgs)).Root();
  built.text = PrintDirectoryNote(note);
  RETURN_IF_ERROR(CheckReadable(built));
  return built;
}

DirectoryTree::DirectoryTree(std::vector<OrgLines> orgs)
    : orgs_(std::move(orgs)), tree_(LeavesOf(orgs_)) {}

OrgPart DirectoryTree::Part(size_t index) const {
  SHIELD_CHECK(index < orgs_.size());
  return {index, tree_.InclusionPath(index), orgs_[index]};
}

}  // namespace shield
