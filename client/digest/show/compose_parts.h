// The parts of an edition's document, each as blocks; compose_document.h puts them in order. Pure.
#pragma once

#include "client/digest/edition.h"
#include "client/digest/show/document.h"
#include "client/digest/words.h"

namespace shield::show {

// Whether a judgement says that nothing is new, so that no empty list has to.
bool SaysQuiet(const Edition& edition);

Blocks ComposeHead(const Edition& edition);
Blocks ComposeJudgements(const Edition& edition);
Blocks ComposeDeeds(const Edition& edition);

// A bulletin in full: heading, what it is, why it matters, its text in a quote, what to do, and
// where, when and from whom.
Blocks ComposeItem(const Edition& edition, const EditionItem& item);

// A list of bulletins in a line each, under their heading; nothing for an empty list. Where one
// was replaced by another of the edition, `edition` gives the number of that.
// `left_out`: how many more there are.
Blocks ComposeLines(const Edition& edition, Word heading, const std::vector<EditionLine>& lines,
                    size_t left_out);
// What ends before the next edition, and the numbers of what has ended.
Blocks ComposeExpiring(const Edition& edition);

Blocks ComposePlaces(const Edition& edition);
// Nothing when none of its weeks has a bulletin.
Blocks ComposeTrend(const Edition& edition);
Blocks ComposeEvents(const Edition& edition);
Blocks ComposeIndicators(const Edition& edition);
Blocks ComposeRed(const Edition& edition);
Blocks ComposeFoot(const Edition& edition);

}  // namespace shield::show
