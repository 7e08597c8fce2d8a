// What an edition takes the place of, and for whom: another revision of a tier and week.
//
//   const Replaced replaced = ReplacedOf(gathered, std::move(holding));
//   ASSIGN_OR_RETURN(BriefingRequest revised, Revising(gathered, request, replaced, now));
//   … made of `revised` …
//   ASSIGN_OR_RETURN(missed, NotReached(gathered, revised, made, replaced, now));
//
// Who had an edition is told of every withdrawal in it and loses nothing in force, as far as policy
// lets all who stay have both; who is not reached is named to whoever sends it. Pure.
// docs/spec/briefing.md section 4, rule 4.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/strong_id.h"
#include "client/digest/publish/gather.h"
#include "client/digest/publish/held_edition.h"
#include "client/digest/publish/make_edition.h"
#include "policy/member_set.h"

namespace shield {

// Those that a prepared edition takes the place of, and what carries them to more readers.
struct Replaced {
  std::vector<HeldEdition> editions = {};  // all that hold, at most kMaxReplaced: the oldest
  // What is replaced with them: as far as this member may, and with them at most kMaxReplaced.
  std::vector<HeldEdition> carriers = {};
  std::vector<HeldEdition> standing = {};  // the other carriers: they hold on

  std::vector<HeldEdition> Ended() const;   // editions and carriers
  std::vector<HeldEdition> Family() const;  // all three
};
Replaced ReplacedOf(const Gathered& gathered, std::vector<HeldEdition> holding);

// What is asked for, as the next revision of those: it is made for this moment, since it tells of
// what has ended up to now. Of a request for_their_readers the audience is that of the newest where
// none is asked for, who is named in it and has no key or is refused by now is `unsealed`, and
// `untold` are the words of ExclusionsOf and CarriedTo. Errors are those of AudienceOfEdition,
// FindRefusedNames, ExclusionsOf and CarriedTo.
absl::StatusOr<BriefingRequest> Revising(const Gathered& gathered, BriefingRequest request,
                                         const Replaced& replaced, absl::Time now);

// One who had what is replaced and is none of the readers of what stands in its place.
struct Unreached {
  // How it can be told all the same.
  enum class Way {
    kExtend,      // this one is extended to it
    kPermit,      // permitted: its label would not let it in
    kNewKeys,     // nothing can be sealed to it before it has new keys
    kAnotherWay,  // it may not have all that stands in it
  };
  MemberId member;
  Way way = Way::kExtend;

  friend bool operator==(const Unreached&, const Unreached&) = default;
};
// "extend", "permit", "new keys", "another way".
absl::string_view PrintWay(Unreached::Way way);

// In the order of the directory, of what was made of `revised`: whom one of the family lets in
// still; who ever had such an edition and is excluded; and who is named and has but no key. Never
// this member, nor who is refused by now: who is suspended or revoked is told nothing by anybody.
// Errors of FindRefusedNames.
absl::StatusOr<std::vector<Unreached>> NotReached(const Gathered& gathered,
                                                  const BriefingRequest& revised,
                                                  const MadeEdition& made, const Replaced& replaced,
                                                  absl::Time now);

}  // namespace shield
