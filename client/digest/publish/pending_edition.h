// What a home notes of an edition that is on its way, until its answer has come.
//
//   edition-2026-W47-green.pending      one line each, "<draft> <order>", newest first
//
// Both are digests: of the draft, by which it is found in the outbox (client/publish/publisher.h),
// and of what was asked for. Nothing of what the edition says stands in it. There is more than one
// line where an edition has been made anew in the place of one whose answer never came: they have
// one id, of which the broker takes one text.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/digest.h"
#include "client/digest/publish/make_edition.h"
#include "client/digest/tier.h"
#include "client/digest/week.h"
#include "client/home/home.h"

namespace shield {

struct PendingEdition {
  Digest draft;
  Digest order;

  friend bool operator==(const PendingEdition&, const PendingEdition&) = default;
};

// Older ones than so many are forgotten.
inline constexpr size_t kMaxPendingEditions = 8;

// Of everything that is asked for; `mode` says how it was asked. Equal requests, equal digests.
Digest OrderDigest(const BriefingRequest& request, absl::string_view mode);

// Newest first; empty where there is no note, or half of one that nothing was sent after.
absl::StatusOr<std::vector<PendingEdition>> ReadPendingEditions(const Home& home, const Week& week,
                                                                Tier tier);
// Before those that are noted, or in the place of all.
absl::Status NotePendingEdition(const Home& home, const Week& week, Tier tier,
                                const PendingEdition& pending, bool keep_older);
absl::Status ForgetPendingEditions(const Home& home, const Week& week, Tier tier);

}  // namespace shield
