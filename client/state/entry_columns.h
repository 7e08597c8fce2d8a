// How lists stand in one column of state.db.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "base/digest.h"
#include "base/strong_id.h"
#include "client/connection.h"

namespace shield {

// Hashes one after the other, 32 bytes each.
Bytes PackDigests(const std::vector<Digest>& digests);
absl::StatusOr<std::vector<Digest>> UnpackDigests(ByteSpan packed);

// A line per opening: salt in base64, a space, the token.
std::string PackOpenings(const std::vector<AudienceOpening>& openings);
absl::StatusOr<std::vector<AudienceOpening>> UnpackOpenings(absl::string_view packed);

// An id on a line.
std::string PackMembers(const std::vector<MemberId>& members);
absl::StatusOr<std::vector<MemberId>> UnpackMembers(absl::string_view packed);
// Words with spaces between.
std::string PackOrgs(const std::vector<OrgId>& orgs);
absl::StatusOr<std::vector<OrgId>> UnpackOrgs(absl::string_view packed);

}  // namespace shield
