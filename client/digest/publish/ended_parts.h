// What has ended of the bulletins that stand in an edition since it was sent: its text says of them
// what held then, and cannot be taken out of a reader's hands.
//
//   const Endings endings(items);
//   for (const EndedPart& part : endings.PartsOf(edition, details->contains)) …
//
// Withdrawn and replaced ones count. Until when a bulletin holds the edition says itself.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/strong_id.h"
#include "client/client.h"
#include "client/receive/inbox_item.h"

namespace shield {

struct EndedPart {
  int number = 0;  // what the edition refers to it by: [1]
  BulletinId id;
  InboxState state = InboxState::kWithdrawn;  // or kSuperseded

  friend bool operator==(const EndedPart&, const EndedPart&) = default;
};

// What has ended of all that a home lists. Immutable value.
class Endings {
 public:
  // Only what this home itself holds for withdrawn or replaced counts, not whatever is said of it.
  // Of a share the bulletin that it passes on has ended with it.
  explicit Endings(const std::vector<InboxItem>& items);

  // By number. Ended before `edition` was issued is no news: it says so itself. Of what nobody here
  // knows when it ended, it is told. `contains`: the ids in the edition, by number. Pure.
  std::vector<EndedPart> PartsOf(const InboxItem& edition,
                                 std::span<const BulletinId> contains) const;
  // Whether anything has ended since `edition` was issued, in it or not.
  bool AnySince(const InboxItem& edition) const;

 private:
  struct Ending {
    InboxState state = InboxState::kWithdrawn;
    std::optional<absl::Time> at = {};
  };
  static bool IsSince(const Ending& ending, const InboxItem& edition);

  absl::flat_hash_map<BulletinId, Ending> ended_;
};

// Of each live edition among `items`, and here whole, of which something has ended: what. Opens
// those that may have such; no receipt is due. Offline. Errors are the client's.
using EndedParts = std::map<BulletinId, std::vector<EndedPart>>;
absl::StatusOr<EndedParts> FindEndedParts(Client& client, const std::vector<InboxItem>& items);

// The same of one that is open; nothing for a bulletin of another kind.
absl::StatusOr<std::vector<EndedPart>> EndedPartsOf(Client& client, const OpenedBulletin& edition);

}  // namespace shield
