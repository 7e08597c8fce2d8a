#include "client/digest/show/trend_sentence.h"

#include "absl/strings/str_cat.h"

namespace shield {
namespace {

// To a tenth, halves up.
std::string Mean(size_t sum, size_t count, Language language) {
  const size_t tenths = (sum * 20 + count) / (2 * count);
  if (tenths % 10 == 0) return absl::StrCat(tenths / 10);
  return absl::StrCat(tenths / 10, language == Language::kEnglish ? "." : ",", tenths % 10);
}

}  // namespace

Trend ComparedTrend(const Edition& edition) {
  Trend trend{.this_week = 0, .mean = "0"};
  if (edition.trend.empty()) return trend;
  trend.this_week = edition.trend.back().published;
  const size_t before = edition.trend.size() - 1;
  if (before == 0) return trend;
  size_t sum = 0;
  for (size_t i = 0; i < before; ++i) sum += edition.trend[i].published;
  trend.mean = Mean(sum, before, edition.language);
  const size_t as_many = trend.this_week * before;
  if (as_many >= sum + before) trend.sentence = Word::kTrendMore;
  if (as_many + before <= sum) trend.sentence = Word::kTrendFewer;
  return trend;
}

std::string SayTrend(const Edition& edition) {
  const Trend trend = ComparedTrend(edition);
  return SayFilled(edition.language, trend.sentence, {absl::StrCat(trend.this_week), trend.mean});
}

}  // namespace shield
