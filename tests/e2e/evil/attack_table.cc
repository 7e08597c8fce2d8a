#include "tests/e2e/evil/attack_table.h"

#include <cstdio>
#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/support/shared_folder.h"

namespace shield::testing {
namespace {

void PrintLine(absl::string_view attack, absl::string_view expected, absl::string_view seen) {
  std::printf("| %-40s | %-55s | %s\n", std::string(attack).c_str(), std::string(expected).c_str(),
              std::string(seen).c_str());
  std::fflush(stdout);
}

}  // namespace

bool IsAdmitted(absl::string_view attack) {
  const absl::string_view name = attack.substr(0, attack.find(':'));
  std::ifstream file(SourceFolder() / "docs/design/threat_model.md");
  for (std::string line; std::getline(file, line);) {
    const bool names_it = absl::StrContains(line, absl::StrCat("`", name, "`"));
    if (names_it && absl::StrContains(line, "*not yet defended")) return true;
  }
  return false;
}

void AttackTable::SetUpTestSuite() { PrintLine("attack, home", "expected", "seen"); }

void AttackTable::Row(const std::string& label, const std::string& expected,
                      const std::string& seen) {
  PrintLine(label, expected, seen == expected ? "the same" : seen);
  EXPECT_EQ(seen, expected) << label;
}

void AttackTable::UnseenRow(absl::string_view attack, const std::string& label,
                            const std::string& seen) {
  Row(label, "0", seen);
  EXPECT_TRUE(IsAdmitted(attack)) << label << " is not noticed, and docs/design/threat_model.md "
                                  << "does not say that it is *not yet defended*";
}

}  // namespace shield::testing
