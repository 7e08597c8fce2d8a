#include "tests/e2e/evil/attack_table.h"

#include <cstdio>
#include <fstream>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "tests/support/shared_folder.h"

namespace shield::testing {
namespace {

void PrintLine(absl::string_view attack, absl::string_view expected, absl::string_view seen) {
  std::printf("| %-40s | %-55s | %s\n", std::string(attack).c_str(), std::string(expected).c_str(),
              std::string(seen).c_str());
  std::fflush(stdout);
}

}  // namespace

std::optional<Admission> FindAdmission(absl::string_view attack) {
  const std::string name = absl::StrCat("`", attack.substr(0, attack.find(':')), "`");
  std::ifstream file(SourceFolder() / "docs/design/threat_model.md");
  std::optional<Admission> admission;
  bool admitted = false;
  for (std::string line; std::getline(file, line);) {
    if (!absl::StrContains(line, name)) continue;
    admitted = admitted || absl::StrContains(line, "*not yet defended");
    // | `name` | why it is not noticed | how else it is found out |
    const std::vector<std::string> cells = absl::StrSplit(line, " | ");
    if (cells.size() != 3 || cells[0] != absl::StrCat("| ", name)) continue;
    admission = Admission{cells[1], std::string(absl::StripSuffix(cells[2], " |"))};
  }
  if (!admitted || !admission.has_value()) return std::nullopt;
  if (admission->why.empty() || admission->found.empty()) return std::nullopt;
  return admission;
}

void AttackTable::SetUpTestSuite() { PrintLine("attack, home", "expected", "seen"); }

void AttackTable::Row(const std::string& label, const std::string& expected,
                      const std::string& seen) {
  PrintLine(label, expected, seen == expected ? "the same" : seen);
  EXPECT_EQ(seen, expected) << label;
}

void AttackTable::UnseenRow(absl::string_view attack, const std::string& label,
                            const std::string& seen) {
  const std::optional<Admission> admission = FindAdmission(attack);
  ASSERT_TRUE(admission.has_value())
      << label
      << " is not noticed, and docs/design/threat_model.md does not say that it is *not yet "
      << "defended*, why, and how else it is found out";
  Row(label, "0", seen);
  std::printf("| %-40s | NOT NOTICED: %s | found out by: %s\n", std::string(label).c_str(),
              admission->why.c_str(), admission->found.c_str());
}

}  // namespace shield::testing
