// How much was published this week, set against the four weeks before.
#pragma once

#include <string>

#include "client/digest/edition.h"
#include "client/digest/words.h"

namespace shield {

struct Trend {
  size_t this_week = 0;
  std::string mean;  // of the weeks before, in the edition's language: "5", "4.5", "4,5"
  Word sentence = Word::kTrendSame;
};

// As many as usual: less than one bulletin more or fewer than the mean. An edition without weeks
// has none. Pure.
Trend ComparedTrend(const Edition& edition);

// The judgement as a sentence: SayFilled(trend.sentence, {this week, mean}).
std::string SayTrend(const Edition& edition);

}  // namespace shield
