#include "tests/e2e/contract/contract_network.h"

#include <cstdio>
#include <optional>
#include <utility>

#include "base/check.h"
#include "client/authority/create_network.h"
#include "client/mock/memory_broker.h"
#include "crypto/sha256.h"
#include "policy/proof/enrolment.h"
#include "tests/e2e/broker/live_network.h"
#include "tests/support/temporary_folder.h"

namespace shield::testing {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(30);

void MustStart(const absl::Status& status) {
  if (!status.ok()) std::fprintf(stderr, "contract network: %s\n", status.ToString().c_str());
  SHIELD_CHECK(status.ok());
}

template <typename T>
T MustStart(absl::StatusOr<T> value) {
  MustStart(value.status());
  return *std::move(value);
}

class ShielddNetwork final : public ContractNetwork {
 public:
  Authority& authority() override { return live_.authority(); }
  std::shared_ptr<Connection> Connect(const std::string& member) override {
    return live_.Connect(member);
  }
  std::shared_ptr<Connection> ConnectAuthority() override { return live_.ConnectAuthority(); }
  MemberKeys KeysOf(const std::string& member) override { return live_.KeysOf(member); }
  void AddOrg(const std::string& id, OrgKind kind) override { live_.AddOrg(id, kind); }
  void AddMember(const std::string& id, const std::string& org, Role role) override {
    live_.AddMember(id, org, role);
  }
  void ChangeMember(const std::string& member,
                    const std::function<void(MemberRecord&)>& change) override {
    live_.ChangeMember(member, change);
  }
  void PublishDirectory() override { live_.PublishDirectory(); }

 private:
  LiveNetwork live_;
};

class MemoryNetwork final : public ContractNetwork {
 public:
  MemoryNetwork() {
    const NetworkPlan plan{*Origin::Parse("memory.example"), "127.0.0.1:7443", Sha256("pin"), 1};
    MustStart(CreateNetwork(folder_ / "authority", plan, std::nullopt, Now(), random()).status());
    authority_.emplace(MustStart(Authority::Open(folder_ / "authority")));
    broker_ = std::make_unique<MemoryBroker>(authority_->network(), SigningKey::Generate(random()),
                                             SigningKey::Generate(random()), clock());
  }

  Authority& authority() override { return *authority_; }
  std::shared_ptr<Connection> Connect(const std::string& member) override {
    return broker_->Connect(*MemberId::Parse(member));
  }
  std::shared_ptr<Connection> ConnectAuthority() override { return Connect(std::string(kSeatId)); }
  MemberKeys KeysOf(const std::string& member) override {
    const Home home = MustStart(Home::Create(folder_ / member));
    if (!home.Has("identity.txt")) {
      MustStart(home.Join(MustStart(authority_->home().ReadNetworkText())));
      const MemberKeys keys = MustStart(
          MemberKeys::Generate(*MemberId::Parse(member), authority_->network().network, random()));
      MustStart(home.WriteKeys(keys, std::nullopt, Now(), random()));
    }
    return MustStart(home.ReadKeys(std::nullopt));
  }
  void AddOrg(const std::string& id, OrgKind kind) override {
    NewOrg org{*OrgId::Parse(id), kind};
    org.vetting = 3;
    org.sectors = {"retail"};
    org.regions = {"BE211"};
    MustStart(authority_->AddOrg(org, Now()));
  }
  void AddMember(const std::string& id, const std::string& org, Role role) override {
    const MemberKeys keys = KeysOf(id);
    const EnrolmentRequest request = MustStart(RequestFor(keys, authority_->network()));
    const NewMember member{SignEnrolmentRequest(request, keys.sign), *OrgId::Parse(org), {role}, 3};
    MustStart(authority_->AddMember(member, Now()));
  }
  void ChangeMember(const std::string& member,
                    const std::function<void(MemberRecord&)>& change) override {
    testing::ChangeMember(authority_, member, change);
  }
  void PublishDirectory() override {
    const std::shared_ptr<Connection> connection = ConnectAuthority();
    const BrokerAnswer answer = MustStart(connection->GetBroker(kPatience));
    MustStart(authority_->LearnBroker(answer.broker_key, answer.log_key));
    const DirectoryUpload upload = MustStart(authority_->PrepareDirectory(std::nullopt, 0, Now()));
    MustStart(connection->PublishDirectory(upload, kPatience).status());
    MustStart(authority_->CommitDirectory());
  }

 private:
  TemporaryFolder folder_;
  std::optional<Authority> authority_;
  std::unique_ptr<MemoryBroker> broker_;
};

}  // namespace

std::unique_ptr<ContractNetwork> NewContractNetwork(ContractBroker broker) {
  std::unique_ptr<ContractNetwork> network;
  if (broker == ContractBroker::kMemory) {
    network = std::make_unique<MemoryNetwork>();
  } else {
    network = std::make_unique<ShielddNetwork>();
  }
  network->AddOrg("police", OrgKind::kAuthority);
  network->AddMember("ann", "police", Role::kAnalyst);
  network->AddMember("bob", "police", Role::kAnalyst);
  for (const char* firm : {"astrid", "meir", "zoo"}) {
    network->AddOrg(firm, OrgKind::kMember);
    network->AddMember(std::string(firm) + "-reader", firm, Role::kReader);
  }
  network->PublishDirectory();
  return network;
}

}  // namespace shield::testing
