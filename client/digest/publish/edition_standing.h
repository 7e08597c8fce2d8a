// What is to be done about the edition of a tier and a week: docs/spec/briefing.md section 4.
//
//   EditionStanding standing = StandingOf(gathered, week, Tier::kGreen, now);
//
// Pure. Whose editions: those of the organisation of the member that gathered, by any of its seats.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/strong_id.h"
#include "client/digest/publish/gather.h"
#include "client/digest/publish/held_edition.h"
#include "client/digest/publish/make_edition.h"
#include "client/digest/tier.h"
#include "client/digest/week.h"
#include "policy/audience_token.h"

namespace shield {

struct EditionStanding {
  enum class Kind {
    kNotDue,
    kMissing,
    kStands,
    kProvisional,  // it was issued before its week was over
    kStale,        // what stands in it as live content has been withdrawn or replaced
    kTwice,        // more than one holds
  };
  Kind kind = Kind::kNotDue;
  std::vector<HeldEdition> editions = {};  // those that hold, in the order of the log
  std::vector<BulletinId> changed = {};    // what has ended of what stands in them
};

// "not due", "missing", "published", "provisional", "stale", "twice".
absl::string_view PrintStanding(EditionStanding::Kind kind);

// The editions of this tier and week by `source` that hold, in the order of the log. What carries
// one of them to more readers is that edition, and no second one.
std::vector<HeldEdition> EditionsThatHold(const std::vector<HeldEdition>& editions,
                                          const OrgId& source, const Week& week, Tier tier);

// What carries one of `holding`, or what does so, to more readers and holds, in the order of the
// log: it is to end with it.
std::vector<HeldEdition> CarriersOf(const std::vector<HeldEdition>& editions,
                                    const std::vector<HeldEdition>& holding);

// What of what stands in these editions as live content has been withdrawn or replaced, in the
// order it came.
std::vector<BulletinId> EndedIn(const std::vector<HeldEdition>& editions,
                                const std::vector<BriefingCandidate>& candidates);

// UNAUTHENTICATED, rule UNKNOWN_CALLER: the directory does not show this member.
absl::StatusOr<OrgId> SourceOf(const Gathered& gathered);

// Where several things are so, the last of Kind. When it ended does not matter: what has been
// withdrawn stands in no edition that holds. From week.due() on one is missing; from week.end() on
// a provisional one is to be replaced.
EditionStanding StandingOf(const Gathered& gathered, const Week& week, Tier tier, absl::Time now);

// Of each week of which an edition of this tier holds and something in it has ended: the newest.
std::vector<HeldEdition> EditionsToCorrect(const Gathered& gathered, Tier tier, absl::Time now);

// Whether `member` is one of the seats that make editions for others, the analysts and the digest
// seat of an authority; and whether the member that gathered is.
bool MakesEditions(const Directory& directory, const MemberRecord& member);
bool MakesEditions(const Gathered& gathered);

// Whether this member may send another in the place of `edition`: its author may, and the analysts
// of its source, as policy says of whatever replaces a bulletin.
bool MayReplace(const Gathered& gathered, const HeldEdition& edition);
// PERMISSION_DENIED, rule EDITION_OF_ANOTHER: one of them that it may not; the hint says who may
// and how.
absl::Status CheckMayReplace(const Gathered& gathered, const std::vector<HeldEdition>& editions);

// "shield digest publish --tier amber --week 2026-W47 --replace".
std::string ReplacingCommand(const Week& week, Tier tier);

// Whom it says that it is for. FAILED_PRECONDITION, rule AUDIENCE_UNKNOWN: that cannot be read
// here.
absl::StatusOr<std::vector<AudienceToken>> AudienceOfEdition(const HeldEdition& edition);

// What a correction nobody looks at is asked for as: the same week, tier, language and audience,
// for those of its readers who had the edition. The editor's foreword, and what the editor picked,
// may speak of what has been withdrawn, and are left out. Errors of AudienceOfEdition.
absl::StatusOr<BriefingRequest> CorrectionOf(const HeldEdition& edition);

}  // namespace shield
