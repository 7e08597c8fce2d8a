// Whom a bulletin would reach, for people and programs.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "client/cli/output.h"
#include "client/publish/publication_plan.h"

namespace shield::cli {

// [{member, org, rule}]
nlohmann::json ReadersJson(const std::vector<PlannedReader>& readers);
// "mia, jan and 3 more"; a line names eight of them.
std::string NamesOf(const std::vector<PlannedReader>& readers);

// {recipients:[{member, org, rule}], without_key:[…], excluded:[…], …}
nlohmann::json PlanJson(const PublicationPlan& plan);

void PrintPlan(Output& out, const PublicationPlan& plan);
// The same under `label`, which is at least as restrictive, with `more` lines before it stands
// last.
void PrintPlan(Output& out, const PublicationPlan& plan, Tlp label,
               const std::vector<std::string>& more);

// The rule code of a warning in words; a code without words of its own comes back as it is.
std::string WarningSentence(absl::string_view rule);

}  // namespace shield::cli
