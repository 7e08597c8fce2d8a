// Attachments on their way: each sealed once, to an identity of its own, into a file that every
// attempt to upload it reads again.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/random.h"
#include "client/content/content.h"
#include "client/draft/draft.h"
#include "crypto/byte_sink.h"

namespace shield {

// Of one attachment, before it is sealed.
inline constexpr uint64_t kMaxAttachmentBytes = uint64_t{1} << 31;

// The sealed files of one bulletin; removed with the spool. Movable. Thread-compatible.
class AttachmentSpool {
 public:
  // Seals each file into `folder`, which is made when it is not there. NOT_FOUND, LIMIT_EXCEEDED,
  // or what the disk says; nothing stays behind then.
  static absl::StatusOr<AttachmentSpool> Seal(const std::vector<DraftAttachment>& attachments,
                                              const std::string& folder, Random& random);
  AttachmentSpool(AttachmentSpool&&) = default;
  AttachmentSpool& operator=(AttachmentSpool&&) = delete;
  ~AttachmentSpool();

  // What the content says of them, in the draft's order.
  const std::vector<ContentAttachment>& attachments() const { return attachments_; }
  uint64_t total_bytes() const;

  // The sealed bytes of the i-th, in pieces.
  absl::Status Read(size_t i, const ByteSink& sink) const;

 private:
  AttachmentSpool() = default;
  absl::Status Add(const DraftAttachment& attachment, const std::string& folder, Random& random);

  std::vector<ContentAttachment> attachments_;
  std::vector<std::string> paths_;
};

}  // namespace shield
