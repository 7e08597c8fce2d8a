// How a program tests itself without a broker: a network in memory, an author, a reader.
//
//   shield-mock-test FOLDER        an empty folder for the homes
//
// Needs Shield::mock beside Shield::client.
#include <iostream>
#include <optional>
#include <string>

#include "base/status.h"
#include "base/system_clock.h"
#include "client/client.h"
#include "client/home/member_keys.h"
#include "client/mock/memory_authority.h"
#include "client/mock/scripted_connection.h"
#include "crypto/system_random.h"
#include "policy/proof/network_file.h"

namespace {

using shield::MemberId;
using shield::OrgId;

class TestNetwork {
 public:
  explicit TestNetwork(std::string folder) : folder_(std::move(folder)) {}

  absl::Status AddOrg(const std::string& id, shield::OrgKind kind) {
    shield::OrgRecord org{*OrgId::Parse(id), kind, *shield::CommunityId::Parse("test")};
    org.sectors = {"public-sector"};
    org.regions = {"BE211"};
    org.vetting = 3;
    org.state = shield::AccountState::kActive;
    authority_.AddOrg(std::move(org));
    return absl::OkStatus();
  }
  absl::Status AddMember(const std::string& id, const std::string& org, shield::Role role) {
    ASSIGN_OR_RETURN(const shield::Home home, shield::Home::Create(folder_ + "/" + id));
    RETURN_IF_ERROR(home.Join(shield::PrintNetworkFile(authority_.network())));
    ASSIGN_OR_RETURN(
        const shield::MemberKeys keys,
        shield::MemberKeys::Generate(*MemberId::Parse(id), authority_.network().network, random_));
    RETURN_IF_ERROR(home.WriteKeys(keys, std::nullopt, clock_.Now(), random_));
    return authority_.AddMember(keys, *OrgId::Parse(org), {role});
  }
  absl::Status Publish() { return authority_.Publish(); }
  // A client whose first publish loses its answer: what every program has to live with.
  absl::StatusOr<shield::Client> Open(const std::string& id) {
    ASSIGN_OR_RETURN(const shield::Home home, shield::Home::Open(folder_ + "/" + id));
    auto connection = std::make_shared<shield::ScriptedConnection>(
        authority_.broker().Connect(*MemberId::Parse(id)));
    connection->LoseNextReceipt();
    return shield::Client::Open(home, std::nullopt, connection, clock_, random_);
  }

 private:
  const std::string folder_;
  shield::SystemClock clock_;
  shield::SystemRandom random_;
  shield::MemoryAuthority authority_{*shield::Origin::Parse("test.example"), clock_, random_};
};

absl::Status Run(const std::string& folder) {
  TestNetwork network(folder);
  RETURN_IF_ERROR(network.AddOrg("police", shield::OrgKind::kAuthority));
  RETURN_IF_ERROR(network.AddOrg("shop", shield::OrgKind::kMember));
  RETURN_IF_ERROR(network.AddMember("analyst", "police", shield::Role::kAnalyst));
  RETURN_IF_ERROR(network.AddMember("guard", "shop", shield::Role::kReader));
  RETURN_IF_ERROR(network.Publish());

  ASSIGN_OR_RETURN(shield::Client analyst, network.Open("analyst"));
  ASSIGN_OR_RETURN(
      const shield::Draft draft,
      shield::ParseDraft("+++\ntitle = \"x\"\nkind = \"notice\"\ntlp = \"TLP:GREEN\"\n+++\nBody.\n",
                         folder));
  RETURN_IF_ERROR(analyst.Publish(draft).status());

  ASSIGN_OR_RETURN(shield::Client guard, network.Open("guard"));
  RETURN_IF_ERROR(guard.Sync().status());
  ASSIGN_OR_RETURN(const shield::OpenedBulletin opened, guard.Show(1));
  if (opened.content.body != "Body.") return absl::InternalError("another body came");
  return absl::OkStatus();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: shield-mock-test FOLDER\n";
    return 2;
  }
  const absl::Status status = Run(argv[1]);
  if (!status.ok()) std::cerr << "shield-mock-test: " << status.message() << "\n";
  return status.ok() ? 0 : 1;
}
