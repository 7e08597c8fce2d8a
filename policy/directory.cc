#include "policy/directory.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/check.h"
#include "policy/regions.h"

namespace shield {

const OrgRecord* Directory::FindOrg(const OrgId& id) const {
  const auto found = org_by_id_.find(id);
  return found == org_by_id_.end() ? nullptr : &orgs_[found->second];
}

const MemberRecord* Directory::FindMember(const MemberId& id) const {
  const auto found = member_by_id_.find(id);
  return found == member_by_id_.end() ? nullptr : &members_[found->second];
}

const OrgRecord& Directory::OrgOf(const MemberRecord& member) const {
  const OrgRecord* org = FindOrg(member.org);
  SHIELD_CHECK(org != nullptr);
  return *org;
}

std::span<const MemberRecord> Directory::MembersOf(const OrgId& org) const {
  const auto found = members_of_.find(org);
  if (found == members_of_.end()) return {};
  return members().subspan(found->second.begin, found->second.end - found->second.begin);
}

std::span<const KeyRecord> Directory::KeysOf(const MemberId& member) const {
  const auto found = keys_of_.find(member);
  if (found == keys_of_.end()) return {};
  return keys().subspan(found->second.begin, found->second.end - found->second.begin);
}

std::vector<const OrgRecord*> Directory::Orgs(OrgIndexes indexes) const {
  std::sort(indexes.begin(), indexes.end());
  indexes.erase(std::unique(indexes.begin(), indexes.end()), indexes.end());
  std::vector<const OrgRecord*> orgs;
  orgs.reserve(indexes.size());
  for (uint32_t index : indexes) orgs.push_back(&orgs_[index]);
  return orgs;
}

std::vector<const OrgRecord*> Directory::OrgsOfKind(OrgKind kind) const {
  std::vector<const OrgRecord*> orgs;
  for (const OrgRecord& org : orgs_) {
    if (org.kind == kind) orgs.push_back(&org);
  }
  return orgs;
}

std::vector<const OrgRecord*> Directory::OrgsInCommunity(const CommunityId& community) const {
  const auto found = by_community_.find(community);
  return found == by_community_.end() ? std::vector<const OrgRecord*>() : Orgs(found->second);
}

std::vector<const OrgRecord*> Directory::OrgsInSector(absl::string_view code) const {
  const auto found = by_sector_.find(code);
  return found == by_sector_.end() ? std::vector<const OrgRecord*>() : Orgs(found->second);
}

std::vector<const OrgRecord*> Directory::OrgsInRegion(absl::string_view code) const {
  const std::string canonical = CanonicalRegion(code);
  OrgIndexes indexes;
  const auto add = [&indexes](const OrgIndexes& more) {
    indexes.insert(indexes.end(), more.begin(), more.end());
  };
  const auto inside = by_region_prefix_.find(canonical);
  if (inside != by_region_prefix_.end()) add(inside->second);
  for (size_t size = 2; size < canonical.size(); ++size) {
    const auto around = by_region_.find(canonical.substr(0, size));
    if (around != by_region_.end()) add(around->second);
  }
  return Orgs(std::move(indexes));
}

const KeyRecord* Directory::ActiveKey(const MemberId& member, KeyUse use, absl::Time time) const {
  const KeyRecord* best = nullptr;
  for (const KeyRecord& key : KeysOf(member)) {
    if (key.use != use || !key.period.Contains(time)) continue;
    if (best == nullptr ||
        std::tie(key.period.from, key.value) > std::tie(best->period.from, best->value)) {
      best = &key;
    }
  }
  return best;
}

const MemberRecord* Directory::MemberByTlsPin(const Digest& pin, absl::Time time) const {
  const auto found = tls_key_by_pin_.find(pin);
  if (found == tls_key_by_pin_.end()) return nullptr;
  const KeyRecord& key = keys_[found->second];
  // A clock behind the authority's brings no key back that had ended when this was signed.
  return key.period.Contains(std::max(time, note_.issued)) ? FindMember(key.member) : nullptr;
}

}  // namespace shield
