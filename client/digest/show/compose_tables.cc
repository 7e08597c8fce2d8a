#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/hex.h"
#include "client/digest/show/compose_parts.h"
#include "client/digest/show/defang.h"
#include "client/digest/show/say_runs.h"
#include "client/digest/show/trend_sentence.h"
#include "client/text/clean_text.h"

namespace shield::show {
namespace {

constexpr size_t kMaxBar = 20;
constexpr absl::string_view kBarCell = "█";

Runs Cell(std::string text) { return {Plain(std::move(text))}; }

std::vector<Runs> Header(Language language, std::initializer_list<Word> words) {
  std::vector<Runs> header;
  header.reserve(words.size());
  for (const Word word : words) header.push_back(Cell(std::string(Say(language, word))));
  return header;
}

Runs ReferencesCell(absl::Span<const int> numbers) {
  Runs runs;
  AppendReferences(numbers, runs);
  if (!runs.empty()) runs.erase(runs.begin());
  return runs;
}

Block TitleOf(Language language, Word word) {
  return Heading(2, {Plain(std::string(Say(language, word)))});
}

void AppendLeftOut(Language language, size_t left_out, Blocks& blocks) {
  if (left_out == 0) return;
  blocks.push_back(
      Paragraph({Plain(SayFilled(language, Word::kLeftOut, {absl::StrCat(left_out)}))}));
}

std::string Bar(size_t count, size_t most) {
  std::string bar;
  const size_t cells = most <= kMaxBar ? count : (count * kMaxBar + most - 1) / most;
  for (size_t i = 0; i < cells; ++i) absl::StrAppend(&bar, kBarCell);
  return bar;
}

std::string WhenText(const BriefedEvent& event, Language language) {
  std::string when = SayMoment(language, event.starts);
  if (!event.ends.has_value()) return when;
  std::string end = SayMoment(language, *event.ends);
  const std::string day = SayDate(language, event.starts);
  // On one day the day is said once.
  if (day == SayDate(language, *event.ends)) end.erase(0, day.size() + 1);
  absl::StrAppend(&when, " – ", end);
  return when;
}

std::string WhatText(const Edition& edition, const EditionEvent& entry) {
  const Language language = edition.language;
  std::string what = absl::StrCat(TitleText(entry.event.what), " (",
                                  TitleText(SayKind(language, entry.kind)), ")");
  if (!entry.event.organiser.empty()) {
    absl::StrAppend(&what, ", ",
                    SayFilled(language, Word::kOrganisedBy, {TitleText(entry.event.organiser)}));
  }
  if (entry.event.register_until.has_value()) {
    const bool over = *entry.event.register_until < edition.as_of;
    absl::StrAppend(&what, ", ",
                    SayFilled(language, over ? Word::kRegistrationOver : Word::kRegisterUntil,
                              {SayMoment(language, *entry.event.register_until)}));
  }
  return what;
}

}  // namespace

Blocks ComposePlaces(const Edition& edition) {
  const Language language = edition.language;
  if (edition.places.empty()) return {};
  std::vector<std::vector<Runs>> rows = {
      Header(language,
             {Word::kPlaceColumn, Word::kSeverityColumn, Word::kWhereColumn, Word::kItemsColumn})};
  rows.reserve(edition.places.size() + 1);
  for (const EditionPlace& place : edition.places) {
    rows.push_back({Cell(TitleText(place.name)),
                    Cell(std::string(SaySeverity(language, place.severity))),
                    Cell(absl::StrFormat("%.4f, %.4f", place.latitude, place.longitude)),
                    ReferencesCell(place.items)});
  }
  Blocks blocks = {TitleOf(language, Word::kPlaces), Table(std::move(rows))};
  AppendLeftOut(language, edition.places_left_out, blocks);
  return blocks;
}

Blocks ComposeTrend(const Edition& edition) {
  const Language language = edition.language;
  size_t most = 0;
  for (const TrendWeek& week : edition.trend) most = std::max(most, week.published);
  if (most == 0) return {};
  std::vector<std::vector<Runs>> rows = {Header(language, {Word::kWeekColumn, Word::kCountColumn})};
  rows.front().push_back(Cell(""));
  rows.reserve(edition.trend.size() + 2);
  for (const TrendWeek& week : edition.trend) {
    rows.push_back({Cell(week.week.Print()), Cell(absl::StrCat(week.published)),
                    Cell(Bar(week.published, most))});
  }
  if (edition.trend_compares) {
    rows.push_back({Cell(std::string(Say(language, Word::kMeanRow))),
                    Cell(ComparedTrend(edition).mean), Cell("")});
  }
  return {TitleOf(language, Word::kTrend), Table(std::move(rows))};
}

Blocks ComposeEvents(const Edition& edition) {
  const Language language = edition.language;
  if (edition.events.empty()) return {};
  std::vector<std::vector<Runs>> rows = {Header(
      language, {Word::kWhenColumn, Word::kWhatColumn, Word::kWhereColumn, Word::kItemsColumn})};
  rows.reserve(edition.events.size() + 1);
  for (const EditionEvent& entry : edition.events) {
    rows.push_back({Cell(WhenText(entry.event, language)), Cell(WhatText(edition, entry)),
                    Cell(TitleText(entry.event.place)), ReferencesCell({entry.item})});
  }
  Blocks blocks = {TitleOf(language, Word::kLookAhead), Table(std::move(rows))};
  AppendLeftOut(language, edition.left_out.events, blocks);
  return blocks;
}

Blocks ComposeIndicators(const Edition& edition) {
  const Language language = edition.language;
  if (edition.indicators.empty()) return {};
  std::vector<std::vector<Runs>> rows = {Header(
      language, {Word::kPatternColumn, Word::kWhatColumn, Word::kUntilColumn, Word::kItemsColumn})};
  rows.reserve(edition.indicators.size() + 1);
  for (const EditionIndicator& entry : edition.indicators) {
    const BriefedIndicator& indicator = entry.indicator;
    rows.push_back(
        {{Code(DefangIndicator(TitleText(indicator.pattern)))},
         Cell(DefangProse(TitleText(indicator.name))),
         Cell(indicator.valid_until ? SayDate(language, *indicator.valid_until) : std::string()),
         ReferencesCell({entry.item})});
  }
  Blocks blocks = {TitleOf(language, Word::kIndicators), Table(std::move(rows))};
  AppendLeftOut(language, edition.indicators_left_out, blocks);
  blocks.push_back(Paragraph(SayRuns(language, Word::kIndicatorsWhole, {})));
  return blocks;
}

Blocks ComposeRed(const Edition& edition) {
  if (edition.red.empty()) return {};
  Blocks entries;
  entries.reserve(edition.red.size() + 1);
  for (const RedPointer& pointer : edition.red) {
    entries.push_back(Entry(
        {Paragraph(SayRuns(edition.language, Word::kRedHint,
                           {SayDate(edition.language, pointer.issued), pointer.id.ToHex()}))}));
  }
  if (edition.left_out.red > 0) {
    entries.push_back(Entry({Paragraph(
        SayRuns(edition.language, Word::kMoreLines, {absl::StrCat(edition.left_out.red)}))}));
  }
  return {TitleOf(edition.language, Word::kRed), Bullets(std::move(entries))};
}

Blocks ComposeFoot(const Edition& edition) {
  const Language language = edition.language;
  Blocks blocks = {
      TitleOf(language, Word::kReport), Paragraph(SayRuns(language, Word::kReportHow, {})),
      TitleOf(language, Word::kProvenance),
      Paragraph(SayRuns(language, Word::kProvenanceHow,
                        {TitleText(edition.generator), absl::StrCat(edition.directory_version)}))};
  if (edition.provenance.empty()) return blocks;
  // In lines: a table of these would be wider than a telephone and longer than the edition.
  blocks.push_back(
      Paragraph({Plain(absl::StrCat(Say(language, Word::kIdColumn), ", ",
                                    Say(language, Word::kDigestColumn), ClosedColon(language)))}));
  Blocks entries;
  entries.reserve(edition.provenance.size());
  for (const ProvenanceLine& line : edition.provenance) {
    entries.push_back(
        Entry({Paragraph({ReferenceRun(line.number), Plain(" "), Code(line.id.ToHex()), Plain(" "),
                          Code(HexEncode(line.text_digest.span()))})}));
  }
  blocks.push_back(Bullets(std::move(entries)));
  return blocks;
}

}  // namespace shield::show
