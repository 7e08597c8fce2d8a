// A log sink that keeps its lines for a test to read.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "base/log.h"
#include "base/mutex.h"

namespace shield::testing {

// Thread-safe.
class CapturedLog final : public LogSink {
 public:
  void Write(absl::string_view line) override {
    MutexLock lock(mutex_);
    lines_.emplace_back(line);
  }
  std::vector<std::string> lines() {
    MutexLock lock(mutex_);
    return lines_;
  }

 private:
  Mutex mutex_;
  std::vector<std::string> lines_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace shield::testing
