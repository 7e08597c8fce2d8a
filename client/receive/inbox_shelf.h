// Reads what is stored: lists entries and opens them, each time under the policy of that moment.
#pragma once

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "client/client_parts.h"
#include "client/receive/inbox_item.h"
#include "client/receive/verify_entry.h"

namespace shield {

// Thread-safe as its parts are.
class InboxShelf {
 public:
  explicit InboxShelf(const ClientParts& parts) : parts_(parts) {}

  absl::StatusOr<std::vector<InboxItem>> List(uint64_t after);
  // Those this member has published.
  absl::StatusOr<std::vector<InboxItem>> Publications();

  // NOT_FOUND when there is no such entry.
  absl::StatusOr<KeptEntry> Find(uint64_t seq);
  absl::StatusOr<KeptEntry> Find(const BulletinId& id);

  // The entry with its content, if it is live. Never an error for a refused entry: its item says
  // why. Fetches a payload that came without.
  absl::StatusOr<OpenedBulletin> Open(const KeptEntry& kept);
  // The same, for whoever wants content: DATA_LOSS with its rule for a refused entry,
  // PERMISSION_DENIED for one that policy does not let this member read now (EMBARGOED, EXPIRED,
  // WITHDRAWN, SUPERSEDED).
  absl::StatusOr<OpenedBulletin> OpenReadable(const KeptEntry& kept);

  // The envelope of a stored entry, verified again.
  absl::StatusOr<VerifiedEntry> Verify(const KeptEntry& kept);

 private:
  InboxItem Describe(const KeptEntry& kept, uint64_t acknowledged);
  absl::Status ReadContent(const KeptEntry& kept, OpenedBulletin& opened);

  const ClientParts parts_;
};

// The state of an entry that has ended for good; nothing for one that has not.
std::optional<InboxState> EndedState(DeliveryState state);

}  // namespace shield
