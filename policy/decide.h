// The policy of the network: TLP 2.0 as one pure function, and its kin.
//
// The same functions decide in the broker, in the publisher's client before sealing, in the
// reader's client before opening and in every digest and export. They know no clock and no I/O: the
// same arguments give the same answer everywhere. Deny by default; what is unknown is refused.
//
// The order of checks is docs/spec/tlp.md section 3, and the first that fails gives the reason:
//   1 signature, label  2 role and source  3 caller  4 bulletin  5 exercise  6 exclusion
//   7 community, hops   8 TLP ceiling or source permission  9 vetting  10 sector, region
//   11 snapshot         12 sharing on
//
// Worked example. A firm G has guards g2 (vetting 2) and g0 (vetting 1). An analyst publishes
// TLP:AMBER+STRICT to org:G.
//   g2 may have it                      allow RECIPIENT_ORG
//   g0 may not                          deny  VETTING_TOO_LOW (AMBER+STRICT asks for 2)
//   G's client k1 may not               deny  STRICT_NO_CLIENTS
//   a week later g2 asks again          allow, or deny EXPIRED, as `now` says
// Table: tests/vectors/policy.
#pragma once

#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "base/strong_id.h"
#include "policy/audience_token.h"
#include "policy/decision.h"
#include "policy/directory.h"
#include "policy/terms.h"

namespace shield {

// May `reader` have the bulletin at `now`? Steps 1 to 11. The author passes an embargo.
Decision Decide(const Directory& directory, const Terms& terms, const Reader& reader,
                absl::Time now);

// Is the bulletin sealed to `member` when it is published? The same steps without those about time
// and state (4) and snapshot (11), and with sector and region counting for CLEAR too: a CLEAR
// bulletin is pushed to whom it targets, and readable by everyone.
Decision DecideDelivery(const Directory& directory, const Terms& terms, const MemberId& member,
                        absl::Time now);

// May the author publish this? Steps 1 to 3 for the author, then what is refused at publish:
// BAD_WINDOW, RED_NEEDS_PERSONS, AUDIENCE_REQUIRED, UNKNOWN_CODE, PUBLIC_CHANNEL, SAR_PRIVATE, and
// for each person and organisation that is named the rule by which it could not receive
// (RECIPIENT_REVOKED, VETTING_TOO_LOW, …): the author is told rather than the reader forgotten.
// A report of a suspended member is allowed by UNTRUSTED_SOURCE.
// `now` is the statement's `issued` wherever publisher and broker must agree. The whole directory
// is needed, and every token opened. For references see DecideRelation and DecideShare.
Decision DecidePublish(const Directory& directory, const Terms& terms, absl::Time now);

// Of whom the audience of such a bulletin names, organisations first, each that could not receive
// it, and the rule: for the first of them DecidePublish refuses it, where nothing else is wrong.
// UNKNOWN_CODE: who is not in the directory. Nobody whom the audience excludes as well.
struct RefusedName {
  AudienceToken word;
  Rule rule;
  friend bool operator==(const RefusedName&, const RefusedName&) = default;
};
std::vector<RefusedName> FindRefusedNames(const Directory& directory, const Terms& terms,
                                          absl::Time now);

// May `actor` publish a bulletin labelled `label` that stands to `original` as `relation` says?
// withdraws, supersedes, relabels, extends, permits: the source organisation's analysts, or the
// author; of RED the author alone, withdrawals excepted. Nothing can be done twice to what
// is withdrawn. Only relabels changes a label (LABEL_IMMUTABLE). replies: whoever may read it.
// shares: use DecideShare; refused here with NEED_TO_KNOW_MISSING.
// `seat_then`: where the actor sat when it did so, if it is known; it may have moved since, which
// changes nothing about what it did. Its account is judged as `directory` shows it, if it does.
struct PastSeat {
  OrgId org;
  bool analyst = false;  // of that organisation, an authority
  friend bool operator==(const PastSeat&, const PastSeat&) = default;
};
struct RelationRequest {
  Relation relation = Relation::kUnspecified;
  MemberId actor;
  Tlp label = Tlp::kUnspecified;  // of the new bulletin; of a withdrawal: the original's
  std::optional<PastSeat> seat_then = {};
};
Decision DecideRelation(const Directory& directory, const Terms& original,
                        const RelationRequest& request, absl::Time now);

// May `from`, who has the bulletin, pass it on to `to`? Steps 3 to 9 for both, then step 12. What a
// label lets a recipient pass on widens only whom the bulletin is addressed to: a seat that sees no
// content, a service, too many borders, an ended permission, low vetting are refused as ever
// (docs/spec/tlp.md section 6).
struct ShareRequest {
  Reader from;
  Reader to;                         // in_snapshot does not matter
  Tlp label = Tlp::kUnspecified;     // of the share; must be the original's
  bool reason_given = false;         // clients need to know: AMBER to a client asks for a reason
  bool from_holds_by_share = false;  // it came to `from` the same way
};
Decision DecideShare(const Directory& directory, const Terms& original, const ShareRequest& request,
                     absl::Time now);

}  // namespace shield
