// A network of real parts: the shieldd program on loopback, an authority's home, members' homes,
// and libshield between them over TLS. Only the clock of the machine is shared.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/system_clock.h"
#include "client/authority/authority.h"
#include "client/client.h"
#include "client/home/home.h"
#include "client/home/member_keys.h"
#include "crypto/system_random.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace shield::testing {

// Changes a member in the draft of a home, of which there is no command: `authority` is opened
// anew.
void ChangeMember(std::optional<Authority>& authority, const std::string& member,
                  const std::function<void(MemberRecord&)>& change);

class LiveNetwork {
 public:
  LiveNetwork();

  // Starts or restarts the broker on its port.
  void StartBroker();
  void KillBroker();
  // Ends it as an operator does, with SIGTERM.
  void StopBroker();
  // `shieldd backup` of the stopped broker; the folder of the backup.
  std::string BackUpBroker();
  // `shieldd restore` of the stopped broker in the place of its store, which is removed.
  void RestoreBroker(const std::string& backup);
  Process& broker() { return *broker_; }
  const std::string& broker_home() const { return broker_home_; }

  Authority& authority() { return *authority_; }
  void AddOrg(const std::string& id, OrgKind kind);
  void AddMember(const std::string& id, const std::string& org, Role role);
  void ChangeMember(const std::string& member, const std::function<void(MemberRecord&)>& change) {
    testing::ChangeMember(authority_, member, change);
  }
  // Uploads the draft as the next version. Must succeed.
  void PublishDirectory();

  std::shared_ptr<Connection> Connect(const std::string& member);
  // As the authority's own seat.
  std::shared_ptr<Connection> ConnectAuthority() { return ConnectHome(authority_->home()); }
  MemberKeys KeysOf(const std::string& member);
  Client Open(const std::string& member);
  Draft BulletinFor(const std::vector<std::string>& to, const std::string& title,
                    const std::string& body);

  SystemClock& clock() { return clock_; }
  absl::Time Now() { return absl::FromUnixSeconds(absl::ToUnixSeconds(clock_.Now())); }

 private:
  Home HomeOf(const std::string& member);
  std::shared_ptr<Connection> ConnectHome(const Home& home);

  SystemClock clock_;
  SystemRandom random_;
  TemporaryFolder folder_;
  std::string broker_home_;
  std::string network_path_;
  std::string listen_ = "127.0.0.1:0";
  std::unique_ptr<Process> broker_;
  std::optional<Authority> authority_;
};

}  // namespace shield::testing
