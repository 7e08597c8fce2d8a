#include "client/state/entry_columns.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/base64.h"

namespace shield {
namespace {

absl::Status Damaged(absl::string_view what) {
  return absl::DataLossError(absl::StrCat("local state: a list of ", what, " is damaged"));
}

}  // namespace

Bytes PackDigests(const std::vector<Digest>& digests) {
  Bytes packed;
  packed.reserve(digests.size() * 32);
  for (const Digest& digest : digests) Append(packed, digest.span());
  return packed;
}

absl::StatusOr<std::vector<Digest>> UnpackDigests(ByteSpan packed) {
  if (packed.size() % 32 != 0) return Damaged("hashes");
  std::vector<Digest> digests;
  for (size_t at = 0; at < packed.size(); at += 32) {
    digests.push_back(*Digest::FromBytes(packed.subspan(at, 32)));
  }
  return digests;
}

std::string PackOpenings(const std::vector<AudienceOpening>& openings) {
  std::string packed;
  for (const AudienceOpening& opening : openings) {
    absl::StrAppend(&packed, Base64Encode(opening.salt, Base64Form::kPadded), " ", opening.token,
                    "\n");
  }
  return packed;
}

absl::StatusOr<std::vector<AudienceOpening>> UnpackOpenings(absl::string_view packed) {
  std::vector<AudienceOpening> openings;
  for (absl::string_view line : absl::StrSplit(packed, '\n', absl::SkipEmpty())) {
    const std::vector<absl::string_view> fields = absl::StrSplit(line, absl::MaxSplits(' ', 1));
    if (fields.size() != 2) return Damaged("audience openings");
    std::optional<Bytes> salt = Base64Decode(fields[0], Base64Form::kPadded);
    if (!salt.has_value()) return Damaged("audience openings");
    openings.push_back({std::move(*salt), std::string(fields[1])});
  }
  return openings;
}

std::string PackMembers(const std::vector<MemberId>& members) {
  std::string packed;
  for (const MemberId& member : members) absl::StrAppend(&packed, member.text(), "\n");
  return packed;
}

absl::StatusOr<std::vector<MemberId>> UnpackMembers(absl::string_view packed) {
  const std::vector<absl::string_view> lines = absl::StrSplit(packed, '\n', absl::SkipEmpty());
  std::vector<MemberId> members;
  members.reserve(lines.size());
  for (const absl::string_view line : lines) {
    std::optional<MemberId> member = MemberId::Parse(line);
    if (!member.has_value()) return Damaged("readers");
    members.push_back(*std::move(member));
  }
  return members;
}

std::string PackOrgs(const std::vector<OrgId>& orgs) {
  std::string packed;
  for (const OrgId& org : orgs) absl::StrAppend(&packed, org.text(), " ");
  return packed;
}

absl::StatusOr<std::vector<OrgId>> UnpackOrgs(absl::string_view packed) {
  std::vector<OrgId> orgs;
  for (const absl::string_view text : absl::StrSplit(packed, ' ', absl::SkipEmpty())) {
    std::optional<OrgId> org = OrgId::Parse(text);
    if (!org.has_value()) return Damaged("organisations");
    orgs.push_back(*std::move(org));
  }
  return orgs;
}

}  // namespace shield
