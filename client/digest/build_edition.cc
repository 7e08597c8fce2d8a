#include "client/digest/build_edition.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/digest/edition_choice.h"
#include "client/digest/edition_sections.h"

namespace shield {
namespace {

// The most restrictive of what leaves a trace; a foreword counts as the tier's own label, and so
// does an edition of nothing.
Tlp LabelOfParts(const EditionChoice& choice, const EditionOrder& order) {
  if (choice.all.empty() || !order.foreword.empty()) {
    return MostRestrictive(choice.strictest, LabelOf(order.tier));
  }
  return choice.strictest;
}

Edition HeadOf(const EditionInput& input, const EditionOrder& order, const EditionChoice& choice) {
  Edition edition{.author = input.author, .source = input.source};
  edition.network = input.network;
  edition.tier = order.tier;
  edition.week = order.week;
  edition.language = order.language;
  edition.label = LabelOfParts(choice, order);
  edition.audience = order.audience;
  if (order.tier == Tier::kMine) {
    edition.audience = {absl::StrCat("member:", input.author.text())};
  }
  edition.revision = order.revision;
  edition.as_of = order.as_of;
  edition.valid_until = NextDue(order.week);
  edition.foreword = order.foreword;
  edition.directory_version = input.directory_version;
  edition.generator = input.generator;
  return edition;
}

std::vector<EditionItem> ItemsOf(const EditionChoice& choice) {
  std::vector<EditionItem> items;
  items.reserve(choice.full.size());
  for (const NumberedBulletin& of : choice.full) {
    items.push_back(
        {.number = of.number,
         .bulletin = *of.bulletin,
         .change = of.bulletin->supersedes.has_value() ? ItemChange::kChanged : ItemChange::kNew});
    items.back().bulletin.revision = choice.RevisionOf(*of.bulletin);
  }
  return items;
}

EditionLine LineOf(const NumberedBulletin& of, const EditionChoice& choice) {
  const BriefedBulletin& bulletin = *of.bulletin;
  EditionLine line{.number = of.number,
                   .id = bulletin.id,
                   .tlp = bulletin.tlp,
                   .title = {},
                   .kind = {},
                   .source = bulletin.source,
                   .status = bulletin.status,
                   .revision = choice.RevisionOf(bulletin),
                   .issued = bulletin.issued,
                   .expires = bulletin.expires,
                   .ended = bulletin.ended,
                   .replaced_by = choice.ReplacedBy(bulletin.id)};
  if (bulletin.state != InboxState::kLive) return line;
  line.title = bulletin.content.title;
  line.kind = bulletin.content.kind;
  line.severity = bulletin.content.severity;
  line.acknowledge_by = bulletin.content.acknowledge_by;
  return line;
}

std::vector<EditionLine> LinesOf(const Numbered& bulletins, const EditionChoice& choice) {
  std::vector<EditionLine> lines;
  lines.reserve(bulletins.size());
  for (const NumberedBulletin& of : bulletins) lines.push_back(LineOf(of, choice));
  return lines;
}

std::vector<RedPointer> PointersOf(const EditionChoice& choice) {
  std::vector<RedPointer> pointers;
  pointers.reserve(choice.red.size());
  for (const BriefedBulletin* bulletin : choice.red) {
    pointers.push_back({bulletin->id, bulletin->issued, bulletin->acknowledged});
  }
  return pointers;
}

std::vector<ProvenanceLine> ProvenanceOf(const EditionChoice& choice) {
  std::vector<ProvenanceLine> lines;
  lines.reserve(choice.all.size());
  for (const NumberedBulletin& of : choice.all) {
    lines.push_back({of.number, of.bulletin->id, of.bulletin->text_digest});
  }
  return lines;
}

}  // namespace

absl::StatusOr<Edition> BuildEdition(const EditionInput& input, const EditionOrder& order) {
  ASSIGN_OR_RETURN(const EditionChoice choice, ChooseForEdition(input, order));
  Edition edition = HeadOf(input, order, choice);
  edition.trend = TrendOf(input, order);
  edition.trend_compares = TrendCompares(input, order);
  edition.judgements = JudgementsOf(choice, edition.trend, edition.trend_compares);
  edition.deeds = DeedsOf(choice, order);
  edition.items = ItemsOf(choice);
  edition.also = LinesOf(choice.also, choice);
  edition.open = LinesOf(choice.open, choice);
  edition.expiring = LinesOf(choice.expiring, choice);
  edition.expired = LinesOf(choice.expired, choice);
  edition.withdrawn = LinesOf(choice.withdrawn, choice);
  edition.corrected = LinesOf(choice.corrected, choice);
  edition.places = PlacesOf(choice, order, edition.places_left_out);
  edition.left_out = choice.left_out;
  edition.events = EventsOf(choice, order, edition.left_out.events);
  edition.indicators = IndicatorsOf(choice, order, edition.indicators_left_out);
  edition.red = PointersOf(choice);
  edition.unacknowledged = LinesOf(choice.unacknowledged, choice);
  edition.provenance = ProvenanceOf(choice);
  return edition;
}

}  // namespace shield
