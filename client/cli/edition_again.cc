#include "client/cli/edition_again.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/status.h"
#include "client/cli/open_client.h"
#include "client/digest/publish/edition_holds.h"
#include "client/digest/publish/gather.h"

namespace shield::cli {
namespace {

// The edition that it sends again; null where it sends none.
const DraftReference* EditionIn(const Draft& draft) {
  const auto again = [](const DraftReference& reference) {
    return reference.relation == Relation::kExtends || reference.relation == Relation::kPermits ||
           reference.relation == Relation::kRelabels;
  };
  const auto sent = std::find_if(draft.refs.begin(), draft.refs.end(), again);
  return draft.kind == kEditionKind && sent != draft.refs.end() ? &*sent : nullptr;
}

absl::StatusOr<Gathered> GatherAll(Session& session, Client& client) {
  ASSIGN_OR_RETURN(const Home home, OpenHome(session));
  return Gather(client, home, GatheredFor::kOthers, Language::kEnglish, Fetching::kAllowed);
}

absl::Status Check(const Gathered& gathered, const DraftReference& edition, Tlp tlp,
                   const PublicationPlan& plan, absl::Time now) {
  std::vector<MemberId> readers;
  for (const PlannedReader& reader : plan.recipients) readers.push_back(reader.member);
  return CheckMayHave(gathered, edition.id, {edition.relation, tlp}, readers, now);
}

absl::Status Moved() {
  return WithHint(
      WithRule(absl::AbortedError("the directory has moved; nothing was sent"), "DIRECTORY_MOVED"),
      "ask again whom it may reach, and send it then");
}

}  // namespace

absl::Status CheckEditionAgain(Session& session, Client& client, const Draft& draft,
                               const PublicationPlan& plan) {
  const DraftReference* edition = EditionIn(draft);
  if (edition == nullptr) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Gathered gathered, GatherAll(session, client));
  return Check(gathered, *edition, draft.tlp, plan, session.environment().clock.Now());
}

absl::StatusOr<PublishConditions> ConditionsOf(Session& session, Client& client,
                                               const Draft& draft) {
  const DraftReference* edition = EditionIn(draft);
  if (edition == nullptr) return PublishConditions();
  RETURN_IF_ERROR(client.Sync().status());
  ASSIGN_OR_RETURN(const Gathered gathered, GatherAll(session, client));
  ASSIGN_OR_RETURN(const PublicationPlan plan, client.Plan(draft));
  if (plan.directory_version != gathered.directory->version()) return Moved();
  RETURN_IF_ERROR(Check(gathered, *edition, draft.tlp, plan, session.environment().clock.Now()));
  return PublishConditions{.directory = gathered.directory->held()};
}

}  // namespace shield::cli
