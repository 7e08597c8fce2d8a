// One edition of a tier and a week, sent once.
//
//   ASSIGN_OR_RETURN(PreparedEdition prepared, PrepareEdition(client, home, request, mode, now));
//   // … shown, confirmed
//   ASSIGN_OR_RETURN(Published published, SendEdition(client, home, prepared, now));
//
// A lost answer makes no second one: what is on its way is noted in the home by the digest of its
// draft, and brought to its end by the next call (client/publish/publisher.h), whatever has come
// into the inbox since. Of two seats that send at once, the one whose edition stands later in the
// log is told. docs/spec/briefing.md section 4.
#pragma once

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/client.h"
#include "client/digest/publish/edition_draft.h"
#include "client/digest/publish/make_edition.h"
#include "client/draft/draft.h"
#include "client/home/home.h"

namespace shield {

enum class EditionMode { kFirst, kReplace };

struct PreparedEdition {
  MadeEdition made;  // its edition AsSent
  Draft draft;
  std::optional<HeldEdition> replaces = {};
};

// The edition of this tier and week that holds, by any seat of `source`; the newest of several.
std::optional<HeldEdition> EditionThatHolds(const std::vector<HeldEdition>& editions,
                                            const OrgId& source, const Week& week, Tier tier);

// Makes what would be sent; the client has been synchronised. Errors of Gather and MakeEdition, and
//   FAILED_PRECONDITION EDITION_PUBLISHED       kFirst: there is one; its id is named
//   FAILED_PRECONDITION EDITION_NOT_PUBLISHED   kReplace: there is none
absl::StatusOr<PreparedEdition> PrepareEdition(Client& client, const BriefingRequest& request,
                                               EditionMode mode, absl::Time now);

// What an earlier call has sent and got no answer for, brought to its end. Nothing when there is
// nothing on its way, or the broker did not take it.
absl::StatusOr<std::optional<Published>> ResumeEdition(Client& client, const Home& home,
                                                       const Week& week, Tier tier);

// Synchronises, asks again of each part, and sends. PERMISSION_DENIED DIGEST_STALE: build it anew;
// otherwise the errors of Client::Publish. FAILED_PRECONDITION EDITION_TWICE: it is published, and
// so is one of another seat that came before it.
absl::StatusOr<Published> SendEdition(Client& client, const Home& home,
                                      const PreparedEdition& prepared, Clock& clock);

// What is to be done about a tier and week.
struct EditionStanding {
  enum class Kind { kNotDue, kMissing, kStands, kStale };
  Kind kind = Kind::kNotDue;
  std::optional<HeldEdition> edition = {};  // kStands, kStale
  std::vector<BulletinId> changed = {};     // kStale: what ended since it was issued
};
// Pure. Stale: something that stands in the edition has been withdrawn or replaced since.
EditionStanding StandingOf(const Gathered& gathered, const Week& week, Tier tier, absl::Time now);

}  // namespace shield
