// SHIELD_CHECK(condition): an invariant of our own code. When it does not hold the process prints
// the place and aborts: going on would risk acknowledged bulletins. Never for input.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace shield {

[[noreturn]] inline void CheckFailed(const char* file, int line, const char* condition) {
  std::fprintf(stderr, "%s:%d: check failed: %s\n", file, line, condition);
  std::abort();
}

}  // namespace shield

#define SHIELD_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::shield::CheckFailed(__FILE__, __LINE__, #condition))
