// One member of a directory with one of its keys: what judging a signature takes, and no more.
//
//   std::optional<MemberPart> author = MemberPartOf(part, statement.author, statement.author_key);
//   ASSIGN_OR_RETURN(auto directory, VerifyMemberDirectory(note, *author, network));
//   VerifyStatement(statement_note, directory->directory(), statement.issued);
//
// The organisation's line is proven to stand in the tree of the note, the lines of key and member
// to stand among the organisation's own by a batch proof (docs/spec/log.md). Which other members
// and keys there are says nothing about this one.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/digest.h"
#include "base/strong_id.h"
#include "policy/proof/network_file.h"
#include "policy/proof/verified_directory.h"

namespace shield {

struct MemberPart {
  struct Line {
    uint64_t index = 0;  // among the own lines of its organisation
    std::string text;    // without LF
  };
  uint64_t index = 0;         // of the organisation's line among all organisations
  std::vector<Digest> proof;  // inclusion path of that line
  std::string org_line;
  Line key;
  Line member;
  std::vector<Digest> own_proof;  // batch proof of both lines (crypto/merkle.h)
};

// Of an organisation that is shown whole, one member with its key of that value. Nothing when it
// has no such member, or the member no such key.
std::optional<MemberPart> MemberPartOf(const OrgPart& part, const MemberId& member,
                                       absl::string_view key_value);

// A directory in which there is this member alone, its organisation's line saying so: for judging
// what the member signed, never for keeping or addressing anybody. Errors are those of
// VerifyPartialDirectory; DIGEST_MISMATCH also when key and member are not lines of that
// organisation, DIRECTORY_MALFORMED when they do not belong together.
absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> VerifyMemberDirectory(
    absl::string_view note, const MemberPart& part, const NetworkFile& network);

}  // namespace shield
