// What a template is given of an edition. Every text is cleaned and escaped already, so that
// `{{title}}` and `{{{title}}}` are the same; the names are docs/spec/briefing.md section 3.2.
#pragma once

#include <kainjow/mustache.hpp>

#include "client/digest/edition.h"

namespace shield::page {

// Pure.
kainjow::mustache::data PageData(const Edition& edition);

// A bulletin in full, as `item.mustache` is given it.
kainjow::mustache::data ItemData(const Edition& edition, const EditionItem& item);

// "Weekly briefing 47/2026", cleaned, not escaped.
std::string PageTitle(const Edition& edition);
// "amber-strict": of a label, for a class of the style.
std::string LabelClass(Tlp label);

}  // namespace shield::page
