// The table that the tests of evil_shieldd print: an attack, what the reader must see, what it saw.
//
//   Row("replay:1, half", "7 ENTRY_REFUSED; entry 5: 7 DUPLICATE", WhatIsSeen(home, address));
//
// A difference fails. What the client does not notice is a row with "0" that says why and how else
// it is found out; it fails, too, unless docs/design/threat_model.md says both in its table of what
// is admitted, and names the attack in a line that says *not yet defended*.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "tests/e2e/evil/evil_network.h"

namespace shield::testing {

// What the threat model says of an attack that nothing stops yet: why its victim does not notice
// it, and how else it is found out. Nothing unless it says both, and *not yet defended*.
struct Admission {
  std::string why;
  std::string found;
};
std::optional<Admission> FindAdmission(absl::string_view attack);

class AttackTable : public ::testing::Test {
 protected:
  static void SetUpTestSuite();

  // One line of the table.
  static void Row(const std::string& label, const std::string& expected, const std::string& seen);
  // The line of an attack that the client cannot notice: as above, and it must be admitted.
  static void UnseenRow(absl::string_view attack, const std::string& label,
                        const std::string& seen);

  EvilNetwork& network() { return network_; }

 private:
  EvilNetwork network_;
};

}  // namespace shield::testing
