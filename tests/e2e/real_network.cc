#include "tests/e2e/real_network.h"

#include <signal.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/check.h"
#include "tests/support/shared_folder.h"

namespace shield::testing {
namespace {

constexpr char kOrigin[] = "antwerp.example";

}  // namespace

std::string ShieldProgram() { return (BinaryFolder() / "bin" / "shield").string(); }

std::string ShielddProgram() { return (BinaryFolder() / "bin" / "shieldd").string(); }

RealNetwork::RealNetwork(int keys, int threshold) : threshold_(threshold) {
  const ProcessResult made =
      RunProcess({ShielddProgram(), "init", "--home", BrokerHome(), "--listen", "127.0.0.1:0"});
  Must(made, "shieldd init");
  pin_ = std::string(absl::StripAsciiWhitespace(made.data));
  // The broker picks its port when it starts; --broker tells each command.
  std::vector<std::string> create = {
      ShieldProgram(),        "network",      "create", "--home",
      HomeOf("authority"),    "--origin",     kOrigin,  "--broker",
      "127.0.0.1:1",          "--broker-pin", pin_,     "--threshold",
      absl::StrCat(threshold)};
  for (int number = 2; number <= keys; ++number) {
    create.insert(create.end(), {"--authority-key", MakeOfficer(number)});
  }
  Must(RunProcess(create), "network create");
  for (int number = 2; number <= keys; ++number) {
    const std::string home = absl::StrCat("officer-", number);
    Must(RunProcess({ShieldProgram(), "network", "join", NetworkFile(), "--home", HomeOf(home)}),
         "network join");
  }
  StartBroker();
}

std::string RealNetwork::HomeOf(absl::string_view member) const { return folder_ / member; }

std::string RealNetwork::NetworkFile() const { return HomeOf("authority") + "/network.shield"; }

void RealNetwork::StartBroker(const std::string& network_file) {
  broker_ = std::make_unique<Process>(std::vector<std::string>{
      ShielddProgram(), "run", "--home", BrokerHome(), "--network", network_file});
  const std::optional<std::string> line = broker_->WaitForLine("listening on ");
  if (!line.has_value()) {
    std::fprintf(stderr, "shieldd did not start:\n%s\n",
                 absl::StrJoin(broker_->lines(), "\n").c_str());
    std::abort();
  }
  const std::vector<std::string> words = absl::StrSplit(*line, ' ');
  address_ = words.back();
}

int RealNetwork::StopBroker() {
  broker_->Signal(SIGTERM);
  return broker_->Wait().value_or(-1);
}

void RealNetwork::KillBroker() {
  broker_->Signal(SIGKILL);
  broker_->Wait();
}

void RealNetwork::AddOrg(absl::string_view id, absl::string_view kind, absl::string_view sectors,
                         absl::string_view regions, int vetting,
                         const std::vector<std::string>& more) {
  std::vector<std::string> command = {"org",
                                      "add",
                                      std::string(id),
                                      "--kind",
                                      std::string(kind),
                                      "--sectors",
                                      std::string(sectors),
                                      "--regions",
                                      std::string(regions),
                                      "--vetting",
                                      absl::StrCat(vetting)};
  command.insert(command.end(), more.begin(), more.end());
  Must(Shield("authority", command), absl::StrCat("org add ", id));
}

void RealNetwork::MakeHome(absl::string_view id) {
  Must(Shield(id, {"network", "join", NetworkFile()}), absl::StrCat("network join ", id));
  Must(Shield(id, {"key", "create", "--member", std::string(id)}), absl::StrCat("key create ", id));
}

void RealNetwork::AddMember(absl::string_view id, absl::string_view org, absl::string_view roles,
                            int vetting) {
  MakeHome(id);
  Must(Shield("authority",
              {"member", "add", "--request", HomeOf(id) + "/request.txt", "--org", std::string(org),
               "--roles", std::string(roles), "--vetting", absl::StrCat(vetting)}),
       absl::StrCat("member add ", id));
}

std::string RealNetwork::MakeOfficer(int number) {
  const ProcessResult made =
      RunProcess({ShieldProgram(), "key", "create", "--authority", absl::StrCat(number), "--origin",
                  kOrigin, "--home", HomeOf(absl::StrCat("officer-", number))});
  Must(made, "key create --authority");
  return std::string(absl::StripAsciiWhitespace(made.data));
}

void RealNetwork::PublishDirectory() {
  if (threshold_ == 1) return Must(Shield("authority", {"directory", "publish"}), "publish");
  const std::string draft = folder_ / "stick.signing";
  std::filesystem::remove(draft);
  Shield("authority", {"directory", "publish", "--draft", draft});
  for (int number = 2; number <= threshold_; ++number) {
    const std::string officer = HomeOf(absl::StrCat("officer-", number));
    Must(RunProcess({ShieldProgram(), "directory", "sign", draft, "--home", officer}),
         "directory sign");
  }
  Must(Shield("authority", {"directory", "publish", "--draft", draft}), "directory publish");
}

ProcessResult RealNetwork::Shield(absl::string_view home,
                                  std::vector<std::string> arguments) const {
  std::vector<std::string> command = {ShieldProgram()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  command.insert(command.end(), {"--home", HomeOf(home), "--broker", address_});
  return RunProcess(command);
}

nlohmann::json RealNetwork::ShieldJson(absl::string_view home,
                                       std::vector<std::string> arguments) const {
  arguments.emplace_back("--json");
  const std::string what = absl::StrJoin(arguments, " ");
  const ProcessResult result = Shield(home, std::move(arguments));
  Must(result, absl::StrCat(home, ": ", what));
  return nlohmann::json::parse(result.data);
}

std::string RealNetwork::WriteDraft(absl::string_view name, absl::string_view text) const {
  const std::string path = folder_ / name;
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

void RealNetwork::Must(const ProcessResult& result, absl::string_view what) const {
  if (result.exit_code == 0) return;
  std::fprintf(stderr, "%s: exit code %d\n%s%s\n", std::string(what).c_str(), result.exit_code,
               result.data.c_str(), result.notes.c_str());
  if (broker_ != nullptr) {
    std::fprintf(stderr, "shieldd said:\n%s\n", absl::StrJoin(broker_->lines(), "\n").c_str());
  }
  std::abort();
}

std::string TomlList(const std::vector<std::string>& words) {
  return words.empty() ? "[]" : absl::StrCat("[\"", absl::StrJoin(words, "\", \""), "\"]");
}

}  // namespace shield::testing
