// Builds the indexes of a Directory, refusing what does not fit together.
#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "policy/directory.h"
#include "policy/fields.h"
#include "policy/regions.h"

namespace shield {
namespace {

absl::Status Refusal(absl::string_view why) {
  return WithRule(absl::InvalidArgumentError(absl::StrCat("directory refused: ", why)),
                  "DIRECTORY_MALFORMED");
}

// Records that follow one another and share an id, as half-open ranges.
template <typename Map, typename Records, typename IdOf>
void IndexRanges(const Records& records, IdOf id_of, Map& ranges) {
  for (uint32_t i = 0; i < records.size(); ++i) {
    auto& range = ranges[id_of(records[i])];
    if (range.end == 0) range.begin = i;
    range.end = i + 1;
  }
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Directory>> Directory::Create(DirectoryNote note,
                                                                   DirectoryRecords records) {
  std::shared_ptr<Directory> directory(new Directory(std::move(note)));
  RETURN_IF_ERROR(directory->Index(std::move(records)));
  return std::shared_ptr<const Directory>(std::move(directory));
}

absl::Status Directory::Index(DirectoryRecords records) {
  orgs_ = std::move(records.orgs);
  members_ = std::move(records.members);
  keys_ = std::move(records.keys);
  std::sort(orgs_.begin(), orgs_.end(),
            [](const OrgRecord& a, const OrgRecord& b) { return a.id < b.id; });
  std::sort(members_.begin(), members_.end(), [](const MemberRecord& a, const MemberRecord& b) {
    return std::tie(a.org, a.id) < std::tie(b.org, b.id);
  });
  std::sort(keys_.begin(), keys_.end(), [](const KeyRecord& a, const KeyRecord& b) {
    return std::tie(a.member, a.use, a.value) < std::tie(b.member, b.use, b.value);
  });
  RETURN_IF_ERROR(IndexOrgs());
  RETURN_IF_ERROR(IndexMembers());
  RETURN_IF_ERROR(IndexKeys());
  return CheckOwnLines();
}

absl::Status Directory::IndexOrgs() {
  if (orgs_.size() > note_.orgs) {
    return Refusal(
        absl::StrCat("it holds ", orgs_.size(), " organisations, and its note says ", note_.orgs));
  }
  org_by_id_.reserve(orgs_.size());
  for (uint32_t i = 0; i < orgs_.size(); ++i) {
    const OrgRecord& org = orgs_[i];
    if (!org_by_id_.emplace(org.id, i).second) {
      return Refusal(absl::StrCat("the organisation `", org.id.text(), "` stands twice"));
    }
    by_community_[org.community].push_back(i);
    for (const std::string& sector : org.sectors) by_sector_[sector].push_back(i);
    for (const std::string& region : org.regions) {
      const std::string code = CanonicalRegion(region);
      by_region_[code].push_back(i);
      for (size_t size = 2; size <= code.size(); ++size) {
        by_region_prefix_[code.substr(0, size)].push_back(i);
      }
    }
  }
  return absl::OkStatus();
}

absl::Status Directory::IndexMembers() {
  member_by_id_.reserve(members_.size());
  for (uint32_t i = 0; i < members_.size(); ++i) {
    const MemberRecord& member = members_[i];
    if (!member_by_id_.emplace(member.id, i).second) {
      return Refusal(absl::StrCat("the member `", member.id.text(), "` stands twice"));
    }
    if (!org_by_id_.contains(member.org)) {
      return Refusal(absl::StrCat("the member `", member.id.text(), "` is of the organisation `",
                                  member.org.text(), "`, which is not in it"));
    }
  }
  IndexRanges(
      members_, [](const MemberRecord& member) { return member.org; }, members_of_);
  return absl::OkStatus();
}

absl::Status Directory::IndexKeys() {
  absl::flat_hash_set<absl::string_view> values;
  values.reserve(keys_.size());
  for (uint32_t i = 0; i < keys_.size(); ++i) {
    const KeyRecord& key = keys_[i];
    const absl::string_view member = key.member.text();
    if (!member_by_id_.contains(key.member)) {
      return Refusal(absl::StrCat("a key is of the member `", member, "`, who is not in it"));
    }
    if (!values.insert(key.value).second) {
      return Refusal(absl::StrCat("the key `", key.value, "` stands twice"));
    }
    if (key.use == KeyUse::kSign && !IsVerifierKeyText(key.value, note_.network.KeyName(member))) {
      return Refusal(absl::StrCat("the key `", key.value, "` of the member `", member,
                                  "` has another name than theirs"));
    }
    if (key.use == KeyUse::kTls) {
      const std::optional<Digest> pin = ParseDigest(key.value);
      if (!pin.has_value()) return Refusal(absl::StrCat("`", key.value, "` is not a TLS pin"));
      tls_key_by_pin_.emplace(*pin, i);
    }
  }
  IndexRanges(
      keys_, [](const KeyRecord& key) { return key.member; }, keys_of_);
  return absl::OkStatus();
}

absl::Status Directory::CheckOwnLines() const {
  for (const OrgRecord& org : orgs_) {
    uint64_t lines = 0;
    for (const MemberRecord& member : MembersOf(org.id)) lines += 1 + KeysOf(member.id).size();
    if (lines != org.own_lines) {
      return Refusal(absl::StrCat("the organisation `", org.id.text(), "` has ", lines,
                                  " lines of its own, and its line says ", org.own_lines));
    }
  }
  return absl::OkStatus();
}

}  // namespace shield
