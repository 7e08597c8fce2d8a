// A network of thousands on loopback: the real shieldd, the authority's home, libshield over TLS.
//
//   LargeNetwork network(ShielddProgram(), {.members = 10'000, .organisations = 200, .homes =
//   100}); network.MakeKeys(); network.Enrol(); network.Upload(network.SignDirectory()); Client
//   analyst = network.Open(network.Connect(network.analyst()), network.analyst());
//
// Every member has real keys and a signed request, as `shield key create` makes them; only the
// first `homes` of them get a home on disk and can connect, the others exist for the directory. The
// authors are members more. What fails aborts the program with the error's own words.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "base/digest.h"
#include "base/system_clock.h"
#include "client/authority/authority.h"
#include "client/client.h"
#include "client/connection.h"
#include "client/draft/draft.h"
#include "client/home/home.h"
#include "crypto/system_random.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace shield::testing {

struct LargeNetworkSize {
  size_t members = 0;              // who read; spread evenly over the organisations
  size_t organisations = 1;        // they belong to
  size_t homes = 0;                // of members who can connect
  int publishes_per_minute = 600;  // and member that the broker lets through
  int upload_mebibytes_per_hour = 2048;
  size_t authors = 1;           // analysts of the authority
  bool homes_together = false;  // members with homes are organisation 0, and nobody else
};

class LargeNetwork {
 public:
  // Makes the homes of broker and authority and starts the broker, the program at `shieldd`.
  LargeNetwork(const std::string& shieldd, const LargeNetworkSize& size);

  // What members do at home before they are enrolled.
  void MakeKeys();
  // What the authority does: the organisations, then everybody at once.
  void Enrol();
  DirectoryUpload SignDirectory();
  void Upload(const DirectoryUpload& upload);

  const Home& analyst() const { return authors_.front(); }
  const std::vector<Home>& authors() const { return authors_; }
  const std::vector<Home>& homes() const { return homes_; }
  Process& broker() { return *broker_; }
  // Where it listens, HOST:PORT, and the pin of its key.
  const std::string& address() const { return address_; }
  const Digest& broker_pin() const { return authority_->network().broker_pin; }
  const std::filesystem::path& folder() const { return folder_.path(); }

  // Ends the broker in order and starts it anew, with nothing in memory, at another address:
  // connections made before are of no use.
  void RestartBroker();

  std::shared_ptr<Connection> Connect(const Home& home);
  // With the library's own limits of time.
  Client Open(std::shared_ptr<Connection> connection, const Home& home);

  // A draft to everybody in the network, and one to the organisation of this number, from 0.
  Draft DraftToAll(absl::string_view title) const;
  Draft DraftToOrg(size_t number, absl::string_view title) const;

 private:
  absl::Time Now();
  void StartBroker();
  Home MakeHome(const std::string& name);
  NewMember Asks(const MemberKeys& keys, const std::string& org, Role role);
  void AddAuthor(size_t number);
  void AddMember(size_t number);
  std::string OrgOf(size_t number) const;

  const std::string shieldd_;
  const LargeNetworkSize size_;
  SystemClock clock_;
  SystemRandom random_;
  TemporaryFolder folder_;
  std::optional<Authority> authority_;
  std::unique_ptr<Process> broker_;
  std::string address_;
  std::vector<Home> authors_;
  std::vector<Home> homes_;
  std::vector<NewMember> requests_;
};

}  // namespace shield::testing
