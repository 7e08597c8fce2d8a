// Where every inbox stands, in memory: the number of each member, its last entry and its cursor.
// About 200 bytes a member; read from the database once, at start.
#pragma once

#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "base/digest.h"
#include "base/mutex.h"
#include "base/strong_id.h"
#include "broker/store/rocks_database.h"
#include "broker/store/store_keys.h"

namespace shield::store {

struct MemberStanding {
  MemberNumber number;
  uint64_t last_seq = 0;
  Digest hash = {};  // chain hash of the last entry, or the genesis
  uint64_t acknowledged = 0;
};

// Thread-safe. Shows committed groups only: the committer applies a group's changes after its
// write.
class MemberTable {
 public:
  // Reads everything; DATA_LOSS when numbers are not dense or an entry cannot be read.
  absl::Status Load(RocksDatabase& database);

  // Nothing for a member that never had an entry.
  std::optional<MemberStanding> Find(const MemberId& member);
  std::optional<MemberId> Name(MemberNumber number);
  std::optional<uint64_t> Acknowledged(MemberNumber number);
  uint32_t size();  // the next member's number

  struct Change {
    MemberId member;
    MemberStanding standing;
  };
  // New members come in the order of their numbers.
  void Apply(const std::vector<Change>& changes);

 private:
  absl::Status LoadStanding(RocksDatabase& database, MemberNumber number)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Mutex mutex_;
  absl::flat_hash_map<MemberId, MemberNumber> numbers_ ABSL_GUARDED_BY(mutex_);
  std::vector<MemberId> names_ ABSL_GUARDED_BY(mutex_);            // by number
  std::vector<MemberStanding> standings_ ABSL_GUARDED_BY(mutex_);  // by number
};

}  // namespace shield::store
