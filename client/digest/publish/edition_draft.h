// The bulletin that an edition is sent as (docs/spec/briefing.md section 4).
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "absl/time/time.h"
#include "base/strong_id.h"
#include "client/digest/publish/make_edition.h"
#include "client/draft/draft.h"
#include "policy/statement.h"

namespace shield {

// How long after the next one is due an edition can still be read.
inline constexpr absl::Duration kEditionLife = absl::Hours(28 * 24);
// Above this number of bulletins in a week, or of bytes of their titles, readers are given their
// ids without titles; above the number packed, too (docs/spec/briefing.md section 4). So they are
// where the content would not fit its seal otherwise; where packed ones do not fit either, the
// newest half of them is listed, as often halved as it takes.
inline constexpr size_t kMaxListedTitles = 400;
inline constexpr size_t kMaxListedTitleBytes = 48 * 1024;

// An edition as it is sent: under the label of its tier, whatever stands in it. Pure.
Edition AsSent(Edition edition);

// The draft of `made`, whose edition is AsSent; it lists `for_everyone` (ForEveryone) and replaces
// each of `replaces`, at most kMaxReplaced. Equal arguments give equal drafts. Pure.
inline constexpr size_t kMaxReplaced = kMaxReferences;
Draft DraftOfEdition(const MadeEdition& made, std::span<const ListedLine> for_everyone,
                     const std::vector<BulletinId>& replaces);

}  // namespace shield
