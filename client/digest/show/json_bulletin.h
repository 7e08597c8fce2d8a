// A bulletin of an edition as JSON, and what such objects are made with.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "client/digest/briefed_bulletin.h"

namespace shield::show {

// "2026-11-23T06:00:00Z".
std::string MomentText(absl::Time moment);
// "minor" … "extreme"; "fact" …; empty when unspecified.
absl::string_view NameOf(Severity severity);
absl::string_view NameOf(StatementType type);

// The member, unless there is nothing to say.
void AddText(absl::string_view name, absl::string_view text, nlohmann::ordered_json& object);
void AddMoment(absl::string_view name, const std::optional<absl::Time>& moment,
               nlohmann::ordered_json& object);

template <typename T, typename ToJson>
nlohmann::ordered_json ListJson(const std::vector<T>& list, const ToJson& to_json) {
  nlohmann::ordered_json array = nlohmann::ordered_json::array();
  for (const T& each : list) array.push_back(to_json(each));
  return array;
}

nlohmann::ordered_json ThreatLevelJson(const BriefedThreatLevel& level);
nlohmann::ordered_json BriefedEventJson(const BriefedEvent& event);
// `pattern` is defanged.
nlohmann::ordered_json BriefedIndicatorJson(const BriefedIndicator& indicator);
nlohmann::ordered_json BulletinJson(const BriefedBulletin& bulletin);

}  // namespace shield::show
