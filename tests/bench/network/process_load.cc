#include "tests/bench/network/process_load.h"

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace shield::testing {
namespace {

constexpr uint64_t kBytesAKilobyte = 1024;

// The number after `name` in a status file of proc(5); 0 when it is not there.
uint64_t StatusNumber(const std::string& path, absl::string_view name) {
  std::ifstream status(path);
  std::string word;
  uint64_t number = 0;
  while (status >> word) {
    if (word == name) status >> number;
  }
  return number;
}

}  // namespace

uint64_t ResidentBytes(pid_t pid) {
  return kBytesAKilobyte * StatusNumber(absl::StrCat("/proc/", pid, "/status"), "VmRSS:");
}

uint64_t ContextSwitches(pid_t pid) {
  uint64_t switches = 0;
  std::error_code gone;
  const std::string tasks = absl::StrCat("/proc/", pid, "/task");
  for (const auto& task : std::filesystem::directory_iterator(tasks, gone)) {
    const std::string status = (task.path() / "status").string();
    switches += StatusNumber(status, "voluntary_ctxt_switches:") +
                StatusNumber(status, "nonvoluntary_ctxt_switches:");
  }
  return switches;
}

}  // namespace shield::testing
