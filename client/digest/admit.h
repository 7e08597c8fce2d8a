// What may enter a briefing: every bulletin at hand is asked of policy, and what is refused leaves
// no trace in what is built.
//
//   ASSIGN_OR_RETURN(Admission admission, AdmitForOthers(*directory, edition, candidates, at));
//   input.bulletins = std::move(admission.bulletins);
//   // … built, sealed, about to be sent: gathered and admitted anew
//   Decision decision = DecideStillAdmitted(admission, again);
//
// Pure. `at` is the moment the edition is made for, or now where that is later: what has ended by
// then is told of as ended. Rules: docs/spec/briefing.md section 1, policy/edition_plan.h.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/strong_id.h"
#include "client/digest/briefed_bulletin.h"
#include "policy/decision.h"
#include "policy/directory.h"
#include "policy/edition_plan.h"
#include "policy/member_set.h"
#include "policy/terms.h"

namespace shield {

// A bulletin that whoever makes the briefing holds. Where `bulletin` and `terms` say the same
// (author, source, class, status, label, times), the terms count. `terms.state` is what became of
// it.
struct BriefingCandidate {
  BriefedBulletin bulletin;
  Terms terms;
  // Whom it was sealed to (client/digest/snapshot.h), of the directory that is asked. Null: nobody
  // here can tell. One set may stand for many bulletins.
  std::shared_ptr<const MemberSet> sent_to = nullptr;
  // The bulletin that this one carries to more readers, by its statement.
  std::optional<BulletinId> extends = {};
  // Of an extension whose content others hold by that bulletin (publish/lift_extensions.h): the
  // terms that an edition is asked about, and the bulletin itself, the first of several.
  std::optional<Terms> lifted = {};
  std::optional<BulletinId> original = {};
  bool by_share = false;                     // it is held by a share
  std::optional<OrgId> org_at_publish = {};  // where the holder was then, if known
  bool is_edition = false;                   // it is a briefing itself
  // Under which directory it was sealed, and whether the broker has delivered it to the holder.
  uint64_t directory_version = 0;
  bool delivered = false;

  const Terms& asked() const { return lifted.has_value() ? *lifted : terms; }
};

struct Admission {
  struct Left {
    BulletinId id;
    // As EditionPlan::Left; NOT_READABLE: its content was refused or is under embargo here.
    std::string rule;
    std::optional<MemberId> reader = {};
    Tlp tlp = Tlp::kUnspecified;
    std::string title = {};  // empty of TLP:RED, and where its content is not here
    absl::Time appeared = absl::UnixEpoch();
    // Until when it is in force; the epoch when it has been withdrawn or replaced.
    absl::Time in_force_until = absl::UnixEpoch();
    std::optional<BulletinId> original = {};  // as of a BriefedBulletin
  };
  // Sorted by id; each with its state at that moment, and with content only if that is live.
  std::vector<BriefedBulletin> bulletins;
  std::vector<BriefedBulletin> red;  // own edition: without content
  std::vector<Left> left_out;        // sorted by id; for whoever makes the edition, and nobody else
  MemberSet readers = {};            // whom policy was asked for; of the directory that was asked
};

// Bulletins that readers know by their ids from earlier editions, as live or as ended.
using ToldByEditions = absl::flat_hash_set<BulletinId>;

// INVALID_ARGUMENT: an id that stands twice. Otherwise the errors of PlanEdition.
absl::StatusOr<Admission> AdmitForOthers(const Directory& directory, const EditionTerms& edition,
                                         std::span<const BriefingCandidate> candidates,
                                         absl::Time at, const ToldByEditions& told = {});
// The same for `member`'s own edition; all candidates are held by it.
absl::StatusOr<Admission> AdmitForMember(const Directory& directory, const MemberId& member,
                                         std::span<const BriefingCandidate> candidates,
                                         absl::Time at);

// Whether what was built of `built` may be sent when `again` is what would be admitted now:
// DIGEST_STALE when a bulletin is there no more or has changed. What came since does not matter.
// Allowed by RECIPIENT_ORG.
Decision DecideStillAdmitted(const Admission& built, const Admission& again);

// The bulletin whose content it is: of an extension what it extends, else itself. Borrows.
const BulletinId& OriginalOf(const BriefingCandidate& candidate);

// The bulletins as policy is asked about them; borrows.
std::vector<EditionPart> PartsOf(std::span<const BriefingCandidate> candidates);
// What `plan`, which was made of PartsOf(candidates), lets in. Of a bulletin and extensions of it
// that say the same one enters: the bulletin, or the extension that was issued first; the others
// are NOT_BRIEFED. So it is of those that have ended, but that each that was `told` enters as well:
// readers know those ids. For others, nothing enters that says what its maker did
// with a bulletin: how it came, or that it was acknowledged.
Admission Enter(const EditionPlan& plan, std::span<const BriefingCandidate> candidates,
                bool for_others, const ToldByEditions& told = {});

}  // namespace shield
