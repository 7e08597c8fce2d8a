// Who is left to send an extension to: what a reader has is not sealed to it again.
#pragma once

#include <set>

#include "absl/status/statusor.h"
#include "base/strong_id.h"
#include "client/client.h"
#include "client/draft/draft.h"
#include "client/publish/publication_plan.h"

namespace shield::cli {

// Who holds the bulletin or a live extension or permit of it from its source. Whoever holds only a
// share of it, or was only told, does not. NOT_FOUND for whoever may not know that.
absl::StatusOr<std::set<MemberId>> ServedBySource(Client& client, const BulletinId& id);

// Excludes from `draft`, which extends a bulletin that `served` have, those of them whom an
// organisation or a selector chose; `plan` is what it would reach. Who is named in person gets it
// again: perhaps its keys were lost. Returns how many it would be sealed to beside the source's own
// seats. Where more would have to be excluded than an audience may have words, the draft stays.
size_t LeaveOutServed(const std::set<MemberId>& served, const PublicationPlan& plan, Draft& draft);

}  // namespace shield::cli
