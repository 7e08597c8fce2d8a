#include "tests/client/digest/quarter/quarter_examples.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/check.h"
#include "client/digest/page/html.h"
#include "client/digest/show/markdown.h"

namespace shield::testing {

std::vector<QuarterExample> QuarterExamples() {
  const Week week = *Week::Parse("2026-W47");
  std::vector<QuarterExample> examples;
  for (const char* format : {"md", "html"}) {
    examples.push_back({week, Tier::kGreen, Language::kEnglish, format});
    examples.push_back({week, Tier::kAmber, Language::kDutch, format});
    examples.push_back({week, Tier::kAmberStrict, Language::kEnglish, format});
  }
  return examples;
}

MadeExample MakeExample(QuarterNetwork& network, const QuarterExample& example) {
  const Edition edition = network.Make(example.week, example.tier, example.language).edition;
  std::string text;
  if (example.format == "md") {
    text = WriteMarkdown(edition);
  } else {
    absl::StatusOr<std::string> html = WriteHtml(edition, PageTemplates::BuiltIn());
    SHIELD_CHECK(html.ok());
    text = *std::move(html);
  }
  return {ExampleName(example.week, example.tier, example.format), std::move(text)};
}

std::string ExampleName(const Week& week, Tier tier, const std::string& ending) {
  return absl::StrReplaceAll(
      absl::StrCat("briefing-", week.Print(), "-", PrintTier(tier), ".", ending), {{"+", "-"}});
}

}  // namespace shield::testing
