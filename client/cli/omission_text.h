// How people and programs are told of what an edition of the briefing lists and never came here.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "client/cli/output.h"
#include "client/client.h"
#include "client/digest/publish/omissions.h"

namespace shield::cli {

// {id, tlp, issued, edition}
nlohmann::json OmissionJson(const Omission& omission);

// "<id>  TLP:GREEN  issued …  by the edition …"
std::string OmissionLine(Output& out, const Omission& omission);

// OK for none, otherwise DATA_LOSS, rule OMITTED (docs/spec/briefing.md section 5).
absl::Status Omitted(size_t count);

// Holds the editions among `items` (Client::Inbox) against the rest of them; an alarm for each
// bulletin that is missing goes to standard error. Omitted() of how many there are; the errors of
// FindOmissionsIn.
absl::Status TellOmissions(Output& out, Client& client, const std::vector<InboxItem>& items,
                           absl::Time now);

}  // namespace shield::cli
