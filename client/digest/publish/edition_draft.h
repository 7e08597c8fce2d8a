// The bulletin that an edition is sent as (docs/spec/briefing.md section 4).
#pragma once

#include <optional>

#include "absl/time/time.h"
#include "base/strong_id.h"
#include "client/digest/publish/make_edition.h"
#include "client/draft/draft.h"

namespace shield {

// How long after the next one is due an edition can still be read.
inline constexpr absl::Duration kEditionLife = absl::Hours(28 * 24);
// Above this number of bulletins in a week, or of bytes of their titles, readers are given their
// ids without titles; above the number packed, too (docs/spec/briefing.md section 4).
inline constexpr size_t kMaxListedTitles = 400;
inline constexpr size_t kMaxListedTitleBytes = 48 * 1024;

// An edition as it is sent: under the label of its tier, whatever stands in it. Pure.
Edition AsSent(Edition edition);

// The draft of `made`, whose edition is AsSent; it lists `for_everyone` and replaces `replaces`.
// Equal arguments give equal drafts. Pure.
Draft DraftOfEdition(const MadeEdition& made, const std::vector<BriefingCandidate>& for_everyone,
                     const std::optional<BulletinId>& replaces);

}  // namespace shield
