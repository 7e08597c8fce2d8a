// A whole network on loopback: the real shieldd, the real shield, homes in a temporary folder.
//
//   RealNetwork network;
//   network.AddOrg("police-antwerp", "authority", "public-sector", "BE211", 3);
//   network.AddMember("analyst", "police-antwerp", "analyst", 3);
//   network.PublishDirectory();
//   ProcessResult shown = network.Shield("astrid-desk", {"inbox", "ls", "--json"});
//
// Everything goes through the command line, as its users would do it. What fails aborts the test
// program with the command's own words.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace shield::testing {

std::string ShieldProgram();   // the command line
std::string ShielddProgram();  // the broker

class RealNetwork {
 public:
  // The authority has `keys` keys, of which `threshold` sign: the first in its home, the others in
  // homes officer-2, officer-3 and so on.
  explicit RealNetwork(int keys = 1, int threshold = 1);

  const TemporaryFolder& folder() const { return folder_; }
  std::string HomeOf(absl::string_view member) const;
  std::string BrokerHome() const { return folder_ / "broker"; }
  std::string NetworkFile() const;
  const std::string& address() const { return address_; }
  const std::string& pin() const { return pin_; }

  // The broker's process. StopBroker sends SIGTERM and gives its exit code; KillBroker SIGKILL.
  void StartBroker() { StartBroker(NetworkFile()); }
  void StartBroker(const std::string& network_file);
  int StopBroker();
  void KillBroker();
  pid_t broker_pid() const { return broker_->pid(); }
  Process& broker() { return *broker_; }

  // In the authority's draft; effective with PublishDirectory.
  void AddOrg(absl::string_view id, absl::string_view kind, absl::string_view sectors,
              absl::string_view regions, int vetting, const std::vector<std::string>& more = {});
  // Joins, makes keys, and has the request accepted.
  void AddMember(absl::string_view id, absl::string_view org, absl::string_view roles, int vetting);
  // A home with keys and network that nobody has enrolled.
  void MakeHome(absl::string_view id);
  // As many officers sign as it takes.
  void PublishDirectory();

  // Runs a command in a member's home ("authority" is the vetting authority's) against this broker.
  ProcessResult Shield(absl::string_view home, std::vector<std::string> arguments) const;
  // The same with --json; the command must succeed.
  nlohmann::json ShieldJson(absl::string_view home, std::vector<std::string> arguments) const;

  // Writes a draft into the folder and gives its path.
  std::string WriteDraft(absl::string_view name, absl::string_view text) const;

  // Aborts, with what was said, unless it ended with 0.
  void Must(const ProcessResult& result, absl::string_view what) const;

 private:
  // A key of another officer; its public half.
  std::string MakeOfficer(int number);

  TemporaryFolder folder_;
  int threshold_;
  std::string pin_;
  std::string address_;
  std::unique_ptr<Process> broker_;
};

// "[a, b]" of TOML from words.
std::string TomlList(const std::vector<std::string>& words);

}  // namespace shield::testing
