#include "tests/e2e/large_network.h"

#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/base64.h"
#include "base/check.h"
#include "client/authority/create_network.h"
#include "client/home/member_keys.h"
#include "client/transport/grpc_connection.h"
#include "policy/proof/enrolment.h"
#include "proto/wire/prepare_process.h"

namespace shield::testing {
namespace {

// How long `shield` itself waits for an answer unless it is told otherwise.
constexpr absl::Duration kPatience = absl::Seconds(10);

constexpr char kAuthority[] = "police";
constexpr int kVetting = 2;

void Must(const absl::Status& status) {
  if (!status.ok()) std::fprintf(stderr, "large network: %s\n", status.ToString().c_str());
  SHIELD_CHECK(status.ok());
}

template <typename T>
T Must(absl::StatusOr<T> value) {
  Must(value.status());
  return *std::move(value);
}

Digest InitBroker(const std::string& shieldd, const std::string& home) {
  const ProcessResult made =
      RunProcess({shieldd, "init", "--home", home, "--listen", "127.0.0.1:0"});
  if (made.exit_code != 0)
    std::fprintf(stderr, "%s init: %s\n", shieldd.c_str(), made.notes.c_str());
  SHIELD_CHECK(made.exit_code == 0);
  const auto pin = Base64Decode(absl::StripSuffix(made.data, "\n"), Base64Form::kPadded);
  SHIELD_CHECK(pin.has_value());
  return *Digest::FromBytes(*pin);
}

// `init` writes the defaults.
void SetLimits(const std::string& home, const LargeNetworkSize& size) {
  const std::string path = home + "/config.toml";
  std::ifstream file(path);
  std::string text(std::istreambuf_iterator<char>(file), {});
  const auto set = [&text](absl::string_view key, int by_default, int value) {
    const std::string line = absl::StrCat(key, " = ", by_default, "\n");
    SHIELD_CHECK(absl::StrContains(text, line));
    text.replace(text.find(line), line.size(), absl::StrCat(key, " = ", value, "\n"));
  };
  set("publishes_per_minute", 600, size.publishes_per_minute);
  set("upload_mebibytes_per_hour", 2048, size.upload_mebibytes_per_hour);
  std::ofstream(path) << text;
}

std::string OrgName(size_t number) { return absl::StrCat("firm-", number); }

NewOrg SomeOrg(const std::string& id, OrgKind kind) {
  return {.id = *OrgId::Parse(id),
          .kind = kind,
          .sectors = {"retail"},
          .regions = {"BE211"},
          .vetting = kVetting};
}

}  // namespace

LargeNetwork::LargeNetwork(const std::string& shieldd, const LargeNetworkSize& size)
    : shieldd_(shieldd), size_(size) {
  Must(wire::PrepareProcess());
  const std::string broker_home = folder_ / "broker";
  const NetworkPlan plan{.network = *Origin::Parse("large.example"),
                         .broker_address = "127.0.0.1:7443",
                         .broker_pin = InitBroker(shieldd, broker_home)};
  Must(CreateNetwork(folder_ / "authority", plan, std::nullopt, Now(), random_).status());
  SetLimits(broker_home, size);
  authority_.emplace(Must(Authority::Open(folder_ / "authority")));
  StartBroker();
}

void LargeNetwork::StartBroker() {
  broker_ = std::make_unique<Process>(
      std::vector<std::string>{shieldd_, "run", "--home", folder_ / "broker", "--network",
                               authority_->home().PathOf("network.shield")});
  const std::optional<std::string> line = broker_->WaitForLine("listening on ");
  SHIELD_CHECK(line.has_value());
  address_ = line->substr(line->find("127.0.0.1"));
}

void LargeNetwork::RestartBroker() {
  broker_->Signal(SIGTERM);
  SHIELD_CHECK(broker_->Wait() == 0);
  StartBroker();
}

void LargeNetwork::MakeKeys() {
  requests_.reserve(size_.members + size_.authors);
  for (size_t number = 0; number < size_.authors; ++number) AddAuthor(number);
  for (size_t number = 0; number < size_.members; ++number) AddMember(number);
}

void LargeNetwork::AddAuthor(size_t number) {
  const std::string id = number == 0 ? "analyst" : absl::StrCat("analyst-", number);
  const MemberKeys keys =
      Must(MemberKeys::Generate(*MemberId::Parse(id), authority_->network().network, random_));
  requests_.push_back(Asks(keys, kAuthority, Role::kAnalyst));
  authors_.push_back(MakeHome(id));
  Must(authors_.back().WriteKeys(keys, std::nullopt, Now(), random_));
}

void LargeNetwork::AddMember(size_t number) {
  const std::string id = absl::StrCat("member-", number);
  const MemberKeys keys =
      Must(MemberKeys::Generate(*MemberId::Parse(id), authority_->network().network, random_));
  requests_.push_back(Asks(keys, OrgOf(number), Role::kReader));
  if (number >= size_.homes) return;
  homes_.push_back(MakeHome(id));
  Must(homes_.back().WriteKeys(keys, std::nullopt, Now(), random_));
}

std::string LargeNetwork::OrgOf(size_t number) const {
  if (!size_.homes_together) return OrgName(number % size_.organisations);
  return OrgName(number < size_.homes ? 0 : 1 + number % (size_.organisations - 1));
}

NewMember LargeNetwork::Asks(const MemberKeys& keys, const std::string& org, Role role) {
  const EnrolmentRequest request = Must(RequestFor(keys, authority_->network()));
  return {.request = SignEnrolmentRequest(request, keys.sign),
          .org = *OrgId::Parse(org),
          .roles = {role},
          .vetting = kVetting};
}

void LargeNetwork::Enrol() {
  Must(authority_->AddOrg(SomeOrg(kAuthority, OrgKind::kAuthority), Now()));
  for (size_t number = 0; number < size_.organisations; ++number) {
    Must(authority_->AddOrg(SomeOrg(OrgName(number), OrgKind::kMember), Now()));
  }
  Must(authority_->AddMembers(requests_, Now()));
}

DirectoryUpload LargeNetwork::SignDirectory() {
  const BrokerAnswer broker = Must(Connect(authority_->home())->GetBroker(kPatience));
  Must(authority_->LearnBroker(broker.broker_key, broker.log_key));
  return Must(authority_->PrepareDirectory(std::nullopt, 0, Now()));
}

void LargeNetwork::Upload(const DirectoryUpload& upload) {
  Must(Connect(authority_->home())->PublishDirectory(upload, kPatience).status());
  Must(authority_->CommitDirectory());
}

std::shared_ptr<Connection> LargeNetwork::Connect(const Home& home) {
  MemberKeys keys = Must(home.ReadKeys(std::nullopt));
  return Must(NewGrpcConnection({address_, authority_->network().broker_pin, std::move(keys.tls)}));
}

Client LargeNetwork::Open(std::shared_ptr<Connection> connection, const Home& home) {
  return Must(Client::Open(home, Passphrase(std::nullopt), std::move(connection), clock_, random_));
}

Draft LargeNetwork::DraftToAll(absl::string_view title) const {
  const std::string text = absl::StrCat(
      "+++\ntitle = \"", title,
      "\"\nkind = \"flash_alert\"\ntlp = \"TLP:GREEN\"\nto = [\"community:",
      NetworkCommunity(authority_->network().network).text(), "\"]\n+++\nBody of ", title, ".\n");
  return Must(ParseDraft(text, folder_.path().string()));
}

Draft LargeNetwork::DraftToOrg(size_t number, absl::string_view title) const {
  const std::string text = absl::StrCat(
      "+++\ntitle = \"", title,
      "\"\nkind = \"flash_alert\"\ntlp = \"TLP:AMBER+STRICT\"\nto = [\"org:", OrgName(number),
      "\"]\n+++\nBody of ", title, ".\n");
  return Must(ParseDraft(text, folder_.path().string()));
}

absl::Time LargeNetwork::Now() { return absl::FromUnixSeconds(absl::ToUnixSeconds(clock_.Now())); }

Home LargeNetwork::MakeHome(const std::string& name) {
  Home home = Must(Home::Create(folder_ / absl::StrCat("home-", name)));
  Must(home.Join(Must(authority_->home().ReadNetworkText())));
  return home;
}

}  // namespace shield::testing
