#include "client/digest/page/page_data.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "client/digest/page/escape_html.h"
#include "client/digest/page/map_frame.h"
#include "client/digest/page/page_facts.h"
#include "client/digest/page/plot.h"
#include "client/digest/page/print_html.h"
#include "client/digest/show/compose_parts.h"
#include "client/digest/show/say_runs.h"
#include "client/digest/show/trend_sentence.h"
#include "client/digest/words.h"

namespace shield::page {
namespace {

using kainjow::mustache::data;
using show::Block;
using show::Blocks;

constexpr size_t kMaxOffMapNames = 6;

PrintOptions OptionsOf(const Edition& edition) {
  return {.last_linked = edition.items.empty() ? 0 : edition.items.back().number};
}

// The language of the bulletin that a text refers to first, where it is not the page's.
std::string LanguageOf(const Edition& edition, const std::vector<int>& items) {
  if (items.empty()) return "";
  for (const EditionItem& item : edition.items) {
    if (item.number != items.front()) continue;
    return ForeignLanguage(item.bulletin.content.language, PrintLanguage(edition.language));
  }
  return "";
}

// The parts of a page in their order. One that has nothing to say does not come to be.
class Sections {
 public:
  explicit Sections(const Edition& edition) : options_(OptionsOf(edition)) {}

  // `blocks`, the first of them the heading; nothing for none. `level`:
  // PrintOptions::heading_above.
  void Add(absl::string_view id, const Blocks& blocks, absl::string_view before = "",
           int level = 3) {
    if (blocks.empty()) return;
    PrintOptions options = options_;
    options.heading_above = level;
    AddHtml(id, PrintRuns(blocks.front().runs, options),
            absl::StrCat(before, PrintBlocks({blocks.begin() + 1, blocks.end()}, options)));
  }

  void AddHtml(absl::string_view id, const std::string& heading, const std::string& content,
               const data& bulletins = data(false)) {
    data section;
    section.set("id", std::string(id));
    section.set("heading", heading);
    section.set("content", content);
    section.set("bulletins", bulletins);
    list_.push_back(section);
  }

  const PrintOptions& options() const { return options_; }
  const data& list() const { return list_; }

