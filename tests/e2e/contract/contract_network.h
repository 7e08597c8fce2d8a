// A network for the contract of a Connection: the same authority and members before one broker or
// the other.
//
//   std::unique_ptr<ContractNetwork> network = NewContractNetwork(ContractBroker::kMemory);
//   std::shared_ptr<Connection> connection = network->Connect("ann");
//
// Organisations: police (an authority; ann and bob, analysts, and the authority's own seat),
// astrid, meir and zoo with a reader each. What goes wrong in setting up aborts the test program.
#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include "base/system_clock.h"
#include "client/authority/authority.h"
#include "client/connection.h"
#include "client/home/member_keys.h"
#include "crypto/system_random.h"

namespace shield::testing {

enum class ContractBroker {
  kMemory,   // client/mock: a broker in this process
  kShieldd,  // the program over TLS on loopback, with its store on disk
};

inline void PrintTo(ContractBroker broker, std::ostream* out) {
  *out << (broker == ContractBroker::kMemory ? "the broker in memory" : "shieldd");
}

class ContractNetwork {
 public:
  virtual ~ContractNetwork() = default;

  virtual Authority& authority() = 0;
  virtual std::shared_ptr<Connection> Connect(const std::string& member) = 0;
  virtual std::shared_ptr<Connection> ConnectAuthority() = 0;
  virtual MemberKeys KeysOf(const std::string& member) = 0;
  virtual void AddOrg(const std::string& id, OrgKind kind) = 0;
  virtual void AddMember(const std::string& id, const std::string& org, Role role) = 0;
  virtual void ChangeMember(const std::string& member,
                            const std::function<void(MemberRecord&)>& change) = 0;
  // Uploads the draft as the next version.
  virtual void PublishDirectory() = 0;

  // Now, in whole seconds.
  absl::Time Now() { return absl::FromUnixSeconds(absl::ToUnixSeconds(clock_.Now())); }
  Clock& clock() { return clock_; }
  Random& random() { return random_; }

 private:
  SystemClock clock_;
  SystemRandom random_;
};

// With everybody above in its first directory.
std::unique_ptr<ContractNetwork> NewContractNetwork(ContractBroker broker);

}  // namespace shield::testing
