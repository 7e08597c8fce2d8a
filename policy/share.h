// Passing a bulletin on: the publish of a share, judged by the terms of its original.
//
//   ASSIGN_OR_RETURN(std::vector<Chosen> readers,
//                    ResolveShare(*directory, {original, share, Reader::Holder(sharer)}, issued));
//
// A share is a `direct` bulletin with the one reference `shares`. Its audience names members and
// nobody else, and its recipients are exactly those and the sharer; so publisher and broker come to
// the same set whatever each knows of the original's hidden audience. An organisation is spelled
// out into its seats before (docs/spec/tlp.md section 6).
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "policy/audience.h"
#include "policy/decision.h"
#include "policy/directory.h"
#include "policy/statement.h"
#include "policy/terms.h"

namespace shield {

// Whether `share` says of label, status, payload, objects and public key what its original says,
// and ends no later. INVALID_ARGUMENT, REFERENCE_MISMATCH otherwise.
absl::Status CheckRepeats(const Statement& share, const Statement& original);

struct SharePublication {
  const Terms& original;
  const Terms& share;
  Reader sharer;
  bool holds_by_share = false;  // the original came to the sharer by a share
  // Clients need to know: the sharer's client asks for a reason, the broker, to which it is sealed,
  // takes it as said.
  bool reason_given = true;
};

// UNKNOWN_CODE, in words that do not tell whether there is such a one: whom a partial directory
// does not show. `who` is for example "member `jan`".
absl::Status RefuseNotShown(absl::string_view who);

// Sorted by organisation, then member; the sharer by the rule AUTHOR. `now` is the share's
// `issued`. PERMISSION_DENIED
// with its rule: the sharer may send no messages or has not the bulletin, BAD_WINDOW,
// AUDIENCE_REQUIRED for an audience that is not of members alone, UNKNOWN_CODE for a member nobody
// knows or who is not shown here, for each person named the rule by which it may not have it, and
// RED_NOT_NAMED for RED, which is passed on to nobody.
absl::StatusOr<std::vector<Chosen>> ResolveShare(const Directory& directory,
                                                 const SharePublication& publication,
                                                 absl::Time now);

// May `reader`, to whom the bulletin was passed on, have it at `now`? `original` decides, with the
// state it is in now; the rules are those for who holds it by a share (section 6). A reader whose
// `org_at_publish` is not where it is now gets AFFILIATION_CHANGED: the share named it there.
Decision DecidePassedOn(const Directory& directory, const Terms& original, const Reader& reader,
                        absl::Time now);

}  // namespace shield
