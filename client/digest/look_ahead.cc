// EventsOf and IndicatorsOf: what is coming, and what to look for.
#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "client/digest/edition_sections.h"

namespace shield {
namespace {

// An event as its source names it: what others call the same does not move it.
using EventName = std::pair<OrgId, std::string>;

EventName NameOf(const BriefedBulletin& bulletin) {
  return {bulletin.source, bulletin.content.event->uid};
}

// The newest bulletin of each event.
absl::flat_hash_map<EventName, const BriefedBulletin*> NewestOfEach(const Numbered& bulletins) {
  absl::flat_hash_map<EventName, const BriefedBulletin*> newest;
  for (const NumberedBulletin& of : bulletins) {
    const std::optional<BriefedEvent>& event = of.bulletin->content.event;
    if (!TellsEvents(*of.bulletin) || !event.has_value() || event->uid.empty()) continue;
    const BriefedBulletin*& known = newest[NameOf(*of.bulletin)];
    if (known == nullptr ||
        std::tie(known->issued, known->id) < std::tie(of.bulletin->issued, of.bulletin->id)) {
      known = of.bulletin;
    }
  }
  return newest;
}

}  // namespace

std::vector<EditionEvent> EventsOf(const EditionChoice& choice, const EditionOrder& order,
                                   size_t& left_out) {
  const size_t most = order.Most(kMaxEditionEvents);
  const auto newest = NewestOfEach(choice.all);
  std::vector<EditionEvent> events;
  for (const NumberedBulletin& of : choice.all) {
    const std::optional<BriefedEvent>& event = of.bulletin->content.event;
    if (!TellsEvents(*of.bulletin) || !event.has_value() || !LiesAhead(*event, order)) continue;
    if (!event->uid.empty() && newest.at(NameOf(*of.bulletin)) != of.bulletin) continue;
    events.push_back({.event = *event,
                      .kind = of.bulletin->content.kind,
                      .item = of.number,
                      .id = of.bulletin->id});
  }
  std::sort(events.begin(), events.end(), [](const EditionEvent& a, const EditionEvent& b) {
    return std::tie(a.event.starts, a.item) < std::tie(b.event.starts, b.item);
  });
  left_out = choice.left_out.events;
  if (events.size() > most) {
    left_out += events.size() - most;
    events.erase(events.begin() + static_cast<ptrdiff_t>(most), events.end());
  }
  return events;
}

std::vector<EditionIndicator> IndicatorsOf(const EditionChoice& choice, const EditionOrder& order,
                                           size_t& left_out) {
  left_out = 0;
  const size_t most = order.Most(kMaxEditionIndicators);
  std::vector<EditionIndicator> indicators;
  absl::flat_hash_set<std::string> seen;
  const auto add = [&](const Numbered& bulletins) {
    for (const NumberedBulletin& of : bulletins) {
      if (!TellsEvents(*of.bulletin)) continue;
      for (const BriefedIndicator& indicator : of.bulletin->content.indicators) {
        const bool over =
            indicator.valid_until.has_value() && *indicator.valid_until <= order.as_of;
        if (over || !seen.insert(indicator.pattern).second) continue;
        if (indicators.size() < most) {
          indicators.push_back({indicator, of.number});
        } else {
          ++left_out;
        }
      }
    }
  };
  add(choice.full);
  add(choice.also);
  return indicators;
}

}  // namespace shield
