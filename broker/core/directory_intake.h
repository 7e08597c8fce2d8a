// One directory upload: a new version with all its lines, or a new freshness note alone.
//
// What makes an upload acceptable is the authority's signatures, not who brings it; the caller is
// checked all the same, so that nobody else can make the broker do that work. On acceptance the new
// directory is posted and the connections of everyone it no longer welcomes are closed.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "broker/core/core_parts.h"
#include "broker/core/service.h"

namespace shield::broker {

// Told which pins are welcome no more. Must not block.
using PinsGone = std::function<void(std::span<const Digest>)>;

// Used by one thread at a time; destroyed after Finish's callback has run.
class DirectoryIntake final : public DirectorySession {
 public:
  // Of lines, each counted with what it takes beside its text.
  static constexpr size_t kMaxLinesBytes = size_t{128} * 1024 * 1024;
  static constexpr size_t kLineCost = 32;
  // Of notes of versions between, each counted with kLineCost: more than a thousand of them.
  static constexpr size_t kMaxBetweenBytes = size_t{2} * 1024 * 1024;

  // UNAUTHENTICATED, or PERMISSION_DENIED PUBLISHER_NOT_AUTHORISED: `caller` may upload none.
  static absl::StatusOr<std::unique_ptr<DirectorySession>> Open(const CoreParts& parts,
                                                                const Caller& caller,
                                                                PinsGone pins_gone);

  absl::Status OnHead(DirectoryHeading heading) override;
  absl::Status OnBetween(std::vector<std::string> notes) override;
  absl::Status OnLines(std::vector<std::string> lines) override;
  void Finish(Callback callback) override;

 private:
  DirectoryIntake(const CoreParts& parts, const Caller& caller, PinsGone pins_gone);

  absl::Status Refused(absl::Status status) const;
  // The three kinds of upload: a repeat of what is posted, a freshness note alone, a new version.
  bool RepeatsCurrent() const;
  void FinishFresh(const Callback& callback);
  void FinishVersion(const Callback& callback);
  absl::StatusOr<PostedDirectory> CheckVersion() const;
  const NetworkFile& NetworkBefore() const;
  void Post(PostedDirectory posted, uint64_t log_index);

  const CoreParts parts_;
  const Caller caller_;
  const PinsGone pins_gone_;
  PostedDirectoryPtr current_;  // null: none; looked up again when everything has come
  bool has_head_ = false;
  std::string note_;
  std::string fresh_;
  std::string authority_;
  std::vector<std::string> between_;
  size_t between_bytes_ = 0;
  std::vector<std::string> lines_;
  size_t lines_bytes_ = 0;
};

// The posted form of what the store keeps, verified once more: a broker trusts its own disk no more
// than an upload. Used at start.
absl::StatusOr<PostedDirectory> RestorePosted(const store::DirectoryRecord& record,
                                              const NetworkFile& network);

}  // namespace shield::broker
