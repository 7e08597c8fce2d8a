// A vetting authority in memory, so that a program's test has a network with a signed directory.
//
//   MemoryAuthority authority(*Origin::Parse("test.example"), clock, random);
//   authority.AddOrg(org);
//   authority.AddMember(keys, org.id, {Role::kAnalyst});
//   authority.Publish();
//   auto connection = authority.broker().Connect(keys.member);
//
// Its broker takes what it publishes; a home joins with PrintNetworkFile(authority.network()).
#pragma once

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "base/clock.h"
#include "base/random.h"
#include "client/home/member_keys.h"
#include "client/mock/memory_broker.h"
#include "crypto/signing_key.h"
#include "policy/origin.h"
#include "policy/proof/network_file.h"
#include "policy/records.h"

namespace shield {

// Thread-compatible. Borrows clock and randomness.
class MemoryAuthority {
 public:
  MemoryAuthority(const Origin& network, Clock& clock, Random& random);

  const NetworkFile& network() const { return *network_; }
  MemoryBroker& broker() { return *broker_; }
  // What the next version will hold; may be changed.
  DirectoryRecords& records() { return records_; }

  void AddOrg(OrgRecord org) { records_.orgs.push_back(std::move(org)); }
  // An active member of the highest vetting, with all three keys.
  absl::Status AddMember(const MemberKeys& keys, const OrgId& org, std::vector<Role> roles);

  // Signs the records as the next version, with a freshness note for a day, and gives both to the
  // broker. INVALID_ARGUMENT for records that are out of form.
  absl::Status Publish();

 private:
  DirectoryNote NextNote() const;

  Clock& clock_;
  SigningKey authority_;
  SigningKey fresh_;
  std::string broker_key_;  // verifier keys
  std::string log_key_;
  std::unique_ptr<NetworkFile> network_;
  std::unique_ptr<MemoryBroker> broker_;
  DirectoryRecords records_;
  uint64_t version_ = 0;
  Digest previous_;
};

}  // namespace shield
