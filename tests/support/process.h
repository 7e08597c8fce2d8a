// A real program run by a test: started, watched line by line, stopped by its own pid.
//
//   ProcessResult lint = RunProcess({ShieldBinary(), "bulletin", "lint", draft});
//   Process broker({ShieldBrokerBinary(), "run", …});
//   broker.WaitForLine("listening on ");
//
// What was started dies with the thread that started it, however that ends: a test that aborts
// leaves no program running.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/mutex.h"

namespace shield::testing {

struct ProcessResult {
  int exit_code = -1;  // 128 + signal when a signal ended it
  std::string data;    // standard output
  std::string notes;   // standard error
};

// Environment additions "NAME=value" replace inherited ones of the same name.
struct ProcessOptions {
  std::vector<std::string> environment;
  std::string input;
  absl::Duration timeout = absl::Seconds(60);  // then SIGKILL
};

// Runs `command` (its first element is the program's path) to its end.
ProcessResult RunProcess(const std::vector<std::string>& command,
                         const ProcessOptions& options = {});

// A program that keeps running. The destructor kills it with SIGKILL if it still does.
class Process {
 public:
  explicit Process(const std::vector<std::string>& command,
                   const std::vector<std::string>& environment = {});
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  // The first line, of either stream, that contains `text`, whenever it came. Nothing after
  // `timeout`, or when the program ended without it.
  std::optional<std::string> WaitForLine(absl::string_view text,
                                         absl::Duration timeout = absl::Seconds(30));
  std::vector<std::string> lines();
  void Signal(int signal);
  // Waits for the end. The exit code, or 128 + signal; nothing when it still runs after `timeout`.
  std::optional<int> Wait(absl::Duration timeout = absl::Seconds(30));

 private:
  void ReadLines(int descriptor);

  pid_t pid_ = -1;
  std::optional<int> exit_code_;
  Mutex mutex_;
  CondVar changed_;
  std::vector<std::string> lines_ ABSL_GUARDED_BY(mutex_);
  int open_streams_ ABSL_GUARDED_BY(mutex_) = 2;
  std::vector<std::thread> readers_;
};

}  // namespace shield::testing
