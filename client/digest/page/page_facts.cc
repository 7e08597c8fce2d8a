#include "client/digest/page/page_facts.h"

#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/strip.h"
#include "client/digest/page/escape_html.h"
#include "client/digest/show/say_runs.h"

namespace shield::page {

using kainjow::mustache::data;

data FactsData(const show::Blocks& entries, Language language, const PrintOptions& options) {
  data list{data::type::list};
  for (const show::Block& entry : entries) {
    const show::Runs& runs = entry.blocks.front().runs;
    const absl::string_view name =
        absl::StripSuffix(runs.front().text, show::ClosedColon(language));
    const std::string value = PrintRuns({runs.begin() + 1, runs.end()}, options);
    data fact;
    fact.set("name", EscapeHtml(name));
    fact.set("value", std::string(absl::StripAsciiWhitespace(value)));
    list.push_back(fact);
  }
  return list;
}

}  // namespace shield::page
