#include "client/draft/event_details.h"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "base/quoted.h"

namespace shield {
namespace {

using nlohmann::ordered_json;

constexpr absl::string_view kPlanMembers[] = {
    "event", "place", "organiser", "starts", "ends", "phase", "register_until", "uid", "checklist"};
constexpr absl::string_view kMeetingMembers[] = {"place", "organiser",      "starts", "ends",
                                                 "seats", "register_until", "uid"};

std::vector<absl::string_view> MembersOf(absl::string_view kind) {
  if (kind == "event_plan") return {std::begin(kPlanMembers), std::end(kPlanMembers)};
  return {std::begin(kMeetingMembers), std::end(kMeetingMembers)};
}

// As a briefing reads it.
std::optional<absl::Time> MomentOf(const ordered_json& value) {
  absl::Time moment;
  if (!value.is_string()) return std::nullopt;
  if (!absl::ParseTime(absl::RFC3339_full, value.get<std::string>(), &moment, nullptr)) {
    return std::nullopt;
  }
  const int64_t year = absl::ToCivilYear(moment, absl::UTCTimeZone()).year();
  return year >= 1970 && year <= 9999 ? std::optional(moment) : std::nullopt;
}

// Reads the details of one event, and notes what is odd.
class EventReading {
 public:
  EventReading(const ordered_json& details, int line) : details_(details), line_(line) {}

  void ReadTimes() {
    if (!details_.contains("starts")) {
      Warn("EVENT_TIME", "the event has no `starts` among its details: it stands in no calendar",
           "write, under [details], starts = 2026-11-26T09:00:00+01:00");
    }
    const std::optional<absl::Time> starts = Read("starts");
    const std::optional<absl::Time> ends = Read("ends");
    Read("register_until");
    if (starts.has_value() && ends.has_value() && *ends < *starts) {
      Warn("EVENT_ORDER", "the event ends before it starts: its end is left out",
           "mend `ends` or `starts`");
    }
  }

  void ReadNames(const std::vector<absl::string_view>& known) {
    for (const auto& [name, value] : details_.items()) {
      if (std::find(known.begin(), known.end(), name) != known.end()) continue;
      Warn("EVENT_MEMBER",
           absl::StrCat(Quoted(name), " is no detail of this kind: nobody reads it"),
           absl::StrCat("use one of: ", absl::StrJoin(known, ", ")));
    }
  }

  std::vector<LintFinding> findings() && { return std::move(findings_); }

 private:
  void Warn(absl::string_view rule, std::string sentence, std::string hint) {
    findings_.push_back(
        {line_, LintSeverity::kWarning, std::string(rule), std::move(sentence), std::move(hint)});
  }

  std::optional<absl::Time> Read(const char* name) {
    const auto found = details_.find(name);
    if (found == details_.end()) return std::nullopt;
    std::optional<absl::Time> moment = MomentOf(*found);
    if (!moment.has_value()) {
      Warn("EVENT_TIME", absl::StrCat("`", name, "` is no moment that a calendar can show"),
           absl::StrCat("write day, time and offset: ", name, " = 2026-11-26T09:00:00+01:00"));
    }
    return moment;
  }

  const ordered_json& details_;
  const int line_;
  std::vector<LintFinding> findings_;
};

}  // namespace

std::vector<LintFinding> LintEventDetails(absl::string_view kind, const std::string& members_json,
                                          int line) {
  if (kind != "event_plan" && kind != "training" && kind != "meeting") return {};
  const ordered_json members = ordered_json::parse(members_json, nullptr, false);
  const ordered_json none = ordered_json::object();
  const auto found = members.is_object() ? members.find("details") : members.end();
  const bool given = members.is_object() && found != members.end() && found->is_object();
  EventReading reading(given ? *found : none, line);
  reading.ReadTimes();
  reading.ReadNames(MembersOf(kind));
  return std::move(reading).findings();
}

}  // namespace shield
