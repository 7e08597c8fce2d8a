// One edition of a tier and a week, sent once.
//
//   ASSIGN_OR_RETURN(Published published,
//                    PublishEdition(client, home, request, EditionMode::kFirst, clock, show));
//
// A lost answer makes no second one: what is on its way is noted in the home
// (pending_edition.h), and the next call asks the broker first whether it has been committed. If it
// has, that is the edition; if not, one is made anew, of what holds and is asked for by then, under
// the id of the one before: of the two the broker takes one. Of two seats that send at once, the
// one whose edition stands later in the log is told. docs/spec/briefing.md section 4.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "client/client.h"
#include "client/digest/publish/edition_draft.h"
#include "client/digest/publish/make_edition.h"
#include "client/digest/publish/revision.h"
#include "client/draft/draft.h"
#include "client/home/home.h"

namespace shield {

enum class EditionMode {
  kFirst,    // there is none
  kReplace,  // in the place of each that holds
  // For timers: the first; or, once the week is over, in the place of one that was issued before.
  kOnce,
};

struct PreparedEdition {
  MadeEdition made;  // its edition AsSent
  Draft draft;
  Replaced replaced = {};
  // Who had what it replaces and is none of its readers.
  std::vector<Unreached> not_reached = {};
  EditionMode mode = EditionMode::kFirst;
  BriefingRequest request;
  // What an earlier call left open and the broker has not committed: its bytes are not sent again.
  std::optional<BulletinId> instead_of = {};
};

// Makes what would be sent; the client has been synchronised. Errors of Gather and MakeEdition, and
//   INVALID_ARGUMENT                            the week has not begun
//   FAILED_PRECONDITION EDITION_PUBLISHED       kFirst, kOnce: there is one; its id is named
//   FAILED_PRECONDITION EDITION_NOT_PUBLISHED   kReplace: there is none
//   PERMISSION_DENIED   EDITION_OF_ANOTHER      kReplace, kOnce: it would replace one that this
//                                               member may not (edition_standing.h)
// Of a request for_their_readers also those of Revising.
absl::StatusOr<PreparedEdition> PrepareEdition(Client& client, const Home& home,
                                               const BriefingRequest& request, EditionMode mode,
                                               absl::Time now);

// What an earlier call has sent and got no answer for.
struct EarlierEdition {
  // The broker had committed it, and it holds still. `as_asked`: it was asked for in this way.
  std::optional<Published> published = {};
  bool as_asked = false;
  // The broker has not.
  std::optional<BulletinId> not_committed = {};
};
// Synchronises when there is such a one. Errors are those of Client::IsCommitted and Resume: as
// long as the broker does not answer, nothing is sent.
absl::StatusOr<EarlierEdition> FindEarlierEdition(Client& client, const Home& home,
                                                  const BriefingRequest& request, EditionMode mode);

// Synchronises, asks again of each part, and sends under the very directory that was asked.
// PERMISSION_DENIED DIGEST_STALE: nothing was sent, build it anew; otherwise the errors of
// Client::Publish. FAILED_PRECONDITION EDITION_TWICE: it is published, and so is one of another
// seat that came before it.
absl::StatusOr<Published> SendEdition(Client& client, const Home& home,
                                      const PreparedEdition& prepared, Clock& clock);

// How often an edition is built before what changes meanwhile is the caller's.
inline constexpr int kMaxBuilds = 4;

// All of it; `before_sending` sees each edition that is about to be sent, and its error is
// returned. Built anew on DIGEST_STALE.
absl::StatusOr<Published> PublishEdition(
    Client& client, const Home& home, const BriefingRequest& request, EditionMode mode,
    Clock& clock, const std::function<absl::Status(const PreparedEdition&)>& before_sending);

}  // namespace shield
