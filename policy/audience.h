// Who receives a bulletin: everyone, each with the rule that chose or excluded them.
//
//   ASSIGN_OR_RETURN(Audience audience, ResolveAudience(*directory, terms, statement.issued));
//
// Publisher and broker must come to exactly the same recipients from the same directory version;
// both pass the statement's `issued`. The author is always a recipient; so are, of content that is
// not RED, the analysts of the source organisation and its digest seat, as far as the rest of
// policy lets them.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/strong_id.h"
#include "policy/decision.h"
#include "policy/directory.h"
#include "policy/terms.h"

namespace shield {

struct Chosen {
  MemberId member;
  OrgId org;
  Rule rule = Rule::kUnspecified;  // one that allows

  friend bool operator==(const Chosen&, const Chosen&) = default;
};

struct Excluded {
  MemberId member;
  OrgId org;
  Rule rule = Rule::kUnspecified;  // one that denies

  friend bool operator==(const Excluded&, const Excluded&) = default;
};

// Both lists sorted by organisation, then member.
struct Recipients {
  std::vector<Chosen> recipients;
  std::vector<Rule> warnings;  // EMPTY_AUDIENCE: nobody but the source's own seats
};
struct Audience {
  std::vector<Chosen> recipients;
  std::vector<Excluded> excluded;  // every other member of the directory
  std::vector<Rule> warnings;
};

// Refused as DecidePublish says: PERMISSION_DENIED with its rule and sentence. A control bulletin
// has no recipients of its own. Needs the whole directory. ResolveRecipients asks the directory's
// indexes instead of walking all members; for both, recipients and warnings are equal
// (tests/policy/audience_test.cc).
absl::StatusOr<Audience> ResolveAudience(const Directory& directory, const Terms& terms,
                                         absl::Time now);
absl::StatusOr<Recipients> ResolveRecipients(const Directory& directory, const Terms& terms,
                                             absl::Time now);

}  // namespace shield
