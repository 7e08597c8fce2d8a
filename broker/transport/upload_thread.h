// The thread on which uploads are taken, and cosignatures of witnesses.
//
// Laying a chunk down may wait behind a synced write, keeping a cosignature is one, verifying a
// directory of 100,000 lines takes a good part of a second, and the thread that serves every other
// call must wait for none of them.
//
// Jobs run one after the other, in the order of Post. There is no limit here: an upload has at most
// one job waiting, and its sink once more when it is let go of, a cosignature is one job
// and holds a place among the unary calls: so these places and the live uploads (limits.h) are the
// bound.
#pragma once

#include <deque>
#include <functional>
#include <thread>

#include "base/mutex.h"

namespace shield::broker {

// Thread-safe.
class UploadThread {
 public:
  using Job = std::function<void()>;

  UploadThread() = default;
  ~UploadThread() { Stop(); }

  void Start();
  void Post(Job job);
  // Runs what is left, then ends the thread. Nothing may be posted any more.
  void Stop();

 private:
  void Run();
  // The next job; nothing when stopping and none is left.
  Job Next();

  Mutex mutex_;
  CondVar posted_;
  std::deque<Job> jobs_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace shield::broker
