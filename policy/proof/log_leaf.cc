#include "policy/proof/log_leaf.h"

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "crypto/merkle.h"

namespace shield {

absl::string_view PrintLogKind(LogKind kind) {
  switch (kind) {
    case LogKind::kBulletin:
      return "bulletin";
    case LogKind::kDirectory:
      return "directory";
    case LogKind::kReceipt:
      return "receipt";
    case LogKind::kInbox:
      return "inbox";
    case LogKind::kAdmin:
      return "admin";
    case LogKind::kUnspecified:
      break;
  }
  return "";
}

Bytes LogEntry(LogKind kind, const Digest& text_digest) {
  SHIELD_CHECK(!PrintLogKind(kind).empty());
  Bytes entry = ToBytes(AsBytes(absl::StrCat("shield/leaf/", PrintLogKind(kind), "/v1")));
  entry.push_back(0);
  Append(entry, text_digest.span());
  return entry;
}

Digest LogLeafHash(LogKind kind, const Digest& text_digest) {
  return LeafHash(LogEntry(kind, text_digest));
}

}  // namespace shield
