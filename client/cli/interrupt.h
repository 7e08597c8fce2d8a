// The wish of the person at the terminal to stop: SIGINT or SIGTERM, as a value.
#pragma once

#include <functional>
#include <utility>

#include "base/mutex.h"

namespace shield::cli {

// Thread-safe.
class Interrupt {
 public:
  // Runs `stop` when the wish comes, once, on the thread that brings it; at once if it has come.
  void OnRaise(std::function<void()> stop) {
    {
      MutexLock lock(mutex_);
      if (!raised_) {
        stop_ = std::move(stop);
        return;
      }
    }
    stop();
  }
  // From now on nothing is run.
  void Forget() {
    MutexLock lock(mutex_);
    stop_ = nullptr;
  }
  // Returns whether somebody took the wish; the first time only.
  bool Raise() {
    std::function<void()> stop;
    {
      MutexLock lock(mutex_);
      raised_ = true;
      stop = std::exchange(stop_, nullptr);
    }
    if (!stop) return false;
    stop();
    return true;
  }
  bool raised() {
    MutexLock lock(mutex_);
    return raised_;
  }

 private:
  Mutex mutex_;
  bool raised_ ABSL_GUARDED_BY(mutex_) = false;
  std::function<void()> stop_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace shield::cli
