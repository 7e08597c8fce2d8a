#include "broker/store/upload_table.h"

#include <numeric>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "broker/store/check_command.h"
#include "broker/store/store_errors.h"

namespace shield::store {
namespace {

absl::Status NoSuchUpload(UploadId upload) {
  return absl::InvalidArgumentError(absl::StrCat("no upload ", upload.number, " is under way"));
}

}  // namespace

uint64_t UploadTable::NextNumber() {
  MutexLock lock(mutex_);
  return next_++;
}

absl::StatusOr<UploadId> UploadTable::Begin() {
  MutexLock lock(mutex_);
  if (open_.size() >= kMaxOpenUploads) {
    return WithRule(absl::ResourceExhaustedError(
                        absl::StrCat(open_.size(), " uploads are under way, no more are taken")),
                    kRuleLimitExceeded);
  }
  open_[next_].assign(kMaxParts, 0);
  return UploadId{next_++};
}

absl::Status UploadTable::Check(UploadId upload, uint32_t part, uint32_t chunk) {
  MutexLock lock(mutex_);
  auto found = open_.find(upload.number);
  if (found == open_.end()) return NoSuchUpload(upload);
  return CheckNextChunk(found->second[part], chunk);
}

void UploadTable::Add(UploadId upload, uint32_t part, size_t bytes) {
  MutexLock lock(mutex_);
  auto found = open_.find(upload.number);
  if (found != open_.end()) found->second[part] += bytes;
}

std::optional<std::vector<uint64_t>> UploadTable::Staged(UploadId upload) {
  MutexLock lock(mutex_);
  auto found = open_.find(upload.number);
  if (found == open_.end()) return std::nullopt;
  return found->second;
}

std::optional<uint64_t> UploadTable::End(UploadId upload) {
  MutexLock lock(mutex_);
  auto found = open_.find(upload.number);
  if (found == open_.end()) return std::nullopt;
  const uint64_t bytes = std::accumulate(found->second.begin(), found->second.end(), uint64_t{0});
  open_.erase(found);
  return bytes;
}

}  // namespace shield::store
