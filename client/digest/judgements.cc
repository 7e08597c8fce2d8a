// JudgementsOf, TrendOf and TrendCompares.
#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "client/digest/edition_sections.h"

namespace shield {
namespace {

bool IsAssessed(const BriefedContent& content) {
  return content.statement_type == StatementType::kAssessment ||
         content.statement_type == StatementType::kMixed;
}

Judgement Stated(const NumberedBulletin& of, Judgement::Kind kind) {
  const BriefedContent& content = of.bulletin->content;
  return {.kind = kind,
          .text = content.summary.empty() ? content.title : content.summary,
          .likelihood = content.likelihood,
          .confidence = content.confidence,
          .grading = content.grading,
          .statement_type = content.statement_type,
          .threat_level = content.threat_level,
          .items = {of.number}};
}

// Of no bulletin: from counting them.
Judgement Counted(Judgement::Kind kind) {
  Judgement judgement;
  judgement.kind = kind;
  return judgement;
}

// Adds it, or its number to the one that says the same.
void Add(Judgement judgement, std::vector<Judgement>& list) {
  const auto same = std::find_if(list.begin(), list.end(), [&judgement](const Judgement& other) {
    return absl::StripAsciiWhitespace(other.text) == absl::StripAsciiWhitespace(judgement.text) &&
           other.likelihood == judgement.likelihood && other.threat_level == judgement.threat_level;
  });
  if (same == list.end()) {
    list.push_back(std::move(judgement));
  } else {
    same->items.push_back(judgement.items.front());
  }
}

// New and changed bulletins, sorted into what they are good for here.
struct Sayings {
  std::vector<Judgement> stated;  // with a likelihood
  std::vector<Judgement> levels;
  std::vector<Judgement> extreme;  // the gravest one, whatever is said of it
  std::vector<Judgement> grave;    // the others that are severe or extreme
  std::vector<Judgement> others;   // assessed, or moderate
};

void Sort(const Numbered& bulletins, Sayings& sayings) {
  for (const NumberedBulletin& of : bulletins) {
    if (!IsActual(*of.bulletin)) continue;
    const BriefedContent& content = of.bulletin->content;
    if (content.threat_level.has_value()) {
      Add(Stated(of, Judgement::Kind::kThreatLevel), sayings.levels);
    } else if (IsAssessed(content) && !content.likelihood.empty()) {
      Add(Stated(of, Judgement::Kind::kStated), sayings.stated);
    } else if (content.severity == Severity::kExtreme && sayings.extreme.empty()) {
      Add(Stated(of, Judgement::Kind::kStated), sayings.extreme);
    } else if (content.severity >= Severity::kSevere) {
      Add(Stated(of, Judgement::Kind::kStated), sayings.grave);
    } else if (IsAssessed(content) || content.severity >= Severity::kModerate) {
      Add(Stated(of, Judgement::Kind::kStated), sayings.others);
    }
  }
}

void Move(std::vector<Judgement>& from, size_t count, std::vector<Judgement>& to) {
  const auto end = from.begin() + static_cast<ptrdiff_t>(std::min(count, from.size()));
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(end));
}

bool SaysSomething(const std::vector<TrendWeek>& trend) {
  return std::any_of(trend.begin(), trend.end(),
                     [](const TrendWeek& week) { return week.published > 0; });
}

// When each bulletin of the count appeared first, whatever carries it to more readers.
absl::flat_hash_map<BulletinId, absl::Time> CountedOnce(const EditionInput& input,
                                                        const EditionOrder& order) {
  absl::flat_hash_map<BulletinId, absl::Time> counted;
  counted.reserve(input.bulletins.size());
  for (const BriefedBulletin& bulletin : input.bulletins) {
    if (!CountsInTrend(bulletin, order)) continue;
    const absl::Time appeared = Appeared(bulletin);
    const auto [found, first] = counted.emplace(bulletin.original.value_or(bulletin.id), appeared);
    if (!first) found->second = std::min(found->second, appeared);
  }
  return counted;
}

}  // namespace

std::vector<Judgement> JudgementsOf(const EditionChoice& choice,
                                    const std::vector<TrendWeek>& trend, bool trend_compares) {
  Sayings sayings;
  Sort(choice.full, sayings);
  Sort(choice.also, sayings);
  std::vector<Judgement> judgements;
  if (choice.full.empty() && choice.also.empty()) {
    judgements.push_back(Counted(Judgement::Kind::kQuiet));
  }
  const size_t of_trend = trend_compares && SaysSomething(trend) ? 1 : 0;
  const size_t room = kMaxJudgements - judgements.size() - of_trend;
  const size_t extreme = sayings.extreme.size();
  // However much is stated, two changes of the threat level find room, and one extreme event.
  const size_t stated_room = room - std::min<size_t>(sayings.levels.size(), 2) - extreme;
  const size_t stated = std::min(sayings.stated.size(), stated_room);
  const size_t levels = std::min(sayings.levels.size(), room - stated - extreme);
  const size_t grave = std::min(sayings.grave.size(), room - stated - levels - extreme);
  const size_t said = judgements.size() + extreme + stated + levels + grave + of_trend;
  Move(sayings.extreme, extreme, judgements);
  Move(sayings.stated, stated, judgements);
  Move(sayings.grave, grave, judgements);
  Move(sayings.others, said < kFewestJudgements ? kFewestJudgements - said : 0, judgements);
  Move(sayings.levels, levels, judgements);
  if (of_trend > 0) judgements.push_back(Counted(Judgement::Kind::kTrend));
  return judgements;
}

bool TrendCompares(const EditionInput& input, const EditionOrder& order) {
  const absl::Time first = order.week.Plus(1 - kTrendWeeks).begin();
  return order.as_of >= order.week.end() &&
         std::any_of(input.bulletins.begin(), input.bulletins.end(),
                     [first](const BriefedBulletin& bulletin) {
                       return !bulletin.shared_by.has_value() && Appeared(bulletin) < first;
                     });
}

std::vector<TrendWeek> TrendOf(const EditionInput& input, const EditionOrder& order) {
  std::vector<TrendWeek> trend;
  trend.reserve(kTrendWeeks);
  for (int week = 1 - kTrendWeeks; week <= 0; ++week) trend.push_back({order.week.Plus(week), 0});
  for (const auto& [original, appeared] : CountedOnce(input, order)) {
    for (TrendWeek& week : trend) {
      if (week.week.begin() <= appeared && appeared < week.week.end()) ++week.published;
    }
  }
  return trend;
}

}  // namespace shield
