// The daemon's log: JSON lines on stderr, each written whole.
#pragma once

#include <unistd.h>

#include <string>

#include "base/log.h"
#include "base/mutex.h"

namespace shield::broker {

// Thread-safe. A line that cannot be written is lost; the broker goes on.
class StderrLog final : public LogSink {
 public:
  void Write(absl::string_view line) override {
    std::string whole(line);
    whole.push_back('\n');
    MutexLock lock(mutex_);
    size_t done = 0;
    while (done < whole.size()) {
      const ssize_t written = ::write(STDERR_FILENO, whole.data() + done, whole.size() - done);
      if (written <= 0) return;
      done += static_cast<size_t>(written);
    }
  }

 private:
  Mutex mutex_;
};

}  // namespace shield::broker
