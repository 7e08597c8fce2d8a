// A network in memory: an authority, a few firms, members with homes, and the broker they share.
//
//   SampleNetwork network;
//   Client analyst = network.Open("an-lise");
//   analyst.Publish(network.Draft(…));
//
// Organisations: ocad (authority; an-lise and an-omar, analysts), astrid (hotel; astrid-desk,
// astrid-guard), meir (retail; meir-guard). Every member has vetting 3.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "client/client.h"
#include "client/home/home.h"
#include "client/home/member_keys.h"
#include "client/mock/memory_broker.h"
#include "client/mock/scripted_connection.h"
#include "policy/directory_note.h"
#include "policy/records.h"
#include "tests/support/fake_clock.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temporary_folder.h"

namespace shield::testing {

class SampleNetwork {
 public:
  // A certificate is the one thing here that the seed does not decide: with kByName the directory
  // has a stand-in for it, and every text of the network is the same each time. Then only the
  // broker in memory, which takes a member's word for who is calling, knows its members.
  enum class Pins { kOfCertificates, kByName };
  explicit SampleNetwork(Pins pins = Pins::kOfCertificates);

  FakeClock& clock() { return clock_; }
  SeededRandom& random() { return random_; }
  MemoryBroker& broker() { return *broker_; }
  const NetworkFile& network() const { return *network_; }
  DirectoryRecords& records() { return records_; }
  const std::string& folder() const { return folder_.path().native(); }

  // The home and keys of a member, made at its first mention.
  Home HomeOf(absl::string_view member);
  const SigningKey& SignKeyOf(absl::string_view member);
  // What the broker of this network signs with, for a test that brings another one.
  const SigningKey& broker_key() const { return broker_key_; }
  const SigningKey& log_key() const { return log_key_; }

  // Adds a member to an organisation; PublishDirectory makes it known.
  void AddMember(absl::string_view member, absl::string_view org, std::vector<Role> roles);
  MemberRecord& Member(absl::string_view id);
  OrgRecord& Org(absl::string_view id);

  // Witness lines and quorum of the directories from the next one on.
  void AskForWitnesses(std::vector<std::string> vkeys, uint64_t quorum) {
    witnesses_ = std::move(vkeys);
    quorum_ = quorum;
  }

  // Signs the records as the next directory version and gives them to the broker.
  void PublishDirectory();
  // Only a new freshness note, valid for a day from now.
  void Refresh();
  // What PublishDirectory would upload.
  DirectoryUpload NextUpload();

  // A client of `member`, through a script of its own.
  Client Open(absl::string_view member, LinkObserver on_link = nullptr);
  ScriptedConnection& Script(absl::string_view member) { return *scripts_.at(std::string(member)); }

  // A draft from its text, which must be fine.
  Draft DraftOf(absl::string_view text);
  // A short GREEN one.
  Draft Green(absl::string_view title);

 private:
  void AddOrg(absl::string_view id, OrgKind kind, absl::string_view sector);

  const Pins pins_;
  FakeClock clock_;
  SeededRandom random_{11};
  TemporaryFolder folder_;
  SigningKey authority_;
  SigningKey fresh_;
  SigningKey broker_key_;
  SigningKey log_key_;
  std::unique_ptr<NetworkFile> network_;
  std::unique_ptr<MemoryBroker> broker_;
  DirectoryRecords records_;
  std::map<std::string, std::unique_ptr<MemberKeys>> keys_;
  std::map<std::string, std::shared_ptr<ScriptedConnection>> scripts_;
  std::vector<std::string> witnesses_;
  uint64_t quorum_ = 0;
  uint64_t version_ = 0;
  Digest previous_;
  std::string note_;
};

}  // namespace shield::testing
