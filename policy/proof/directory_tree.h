// The tree of a directory's organisations: how its roots are made and parts are proven.
//
//   leaf = SHA-256(00 || org line without LF)        one for each organisation, ascending by id
//
// Each org line ends in the count and RFC 6962 root of its own lines (keys and members), so an
// organisation is shown whole or not at all.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/digest.h"
#include "crypto/merkle.h"
#include "policy/directory_note.h"
#include "policy/proof/verified_directory.h"
#include "policy/records.h"

namespace shield {

// Everything a directory version consists of before the authority signs `text`.
struct DirectoryText {
  std::string text;
  std::vector<OrgLines> orgs;  // in the order of the tree
};

// The text and lines of `records`. Counts and roots in `note` and in the organisations are computed
// here; whatever they held is replaced. INVALID_ARGUMENT, rule DIRECTORY_MALFORMED, when the
// records are not a directory that VerifyDirectory would accept.
absl::StatusOr<DirectoryText> BuildDirectoryText(DirectoryNote note, DirectoryRecords records);

// RFC 6962 root of lines, each without LF.
Digest LinesRoot(std::span<const std::string> lines);

// Immutable.
class DirectoryTree {
 public:
  // `orgs` in the order of the tree.
  explicit DirectoryTree(std::vector<OrgLines> orgs);

  size_t size() const { return orgs_.size(); }
  Digest Root() const { return tree_.Root(); }
  std::span<const OrgLines> orgs() const { return orgs_; }

  // `index` below size().
  OrgPart Part(size_t index) const;

 private:
  std::vector<OrgLines> orgs_;
  MerkleTree tree_;
};

}  // namespace shield
