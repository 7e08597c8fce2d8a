// An edition of the briefing that is sent again, extended, permitted or relabelled: it reaches
// nobody who may not have what stands in it (docs/spec/briefing.md section 4, rule 8).
//
//   RETURN_IF_ERROR(CheckEditionAgain(session, client, draft, plan));
//   … whoever sends it confirms …
//   ASSIGN_OR_RETURN(const PublishConditions conditions, ConditionsOf(session, client, draft));
//   client.Publish(draft, conditions)
//
// What is no such edition is asked nothing.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/cli/session.h"
#include "client/client.h"
#include "client/draft/draft.h"
#include "client/publish/publication_plan.h"
#include "client/publish/publish_conditions.h"

namespace shield::cli {

// Whether whoever `plan` reaches may have it. Errors of CheckMayHave
// (client/digest/publish/edition_holds.h), of OpenHome and of Gather.
absl::Status CheckEditionAgain(Session& session, Client& client, const Draft& draft,
                               const PublicationPlan& plan);

// The same, asked once more of the broker's newest directory and bulletins, since whoever confirms
// takes a while: it is to be sealed under that directory alone. Errors as above, and of
// Client::Sync and Client::Plan; ABORTED DIRECTORY_MOVED, another process has fetched a newer
// directory meanwhile.
absl::StatusOr<PublishConditions> ConditionsOf(Session& session, Client& client,
                                               const Draft& draft);

}  // namespace shield::cli
