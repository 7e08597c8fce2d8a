// What an edition says beside its bulletins, each section a function of what was chosen.
//
// Pure. All but the trend look at live bulletins that are no exercise: what belongs to an exercise
// stands in its own item and line, where it says so. docs/spec/briefing.md section 2.
#pragma once

#include <cstddef>
#include <vector>

#include "client/digest/edition.h"
#include "client/digest/edition_choice.h"
#include "client/digest/edition_input.h"

namespace shield {

inline constexpr size_t kFewestJudgements = 3;  // where there is as much to say

// How many of what was admitted appeared in this week and in each of the four before.
std::vector<TrendWeek> TrendOf(const EditionInput& input, const EditionOrder& order);

// Whether that can be compared: the week is over at `as_of`, and something that is no share
// appeared before the first of the others, so that what is held reaches back through all of them.
// Of a network that has just begun, and of a reader who joined lately, it does not.
bool TrendCompares(const EditionInput& input, const EditionOrder& order);

// One extreme event, stated ones that give a likelihood, what else is severe, new threat levels,
// the trend where it compares; where these are few, what else is assessed or moderate. Never more
// than kMaxJudgements. A week without anything new says so first.
std::vector<Judgement> JudgementsOf(const EditionChoice& choice,
                                    const std::vector<TrendWeek>& trend, bool trend_compares);

// What new and changed bulletins ask of each role; the same text stands once.
std::vector<DeedsOfRole> DeedsOf(const EditionChoice& choice, const EditionOrder& order);

// Where they are about, gravest first; one place of several bulletins stands once.
std::vector<EditionPlace> PlacesOf(const EditionChoice& choice, const EditionOrder& order,
                                   size_t& left_out);

// What is held from `as_of` on, within kLookAheadWeeks, new or announced before; of several
// that one source gave one uid the one that was issued last.
std::vector<EditionEvent> EventsOf(const EditionChoice& choice, const EditionOrder& order,
                                   size_t& left_out);

// Of new and changed bulletins, those that are valid still; the same pattern stands once.
std::vector<EditionIndicator> IndicatorsOf(const EditionChoice& choice, const EditionOrder& order,
                                           size_t& left_out);

}  // namespace shield
