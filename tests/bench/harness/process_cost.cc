#include "tests/bench/harness/process_cost.h"

#include <malloc.h>
#include <unistd.h>

#include <ctime>
#include <fstream>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace shield::testing {
namespace {

constexpr absl::string_view kPeakLine = "VmHWM:";
constexpr uint64_t kBytesAKilobyte = 1024;

double Seconds(clockid_t clock) {
  timespec now = {};
  if (clock_gettime(clock, &now) != 0) return 0;
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// "VmHWM:     5120 kB"
uint64_t KilobytesOf(absl::string_view line) {
  line.remove_prefix(kPeakLine.size());
  line = line.substr(0, line.find(" kB"));
  uint64_t kilobytes = 0;
  return absl::SimpleAtoi(line, &kilobytes) ? kilobytes : 0;
}

}  // namespace

double ProcessorSeconds() { return Seconds(CLOCK_PROCESS_CPUTIME_ID); }

double ProcessorSeconds(pid_t pid) {
  clockid_t clock = 0;
  return clock_getcpuclockid(pid, &clock) == 0 ? Seconds(clock) : 0;
}

uint64_t PeakBytes() { return PeakBytes(getpid()); }

uint64_t PeakBytes(pid_t pid) {
  std::ifstream status(absl::StrCat("/proc/", pid, "/status"));
  for (std::string line; std::getline(status, line);) {
    if (absl::StartsWith(line, kPeakLine)) return KilobytesOf(line) * kBytesAKilobyte;
  }
  return 0;
}

void ForgetPeak() {
  malloc_trim(0);
  // 5: "reset the peak resident set size to the current one" (proc_pid_clear_refs(5)).
  std::ofstream("/proc/self/clear_refs") << "5";
}

}  // namespace shield::testing
