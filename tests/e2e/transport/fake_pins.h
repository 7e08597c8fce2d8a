// Which TLS keys are welcome, as a test decides.
#pragma once

#include <map>
#include <set>

#include "base/check.h"
#include "base/mutex.h"
#include "broker/core/caller.h"

namespace shield::testing {

// Thread-safe.
class FakePins final : public broker::PinOracle {
 public:
  void Enrol(const Digest& pin, absl::string_view member) {
    MutexLock lock(mutex_);
    members_.insert_or_assign(pin, *MemberId::Parse(member));
  }
  void Revoke(const Digest& pin) {
    MutexLock lock(mutex_);
    members_.erase(pin);
    ++generation_;
  }
  // From now on `pin` is that of a seat of an authority.
  void Promote(const Digest& pin) {
    MutexLock lock(mutex_);
    authorities_.insert(pin);
  }

  uint64_t generation() const override {
    MutexLock lock(mutex_);
    return generation_;
  }

  std::optional<broker::Caller> Admit(const Digest& pin) const override {
    MutexLock lock(mutex_);
    const auto found = members_.find(pin);
    if (found == members_.end()) return std::nullopt;
    return broker::Caller{pin, found->second, false, authorities_.count(pin) > 0};
  }

 private:
  mutable Mutex mutex_;
  std::map<Digest, MemberId> members_ ABSL_GUARDED_BY(mutex_);
  std::set<Digest> authorities_ ABSL_GUARDED_BY(mutex_);
  uint64_t generation_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace shield::testing
