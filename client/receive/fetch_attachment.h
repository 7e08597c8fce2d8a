// Brings an attachment from the broker to a file, opened.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "client/client_parts.h"
#include "client/content/content.h"
#include "client/receive/inbox_item.h"

namespace shield {

// Writes the `number`-th attachment (from 1) of an opened bulletin to `path` (mode 0600), through a
// file beside it that becomes `path` only when everything held: digest, length, last chunk.
// Whatever does not open or is not what was signed: DATA_LOSS, with an AGE_ rule or
// DIGEST_MISMATCH. NOT_FOUND when there is no such attachment; ALREADY_EXISTS when `path` does.
// With `sealed_path` the sealed age file is kept there, too.
absl::Status FetchAttachment(const ClientParts& parts, const OpenedBulletin& opened, size_t number,
                             const std::string& path,
                             const std::optional<std::string>& sealed_path = std::nullopt);

// The same as it is sealed, and nothing opened.
absl::Status FetchSealedAttachment(const ClientParts& parts, const OpenedBulletin& opened,
                                   size_t number, const std::string& path);

// `name` as it may be a file's: its last part, without what a shell or a file system would read
// otherwise; "attachment-<number>" when nothing is left.
std::string SafeFileName(absl::string_view name, size_t number);

// The names under which the attachments of one bulletin lie in a folder: safe and all different,
// the ".age" of their sealed forms included. In their order.
std::vector<std::string> ExportedAttachmentNames(const std::vector<ContentAttachment>& attachments);

}  // namespace shield
