#include "tests/e2e/evil/evil_network.h"

#include <signal.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "base/check.h"
#include "client/digest/week.h"
#include "tests/support/shared_folder.h"

namespace shield::testing {
namespace {

namespace fs = std::filesystem;

constexpr char kHotel[] = "\"org:hotel-astrid\"";
constexpr char kHotelAndStadium[] = "\"org:hotel-astrid\", \"org:stadium-bosuil\"";

std::string StoreOf(const RealNetwork& network) { return network.BrokerHome() + "/store"; }
std::string Yesterday(const RealNetwork& network) { return network.folder() / "yesterday"; }

std::string DraftFor(absl::string_view title, absl::string_view to, absl::string_view more) {
  return absl::StrCat("+++\ntitle = \"", title,
                      "\"\nkind = \"flash_alert\"\ntlp = \"AMBER+STRICT\"\nto = [", to,
                      "]\nexpires = 2099-12-01T00:00:00Z\n", more, "+++\nBody.\n");
}

std::vector<nlohmann::json> KeptEntries(const std::string& home) {
  const ProcessResult listed =
      RunProcess({ShieldProgram(), "inbox", "ls", "--offline", "--json", "--home", home});
  const nlohmann::json object = nlohmann::json::parse(listed.data, nullptr, false);
  if (!object.is_object() || !object.contains("entries")) return {};
  return object["entries"].get<std::vector<nlohmann::json>>();
}

}  // namespace

EvilNetwork::EvilNetwork() {
  real_.AddOrg("police-antwerp", "authority", "public-sector", "BE211", 3);
  real_.AddOrg("hotel-astrid", "member", "hotels-restaurants", "BE211", 2);
  real_.AddOrg("stadium-bosuil", "member", "stadia-arenas", "BE211", 2);
  real_.AddOrg("school-zuid", "member", "education", "BE211", 2);
  real_.AddMember("analyst", "police-antwerp", "analyst", 3);
  real_.AddMember("astrid-desk", "hotel-astrid", "reader", 2);
  real_.AddMember("astrid-guard", "hotel-astrid", "reader", 2);
  real_.AddMember("bosuil-guard", "stadium-bosuil", "reader", 2);
  real_.AddMember("school-desk", "school-zuid", "reader", 2);
  real_.PublishDirectory();
  std::ofstream(real_.folder() / "map.txt") << "the way in and the way out\n";
  Publish("one", kHotelAndStadium);
  Publish("two", kHotel, "attachments = [\"map.txt\"]\n");
  Keep("half");
  SHIELD_CHECK(real_.StopBroker() == 0);
  fs::copy(StoreOf(real_), Yesterday(real_), fs::copy_options::recursive);
  real_.StartBroker();
  Publish("three", kHotel);
  Publish("four", kHotel);
  Keep("informed");
  real_.AddMember("astrid-new", "hotel-astrid", "reader", 2);
  real_.PublishDirectory();
  SHIELD_CHECK(real_.StopBroker() == 0);
}

std::string EvilNetwork::DraftText(absl::string_view title) { return DraftFor(title, kHotel, ""); }

void EvilNetwork::PublishGreen(absl::string_view title) {
  const std::string draft = real_.WriteDraft(
      absl::StrCat(title, ".md"),
      absl::StrCat("+++\ntitle = \"", title, "\"\nkind = \"flash_alert\"\ntlp = \"GREEN\"\n",
                   "expires = 2099-12-01T00:00:00Z\n+++\nBody.\n"));
  real_.ShieldJson("analyst", {"bulletin", "publish", draft});
}

void EvilNetwork::PublishBriefing() {
  real_.ShieldJson(
      "analyst", {"digest", "publish", "--tier", "green", "--week", Week::Of(absl::Now()).Print()});
}

std::string EvilNetwork::Draft(absl::string_view title) {
  return real_.WriteDraft(absl::StrCat(title, ".md"), DraftText(title));
}

void EvilNetwork::Publish(absl::string_view title, absl::string_view to, absl::string_view more) {
  const std::string draft = real_.WriteDraft(absl::StrCat(title, ".md"), DraftFor(title, to, more));
  real_.ShieldJson("analyst", {"bulletin", "publish", draft});
}

void EvilNetwork::Keep(absl::string_view name) {
  fs::copy(real_.HomeOf("astrid-desk"), real_.HomeOf(name), fs::copy_options::recursive);
  real_.ShieldJson(name, {"inbox", "ls"});
}

std::string EvilNetwork::CopyHome(absl::string_view name) {
  const std::string copy = real_.HomeOf(absl::StrCat("copy-", ++copies_));
  fs::copy(real_.HomeOf(name), copy, fs::copy_options::recursive);
  return copy;
}

void EvilNetwork::TurnBack(bool with_sentinel) {
  fs::remove_all(StoreOf(real_) + "/db");
  fs::copy(Yesterday(real_) + "/db", StoreOf(real_) + "/db", fs::copy_options::recursive);
  if (!with_sentinel) return;
  fs::copy(Yesterday(real_) + "/head", StoreOf(real_) + "/head",
           fs::copy_options::overwrite_existing);
}

EvilBroker::EvilBroker(EvilNetwork& network, absl::string_view attack, absl::string_view victim,
                       absl::string_view donor) {
  std::vector<std::string> command = {(BinaryFolder() / "tests/e2e/evil/evil_shieldd").string(),
                                      "--home",
                                      network.real().BrokerHome(),
                                      "--network",
                                      network.real().NetworkFile(),
                                      "--attack",
                                      std::string(attack),
                                      "--victim",
                                      std::string(victim)};
  if (!donor.empty()) command.insert(command.end(), {"--donor", std::string(donor)});
  process_ = std::make_unique<Process>(command);
  const std::optional<std::string> line = process_->WaitForLine("listening on ");
  if (!line.has_value()) {
    std::fprintf(stderr, "evil_shieldd did not start:\n%s\n",
                 absl::StrJoin(process_->lines(), "\n").c_str());
  }
  SHIELD_CHECK(line.has_value());
  const std::vector<std::string> words = absl::StrSplit(*line, ' ');
  address_ = words.back();
}

EvilBroker::~EvilBroker() {
  process_->Signal(SIGTERM);
  process_->Wait();
}

ProcessResult ShieldAt(const std::string& home, const std::string& address,
                       std::vector<std::string> arguments) {
  std::vector<std::string> command = {ShieldProgram()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  command.insert(command.end(), {"--json", "--home", home, "--broker", address});
  return RunProcess(command);
}

std::string OutcomeOf(const ProcessResult& result) {
  const nlohmann::json object = nlohmann::json::parse(result.data, nullptr, false);
  std::string outcome = absl::StrCat(result.exit_code);
  if (object.is_object() && object.contains("error")) {
    absl::StrAppend(&outcome, " ", object["error"]["code"].get<std::string>());
  }
  return outcome;
}

std::string WhatIsSeen(const std::string& home, const std::string& address) {
  std::string seen = OutcomeOf(ShieldAt(home, address, {"inbox", "ls"}));
  for (const nlohmann::json& entry : KeptEntries(home)) {
    if (!entry.contains("fault")) continue;
    const std::string number = absl::StrCat(entry["seq"].get<uint64_t>());
    const ProcessResult shown = RunProcess(
        {ShieldProgram(), "inbox", "show", number, "--offline", "--json", "--home", home});
    absl::StrAppend(&seen, "; entry ", number, ": ", OutcomeOf(shown));
  }
  return seen;
}

size_t EntriesThatOpen(const std::string& home) {
  size_t count = 0;
  for (const nlohmann::json& entry : KeptEntries(home)) {
    if (!entry.contains("fault") && entry["state"] == "live") ++count;
  }
  return count;
}

}  // namespace shield::testing
