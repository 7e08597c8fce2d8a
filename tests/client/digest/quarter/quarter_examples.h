// The editions that stand in docs/examples: one of each tier, of one week.
#pragma once

#include <string>
#include <vector>

#include "client/digest/language.h"
#include "client/digest/tier.h"
#include "client/digest/week.h"
#include "tests/client/digest/quarter/quarter_network.h"

namespace shield::testing {

struct QuarterExample {
  Week week;
  Tier tier = Tier::kGreen;
  Language language = Language::kEnglish;
  std::string format;  // md or html
};

struct MadeExample {
  std::string name;  // briefing-2026-W47-green.md
  std::string text;
};

std::vector<QuarterExample> QuarterExamples();

// `network` stands where that week's edition is due.
MadeExample MakeExample(QuarterNetwork& network, const QuarterExample& example);

// The name of a file of it, with that ending.
std::string ExampleName(const Week& week, Tier tier, const std::string& ending);

}  // namespace shield::testing
