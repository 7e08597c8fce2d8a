// A program that reads its input, writes its output and ends, within bounds.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace shield {

struct ChildBounds {
  absl::Duration deadline;     // from its start, on the monotonic clock
  size_t max_output_bytes;     // of standard output
  size_t max_notes_bytes = 0;  // of standard error: what goes beyond is read and dropped
};

struct ChildOutcome {
  int exit_code = -1;  // 128 + signal when a signal ended it
  std::string output;
  std::string notes;  // the first max_notes_bytes of standard error
};

// Runs `command` (its first element the program's path) without environment and without any other
// open file, with `input` on its standard input, and waits for its end. Whatever comes of it, no
// process of its is left: it runs in a process group of its own, which is killed when a bound is
// passed. Blocks; thread-safe.
//
// NOT_FOUND: the program cannot be started; DEADLINE_EXCEEDED; RESOURCE_EXHAUSTED: more output than
// may be; INTERNAL: no pipe or process could be had. Another exit code than 0 is no error here.
absl::StatusOr<ChildOutcome> RunBoundedChild(const std::vector<std::string>& command,
                                             absl::string_view input, const ChildBounds& bounds);

}  // namespace shield
