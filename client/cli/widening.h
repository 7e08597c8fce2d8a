// Who is given something that they did not have is shown before it is sent, and confirmed.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/strong_id.h"
#include "client/cli/session.h"
#include "client/client.h"
#include "client/draft/draft.h"
#include "client/publish/publication_plan.h"

namespace shield::cli {

struct Confirmation {
  std::string id;      // --confirm
  std::string reason;  // --reason
};

// Who could read a bulletin: who was only told of it was given nothing. NOT_FOUND for whoever may
// not know that.
absl::StatusOr<std::set<MemberId>> HoldersOf(Client& client, const BulletinId& id);

// Before `draft`, which supersedes, relabels, extends or permits bulletins of this home, is sent to
// whom `plan` says: the id of the first of them is wanted when somebody gets it who had none of
// them, when its label is wider than theirs, or when it goes to more than kReachThatAsks
// organisations.
absl::Status ConfirmWidening(Session& session, Client& client, const Confirmation& confirmation,
                             const Draft& draft, const PublicationPlan& plan);

// The bulletins it stands to so; empty for one that only answers others, or refers to none.
std::vector<BulletinId> OriginalsOf(const Draft& draft);

}  // namespace shield::cli
