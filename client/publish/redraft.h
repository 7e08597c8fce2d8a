// A draft made of a bulletin that is here, to send its content again: under another label, or to
// more readers (docs/spec/statement.md, "References": relabels, extends, permits).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/strong_id.h"
#include "client/draft/draft.h"
#include "client/receive/inbox_item.h"
#include "policy/audience_token.h"
#include "policy/vocabulary.h"

namespace shield {

struct RedraftRequest {
  Relation relation = Relation::kUnspecified;  // relabels, extends or permits
  std::optional<Tlp> tlp = {};                 // nothing: its own
  std::vector<AudienceToken> to;
};

// Its draft: same content, priority, status and end, referring to it. Attachments stand at
// `attachment_paths`, opened, in their order; those that carried the bulletin's own label carry the
// new one. Errors:
//   INVALID_ARGUMENT NOT_CONTENT            it is a report, a message or a withdrawal
//   PERMISSION_DENIED PART_STRICTER_THAN_WHOLE   an attachment is stricter than the new label
absl::StatusOr<Draft> RedraftOf(const OpenedBulletin& bulletin, const RedraftRequest& request,
                                const std::vector<std::string>& attachment_paths);

}  // namespace shield
