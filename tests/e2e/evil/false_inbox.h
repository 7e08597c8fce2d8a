// What a cheating broker makes of an inbox. Pure.
//
//   FalseInbox shown = Falsify({AttackKind::kReplay, 1}, {own, donor, log_size});
#pragma once

#include <cstdint>
#include <vector>

#include "broker/core/feed.h"
#include "policy/proof/inbox_chain.h"
#include "tests/e2e/evil/attack.h"

namespace shield::testing {

// An entry by value, so that it can be changed.
struct ShownEntry {
  broker::SharedContent content;
  broker::OwnPart own;
};

struct TrueInboxes {
  std::vector<ShownEntry> victim;
  std::vector<ShownEntry> donor;  // another member's; empty when there is none
  uint64_t log_size = 0;
};

struct FalseInbox {
  std::vector<ShownEntry> entries;
  // Numbered 1, 2, 3 …, so that heads can be signed over them. Else numbers are as the attack left
  // them and the heads are those of the true inbox.
  bool renumbered = true;
  uint64_t log_size = 0;  // what the heads say
};

// An attack that needs an entry which is not there changes nothing yet.
FalseInbox Falsify(const Attack& attack, const TrueInboxes& truth);

// What the chain binds of an entry, whatever its statement is by now.
InboxLink LinkOf(const ShownEntry& entry);

}  // namespace shield::testing
