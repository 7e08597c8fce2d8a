// Which bulletin stands where in an edition, and in which order: the pure choice that everything
// else in it follows from.
//
//   ASSIGN_OR_RETURN(EditionChoice choice, ChooseForEdition(input, order));
//
// A bulletin appears when it was issued or, under embargo, when that ended. What appeared in the
// week is new, or changed when it replaces another; what appears after it, or after the moment the
// edition is made for, is for the next. docs/spec/briefing.md section 2.
#pragma once

#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/digest/edition.h"
#include "client/digest/edition_input.h"

namespace shield {

// A bulletin of the input, and what the edition refers to it by: one number however often it stands
// there. Borrows.
struct NumberedBulletin {
  int number = 0;
  const BriefedBulletin* bulletin = nullptr;
};
using Numbered = std::vector<NumberedBulletin>;

inline constexpr int kLookAheadWeeks = 8;

// Borrows the input. Immutable.
struct EditionChoice {
  Numbered full;            // new and changed, at most kMaxFullItems
  Numbered also;            // the rest of them
  Numbered open;            // appeared before the week, and hold beyond the next edition
  Numbered expiring;        // hold, and end before that, new ones among them
  Numbered expired;         // since the week began
  Numbered withdrawn;       // since the week began
  Numbered corrected;       // the same: the older versions
  Numbered unacknowledged;  // own edition
  Numbered all;             // each once, by number; what only the look-ahead tells of as well

  LinesLeftOut left_out;  // beyond the maximum of each list; `events` of those alone

  std::vector<const BriefedBulletin*> red;  // own edition: this week's, and unacknowledged ones

  // The strictest label of whatever leaves a trace: stands in a list or is counted beyond it, is
  // counted in the trend, or is another version of one that is listed. CLEAR of nothing.
  Tlp strictest = Tlp::kClear;

  // Over what was admitted: how many versions this one follows upon, itself included; and by which
  // one it was replaced.
  int RevisionOf(const BriefedBulletin& bulletin) const;
  std::optional<BulletinId> ReplacedBy(const BulletinId& id) const;

  absl::flat_hash_map<BulletinId, const BriefedBulletin*> by_id;
  absl::flat_hash_map<BulletinId, const BriefedBulletin*> successors;  // the newest of each
};

// Errors: those of BuildEdition.
absl::StatusOr<EditionChoice> ChooseForEdition(const EditionInput& input,
                                               const EditionOrder& order);

absl::Time Appeared(const BriefedBulletin& bulletin);
// Whether the edition knows of it at all.
bool IsKnown(const BriefedBulletin& bulletin, const EditionOrder& order);
// Whether it is one of a week's count of bulletins.
bool CountsInTrend(const BriefedBulletin& bulletin, const EditionOrder& order);
// Whether it is about what is so: exercises stand in their items and lines, and nowhere else.
bool IsActual(const BriefedBulletin& bulletin);
// Whether it is held from the moment of the edition on, within kLookAheadWeeks.
bool LiesAhead(const BriefedEvent& event, const EditionOrder& order);
// Whether its event, if it has one, may be told.
bool TellsEvents(const BriefedBulletin& bulletin);
// When the edition after that of `week` is due.
absl::Time NextDue(const Week& week);

}  // namespace shield
