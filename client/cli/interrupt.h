// The wish of the person at the terminal to stop: SIGINT or SIGTERM, as a value.
#pragma once

#include <functional>
#include <map>
#include <utility>

#include "base/mutex.h"

namespace shield::cli {

// Thread-safe.
class Interrupt {
 public:
  // Runs `stop` when the wish comes, once, on the thread that brings it; at once if it has come.
  // Whoever registers it takes the wish and ends in order.
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

  // What was asked for has been done and only remains to be told: the wish comes too late, once.
  void Settle() {
    MutexLock lock(mutex_);
    settled_ = true;
  }

  // What must not be left behind when the program is ended where it stands: `undo` runs then, on
  // the thread that brings the wish, while this object lives. It may not use the interrupt.
  class Undo {
   public:
    Undo(Interrupt& interrupt, std::function<void()> undo)
        : interrupt_(interrupt), key_(interrupt.AddUndo(std::move(undo))) {}
    ~Undo() { interrupt_.DropUndo(key_); }
    Undo(const Undo&) = delete;
    Undo& operator=(const Undo&) = delete;

   private:
    Interrupt& interrupt_;
    const int key_;
  };

  // Returns whether the program ends by itself: somebody took the wish, or it came too late; the
  // first time only. Otherwise everything has been undone, newest first, and the caller ends the
  // program.
  bool Raise() {
    std::function<void()> stop;
    std::map<int, std::function<void()>> undos;
    {
      MutexLock lock(mutex_);
      const bool first = !std::exchange(raised_, true);
      if (settled_ && first) return true;
      stop = std::exchange(stop_, nullptr);
      if (!stop) undos.swap(undos_);
    }
    if (stop) {
      stop();
      return true;
    }
    for (auto undo = undos.rbegin(); undo != undos.rend(); ++undo) undo->second();
    return false;
  }
  bool raised() {
    MutexLock lock(mutex_);
    return raised_;
  }

 private:
  int AddUndo(std::function<void()> undo) {
    MutexLock lock(mutex_);
    undos_[++last_key_] = std::move(undo);
    return last_key_;
  }
  void DropUndo(int key) {
    MutexLock lock(mutex_);
    undos_.erase(key);
  }

  Mutex mutex_;
  bool raised_ ABSL_GUARDED_BY(mutex_) = false;
  bool settled_ ABSL_GUARDED_BY(mutex_) = false;
  std::function<void()> stop_ ABSL_GUARDED_BY(mutex_);
  int last_key_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<int, std::function<void()>> undos_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace shield::cli
