// The leaves of the transparency log: hashes only, so that the log can be shown to anyone.
//
//   entry = "shield/leaf/<kind>/v1" || 00 || SHA-256(note text)       leaf hash = SHA-256(00 ||
//   entry)
//
// Specification: docs/spec/log.md.
#pragma once

#include "absl/strings/string_view.h"
#include "base/bytes.h"
#include "base/digest.h"

namespace shield {

enum class LogKind { kUnspecified, kBulletin, kDirectory, kReceipt, kInbox, kAdmin };

absl::string_view PrintLogKind(LogKind kind);

// The entry for a note whose text has this SHA-256. `kind` must not be kUnspecified.
Bytes LogEntry(LogKind kind, const Digest& text_digest);

// Its RFC 6962 leaf hash.
Digest LogLeafHash(LogKind kind, const Digest& text_digest);

}  // namespace shield
