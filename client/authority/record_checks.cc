#include "client/authority/record_checks.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "policy/fields.h"
#include "policy/regions.h"

namespace shield {
namespace {

absl::Status Refused(absl::string_view what, absl::string_view id, absl::string_view done,
                     absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(what, " `", id, "` not ", done, ": ", why));
}

}  // namespace

bool NeedsAuthority(Role role) {
  return role == Role::kAnalyst || role == Role::kDigest || role == Role::kVetting;
}

std::vector<std::string> SortedOnce(std::vector<std::string> items) {
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  return items;
}

absl::Status CheckOrg(const NewOrg& org, absl::Time now, absl::string_view done) {
  const auto refused = [&](absl::string_view why) {
    return Refused("organisation", org.id.text(), done, why);
  };
  if (org.kind == OrgKind::kUnspecified) return refused("it has no kind");
  if (org.vetting < 0 || org.vetting > kMaxVetting) return refused("vetting levels are 0 to 3");
  if (org.until <= now) return refused("its membership would be over already");
  for (const std::string& code : org.sectors) {
    if (!IsSector(code)) {
      return WithRule(refused(absl::StrCat("no such sector: ", Quoted(code))), "UNKNOWN_CODE");
    }
  }
  for (const std::string& code : org.regions) {
    if (!IsRegion(code)) {
      return WithRule(refused(absl::StrCat("no such region: ", Quoted(code))), "UNKNOWN_CODE");
    }
  }
  if (org.client_of.has_value() && org.kind != OrgKind::kClient) {
    return refused("only an organisation of kind client is a client of another");
  }
  return absl::OkStatus();
}

absl::Status AddClientRelation(const NewOrg& org, absl::Time now, DirectoryDraft& draft,
                               absl::string_view done) {
  if (!org.client_of.has_value()) return absl::OkStatus();
  OrgRecord* provider = draft.FindOrg(*org.client_of);
  if (provider == nullptr || provider->id == org.id) {
    return WithHint(absl::NotFoundError(absl::StrCat(
                        "organisation `", org.id.text(), "` not ", done, ": no organisation `",
                        org.client_of->text(), "` in the draft that it could be a client of")),
                    "add the provider first");
  }
  const Period period = {org.client_from.value_or(now), org.until};
  if (period.until <= period.from) {
    return Refused("organisation", org.id.text(), done, "the relation would end before it begins");
  }
  provider->clients.push_back({org.id, period});
  return absl::OkStatus();
}

absl::Status CheckMember(const NewMember& member, const MemberId& id, const OrgRecord* org,
                         absl::Time now, absl::string_view done) {
  const auto refused = [&](absl::string_view why) {
    return Refused("member", id.text(), done, why);
  };
  if (org == nullptr) {
    return WithHint(absl::NotFoundError(absl::StrCat("member `", id.text(), "` not ", done,
                                                     ": no organisation `", member.org.text(),
                                                     "` in the draft")),
                    "add the organisation first: shield org add");
  }
  if (id.text() == kSeatId) return refused("this id is the authority's own seat");
  if (member.vetting < 0 || member.vetting > kMaxVetting) {
    return refused("vetting levels are 0 to 3");
  }
  if (member.until <= now) return refused("the membership would be over already");
  if (member.roles.empty()) {
    return WithHint(refused("no role was given"),
                    "roles are analyst, reader, desk, digest, vetting and auditor");
  }
  for (Role role : member.roles) {
    if (role == Role::kUnspecified) return refused("a role is on no list");
    if (NeedsAuthority(role) && org->kind != OrgKind::kAuthority) {
      return refused(absl::StrCat("the role ", PrintRole(role), " is for authorities, and `",
                                  member.org.text(), "` is none"));
    }
  }
  return absl::OkStatus();
}

std::vector<Role> RolesOnce(std::vector<Role> roles) {
  std::sort(roles.begin(), roles.end());
  roles.erase(std::unique(roles.begin(), roles.end()), roles.end());
  return roles;
}

}  // namespace shield
