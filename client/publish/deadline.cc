#include "client/publish/deadline.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/status.h"

namespace shield {
namespace {

constexpr char kMember[] = "acknowledge_by";

absl::Status TooLate() {
  return WithHint(
      WithRule(absl::PermissionDeniedError(
                   "bulletin refused: it ends before its readers have to acknowledge it"),
               "BAD_WINDOW"),
      "give a later `expires`, or less time to acknowledge");
}

}  // namespace

absl::StatusOr<DatedMembers> DateMembers(const Draft& draft, const Statement& statement) {
  nlohmann::ordered_json members =
      nlohmann::ordered_json::parse(draft.members_json, nullptr, /*allow_exceptions=*/false);
  DatedMembers dated{draft.members_json, std::nullopt};
  if (draft.acknowledge_within.has_value() && members.is_object()) {
    const absl::Time opens = std::max(statement.issued, statement.not_before);
    dated.acknowledge_by = opens + *draft.acknowledge_within;
    members[kMember] =
        absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", *dated.acknowledge_by, absl::UTCTimeZone());
    dated.json = members.dump();
  } else if (members.is_object() && members.contains(kMember) && members[kMember].is_string()) {
    absl::Time time;
    const bool read =
        absl::ParseTime(absl::RFC3339_full, members[kMember].get<std::string>(), &time, nullptr);
    if (read) dated.acknowledge_by = absl::FromUnixSeconds(absl::ToUnixSeconds(time));
    // A bulletin that is sent once more keeps the moment it was asked for, over or not.
    return dated;
  }
  if (dated.acknowledge_by.has_value() && *dated.acknowledge_by >= statement.expires) {
    return TooLate();
  }
  return dated;
}

}  // namespace shield
