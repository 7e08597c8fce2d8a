#include "client/cli/digest_desk.h"

#include <utility>

#include "base/status.h"
#include "client/cli/open_client.h"

namespace shield::cli {

absl::StatusOr<Desk> OpenDesk(Session& session) {
  ASSIGN_OR_RETURN(Home home, OpenHome(session));
  ASSIGN_OR_RETURN(Client client, OpenClient(session));
  const absl::Status refreshed = Refresh(session, client);
  if (PreventsReading(refreshed)) return refreshed;
  const bool alone = session.offline() || NotReached(refreshed);
  return Desk{std::move(client), std::move(home), refreshed,
              alone ? Fetching::kNever : Fetching::kAllowed};
}

}  // namespace shield::cli
