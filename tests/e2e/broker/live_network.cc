#include "tests/e2e/broker/live_network.h"

#include <signal.h>

#include <cstdio>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "base/base64.h"
#include "base/check.h"
#include "client/authority/create_network.h"
#include "client/authority/draft_directory.h"
#include "client/home/member_keys.h"
#include "client/transport/grpc_connection.h"
#include "policy/proof/directory_tree.h"
#include "policy/proof/enrolment.h"
#include "proto/wire/prepare_process.h"
#include "tests/support/shared_folder.h"

namespace shield::testing {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(30);

void Must(const absl::Status& status) {
  if (!status.ok()) std::fprintf(stderr, "live network: %s\n", status.ToString().c_str());
  SHIELD_CHECK(status.ok());
}

template <typename T>
T Must(absl::StatusOr<T> value) {
  Must(value.status());
  return *std::move(value);
}

void MustRun(const std::vector<std::string>& command) {
  const ProcessResult result = RunProcess(command);
  if (result.exit_code != 0) std::fprintf(stderr, "live network: %s\n", result.notes.c_str());
  SHIELD_CHECK(result.exit_code == 0);
}

std::string Shieldd() { return (BinaryFolder() / "bin/shieldd").string(); }

}  // namespace

void ChangeMember(std::optional<Authority>& authority, const std::string& member,
                  const std::function<void(MemberRecord&)>& change) {
  const Home home = authority->home();
  DirectoryDraft draft = authority->draft();
  change(*draft.FindMember(*MemberId::Parse(member)));
  const DirectoryText text =
      Must(BuildDirectoryText(DraftNote(draft, authority->network()), draft.records));
  authority.reset();  // and its lock with it
  Must(home.Write(kDraftFile, PrintDraft(draft, text.orgs)));
  authority.emplace(Must(Authority::Open(home.folder())));
}

LiveNetwork::LiveNetwork()
    : broker_home_(folder_ / "broker"), network_path_(folder_ / "authority/network.shield") {
  Must(wire::PrepareProcess());
  const ProcessResult init =
      RunProcess({Shieldd(), "init", "--home", broker_home_, "--listen", listen_});
  SHIELD_CHECK(init.exit_code == 0);
  const auto pin = Base64Decode(absl::StripSuffix(init.data, "\n"), Base64Form::kPadded);
  const NetworkPlan plan{*Origin::Parse("live.example"), "127.0.0.1:7443", *Digest::FromBytes(*pin),
                         1};
  Must(CreateNetwork(folder_ / "authority", plan, std::nullopt, Now(), random_).status());
  authority_.emplace(Must(Authority::Open(folder_ / "authority")));
  StartBroker();
}

void LiveNetwork::StartBroker() {
  broker_ = std::make_unique<Process>(std::vector<std::string>{
      Shieldd(), "run", "--home", broker_home_, "--network", network_path_, "--listen", listen_});
  const auto line = broker_->WaitForLine("listening on ");
  SHIELD_CHECK(line.has_value());
  listen_ = line->substr(line->find("127.0.0.1"));
}

void LiveNetwork::KillBroker() {
  broker_->Signal(SIGKILL);
  SHIELD_CHECK(broker_->Wait().has_value());
}

void LiveNetwork::StopBroker() {
  broker_->Signal(SIGTERM);
  SHIELD_CHECK(broker_->Wait() == 0);
}

std::string LiveNetwork::BackUpBroker() {
  const std::string backup = folder_ / "backup";
  MustRun({Shieldd(), "backup", "--home", broker_home_, "--to", backup});
  return backup;
}

void LiveNetwork::RestoreBroker(const std::string& backup) {
  std::filesystem::remove_all(broker_home_ + "/store");
  MustRun({Shieldd(), "restore", "--home", broker_home_, "--from", backup});
}

void LiveNetwork::AddOrg(const std::string& id, OrgKind kind) {
  NewOrg org{*OrgId::Parse(id), kind};
  org.vetting = 3;
  org.sectors = {"retail"};
  org.regions = {"BE211"};
  Must(authority_->AddOrg(org, Now()));
}

void LiveNetwork::AddMember(const std::string& id, const std::string& org, Role role) {
  const Home home = HomeOf(id);
  const MemberKeys keys = Must(home.ReadKeys(std::nullopt));
  NewMember member{SignEnrolmentRequest(Must(RequestFor(keys, authority_->network())), keys.sign),
                   *OrgId::Parse(org),
                   {role},
                   3};
  Must(authority_->AddMember(member, Now()));
}

void LiveNetwork::PublishDirectory() {
  const std::shared_ptr<Connection> connection = ConnectAuthority();
  const BrokerAnswer answer = Must(connection->GetBroker(kPatience));
  Must(authority_->LearnBroker(answer.broker_key, answer.log_key));
  const DirectoryUpload upload = Must(authority_->PrepareDirectory(std::nullopt, 0, Now()));
  Must(connection->PublishDirectory(upload, kPatience).status());
  Must(authority_->CommitDirectory());
}

Home LiveNetwork::HomeOf(const std::string& member) {
  const std::string folder = folder_ / absl::StrCat("home-", member);
  Home home = Must(Home::Create(folder));
  if (home.Has("identity.txt")) return home;
  Must(home.Join(Must(authority_->home().ReadNetworkText())));
  const auto keys =
      Must(MemberKeys::Generate(*MemberId::Parse(member), authority_->network().network, random_));
  Must(home.WriteKeys(keys, std::nullopt, Now(), random_));
  return home;
}

std::shared_ptr<Connection> LiveNetwork::ConnectHome(const Home& home) {
  MemberKeys keys = Must(home.ReadKeys(std::nullopt));
  return Must(NewGrpcConnection({listen_, authority_->network().broker_pin, std::move(keys.tls)}));
}

std::shared_ptr<Connection> LiveNetwork::Connect(const std::string& member) {
  return ConnectHome(HomeOf(member));
}

MemberKeys LiveNetwork::KeysOf(const std::string& member) {
  return Must(HomeOf(member).ReadKeys(std::nullopt));
}

Client LiveNetwork::Open(const std::string& member) {
  const Home home = HomeOf(member);
  ClientOptions options;
  options.timeout = kPatience;
  return Must(
      Client::Open(home, Passphrase(std::nullopt), ConnectHome(home), clock_, random_, options));
}

Draft LiveNetwork::BulletinFor(const std::vector<std::string>& to, const std::string& title,
                               const std::string& body) {
  const std::string text = absl::StrCat(
      "+++\ntitle = \"", title, "\"\nkind = \"flash_alert\"\ntlp = \"TLP:AMBER+STRICT\"\nto = [",
      absl::StrJoin(to, ", ",
                    [](std::string* out, const std::string& token) {
                      absl::StrAppend(out, "\"", token, "\"");
                    }),
      "]\n+++\n", body, "\n");
  return Must(ParseDraft(text, folder_.path().string()));
}

}  // namespace shield::testing
