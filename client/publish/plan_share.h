// From a bulletin that this home holds to the envelope of a share of it
// (docs/spec/statement.md, "Shares"). Pure.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/digest.h"
#include "base/strong_id.h"
#include "client/publish/plan_bulletin.h"
#include "policy/audience_token.h"
#include "policy/proof/verified_directory.h"
#include "policy/statement.h"
#include "policy/terms.h"

namespace shield {

// The original of what is to be passed on, and how this member has it.
struct SharedOriginal {
  Statement statement;
  Digest text_digest;
  Terms terms;  // what this home knows of its audience is opened
  Reader sharer;
  bool holds_by_share = false;
  absl::Time ends;  // for this member: of one that came by a share, that share's end
};

struct ShareOrder {
  BulletinId id;                  // as it stands in the inbox: the original's, or a share's
  std::vector<AudienceToken> to;  // members, and organisations for those of their seats that may
  std::string reason;             // sealed for the new readers; empty: none
};

// The share's statement through its directory line, with the lines that repeat the original; its
// audience, spelled out into members. Errors:
//   PERMISSION_DENIED and a policy rule   a member may not have it; of an organisation none may
//   PERMISSION_DENIED RECIPIENT_WITHOUT_KEY   a member, or every seat of an organisation that may
//                                             have it, has no key now
//   PERMISSION_DENIED AUDIENCE_REQUIRED   a word that is neither a member nor an organisation
absl::StatusOr<PlannedBulletin> PlanShare(const SharedOriginal& original, const ShareOrder& order,
                                          const BulletinId& id, const PublishingMember& author,
                                          const VerifiedDirectory& directory, absl::Time now);

}  // namespace shield
