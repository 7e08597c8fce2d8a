// Attachments before their way: each sealed once, to an identity of its own, into a file of the
// spool that every attempt to upload it reads again (client/publish/spooled_files.h).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/random.h"
#include "client/content/content.h"
#include "client/draft/draft.h"
#include "crypto/byte_sink.h"

namespace shield {

// Of one attachment, before it is sealed.
inline constexpr uint64_t kMaxAttachmentBytes = uint64_t{1} << 31;

// What every name in the spool ends with.
inline constexpr absl::string_view kSpoolSuffix = ".age";

// The sealed files of one bulletin; removed with this object unless they are kept. Movable.
// Thread-compatible.
class AttachmentSpool {
 public:
  // Seals each file into `folder`, which is made when it is not there; they are on disk when it
  // returns. NOT_FOUND, LIMIT_EXCEEDED, or what the disk says; nothing stays behind then.
  static absl::StatusOr<AttachmentSpool> Seal(const std::vector<DraftAttachment>& attachments,
                                              const std::string& folder, Random& random);
  AttachmentSpool(AttachmentSpool&& other) noexcept
      : attachments_(std::move(other.attachments_)),
        folder_(std::move(other.folder_)),
        names_(std::exchange(other.names_, {})),
        kept_(other.kept_) {}
  AttachmentSpool& operator=(AttachmentSpool&&) = delete;
  ~AttachmentSpool();

  // What the content says of them, in the draft's order.
  const std::vector<ContentAttachment>& attachments() const { return attachments_; }
  // Their files in the folder, in the same order.
  const std::vector<std::string>& names() const { return names_; }

  // From now on the files belong to a row of the outbox.
  void Keep() { kept_ = true; }

 private:
  explicit AttachmentSpool(std::string folder) : folder_(std::move(folder)) {}
  absl::Status Add(const DraftAttachment& attachment, Random& random);

  std::vector<ContentAttachment> attachments_;
  std::string folder_;
  std::vector<std::string> names_;
  bool kept_ = false;
};

// The bytes of a file in pieces. NOT_FOUND when it cannot be read; INVALID_ARGUMENT, rule
// LIMIT_EXCEEDED, beyond `max_bytes`.
absl::Status ReadAttachment(const std::string& path, const ByteSink& sink,
                            uint64_t max_bytes = kMaxAttachmentBytes);

}  // namespace shield
