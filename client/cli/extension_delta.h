// Who is left to send an extension to: what a reader has is not sealed to it again.
#pragma once

#include <set>
#include <vector>

#include "absl/status/statusor.h"
#include "base/strong_id.h"
#include "client/client.h"
#include "client/draft/draft.h"
#include "client/publish/publication_plan.h"

namespace shield::cli {

// Who certainly has the bulletin, or a live extension or permit of it, from its source and may have
// that one now (client/board/served_readers.h). NOT_FOUND for whoever may not know that, DATA_LOSS
// where the broker shows readers or receipts that nobody signed for.
absl::StatusOr<std::set<MemberId>> ServedBySource(Client& client, const BulletinId& id);

// Excludes from `draft`, which extends a bulletin that `served` have, those of them whom an
// organisation or a selector chose; `plan` is what it would reach. Who is named in person gets it
// again: perhaps its keys were lost. So do the source's own seats, who are excluded from nothing of
// theirs. Returns how many it would reach who lack it, or are named. Where more would have to be
// excluded than an audience may have words, the draft stays.
size_t LeaveOutServed(const std::set<MemberId>& served, const PublicationPlan& plan, Draft& draft);

// Those of `readers` who are not among `served`.
std::vector<PlannedReader> Lacking(const std::set<MemberId>& served,
                                   const std::vector<PlannedReader>& readers);

}  // namespace shield::cli
