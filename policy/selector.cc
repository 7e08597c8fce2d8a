#include "policy/selector.h"

#include <algorithm>

#include "policy/regions.h"

namespace shield {
namespace {

bool AnySector(const std::vector<std::string>& wanted, const OrgRecord& org) {
  return std::any_of(org.sectors.begin(), org.sectors.end(), [&](const std::string& sector) {
    return std::binary_search(wanted.begin(), wanted.end(), sector);
  });
}

bool AnyRegion(const std::vector<std::string>& wanted, const OrgRecord& org) {
  return std::any_of(org.regions.begin(), org.regions.end(), [&](const std::string& region) {
    return std::any_of(wanted.begin(), wanted.end(),
                       [&](const std::string& code) { return RegionsOverlap(region, code); });
  });
}

bool Contains(const std::vector<CommunityId>& communities, const CommunityId& community) {
  return std::binary_search(communities.begin(), communities.end(), community);
}

}  // namespace

bool HasSelector(const Terms& terms) {
  if (terms.bulletin_class != BulletinClass::kContent || terms.tlp == Tlp::kRed) return false;
  const bool for_all = terms.tlp == Tlp::kGreen || terms.tlp == Tlp::kClear;
  if (!for_all) return terms.targets.NarrowsCommunity();
  return terms.targets.HasSelector() || !terms.targets.SaysWhom();
}

bool InSelectedCommunity(const Terms& terms, const OrgRecord& org) {
  if (org.kind == OrgKind::kClient) return false;
  if (terms.targets.communities.empty()) return org.community == terms.community;
  return Contains(terms.targets.communities, org.community);
}

bool InReach(const Terms& terms, const OrgRecord& org) {
  if (org.kind == OrgKind::kClient) return false;
  return org.community == terms.community || Contains(terms.targets.communities, org.community);
}

std::optional<Rule> SelectorFault(const Targets& targets, const OrgRecord& org) {
  if (!targets.sectors.empty() && !AnySector(targets.sectors, org)) return Rule::kSectorMismatch;
  if (!targets.regions.empty() && !AnyRegion(targets.regions, org)) return Rule::kRegionMismatch;
  return std::nullopt;
}

int SiteFloor(Tlp tlp) {
  switch (tlp) {
    case Tlp::kClear:
      return 0;
    case Tlp::kGreen:
      return 1;
    case Tlp::kAmber:
    case Tlp::kAmberStrict:
      return 2;
    case Tlp::kRed:
    case Tlp::kUnspecified:
      break;
  }
  return 3;
}

int VettingFloor(const Terms& terms) {
  return std::max(SiteFloor(terms.tlp), terms.targets.vetting.value_or(0));
}

}  // namespace shield
