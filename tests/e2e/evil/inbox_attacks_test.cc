// Every attack of evil_shieldd on an inbox, against the shipped command line, and what its reader
// sees: the table of attack_table.h.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tests/e2e/evil/attack_table.h"
#include "tests/e2e/evil/evil_network.h"
#include "tests/e2e/real_network.h"
#include "tests/support/process.h"

namespace shield::testing {
namespace {

struct Attempt {
  const char* attack;
  const char* expected;  // of WhatIsSeen
  const char* home = "astrid-desk";
  const char* victim = "astrid-desk";
  const char* donor = "";
  const char* afterwards = "";  // the same home before the honest broker; empty: not tried
};

// astrid-desk, school-desk and astrid-new have never looked; half and informed hold signed heads.
constexpr Attempt kAttempts[] = {
    {"none", "0"},
    {"none", "0", "half"},
    // Somebody whom the author did not seal to.
    {"ghost:1", "7 LOG_ROLLBACK; entry 1: 5 NOT_RECIPIENT_ORG", "school-desk", "school-desk",
     "astrid-guard"},
    {"ghost:1", "7 LOG_ROLLBACK; entry 1: 7 RECIPIENT_SET_MISMATCH", "astrid-new", "astrid-new",
     "astrid-guard"},
    // Statements (243 is the last digit of `expires`), slots, payloads.
    {"flip-statement:0", "7 ENTRY_REFUSED; entry 1: 7 STATEMENT_MALFORMED"},
    {"flip-statement:243", "7 ENTRY_REFUSED; entry 1: 7 BAD_SIGNATURE"},
    {"flip-slot:0", "7 ENTRY_REFUSED; entry 1: 7 RECIPIENT_SET_MISMATCH"},
    {"flip-slot:100", "7 ENTRY_REFUSED; entry 1: 7 RECIPIENT_SET_MISMATCH"},
    {"flip-payload:0", "7 ENTRY_REFUSED; entry 1: 7 COMMITMENT_MISMATCH"},
    {"flip-payload:100", "7 ENTRY_REFUSED; entry 1: 7 AGE_PAYLOAD", "astrid-desk", "astrid-desk",
     "", "0; entry 1: 7 AGE_PAYLOAD"},
    {"cut-payload:1", "7 ENTRY_REFUSED; entry 1: 7 DIGEST_MISMATCH"},
    {"cut-payload:4", "7 ENTRY_REFUSED; entry 4: 7 DIGEST_MISMATCH"},
    {"other-members-slot:1", "7 ENTRY_REFUSED; entry 1: 7 RECIPIENT_SET_MISMATCH", "astrid-desk",
     "astrid-desk", "astrid-guard"},
    {"other-bulletins-slot:1", "7 ENTRY_REFUSED; entry 1: 7 RECIPIENT_SET_MISMATCH"},
    {"other-bulletins-bytes:1", "7 ENTRY_REFUSED; entry 1: 7 COMMITMENT_MISMATCH"},
    {"strip-openings:1", "0; entry 1: 5 NOT_RECIPIENT_ORG", "astrid-desk", "astrid-desk", "",
     "0; entry 1: 5 NOT_RECIPIENT_ORG"},
    {"tombstone:1", "0; entry 1: 7 TOMBSTONE_UNPROVEN", "astrid-desk", "astrid-desk", "",
     "0; entry 1: 7 TOMBSTONE_UNPROVEN"},
    {"tombstone:3", "0; entry 3: 7 TOMBSTONE_UNPROVEN", "half"},
    {"expire:1", "0; entry 1: 7 TOMBSTONE_UNPROVEN"},
    // Left out.
    {"drop:1", "7 INBOX_GAP"},
    {"drop:2", "7 INBOX_GAP"},
    {"drop:3", "7 INBOX_GAP"},
    {"drop:4", "7 INBOX_GAP"},
    {"drop:3", "7 INBOX_GAP", "half"},
    {"drop:4", "7 INBOX_GAP", "half"},
    {"drop-renumbered:1", "0", "astrid-desk", "astrid-desk", "", "7 ROLLBACK"},
    {"drop-renumbered:2", "0", "astrid-desk", "astrid-desk", "", "7 ROLLBACK"},
    {"drop-renumbered:3", "0", "astrid-desk", "astrid-desk", "", "7 ROLLBACK"},
    {"drop-renumbered:4", "0", "astrid-desk", "astrid-desk", "", "0"},
    {"drop-renumbered:3", "0", "half", "astrid-desk", "", "7 ROLLBACK"},
    {"withhold:2", "0", "astrid-desk", "astrid-desk", "", "0"},
    {"withhold:2", "0", "half", "astrid-desk", "", "0"},
    // Out of order, again.
    {"reorder:1", "7 ENTRY_REFUSED; entry 2: 7 INBOX_REORDER"},
    {"reorder:3", "7 ENTRY_REFUSED; entry 4: 7 INBOX_REORDER", "half"},
    {"reorder-relabelled:1", "7 LOG_MISMATCH", "astrid-desk", "astrid-desk", "", "7 ROLLBACK"},
    {"replay:1", "7 LOG_ROLLBACK; entry 5: 7 DUPLICATE"},
    {"replay:4", "7 LOG_ROLLBACK; entry 5: 7 DUPLICATE", "informed"},
    // Numbers that are the broker's own.
    {"seq-jump:1", "7 INBOX_GAP"},
    {"seq-jump:3", "7 INBOX_GAP", "half"},
    {"log-beyond:1", "7 INBOX_REORDER"},
    {"log-beyond:3", "7 INBOX_REORDER", "half"},
    {"log-inflated:1", "7 LOG_ROLLBACK", "astrid-desk", "astrid-desk", "", "7 ROLLBACK"},
    // The log: 1 and 6 are directories, 2 to 5 the bulletins.
    {"log-fork:2", "7 LOG_MISMATCH"},
    {"log-fork:1", "7 LOG_FORK", "informed"},
    {"log-fork:1", "0", "astrid-desk", "astrid-desk", "", "7 LOG_FORK"},
    {"log-back:2", "7 LOG_ROLLBACK"},
    {"log-back:2", "7 LOG_ROLLBACK", "informed"},
    {"log-denied", "7 LOG_WITHHELD"},
    // Signed heads.
    {"head-ahead", "7 INBOX_GAP"},
    {"head-ahead", "7 INBOX_GAP", "informed"},
    {"head-back:2", "7 ROLLBACK", "informed"},
    {"head-back:3", "7 INBOX_GAP", "half"},
    {"head-other", "7 INBOX_HEAD_MALFORMED", "astrid-desk", "astrid-desk", "astrid-guard"},
    {"head-forged", "7 BAD_SIGNATURE"},
    {"no-heads", "7 INBOX_GAP"},
    {"no-heads", "7 INBOX_GAP", "informed"},
};

class InboxAttacks : public AttackTable {
 protected:
  void Try(const Attempt& attempt);
};

void InboxAttacks::Try(const Attempt& attempt) {
  const std::string home = network().CopyHome(attempt.home);
  const std::string label = absl::StrCat(attempt.attack, ", ", attempt.home);
  const bool honest = absl::string_view(attempt.attack) == "none";
  {
    const EvilBroker evil(network(), attempt.attack, attempt.victim, attempt.donor);
    const std::string seen = WhatIsSeen(home, evil.address());
    if (absl::string_view(attempt.expected) == "0" && !honest) {
      UnseenRow(attempt.attack, label, seen);
    } else {
      Row(label, attempt.expected, seen);
    }
  }
  if (absl::string_view(attempt.afterwards).empty()) return;
  const EvilBroker repentant(network(), "none", attempt.victim);
  Row("  and honest afterwards", attempt.afterwards, WhatIsSeen(home, repentant.address()));
}

TEST_F(InboxAttacks, AreNoticedOrAdmitted) {
  for (const Attempt& attempt : kAttempts) Try(attempt);
}

// Each reader has an inbox that adds up; only side by side do they show that one lacks an entry.
TEST_F(InboxAttacks, ASplitViewIsNotNoticedUntilAReaderIsShownTheOtherHistory) {
  const std::string home = network().CopyHome("astrid-desk");
  {
    const EvilBroker evil(network(), "drop-renumbered:2", "astrid-desk");
    UnseenRow("drop-renumbered", "split view, one reader", WhatIsSeen(home, evil.address()));
    const std::string colleague = network().CopyHome("astrid-guard");
    Row("split view, a colleague", "0", WhatIsSeen(colleague, evil.address()));
    EXPECT_EQ(EntriesThatOpen(home), EvilNetwork::kBulletins - 1u);
    EXPECT_EQ(EntriesThatOpen(colleague), size_t{EvilNetwork::kBulletins});
  }
  const EvilBroker evil(network(), "head-back:3", "astrid-desk");
  Row("  and the same number of the other one", "7 ROLLBACK", WhatIsSeen(home, evil.address()));
  // Both signed heads are kept, and the member is told.
  const ProcessResult listed = ShieldAt(home, evil.address(), {"inbox", "ls", "--offline"});
  EXPECT_TRUE(absl::StrContains(listed.notes, "(FORK)")) << listed.notes;
}

// What is for all, an edition of the briefing lists: then the inbox that adds up does so no more.
TEST_F(InboxAttacks, WhatABriefingListsAndNeverCameIsSaid) {
  const absl::Time before = absl::Now();
  network().real().StartBroker();
  // Times in statements are whole seconds, and who may have joined within one is not alarmed.
  int last = EvilNetwork::kBulletins;
  do {
    network().PublishGreen(absl::StrCat("green-", ++last));
  } while (absl::ToUnixSeconds(absl::Now()) <= absl::ToUnixSeconds(before) + 1);
  network().PublishBriefing();
  ASSERT_EQ(network().real().StopBroker(), 0);
  const std::string attack = absl::StrCat("drop-renumbered:", last);
  const EvilBroker evil(network(), attack, "astrid-desk");
  Row(absl::StrCat(attack, ", and a briefing"), "7 OMITTED",
      WhatIsSeen(network().CopyHome("astrid-desk"), evil.address()));
  Row("  a colleague", "0", WhatIsSeen(network().CopyHome("astrid-guard"), evil.address()));
}

// The same checks for who follows the inbox instead of looking at it.
TEST_F(InboxAttacks, AreNoticedByWhoFollowsTheInbox) {
  constexpr struct {
    const char* attack;
    const char* expected;
  } kFollowed[] = {
      {"none", "0"},
      {"drop:2", "7 INBOX_GAP"},
      {"drop:4", "7 INBOX_GAP"},
      {"seq-jump:2", "7 INBOX_GAP"},
      {"log-beyond:2", "7 INBOX_REORDER"},
      {"head-ahead", "7 INBOX_GAP"},
      {"head-other", "7 INBOX_HEAD_MALFORMED"},
      {"head-forged", "7 BAD_SIGNATURE"},
      {"no-heads", "7 INBOX_GAP"},
      // All four are shown, and the log is looked at after them.
      {"log-fork:2", "7 LOG_MISMATCH"},
      {"log-back:2", "7 LOG_ROLLBACK"},
      {"log-denied", "7 LOG_WITHHELD"},
  };
  for (const auto& followed : kFollowed) {
    const EvilBroker evil(network(), followed.attack, "astrid-desk", "astrid-guard");
    Row(absl::StrCat(followed.attack, ", watching"), followed.expected,
        OutcomeOf(ShieldAt(network().CopyHome("astrid-desk"), evil.address(),
                           {"inbox", "watch", "--max", "4"})));
  }
}

// A receipt is the broker's word; its log has to hold the bulletin as well.
TEST_F(InboxAttacks, AnAuthorNoticesAReceiptThatDoesNotFitOrThatTheLogDoesNotBear) {
  const std::string home = network().CopyHome("analyst");
  const auto publish = [&](const EvilBroker& evil, absl::string_view title) {
    return ShieldAt(home, evil.address(), {"bulletin", "publish", network().Draft(title)});
  };
  {
    const EvilBroker evil(network(), "false-receipt", "analyst");
    Row("false-receipt, publishing", "7 RECEIPT_MISMATCH", OutcomeOf(publish(evil, "five")));
  }
  const EvilBroker evil(network(), "swallow-publish", "analyst");
  const ProcessResult published = publish(evil, "six");
  Row("swallow-publish, publishing", "7 LOG_MISMATCH", OutcomeOf(published));
  Row("  and looking at the inbox", "7 LOG_MISMATCH", WhatIsSeen(home, evil.address()));
}

// Yesterday's copy of the disk, whoever put it there.
TEST_F(InboxAttacks, AnOlderStoreIsRefusedByShielddOrElseByItsReaders) {
  network().TurnBack(/*with_sentinel=*/false);
  const ProcessResult refused =
      RunProcess({ShielddProgram(), "run", "--home", network().real().BrokerHome(), "--network",
                  network().real().NetworkFile()});
  Row("older database, shieldd itself", "70", absl::StrCat(refused.exit_code));
  network().TurnBack(/*with_sentinel=*/true);
  const std::string home = network().CopyHome("informed");
  {
    const EvilBroker honest(network(), "none", "astrid-desk");
    Row("older store, informed", "7 ROLLBACK", WhatIsSeen(home, honest.address()));
    Row("older store, half", "0", WhatIsSeen(network().CopyHome("half"), honest.address()));
    EXPECT_EQ(EntriesThatOpen(home), size_t{EvilNetwork::kBulletins});
  }
  // It signs whatever hash the reader names, and has nothing more to say; its log is shorter.
  const EvilBroker evil(network(), "withhold:4", "astrid-desk");
  Row("older store, withhold:4, informed", "7 LOG_ROLLBACK",
      WhatIsSeen(network().CopyHome("informed"), evil.address()));
}

TEST_F(InboxAttacks, AnAttachmentOfOtherBytesIsNotWritten) {
  constexpr struct {
    const char* attack;
    const char* expected;
  } kFlipped[] = {
      {"flip-object:0", "7 AGE_HEADER"},
      {"flip-object:200", "7 DIGEST_MISMATCH"},
  };
  for (const auto& flipped : kFlipped) {
    const EvilBroker evil(network(), flipped.attack, "astrid-desk");
    const std::string folder = network().real().folder() / absl::StrCat("out-", flipped.attack);
    Row(flipped.attack, flipped.expected,
        OutcomeOf(ShieldAt(network().CopyHome("astrid-desk"), evil.address(),
                           {"inbox", "export", "2", "--out", folder})));
    EXPECT_FALSE(std::filesystem::exists(folder + "/attachments/map.txt"));
  }
}

}  // namespace
}  // namespace shield::testing
