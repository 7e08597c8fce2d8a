// Who beyond its readers may have an edition. What stands in it was asked for its readers alone
// (policy/edition_plan.h), so it is asked for whoever else is to be sent it.
//
//   RETURN_IF_ERROR(CheckMayHave(gathered, id, {Relation::kExtends, tlp}, recipients, now));
//
// Pure. docs/spec/briefing.md section 4, rule 8.
#pragma once

#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/strong_id.h"
#include "client/digest/publish/gather.h"
#include "policy/labels.h"
#include "policy/member_set.h"
#include "policy/vocabulary.h"

namespace shield {

// What some may not have, or of whom nobody here can tell.
struct KeptFrom {
  BulletinId part;
  MemberSet readers;  // never empty
};

// How an edition is sent again.
struct SentAgain {
  // kExtends, kRelabels or kPermits. A permit lets in whom labels do not: it permits what is of the
  // permitting source as well, and of that nobody is asked.
  Relation relation = Relation::kExtends;
  Tlp tlp = Tlp::kUnspecified;  // under which
};

// Of `parts`, which stand in it, those that not each of `readers` may have, as live or as ended.
// `readers` are let in by the edition itself. What is not here is kept from all.
std::vector<KeptFrom> FindKeptFrom(const Gathered& gathered, const SentAgain& again,
                                   std::span<const BulletinId> parts, const MemberSet& readers,
                                   absl::Time at);

// Whether the edition `id` may be sent to `readers` as well. PERMISSION_DENIED, rule
// EDITION_HOLDS_MORE: something stands in it, as live or as ended, that one of them may not have,
// that cannot be read, or that is not in this home, which then knows neither for whom it is nor
// whether it holds; rule DIGEST_STALE: something in it has been withdrawn or replaced since, and
// would be sent as if it held. What is of that kind and was written by hand holds nothing.
absl::Status CheckMayHave(const Gathered& gathered, const BulletinId& id, const SentAgain& again,
                          std::span<const MemberId> readers, absl::Time at);

}  // namespace shield
