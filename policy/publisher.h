// Steps 1 and 2 of a decision: what must be right about a bulletin and its author, whoever asks.
#pragma once

#include <optional>

#include "absl/time/time.h"
#include "policy/decision.h"
#include "policy/directory.h"
#include "policy/terms.h"

namespace shield {

// BAD_SIGNATURE, LABEL_REQUIRED, INVALID_LABEL or AMBIGUOUS_LABEL.
std::optional<Rule> LabelFault(const Terms& terms);

// Whether the class of the bulletin is one this seat publishes, accounts aside.
//   content  analysts and the digest seat of an authority; the digest seat never RED
//            (SERVICE_NO_RED)
//   report, direct  analysts, readers and desks; of a client organisation only to share on
//   control  every seat that sees content; whose bulletin it takes back is DecideRelation's affair
// PUBLISHER_NOT_AUTHORISED otherwise.
std::optional<Rule> ClassFault(const MemberRecord& author, const OrgRecord& org,
                               const Terms& terms);

// Step 2 for a reader: how the author stands (AuthorStanding). A revoked account is
// PUBLISHER_KEY_REVOKED; one that is not in good standing otherwise, or no longer at the source, is
// PUBLISHER_NOT_AUTHORISED, but the report of a member who is suspended
// and nothing else passes.
std::optional<Rule> PublisherFault(const Directory& directory, const Terms& terms, absl::Time now);

// UNTRUSTED_SOURCE when the bulletin is a report whose author or source is suspended, and nothing
// else is wrong with them.
std::optional<Rule> ReportMark(const Directory& directory, const Terms& terms, absl::Time now);

}  // namespace shield
