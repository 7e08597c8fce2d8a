// From a draft to the envelope it would travel in: who receives it, under which directory, when.
//
// Pure. The broker comes to the same recipients from the same directory and the statement's
// `issued`, or refuses the bulletin (policy/audience.h).
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/draft/draft.h"
#include "client/publish/publication_plan.h"
#include "crypto/age_recipient.h"
#include "policy/audience.h"
#include "policy/audience_token.h"
#include "policy/proof/verified_directory.h"
#include "policy/statement.h"

namespace shield {

struct PlannedBulletin {
  // Everything through the directory line but the audience, which is not hidden yet.
  Statement statement;
  std::vector<AudienceToken> audience;
  Audience readers;
  // Whom policy lets have it and nothing can be sealed to now: not among the recipients
  // (client/publish/without_key.h).
  std::vector<Chosen> without_key = {};
};

// Who publishes, and what earlier bulletins are called by their texts.
struct PublishingMember {
  Origin network;
  MemberId member;
  std::string verifier;  // vkey
};

// PERMISSION_DENIED with the rule and hint of policy when the author may not publish this, or not
// to those, or not in that window; DATA_LOSS (DIRECTORY_INCOMPLETE) for content when `directory`
// does not show every organisation; RECIPIENT_WITHOUT_KEY as SetApartWithoutKey. `references` are
// the draft's, with the digests of their texts.
absl::StatusOr<PlannedBulletin> PlanBulletin(const Draft& draft, const BulletinId& id,
                                             const PublishingMember& author,
                                             const std::vector<Reference>& references,
                                             const VerifiedDirectory& directory, absl::Time now);

std::vector<PlannedReader> ReadersOf(const std::vector<Chosen>& chosen);

// What a person is shown before it is sealed.
PublicationPlan DescribePlan(const PlannedBulletin& planned);

}  // namespace shield
