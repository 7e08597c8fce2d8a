#include "policy/targets.h"

#include <algorithm>
#include <utility>

namespace shield {
namespace {

template <typename T>
void SortUnique(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

template <typename T>
bool Has(const std::vector<T>& sorted, const T& value) {
  return std::binary_search(sorted.begin(), sorted.end(), value);
}

// Adds the id that `token` carries, or remembers that it carries none.
template <typename Id>
void AddId(const AudienceToken& token, std::vector<Id>& ids, Targets& targets) {
  if (std::optional<Id> id = Id::Parse(token.value)) {
    ids.push_back(*std::move(id));
  } else {
    targets.unreadable = PrintAudienceToken(token);
  }
}

void AddVetting(const AudienceToken& token, Targets& targets) {
  const std::optional<int> level = ParseVetting(token.value);
  if (!level.has_value()) {
    targets.unreadable = PrintAudienceToken(token);
    return;
  }
  targets.vetting = std::max(targets.vetting.value_or(0), *level);
}

void Add(const AudienceToken& token, Targets& targets) {
  switch (token.kind) {
    case AudienceToken::Kind::kPublic:
      targets.everyone = true;
      return;
    case AudienceToken::Kind::kCommunity:
      return AddId(token, targets.communities, targets);
    case AudienceToken::Kind::kOrg:
      return AddId(token, targets.orgs, targets);
    case AudienceToken::Kind::kMember:
      return AddId(token, targets.members, targets);
    case AudienceToken::Kind::kNotOrg:
      return AddId(token, targets.not_orgs, targets);
    case AudienceToken::Kind::kNotMember:
      return AddId(token, targets.not_members, targets);
    case AudienceToken::Kind::kSector:
      targets.sectors.push_back(token.value);
      return;
    case AudienceToken::Kind::kRegion:
      targets.regions.push_back(token.value);
      return;
    case AudienceToken::Kind::kVetting:
      return AddVetting(token, targets);
    case AudienceToken::Kind::kHidden:
      targets.hidden = true;
      return;
    case AudienceToken::Kind::kUnspecified:
      break;
  }
  targets.unreadable = token.value;
}

}  // namespace

bool Targets::SaysWhom() const {
  return HasSelector() || hidden || unreadable.has_value() || !orgs.empty() || !members.empty();
}

bool Targets::HasSelector() const { return NarrowsCommunity() || everyone || !communities.empty(); }

bool Targets::NarrowsCommunity() const {
  return !sectors.empty() || !regions.empty() || vetting.has_value();
}

bool Targets::Names(const OrgId& org) const { return Has(orgs, org); }

bool Targets::Names(const MemberId& member) const { return Has(members, member); }

bool Targets::Excludes(const MemberRecord& member) const {
  return Has(not_orgs, member.org) || Has(not_members, member.id);
}

bool Targets::Excludes(const OrgId& org) const { return Has(not_orgs, org); }

Targets TargetsOf(std::span<const AudienceToken> tokens) {
  Targets targets;
  for (const AudienceToken& token : tokens) Add(token, targets);
  SortUnique(targets.orgs);
  SortUnique(targets.members);
  SortUnique(targets.not_orgs);
  SortUnique(targets.not_members);
  SortUnique(targets.communities);
  SortUnique(targets.sectors);
  SortUnique(targets.regions);
  return targets;
}

std::vector<AudienceToken> CompleteAudience(std::vector<AudienceToken> tokens,
                                            BulletinClass bulletin_class, Tlp tlp,
                                            const CommunityId& community) {
  if (bulletin_class != BulletinClass::kContent || TargetsOf(tokens).SaysWhom()) return tokens;
  if (tlp == Tlp::kGreen) tokens.push_back(AudienceToken::Community(community));
  if (tlp == Tlp::kClear) tokens.push_back(AudienceToken::Public());
  return tokens;
}

}  // namespace shield
