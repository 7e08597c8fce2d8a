// The sealed attachments of one bulletin as they lie in the spool: read again by every attempt to
// upload them, and gone when its outcome is known.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "crypto/byte_sink.h"
#include "policy/statement.h"

namespace shield {

// A file of no bulletin that nothing has written to for this long was left by a process that died.
inline constexpr absl::Duration kSpoolOrphanAge = absl::Hours(24);

// Thread-compatible.
class SpooledFiles {
 public:
  // `names` in `folder`, in the order of `objects`, which say how long each is.
  SpooledFiles(std::string folder, std::vector<std::string> names,
               std::vector<SizedDigest> objects);

  size_t size() const { return names_.size(); }
  uint64_t total_bytes() const;
  // Whether each is there with its length.
  bool Complete() const;
  // The bytes of the i-th, in pieces.
  absl::Status Read(size_t i, const ByteSink& sink) const;
  void Remove() const;

 private:
  std::string PathOf(size_t i) const;

  const std::string folder_;
  const std::vector<std::string> names_;
  const std::vector<SizedDigest> objects_;
};

// Removes the files of `folder` that were last written before `before` and are not `in_use`.
void SweepSpool(const std::string& folder, const std::set<std::string>& in_use, absl::Time before);

}  // namespace shield
