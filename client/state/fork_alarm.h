// Two texts under one name: proof that someone cheats.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/status.h"

namespace shield {

// Value. Both texts are signed and kept byte for byte.
struct ForkAlarm {
  // "bulletin": an author signed two texts under one id; "directory": two texts of one version;
  // "authority": two chains of rotations; "inbox": two heads of the broker that cannot both be of
  // one inbox; "log": two checkpoints, or an inbox head and a checkpoint, that cannot both be of
  // one log.
  std::string kind;
  std::string subject;  // the id, the version or the member
  std::string first;
  std::string second;
  absl::Time found;
};

// At most so many alarms of one kind and subject are kept, and of one kind: the oldest, which are
// proof enough. Later ones are dropped.
inline constexpr uint64_t kMaxForksOfSubject = 8;
inline constexpr uint64_t kMaxForksOfKind = 64;

// The error to end with when two texts were found that cannot both be: `alarm` whatever became of
// keeping them, for it is no less true when this home has no room for them or is busy.
inline absl::Status AlarmAfter(const absl::Status& kept, const absl::Status& alarm) {
  if (kept.ok()) return alarm;
  return Annotate(alarm, absl::StrCat("what proves it could not be kept (", kept.message(), ")"));
}

}  // namespace shield
