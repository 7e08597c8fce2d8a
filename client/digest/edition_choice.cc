#include "client/digest/edition_choice.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "policy/regions.h"

namespace shield {
namespace {

using Bulletins = std::vector<const BriefedBulletin*>;
using Bulletin = const BriefedBulletin*;

absl::Status NotInEdition(absl::string_view what, const BulletinId& id) {
  return WithHint(
      WithRule(absl::NotFoundError(absl::StrCat("`", id.ToHex(), "` cannot be ", what,
                                                ": it is not new or changed in this edition")),
               "NOT_IN_EDITION"),
      "leave it out: the edition itself gives the id of each that is new or changed, under "
      "provenance");
}

absl::Status PickedAndLeft(const BulletinId& id) {
  return WithRule(absl::InvalidArgumentError(
                      absl::StrCat("`", id.ToHex(), "` is to be picked and left at once")),
                  "PICKED_AND_LEFT");
}

bool MeetsSector(Bulletin bulletin, const EditionOrder& order) {
  return std::any_of(bulletin->sectors.begin(), bulletin->sectors.end(), [&](const auto& sector) {
    return std::find(order.sectors.begin(), order.sectors.end(), sector) != order.sectors.end();
  });
}

bool MeetsRegion(Bulletin bulletin, const EditionOrder& order) {
  return std::any_of(bulletin->regions.begin(), bulletin->regions.end(), [&](const auto& region) {
    return std::any_of(order.regions.begin(), order.regions.end(),
                       [&region](const auto& other) { return RegionsOverlap(region, other); });
  });
}

// Of two bulletins the smaller key stands first: the graver, the nearer, the newer, the smaller id.
struct Rank {
  size_t picked;
  int severity;
  bool other_sector;
  bool other_region;
  absl::Duration age;
  BulletinId id;

