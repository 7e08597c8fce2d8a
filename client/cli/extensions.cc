#include "client/cli/extensions.h"

#include <set>

#include "base/status.h"
#include "policy/statement.h"

namespace shield::cli {
namespace {

bool HasEnded(const InboxItem& item) {
  return item.state == InboxState::kExpired || item.state == InboxState::kWithdrawn ||
         item.state == InboxState::kSuperseded;
}

bool BelongsTo(const InboxItem& item, const BulletinId& id, const std::set<BulletinId>& family) {
  bool belongs = false;
  for (const Reference& reference : item.references) {
    const bool extends =
        reference.relation == Relation::kExtends || reference.relation == Relation::kPermits;
    const bool replaces =
        reference.relation == Relation::kSupersedes || reference.relation == Relation::kRelabels;
    if (replaces && reference.id == id) return false;
    belongs = belongs || ((extends || replaces) && family.contains(reference.id));
  }
  return belongs;
}

}  // namespace

// References name earlier bulletins: one walk in the order of the inbox finds all.
absl::StatusOr<std::vector<InboxItem>> AllExtensionsOf(Client& client, const BulletinId& id) {
  ASSIGN_OR_RETURN(const std::vector<InboxItem> inbox, client.Inbox());
  std::set<BulletinId> family = {id};
  std::vector<InboxItem> extensions;
  for (const InboxItem& item : inbox) {
    if (!item.id.has_value() || !BelongsTo(item, id, family)) continue;
    family.insert(*item.id);
    extensions.push_back(item);
  }
  return extensions;
}

std::vector<InboxItem> StandingOf(std::vector<InboxItem> items) {
  std::erase_if(items, HasEnded);
  return items;
}

}  // namespace shield::cli
