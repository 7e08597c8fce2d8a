// An edition from what a home holds: asked of policy, chosen and put in order.
//
//   ASSIGN_OR_RETURN(MadeEdition made, MakeEdition(gathered, order, now));
//   std::string text = WriteMarkdown(made.edition);
//
// Pure: what is gathered, the order and `now` decide every byte; `now` counts only where the moment
// that the edition is made for has not come, and for what policy lets its readers have by now.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/strong_id.h"
#include "client/digest/admit.h"
#include "client/digest/edition.h"
#include "client/digest/language.h"
#include "client/digest/publish/gather.h"
#include "client/digest/publish/held_edition.h"
#include "client/digest/tier.h"
#include "client/digest/week.h"
#include "policy/audience_token.h"
#include "policy/directory.h"

namespace shield {

// What a person asks for.
struct BriefingRequest {
  Week week;
  Tier tier = Tier::kGreen;  // kMine: one's own
  Language language = Language::kEnglish;
  // Of one that replaces others: not in `language` but in that of the newest.
  bool keeps_language = false;
  // Of an edition for others; empty: GREEN for the author's community, AMBER and AMBER+STRICT for
  // vetting level 2.
  std::vector<AudienceToken> to = {};
  // Words of its audience beside those of `to`, which the edition does not tell: they name or
  // exclude.
  std::vector<AudienceToken> untold = {};
  // Words of `to` to whom nothing is sealed: they name somebody who has no key now, or who is
  // refused by now, and stand in the edition all the same, so that the next revision is for them
  // again if they are let in again.
  std::vector<AudienceToken> unsealed = {};
  // Of one that replaces others: it is for those who had one of them (revision.h), and with an
  // empty `to` for the audience of the newest.
  bool for_their_readers = false;
  std::optional<absl::Time> as_of = {};  // nothing: when it is due, or now if that has not come
  std::string foreword = {};             // CommonMark
  std::vector<BulletinId> picked = {};
  std::vector<BulletinId> left = {};
  int revision = 1;
  std::string generator = {};
};

// `to` without the words that are `unsealed`.
std::vector<AudienceToken> SealedWords(const BriefingRequest& request,
                                       const std::vector<AudienceToken>& to);

struct MadeEdition {
  Edition edition;
  Admission admission;
  std::vector<AudienceToken> to;  // whom it is for, and not for; empty for kMine
};

// An edition for others is a bulletin: its Markdown has to be no longer than this, and no longer
// than the second where it is written as JSON, in which it is sealed: quotes, backslashes and ends
// of lines take two bytes there. What is left of kMaxContentBytes has room for the ids of all that
// stands in it and for its audience, and mostly for a list of the week's bulletins.
inline constexpr size_t kMaxEditionMarkdown = 120 * 1024;
inline constexpr size_t kMaxEditionMarkdownInJson = 200 * 1024;

// Where the Markdown would be longer than that, every maximum of edition.h is halved, as often as
// it takes.
//
// INVALID_ARGUMENT: a week that has not begun; a moment that lies ahead, or before the week; a word
// of the audience for one's own. FAILED_PRECONDITION, rule DIRECTORY_INCOMPLETE: an edition for
// others needs the whole directory. PERMISSION_DENIED with a rule of policy: this member may not
// publish it. Otherwise the errors of BuildEdition.
absl::StatusOr<MadeEdition> MakeEdition(const Gathered& gathered, const BriefingRequest& request,
                                        absl::Time now);

// Whether what was made may be sent when a home holds `again` at `now`. PERMISSION_DENIED, rule
// DIGEST_STALE, when something inside, or whom it reaches, has changed since.
absl::Status CheckStillAdmitted(const MadeEdition& made, const Gathered& again, absl::Time now);

// A bulletin of the list that readers hold their inbox against, and its title; none of what has
// ended.
struct ListedLine {
  ListedBulletin bulletin;
  std::string title;

  friend bool operator==(const ListedLine&, const ListedLine&) = default;
};

// Of what was admitted to `made`, the bulletins that everyone in the author's community was sent
// and that appeared in its week (edition_choice.h), whatever became of them, in the order they were
// issued: all that may be listed in it, since whatever else there is not every reader may have.
// Nothing when one of the readers is of another community and was sent none of them. What the
// broker has not delivered here it may have lost, as the authority says when it names another log
// key. `directory` is the one `made` was admitted under. Pure.
std::vector<ListedLine> ForEveryone(const Directory& directory,
                                    std::span<const BriefingCandidate> candidates,
                                    const MadeEdition& made);

}  // namespace shield
