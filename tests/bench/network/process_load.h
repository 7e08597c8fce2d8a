// What a process that does nothing costs all the same, read from outside.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace shield::testing {

// Bytes it holds in memory now; 0 when there is no such process.
uint64_t ResidentBytes(pid_t pid);

// How often its threads have been taken off a processor since they started, by their own will or
// not.
uint64_t ContextSwitches(pid_t pid);

}  // namespace shield::testing
