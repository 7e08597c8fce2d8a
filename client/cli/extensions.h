// What carries the content of a bulletin to more readers than the bulletin itself.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "base/strong_id.h"
#include "client/client.h"

namespace shield::cli {

// The bulletins of this home that extend or permit `id`, or one that does, or are newer versions of
// one that does, in the order of the inbox, whatever became of them. What is done to the bulletin
// is to be done to them. A newer version of the bulletin itself is another bulletin.
absl::StatusOr<std::vector<InboxItem>> AllExtensionsOf(Client& client, const BulletinId& id);

// Those of them that have neither expired nor been withdrawn or replaced.
std::vector<InboxItem> StandingOf(std::vector<InboxItem> items);

}  // namespace shield::cli
