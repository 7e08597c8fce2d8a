// shield inbox watch: bulletins as they come, and what becomes of the line meanwhile.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "client/cli/session.h"

namespace shield::cli {

inline constexpr int64_t kMostWatched = 1'000'000'000;
// The one object of --json holds what was shown; a longer watch is a stream, and wants --jsonl.
inline constexpr int64_t kMostInOneObject = 1000;

struct WatchOptions {
  bool acknowledge = false;
  int64_t max = 0;  // 0: no end
};

// Shows each entry as it comes. With --jsonl an object an entry; with --json, which wants `max`,
// {entries: […]} at the end. What could not be written is shown by the next watch, and is not
// acknowledged: OUTPUT_LOST (with --json, whose object is written at the end, it is shown by
// `inbox ls` alone). One remark when the broker is lost and one when it is back, one when another
// watch of this home takes its share; UNAVAILABLE when the broker was not reached at all within
// --timeout. CANCELLED when the person ended it, or DATA_LOSS, rule OMITTED, when an edition of the
// briefing that came lists what never did; of that an alarm is told when the edition comes.
absl::Status Watch(Session& session, const WatchOptions& options);

}  // namespace shield::cli
