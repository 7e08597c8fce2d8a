// Makes the publishes of the bare server durable, as many at once as wait: the least that a server
// has to do which acknowledges nothing before it is on the disk.
//
// It has the shape of the broker's committer (broker/committer/committer.h) and writes rows of the
// same sizes, and does nothing else of it: no signature, no policy, no chain, no proof.
#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "tests/bench/ceiling/bare_log.h"
#include "tests/bench/ceiling/bare_shard.h"
#include "tests/bench/ceiling/bare_wire.h"
#include "tests/bench/ceiling/raw_store.h"

namespace shield::testing {

// Whoever waits for a publish.
class BarePublisher {
 public:
  virtual ~BarePublisher() = default;
  // From the committer's thread, once.
  virtual void Committed() = 0;
};

// Thread-safe.
class BareCommitter {
 public:
  // Its database is made in `folder` with the first publish. `log` and `shards` must outlive it.
  BareCommitter(BareLog& log, const std::vector<BareShard*>& shards, std::string folder);
  ~BareCommitter() { Stop(); }
  BareCommitter(const BareCommitter&) = delete;
  BareCommitter& operator=(const BareCommitter&) = delete;

  // Ends the thread; nobody who waits is told, and whoever comes later neither. Idempotent.
  void Stop();

  // `publisher` must live until it is told.
  void Submit(const BarePublish& publish, BarePublisher& publisher);

 private:
  struct Waiting {
    BarePublish publish;
    BarePublisher* publisher;
  };

  void Run();
  std::vector<Waiting> Take();
  void Commit(const std::vector<Waiting>& group);

  BareLog& log_;
  const std::vector<BareShard*>& shards_;
  const std::string folder_;
  std::unique_ptr<RawStore> store_;  // of the thread
  Mutex mutex_;
  CondVar changed_;
  std::vector<Waiting> waiting_ ABSL_GUARDED_BY(mutex_);
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;  // last: it uses everything above
};

}  // namespace shield::testing
