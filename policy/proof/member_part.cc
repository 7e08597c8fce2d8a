#include "policy/proof/member_part.h"

#include <algorithm>
#include <utility>

#include "crypto/merkle.h"
#include "crypto/merkle_frontier.h"
#include "policy/records.h"

namespace shield {
namespace {

// Where a line stands; they are sorted.
MemberPart::Line LineOf(const std::vector<std::string>& lines, std::string text) {
  const auto found = std::lower_bound(lines.begin(), lines.end(), text);
  return {static_cast<uint64_t>(found - lines.begin()), std::move(text)};
}

absl::StatusOr<std::vector<Digest>> ProveBoth(const std::vector<std::string>& lines,
                                              const MemberPart& part) {
  std::vector<Digest> leaves;
  leaves.reserve(lines.size());
  for (const std::string& line : lines) leaves.push_back(LeafHash(AsBytes(line)));
  const MerkleTree tree(std::move(leaves));
  const std::vector<uint64_t> both = {part.key.index, part.member.index};
  return StoredBatchPath(both, tree.size(),
                         [&tree](uint32_t level, uint64_t index) -> absl::StatusOr<Digest> {
                           return tree.Node(level, index);
                         });
}

}  // namespace

std::optional<MemberPart> MemberPartOf(const OrgPart& part, const MemberId& member,
                                       absl::string_view key_value) {
  const absl::StatusOr<DirectoryRecords> records = ParseOrgLines(part.lines);
  if (!records.ok()) return std::nullopt;
  const auto person =
      std::find_if(records->members.begin(), records->members.end(),
                   [&member](const MemberRecord& record) { return record.id == member; });
  const auto key = std::find_if(records->keys.begin(), records->keys.end(),
                                [&member, key_value](const KeyRecord& record) {
                                  return record.member == member && record.value == key_value;
                                });
  if (person == records->members.end() || key == records->keys.end()) return std::nullopt;
  const std::vector<std::string>& lines = part.lines.own_lines;
  // Keys come first: their lines sort before those of members.
  MemberPart shown{part.index,
                   part.proof,
                   part.lines.line,
                   LineOf(lines, PrintKeyRecord(*key)),
                   LineOf(lines, PrintMemberRecord(*person)),
                   {}};
  absl::StatusOr<std::vector<Digest>> proof = ProveBoth(lines, shown);
  if (!proof.ok()) return std::nullopt;
  shown.own_proof = *std::move(proof);
  return shown;
}

}  // namespace shield
