// What an organisation or member of the draft may be, when it is added and when it is changed.
//
// `done` is "added" or "changed", for the sentence of a refusal.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/strong_id.h"
#include "client/authority/authority.h"
#include "client/authority/draft.h"
#include "policy/records.h"

namespace shield {

// INVALID_ARGUMENT, with rule UNKNOWN_CODE for a sector or region that is on no list.
absl::Status CheckOrg(const NewOrg& org, absl::Time now, absl::string_view done);

// `org` is the member's organisation; null: NOT_FOUND. INVALID_ARGUMENT for the rest.
absl::Status CheckMember(const NewMember& member, const MemberId& id, const OrgRecord* org,
                         absl::Time now, absl::string_view done);

// Writes the relation of a client where it belongs: on its provider's line. NOT_FOUND: the
// provider.
absl::Status AddClientRelation(const NewOrg& org, absl::Time now, DirectoryDraft& draft,
                               absl::string_view done);

// Whether the role is one of authorities alone.
bool NeedsAuthority(Role role);

std::vector<std::string> SortedOnce(std::vector<std::string> items);
std::vector<Role> RolesOnce(std::vector<Role> roles);

}  // namespace shield
