// The uploads under way: how much of each part has been staged.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "base/mutex.h"
#include "broker/store/commands.h"

namespace shield::store {

inline constexpr size_t kMaxOpenUploads = 4096;

// Thread-safe; one upload is fed by one thread at a time.
class UploadTable {
 public:
  explicit UploadTable(uint64_t first_number) : next_(first_number) {}

  // A number no payload has; also for payloads that travel inside their command.
  uint64_t NextNumber();
  // RESOURCE_EXHAUSTED/LIMIT_EXCEEDED when kMaxOpenUploads are under way.
  absl::StatusOr<UploadId> Begin();
  // Whether this chunk is the next of its part.
  absl::Status Check(UploadId upload, uint32_t part, uint32_t chunk);
  void Add(UploadId upload, uint32_t part, size_t bytes);
  // Staged bytes by part; nothing when there is no such upload.
  std::optional<std::vector<uint64_t>> Staged(UploadId upload);
  // How many bytes were staged; nothing when there is no such upload.
  std::optional<uint64_t> End(UploadId upload);

 private:
  Mutex mutex_;
  std::map<uint64_t, std::vector<uint64_t>> open_ ABSL_GUARDED_BY(mutex_);
  uint64_t next_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace shield::store
