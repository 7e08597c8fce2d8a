#include "client/digest/publish/ended_parts.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/status.h"
#include "client/digest/publish/held_edition.h"

namespace shield {
namespace {

bool Ends(Relation relation) {
  return relation == Relation::kWithdraws || relation == Relation::kSupersedes ||
         relation == Relation::kRelabels;
}

// What came and what was sent from here.
absl::StatusOr<Endings> EndingsOf(Client& client, std::vector<InboxItem> items) {
  ASSIGN_OR_RETURN(std::vector<InboxItem> published, client.Publications());
  std::move(published.begin(), published.end(), std::back_inserter(items));
  return Endings(items);
}

bool IsReadable(const InboxItem& item) {
  return item.id.has_value() && item.kind == kEditionKind && item.state == InboxState::kLive &&
         item.fetched;
}

}  // namespace

Endings::Endings(const std::vector<InboxItem>& items) {
  for (const InboxItem& item : items) {
    if (item.state != InboxState::kWithdrawn && item.state != InboxState::kSuperseded) continue;
    if (item.id.has_value()) ended_[*item.id].state = item.state;
    for (const Reference& reference : item.references) {
      if (reference.relation == Relation::kShares) ended_[reference.id].state = item.state;
    }
  }
  for (const InboxItem& item : items) {
    if (item.state == InboxState::kRefused || item.state == InboxState::kEmbargoed) continue;
    for (const Reference& reference : item.references) {
      const auto found = ended_.find(reference.id);
      if (!Ends(reference.relation) || found == ended_.end()) continue;
      found->second.at = std::min(found->second.at.value_or(item.issued), item.issued);
    }
  }
}

bool Endings::IsSince(const Ending& ending, const InboxItem& edition) {
  return !ending.at.has_value() || *ending.at > edition.issued;
}

std::vector<EndedPart> Endings::PartsOf(const InboxItem& edition,
                                        std::span<const BulletinId> contains) const {
  std::vector<EndedPart> parts;
  for (size_t i = 0; i < contains.size(); ++i) {
    const auto found = ended_.find(contains[i]);
    if (found == ended_.end() || !IsSince(found->second, edition)) continue;
    parts.push_back({static_cast<int>(i) + 1, contains[i], found->second.state});
  }
  return parts;
}

bool Endings::AnySince(const InboxItem& edition) const {
  return std::any_of(ended_.begin(), ended_.end(),
                     [&edition](const auto& ending) { return IsSince(ending.second, edition); });
}

absl::StatusOr<EndedParts> FindEndedParts(Client& client, const std::vector<InboxItem>& items) {
  EndedParts found;
  if (std::none_of(items.begin(), items.end(), IsReadable)) return found;
  ASSIGN_OR_RETURN(const Endings endings, EndingsOf(client, items));
  for (const InboxItem& item : items) {
    if (!IsReadable(item) || !endings.AnySince(item)) continue;
    const absl::StatusOr<OpenedBulletin> opened = client.Read(*item.id);
    // It has ended or expired meanwhile.
    if (absl::IsPermissionDenied(opened.status())) continue;
    RETURN_IF_ERROR(opened.status());
    const std::optional<EditionDetails> details = ReadEditionDetails(opened->content.json);
    if (!details.has_value()) continue;
    std::vector<EndedPart> parts = endings.PartsOf(item, details->contains);
    if (!parts.empty()) found.emplace(*item.id, std::move(parts));
  }
  return found;
}

absl::StatusOr<std::vector<EndedPart>> EndedPartsOf(Client& client, const OpenedBulletin& edition) {
  const std::optional<EditionDetails> details = ReadEditionDetails(edition.content.json);
  if (!details.has_value()) return std::vector<EndedPart>();
  ASSIGN_OR_RETURN(std::vector<InboxItem> items, client.Inbox());
  ASSIGN_OR_RETURN(const Endings endings, EndingsOf(client, std::move(items)));
  return endings.PartsOf(edition.item, details->contains);
}

}  // namespace shield
