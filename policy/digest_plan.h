// A digest: what one reader may have of several bulletins, put together under one label.
//
//   DigestPlan plan = PlanDigest(directory, items, member, now);
//   // … built, sealed, about to be sent:
//   Decision decision = DecideDigestDelivery(directory, items, plan, member, now);
//
// A digest never holds TLP:RED: the service that builds it may not have it. A reader who is named
// gets a pointer to fetch the bulletin by.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "absl/time/time.h"
#include "base/strong_id.h"
#include "policy/decision.h"
#include "policy/directory.h"
#include "policy/terms.h"

namespace shield {

// Indexes into the items the plan was made from, ascending.
struct DigestPlan {
  struct Left {
    size_t item = 0;
    Rule rule = Rule::kUnspecified;
  };
  std::vector<size_t> items;
  std::vector<size_t> pointers;   // RED that names the reader: SERVICE_NO_RED
  std::vector<Left> left_out;     // with the rule by which the reader may not have them
  Tlp label = Tlp::kUnspecified;  // the most restrictive of `items`; none when there are none
  // For AMBER and AMBER+STRICT the one organisation the digest may be addressed to.
  std::optional<OrgId> only_for;
};

// What `member` may have of `items`, all of which it is taken to hold.
DigestPlan PlanDigest(const Directory& directory, std::span<const Terms> items,
                      const MemberId& member, absl::Time now);

// Whether the digest may still go out: DIGEST_STALE when an item or pointer of it was withdrawn,
// replaced, has expired or is no longer the reader's since. Allowed by RECIPIENT_ORG.
Decision DecideDigestDelivery(const Directory& directory, std::span<const Terms> items,
                              const DigestPlan& plan, const MemberId& member, absl::Time now);

}  // namespace shield
