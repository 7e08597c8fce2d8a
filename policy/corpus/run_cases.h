// Runs a case file and says where policy answers otherwise than the file expects.
#pragma once

#include <string>
#include <vector>

#include "policy/corpus/case_file.h"

namespace shield {

struct CaseMismatch {
  size_t line = 0;
  std::string id;
  std::string expected;
  std::string actual;
};

struct CaseReport {
  size_t cases = 0;
  std::vector<CaseMismatch> mismatches;
};

// The answer to one case, as `expect` writes it:
//   allow:<RULE> or deny:<RULE>
//   resolve        to:<members>[;<WARNING>]
//   label, import  label:TLP:…[;legacy|;unlabelled|;several]
//   digest         items:<names>;pointers:<names>;label:<TLP:…|none>[;only-for:<org>]
// Lists are joined by commas.
std::string AnswerTo(const CaseFile& file, const PolicyCase& policy_case);

CaseReport RunCases(const CaseFile& file);

}  // namespace shield