 private:
  const PrintOptions options_;
  data list_{data::type::list};
};

void AddForeword(const Blocks& head, Sections& sections) {
  const auto heading = std::find_if(head.begin(), head.end(), [](const Block& block) {
    return block.kind == Block::Kind::kHeading && block.number == 2;
  });
  sections.Add("foreword", {heading, head.end()}, "", /*level=*/2);
}

// Entries of a list, each in the language of what it refers to.
std::string EntriesHtml(const Blocks& entries, const std::vector<std::string>& languages,
                        const PrintOptions& options) {
  std::string html;
  for (size_t i = 0; i < entries.size(); ++i) {
    PrintOptions entry = options;
    if (i < languages.size()) entry.language = languages[i];
    absl::StrAppend(&html, "<li>", PrintRuns(entries[i].blocks.front().runs, entry), "</li>\n");
  }
  return html;
}

void AddJudgements(const Edition& edition, Sections& sections) {
  const Blocks blocks = show::ComposeJudgements(edition);
  if (blocks.empty()) return;
  std::vector<std::string> languages;
  languages.reserve(edition.judgements.size());
  for (const Judgement& judgement : edition.judgements) {
    const bool stated = judgement.kind == Judgement::Kind::kStated;
    languages.push_back(stated ? LanguageOf(edition, judgement.items) : "");
  }
  sections.AddHtml(
      "judgements", PrintRuns(blocks.front().runs, {}),
      absl::StrCat("<ol class=\"judgements\">\n",
                   EntriesHtml(blocks[1].blocks, languages, sections.options()), "</ol>\n"));
}

// Each role in a card of its own: heading and list.
void AddDeeds(const Edition& edition, Sections& sections) {
  const Blocks blocks = show::ComposeDeeds(edition);
  if (blocks.empty()) return;
  std::string html = "<div class=\"roles\">\n";
  for (size_t i = 0; i < edition.deeds.size(); ++i) {
    const DeedsOfRole& role = edition.deeds[i];
    std::vector<std::string> languages;
    languages.reserve(role.deeds.size());
    for (const Deed& deed : role.deeds) languages.push_back(LanguageOf(edition, deed.items));
    absl::StrAppend(&html, "<div class=\"role\">\n<h3>",
                    PrintRuns(blocks[1 + 2 * i].runs, sections.options()), "</h3>\n<ul>\n",
                    EntriesHtml(blocks[2 + 2 * i].blocks, languages, sections.options()),
                    "</ul>\n</div>\n");
  }
  sections.AddHtml("deeds", PrintRuns(blocks.front().runs, {}), html + "</div>\n");
}

// Of a quiet week the judgements say so.
void AddItems(const Edition& edition, Sections& sections) {
  if (show::SaysQuiet(edition)) return;
  data bulletins{data::type::list};
  for (const EditionItem& item : edition.items) bulletins.push_back(ItemData(edition, item));
  const std::string quiet =
      edition.quiet() ? absl::StrCat("<p class=\"quiet\">",
                                     EscapeHtml(Say(edition.language, Word::kQuiet)), "</p>\n")
                      : std::string();
  sections.AddHtml("new", EscapeHtml(Say(edition.language, Word::kNewAndChanged)), quiet,
                   bulletins);
}

void AddLines(const Edition& edition, Sections& sections) {
  const LinesLeftOut& left_out = edition.left_out;
  sections.Add("also", show::ComposeLines(edition, Word::kAlso, edition.also, left_out.also));
  sections.Add("open", show::ComposeLines(edition, Word::kStillOpen, edition.open, left_out.open));
  sections.Add("expiring", show::ComposeExpiring(edition));
  sections.Add("withdrawn", show::ComposeLines(edition, Word::kWithdrawn, edition.withdrawn,
                                               left_out.withdrawn));
  sections.Add("corrected", show::ComposeLines(edition, Word::kCorrected, edition.corrected,
                                               left_out.corrected));
}

// "Not on the map, but in the table: Turnhout".
std::string OffMap(const Edition& edition) {
  std::vector<std::string> names;
  for (const EditionPlace& place : SplitPlaces(edition.places).off) {
    const std::string name = show::TitleText(place.name);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  if (names.empty()) return "";
  const bool many = names.size() > kMaxOffMapNames;
  if (many) names.resize(kMaxOffMapNames);
  return absl::StrCat(
      "<br>", EscapeHtml(SayFilled(edition.language, Word::kOffMap,
                                   {absl::StrCat(absl::StrJoin(names, "; "), many ? " …" : "")})));
}

// ◆ extreme ▲ severe …: what the shapes of the map mean, of those that are on it.
std::string Legend(const Edition& edition) {
  const std::vector<EditionPlace> places = SplitPlaces(edition.places).on;
  std::string html;
  for (const Severity severity : {Severity::kExtreme, Severity::kSevere, Severity::kModerate,
                                  Severity::kMinor, Severity::kUnspecified}) {
    const bool drawn =
        std::any_of(places.begin(), places.end(),
                    [severity](const EditionPlace& place) { return place.severity == severity; });
    if (!drawn) continue;
    const std::string name(SaySeverity(edition.language, severity));
    absl::StrAppend(&html, "<span class=\"severity severity-", SeverityClass(severity), "\">",
                    SeverityMark(severity), " ",
                    EscapeHtml(name.empty() ? Say(edition.language, Word::kNoSeverity) : name),
                    "</span> ");
  }
  return html;
}

std::string TrendCaption(const Edition& edition) {
  if (!edition.trend_compares) return "";
  return absl::StrCat(
      "<span class=\"mean-line\">- - -</span> ",
      EscapeHtml(absl::StrCat(Say(edition.language, Word::kMeanRow),
                              Say(edition.language, Word::kColon), ComparedTrend(edition).mean)));
}

std::string Figure(absl::string_view drawing, absl::string_view caption) {
  if (caption.empty()) return absl::StrCat("<figure>\n", drawing, "</figure>\n");
  return absl::StrCat("<figure>\n", drawing, "<figcaption>", caption, "</figcaption>\n</figure>\n");
}

// Without the bars made of letters, which the drawing has.
Blocks WithoutLastColumn(Blocks blocks) {
  for (Block& block : blocks) {
    for (std::vector<show::Runs>& row : block.rows) row.pop_back();
  }
  return blocks;
}

void AddDrawings(const Edition& edition, Sections& sections) {
  if (!edition.places.empty()) {
    sections.Add("places", show::ComposePlaces(edition),
                 Figure(DrawMap(edition), absl::StrCat(Legend(edition), OffMap(edition))));
  }
  const std::string trend = DrawTrend(edition);
  if (!trend.empty()) {
    sections.Add("trend", WithoutLastColumn(show::ComposeTrend(edition)),
                 Figure(trend, TrendCaption(edition)));
  }
}

// How to report, and where all this comes from: two headings of one list of blocks.
void AddFoot(const Edition& edition, Sections& sections) {
  const Blocks foot = show::ComposeFoot(edition);
  const auto second = std::find_if(foot.begin() + 1, foot.end(), [](const Block& block) {
    return block.kind == Block::Kind::kHeading;
  });
  sections.Add("report", {foot.begin(), second});
  sections.Add("provenance", {second, foot.end()});
}

data SectionsOf(const Edition& edition, const Blocks& head) {
  Sections sections(edition);
  AddForeword(head, sections);
  AddJudgements(edition, sections);
  AddDeeds(edition, sections);
  sections.Add("red", show::ComposeRed(edition));
  sections.Add("unacknowledged",
               show::ComposeLines(edition, Word::kUnacknowledged, edition.unacknowledged,
                                  edition.left_out.unacknowledged));
  AddItems(edition, sections);
  AddLines(edition, sections);
  AddDrawings(edition, sections);
  sections.Add("events", show::ComposeEvents(edition));
  sections.Add("indicators", show::ComposeIndicators(edition));
  AddFoot(edition, sections);
  return sections.list();
}

}  // namespace

std::string PageTitle(const Edition& edition) {
  return absl::StrCat(Say(edition.language, Word::kBriefing), " ", edition.week.number(), "/",
                      edition.week.year());
}

data PageData(const Edition& edition) {
  const Language language = edition.language;
  const Blocks head = show::ComposeHead(edition);
  const auto facts = std::find_if(head.begin(), head.end(), [](const Block& block) {
    return block.kind == Block::Kind::kBullets;
  });
  data page;
  page.set("language", std::string(PrintLanguage(language)));
  page.set("network", EscapeHtml(show::TitleText(edition.network)));
  page.set("title", EscapeHtml(PageTitle(edition)));
  page.set("issue", absl::StrCat(edition.week.number(), "/", edition.week.year()));
  page.set("week", edition.week.Print());
  page.set("label", TlpWithPrefix(edition.label));
  page.set("label_class", LabelClass(edition.label));
  page.set("label_means", EscapeHtml(SayLabel(language, edition.label)));
  page.set(
      "revision",
      edition.revision > 1
          ? data(EscapeHtml(SayFilled(language, Word::kRevision, {absl::StrCat(edition.revision)})))
          : data(false));
  page.set("facts", FactsData(facts->blocks, language, OptionsOf(edition)));
  page.set("sections", SectionsOf(edition, head));
  return page;
}

}  // namespace shield::page
