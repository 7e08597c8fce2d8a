#include "client/publish/deadline.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
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

absl::Status Refused(absl::string_view why) {
  return WithHint(WithRule(absl::PermissionDeniedError(
                               absl::StrCat("bulletin refused: the time to acknowledge ", why)),
                           "BAD_WINDOW"),
                  "give a later `acknowledge_by`, or say how long its readers have with --ack");
}

// The content of another bulletin, sent once more: its author may have asked for a moment that is
// over by now.
bool IsSentOnceMore(const Draft& draft) {
  return std::any_of(draft.refs.begin(), draft.refs.end(), [](const DraftReference& each) {
    return each.relation == Relation::kRelabels || each.relation == Relation::kExtends ||
           each.relation == Relation::kPermits;
  });
}

// The moment that stands among the members. An error when it cannot be one.
absl::StatusOr<absl::Time> MomentIn(const nlohmann::ordered_json& member) {
  absl::Time time;
  const bool read = member.is_string() &&
                    absl::ParseTime(absl::RFC3339_full, member.get<std::string>(), &time, nullptr);
  const bool is_moment = read && time > absl::InfinitePast() && time < absl::InfiniteFuture();
  if (!is_moment) return Refused("is no moment");
  return absl::FromUnixSeconds(absl::ToUnixSeconds(time));
}

// A moment that was given as such.
absl::StatusOr<DatedMembers> TakeMoment(const Draft& draft, const Statement& statement,
                                        nlohmann::ordered_json members) {
  ASSIGN_OR_RETURN(const absl::Time by, MomentIn(members[kMember]));
  const bool over = by <= std::max(statement.issued, statement.not_before);
  const bool fits = !over && by < statement.expires;
  if (fits) return DatedMembers{draft.members_json, by};
  if (!IsSentOnceMore(draft)) return over ? Refused("is over before it can be read") : TooLate();
  members.erase(kMember);
  return DatedMembers{members.dump(), std::nullopt};
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
  } else if (members.is_object() && members.contains(kMember)) {
    return TakeMoment(draft, statement, std::move(members));
  }
  if (dated.acknowledge_by.has_value() && *dated.acknowledge_by >= statement.expires) {
    return TooLate();
  }
  return dated;
}

}  // namespace shield
