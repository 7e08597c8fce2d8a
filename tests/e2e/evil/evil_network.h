// A network of real programs whose broker can be made to cheat, and readers to try it on.
//
//   EvilNetwork network;
//   const EvilBroker evil(network, "replay:1", "astrid-desk");
//   std::string seen = WhatIsSeen(network.CopyHome("astrid-desk"), evil.address());
//
// Four bulletins lie in the inboxes of astrid-desk and astrid-guard (of one hotel), the first alone
// in that of bosuil-guard; school-desk has none. astrid-new came to the hotel after they had been
// published. No home but those below has looked yet:
//
//   informed   astrid-desk, when it had all four      half   the same, when it had two
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/e2e/real_network.h"
#include "tests/support/process.h"

namespace shield::testing {

class EvilNetwork {
 public:
  static constexpr int kBulletins = 4;

  EvilNetwork();

  RealNetwork& real() { return real_; }
  // A new folder with what is in the home of this name.
  std::string CopyHome(absl::string_view name);
  // Puts the store as it was after two bulletins in the place of the one that is there: the
  // database alone, or the note of how far it had come (the head sentinel) as well. No broker runs.
  void TurnBack(bool with_sentinel);
  // One more bulletin, for everybody; and the briefing of this week, for everybody. A broker runs.
  void PublishGreen(absl::string_view title);
  void PublishBriefing();
  // The draft of one more bulletin for the hotel, and the path of a file that holds it.
  std::string DraftText(absl::string_view title);
  std::string Draft(absl::string_view title);

 private:
  void Publish(absl::string_view title, absl::string_view to, absl::string_view more = "");
  void Keep(absl::string_view name);

  RealNetwork real_;
  int copies_ = 0;
};

// A running evil_shieldd over the network's store; no other broker may run beside it.
class EvilBroker {
 public:
  EvilBroker(EvilNetwork& network, absl::string_view attack, absl::string_view victim,
             absl::string_view donor = "");
  ~EvilBroker();

  const std::string& address() const { return address_; }

 private:
  std::unique_ptr<Process> process_;
  std::string address_;
};

// A command in the home at this path, with --json.
ProcessResult ShieldAt(const std::string& home, const std::string& address,
                       std::vector<std::string> arguments);

// The exit code and rule of a command: "0", "7 ROLLBACK".
std::string OutcomeOf(const ProcessResult& result);

// What `inbox ls` says, and which entries do not open then, with the exit code of showing them:
// "0", "7 INBOX_GAP", "7 ENTRY_REFUSED; entry 2: 7 BAD_SIGNATURE".
std::string WhatIsSeen(const std::string& home, const std::string& address);

// How many entries the home holds and would show.
size_t EntriesThatOpen(const std::string& home);

}  // namespace shield::testing
