// Facts of a document, "Where: Antwerp" each, as a template is given them.
#pragma once

#include <kainjow/mustache.hpp>

#include "client/digest/language.h"
#include "client/digest/page/print_html.h"
#include "client/digest/show/document.h"

namespace shield::page {

// Of entries whose first run is the name with its colon, strong: a list of {name, value}. Pure.
kainjow::mustache::data FactsData(const show::Blocks& entries, Language language,
                                  const PrintOptions& options);

}  // namespace shield::page
