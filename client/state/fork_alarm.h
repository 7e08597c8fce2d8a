// Two texts under one name: proof that someone cheats.
#pragma once

#include <string>

#include "absl/time/time.h"

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

}  // namespace shield
