// Everything that a home has received and can read, one bulletin at a time: for whoever makes
// something of the whole inbox and cannot hold the contents of all of it.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <vector>

#include "absl/status/status.h"
#include "base/digest.h"
#include "base/strong_id.h"
#include "client/client_parts.h"
#include "client/receive/inbox_item.h"
#include "client/receive/inbox_shelf.h"
#include "policy/audience_token.h"
#include "policy/statement.h"

namespace shield {

// What a home knows of one bulletin.
struct ShelvedBulletin {
  OpenedBulletin opened;  // its content only while it is live
  // Of a share, all three are those of the bulletin that it passes on.
  Statement statement;
  Digest text_digest;                   // SHA-256 of the statement's text
  std::vector<AudienceToken> audience;  // opened, as far as that is known here
  std::optional<OrgId> own_org;         // where this member belonged when it came
  // Whom it was sealed to, of what this home published.
  std::optional<std::set<MemberId>> sealed_to;
  bool notice = false;  // it only tells that another bulletin ended: it has no content for here
};

// Gives what it is handed to nobody; an error ends the visit.
using ShelfVisitor = std::function<absl::Status(ShelvedBulletin&& bulletin)>;

// Each entry in the order it came, then what was carried and has none. What has no readable
// statement is passed over; what was refused comes with its fault. No receipt is due for it: nobody
// is shown anything. With kAllowed a payload that is not here is fetched, and kept; errors are then
// those of the connection.
absl::Status VisitShelf(const ClientParts& parts, InboxShelf& shelf, Fetching fetching,
                        const ShelfVisitor& visitor);

}  // namespace shield