  auto Key() const { return std::tie(picked, severity, other_sector, other_region, age, id); }
  friend bool operator<(const Rank& a, const Rank& b) { return a.Key() < b.Key(); }
};

Rank RankOf(Bulletin bulletin, const EditionOrder& order) {
  const auto picked = std::find(order.picked.begin(), order.picked.end(), bulletin->id);
  return {.picked = static_cast<size_t>(picked - order.picked.begin()),
          .severity = -static_cast<int>(bulletin->content.severity),
          .other_sector = !MeetsSector(bulletin, order),
          .other_region = !MeetsRegion(bulletin, order),
          .age = order.as_of - Appeared(*bulletin),
          .id = bulletin->id};
}

// Each with its key, which is dear to make.
void SortByRank(const EditionOrder& order, Bulletins& bulletins) {
  std::vector<std::pair<Rank, Bulletin>> ranked;
  ranked.reserve(bulletins.size());
  for (Bulletin bulletin : bulletins) ranked.emplace_back(RankOf(bulletin, order), bulletin);
  std::sort(ranked.begin(), ranked.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  std::transform(ranked.begin(), ranked.end(), bulletins.begin(),
                 [](const auto& pair) { return pair.second; });
}

template <typename Key>
void SortBy(Bulletins& bulletins, Key key) {
  std::sort(bulletins.begin(), bulletins.end(), [&key](Bulletin a, Bulletin b) {
    return std::make_tuple(key(*a), a->id) < std::make_tuple(key(*b), b->id);
  });
}

// Since the week began; when nobody knows when, of what still held then.
bool EndedSince(const BriefedBulletin& bulletin, absl::Time begin) {
  return bulletin.ended.has_value() ? *bulletin.ended >= begin : bulletin.expires > begin;
}

// The lists before they are numbered.
struct Lists {
  Bulletins fresh, open, expiring, expired, withdrawn, corrected, unacknowledged;
};

void SortLive(Bulletin bulletin, const EditionOrder& order, Lists& lists) {
  const bool fresh = Appeared(*bulletin) >= order.week.begin();
  const bool expiring = bulletin->expires <= NextDue(order.week);
  if (fresh) lists.fresh.push_back(bulletin);
  if (expiring) lists.expiring.push_back(bulletin);
  if (!fresh && !expiring) lists.open.push_back(bulletin);
}

void SortIn(Bulletin bulletin, const EditionOrder& order, Lists& lists) {
  const absl::Time begin = order.week.begin();
  switch (bulletin->state) {
    case InboxState::kLive:
      return SortLive(bulletin, order, lists);
    case InboxState::kExpired:
      if (bulletin->expires >= begin) lists.expired.push_back(bulletin);
      return;
    case InboxState::kWithdrawn:
      if (EndedSince(*bulletin, begin)) lists.withdrawn.push_back(bulletin);
      return;
    case InboxState::kSuperseded:
      if (EndedSince(*bulletin, begin)) lists.corrected.push_back(bulletin);
      return;
    case InboxState::kEmbargoed:
    case InboxState::kRefused:
      return;
  }
}

// What asked for it, and what is new: nobody is to be reminded of every bulletin ever read.
bool Waits(const BriefedBulletin& bulletin, const EditionInput& input, const EditionOrder& order) {
  const bool asks = bulletin.content.acknowledge_by.has_value();
  if (!asks && Appeared(bulletin) < order.week.begin()) return false;
  return order.tier == Tier::kMine && bulletin.state == InboxState::kLive &&
         !bulletin.acknowledged && bulletin.author != input.author;
}

Lists SortIntoLists(const EditionInput& input, const EditionOrder& order) {
  Lists lists;
  for (const BriefedBulletin& bulletin : input.bulletins) {
    if (!IsKnown(bulletin, order)) continue;
    if (bulletin.bulletin_class == BulletinClass::kContent) SortIn(&bulletin, order, lists);
    if (Waits(bulletin, input, order)) lists.unacknowledged.push_back(&bulletin);
  }
  const auto newest_end = [](const BriefedBulletin& bulletin) {
    return absl::UnixEpoch() - bulletin.ended.value_or(bulletin.issued);
  };
  SortByRank(order, lists.fresh);
  SortByRank(order, lists.open);
  SortBy(lists.expiring, [](const BriefedBulletin& bulletin) { return bulletin.expires; });
  SortBy(lists.expired, [](const BriefedBulletin& bulletin) { return bulletin.expires; });
  SortBy(lists.withdrawn, newest_end);
  SortBy(lists.corrected, newest_end);
  SortBy(lists.unacknowledged, [](const BriefedBulletin& bulletin) {
    return std::make_tuple(bulletin.content.acknowledge_by.value_or(absl::InfiniteFuture()),
                           -static_cast<int>(bulletin.priority));
  });
  return lists;
}

bool Holds(const std::vector<BulletinId>& ids, const BulletinId& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

absl::Status CheckEditor(const EditionOrder& order, const Bulletins& fresh) {
  absl::flat_hash_set<BulletinId> ids;
  for (Bulletin bulletin : fresh) ids.insert(bulletin->id);
  for (const BulletinId& id : order.picked) {
    if (!ids.contains(id)) return NotInEdition("picked", id);
    if (Holds(order.left, id)) return PickedAndLeft(id);
  }
  for (const BulletinId& id : order.left) {
    if (!ids.contains(id)) return NotInEdition("left", id);
  }
  return absl::OkStatus();
}

// Gives each bulletin the next number the first time it comes.
class Numbering {
 public:
  explicit Numbering(Numbered& all) : all_(all) {}

  void Number(const Bulletins& bulletins, Numbered& list) {
    for (Bulletin bulletin : bulletins) list.push_back(Of(bulletin));
  }
  NumberedBulletin Of(Bulletin bulletin) {
    const int next = static_cast<int>(all_.size()) + 1;
    const auto [found, is_new] = numbers_.try_emplace(bulletin->id, next);
    if (is_new) all_.push_back({next, bulletin});
    return {found->second, bulletin};
  }

 private:
  Numbered& all_;
  absl::flat_hash_map<BulletinId, int> numbers_;
};

void IndexVersions(const EditionInput& input, EditionChoice& choice) {
  for (const BriefedBulletin& bulletin : input.bulletins) choice.by_id[bulletin.id] = &bulletin;
  for (const BriefedBulletin& bulletin : input.bulletins) {
    if (!bulletin.supersedes.has_value()) continue;
    Bulletin& newest = choice.successors[*bulletin.supersedes];
    if (newest == nullptr ||
        std::tie(newest->issued, newest->id) < std::tie(bulletin.issued, bulletin.id)) {
      newest = &bulletin;
    }
  }
}

// Before the lists are cut: what is cut off is counted.
void LabelLists(const Lists& lists, EditionChoice& choice) {
  for (const Bulletins* list : {&lists.fresh, &lists.open, &lists.expiring, &lists.expired,
                                &lists.withdrawn, &lists.corrected, &lists.unacknowledged}) {
    for (Bulletin bulletin : *list) {
      choice.strictest = MostRestrictive(choice.strictest, bulletin->tlp);
    }
  }
}

void LabelTrend(const EditionInput& input, const EditionOrder& order, EditionChoice& choice) {
  for (const BriefedBulletin& bulletin : input.bulletins) {
    const bool counts = CountsInTrend(bulletin, order) &&
                        Appeared(bulletin) >= order.week.Plus(1 - kTrendWeeks).begin();
    if (counts) choice.strictest = MostRestrictive(choice.strictest, bulletin.tlp);
  }
}

// The number of a version tells of all before it; `replaced by` names the one after it.
void LabelVersions(EditionChoice& choice) {
  for (const NumberedBulletin& of : choice.all) {
    std::optional<BulletinId> older = of.bulletin->supersedes;
    for (size_t step = 0; older.has_value() && step <= choice.by_id.size(); ++step) {
      const auto found = choice.by_id.find(*older);
      if (found == choice.by_id.end()) break;
      choice.strictest = MostRestrictive(choice.strictest, found->second->tlp);
      older = found->second->supersedes;
    }
    const auto newer = choice.successors.find(of.bulletin->id);
    if (newer == choice.successors.end()) continue;
    choice.strictest = MostRestrictive(choice.strictest, newer->second->tlp);
  }
}

Bulletins ChooseRed(const EditionInput& input, const EditionOrder& order) {
  Bulletins red;
  if (order.tier != Tier::kMine) return red;
  for (const BriefedBulletin& bulletin : input.red) {
    const bool fresh = Appeared(bulletin) >= order.week.begin();
    if (IsKnown(bulletin, order) && (fresh || !bulletin.acknowledged)) red.push_back(&bulletin);
  }
  SortBy(red, [](const BriefedBulletin& bulletin) { return absl::UnixEpoch() - bulletin.issued; });
  return red;
}

// Takes what is beyond `most` away, into `cut`; how many that are.
size_t Cut(size_t most, Bulletins& list, Bulletins& cut) {
  if (list.size() <= most) return 0;
  const auto end = list.begin() + static_cast<ptrdiff_t>(most);
  const auto left_out = static_cast<size_t>(list.end() - end);
  cut.insert(cut.end(), end, list.end());
  list.erase(end, list.end());
  return left_out;
}

// Of what stands in no list any more, the next that are held: the look-ahead tells of them.
Bulletins AheadOf(const Bulletins& cut, const EditionOrder& order, size_t& left_out) {
  Bulletins ahead;
  for (Bulletin bulletin : cut) {
    const std::optional<BriefedEvent>& event = bulletin->content.event;
    if (TellsEvents(*bulletin) && event.has_value() && LiesAhead(*event, order)) {
      ahead.push_back(bulletin);
    }
  }
  SortBy(ahead, [](const BriefedBulletin& bulletin) { return bulletin.content.event->starts; });
  ahead.erase(std::unique(ahead.begin(), ahead.end()), ahead.end());
  Bulletins later;
  left_out = Cut(order.Most(kMaxEditionEvents), ahead, later);
  return ahead;
}

// Each list no longer than its maximum; what the look-ahead takes of the rest.
Bulletins CutToSize(const EditionOrder& order, Bulletins& also, Lists& lists,
                    LinesLeftOut& left_out) {
  Bulletins cut;
  const size_t most = order.Most(kMaxEditionLines);
  left_out.also = Cut(order.Most(kMaxAlsoLines), also, cut);
  left_out.open = Cut(order.Most(kMaxOpenLines), lists.open, cut);
  left_out.expiring = Cut(most, lists.expiring, cut);
  left_out.unacknowledged = Cut(most, lists.unacknowledged, cut);
  left_out.expired = Cut(most, lists.expired, cut);
  left_out.withdrawn = Cut(most, lists.withdrawn, cut);
  left_out.corrected = Cut(most, lists.corrected, cut);
  return AheadOf(cut, order, left_out.events);
}

}  // namespace

absl::Time Appeared(const BriefedBulletin& bulletin) {
  return std::max(bulletin.issued, bulletin.not_before);
}

bool IsKnown(const BriefedBulletin& bulletin, const EditionOrder& order) {
  return Appeared(bulletin) < order.week.end() && Appeared(bulletin) <= order.as_of;
}

bool CountsInTrend(const BriefedBulletin& bulletin, const EditionOrder& order) {
  return bulletin.bulletin_class == BulletinClass::kContent && IsActual(bulletin) &&
         IsKnown(bulletin, order);
}

bool IsActual(const BriefedBulletin& bulletin) {
  return bulletin.status == BulletinStatus::kActual;
}

absl::Time NextDue(const Week& week) { return week.Plus(1).due(); }

int EditionChoice::RevisionOf(const BriefedBulletin& bulletin) const {
  int revision = 1;
  std::optional<BulletinId> older = bulletin.supersedes;
  // A chain is no longer than there are bulletins, or it is a ring.
  while (older.has_value() && static_cast<size_t>(revision) <= by_id.size()) {
    ++revision;
    const auto found = by_id.find(*older);
    older = found == by_id.end() ? std::nullopt : found->second->supersedes;
  }
  return revision;
}

std::optional<BulletinId> EditionChoice::ReplacedBy(const BulletinId& id) const {
  const auto found = successors.find(id);
  if (found == successors.end()) return std::nullopt;
  return found->second->id;
}

bool LiesAhead(const BriefedEvent& event, const EditionOrder& order) {
  return event.ends.value_or(event.starts) >= order.as_of &&
         event.starts < order.as_of + absl::Hours(24 * 7 * kLookAheadWeeks);
}

bool TellsEvents(const BriefedBulletin& bulletin) {
  return bulletin.state == InboxState::kLive && IsActual(bulletin);
}

absl::StatusOr<EditionChoice> ChooseForEdition(const EditionInput& input,
                                               const EditionOrder& order) {
  Lists lists = SortIntoLists(input, order);
  RETURN_IF_ERROR(CheckEditor(order, lists.fresh));
  EditionChoice choice;
  LabelLists(lists, choice);
  LabelTrend(input, order, choice);
  Bulletins full;
  Bulletins also;
  for (Bulletin bulletin : lists.fresh) {
    const bool has_room =
        full.size() < order.Most(kMaxFullItems) && !Holds(order.left, bulletin->id);
    (has_room ? full : also).push_back(bulletin);
  }
  const Bulletins ahead = CutToSize(order, also, lists, choice.left_out);
  Numbering numbering(choice.all);
  numbering.Number(full, choice.full);
  numbering.Number(also, choice.also);
  numbering.Number(lists.open, choice.open);
  numbering.Number(lists.expiring, choice.expiring);
  // What is live comes first, as in `contains` of a published one, where its place is its number.
  for (Bulletin bulletin : ahead) numbering.Of(bulletin);
  numbering.Number(lists.expired, choice.expired);
  numbering.Number(lists.withdrawn, choice.withdrawn);
  numbering.Number(lists.corrected, choice.corrected);
  numbering.Number(lists.unacknowledged, choice.unacknowledged);
  choice.red = ChooseRed(input, order);
  Bulletins more_red;
  choice.left_out.red = Cut(order.Most(kMaxEditionLines), choice.red, more_red);
  IndexVersions(input, choice);
  LabelVersions(choice);
  return choice;
}

}  // namespace shield
