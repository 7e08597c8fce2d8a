// shield demo up | down: a throw-away network on loopback, made with the commands anyone would use.
#include <filesystem>
#include <memory>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "client/cli/app.h"
#include "client/cli/commands.h"
#include "client/cli/demo_broker.h"
#include "client/cli/terminal_text.h"

namespace shield::cli {
namespace {

constexpr absl::Duration kBrokerPatience = absl::Seconds(20);

struct DemoOrg {
  const char* id;
  const char* kind;
  const char* sectors;
  const char* vetting;
};
constexpr DemoOrg kOrgs[] = {{"police-antwerp", "authority", "public-sector", "3"},
                             {"hotel-astrid", "member", "hotels-restaurants", "2"},
                             {"stadium-bosuil", "member", "stadia-arenas", "2"},
                             {"school-zuid", "member", "education", "1"}};

struct DemoMember {
  const char* id;
  const char* org;
  const char* role;
  const char* vetting;
};
constexpr DemoMember kMembers[] = {{"analyst", "police-antwerp", "analyst", "3"},
                                   {"astrid-desk", "hotel-astrid", "reader", "2"},
                                   {"bosuil-guard", "stadium-bosuil", "reader", "2"},
                                   {"school-desk", "school-zuid", "reader", "1"}};

// Runs one command of this program, showing it; what it prints is shown too when it fails.
absl::Status Step(Session& session, const std::vector<std::string>& arguments) {
  if (session.out().human()) {
    session.out().Note(absl::StrCat("$ shield ", TerminalLine(absl::StrJoin(arguments, " "))));
  }
  std::ostringstream data;
  std::ostringstream notes;
  const Environment& outer = session.environment();
  Environment inner{.clock = outer.clock,
                    .random = outer.random,
                    .data = data,
                    .notes = notes,
                    .input = outer.input,
                    .variable = outer.variable,
                    .read_secret = outer.read_secret,
                    .connect = outer.connect,
                    .interrupt = outer.interrupt,
                    .program_folder = outer.program_folder};
  if (RunShield(arguments, inner) == ExitCode::kOk) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat("`shield ", absl::StrJoin(arguments, " "), "` failed: ", notes.str()));
}

absl::Status EnrolEverybody(Session& session, const std::filesystem::path& home) {
  const std::string authority = (home / "authority").string();
  for (const DemoOrg& org : kOrgs) {
    RETURN_IF_ERROR(
        Step(session, {"org", "add", "--home", authority, org.id, "--kind", org.kind, "--sectors",
                       org.sectors, "--regions", "BE211", "--vetting", org.vetting}));
  }
  for (const DemoMember& member : kMembers) {
    const std::string own = (home / member.id).string();
    RETURN_IF_ERROR(
        Step(session, {"network", "join", "--home", own, authority + "/network.shield"}));
    RETURN_IF_ERROR(Step(session, {"key", "create", "--home", own, "--member", member.id}));
    RETURN_IF_ERROR(
        Step(session, {"member", "add", "--home", authority, "--request", own + "/request.txt",
                       "--org", member.org, "--roles", member.role, "--vetting", member.vetting}));
  }
  return Step(session, {"directory", "publish", "--home", authority});
}

absl::Status PrepareFolder(const std::filesystem::path& home) {
  std::error_code error;
  std::filesystem::create_directories(home, error);
  if (!error) {
    std::filesystem::permissions(home, std::filesystem::perms::owner_all, error);
  }
  if (error) {
    return absl::PermissionDeniedError(
        absl::StrCat("`", home.string(), "` cannot be made: ", error.message()));
  }
  if (std::filesystem::exists(home / "authority") || std::filesystem::exists(home / "broker")) {
    return WithHint(
        absl::AlreadyExistsError(absl::StrCat("`", home.string(), "` holds a network already")),
        "name another folder, or remove this one after `shield demo down`");
  }
  return absl::OkStatus();
}

absl::StatusOr<DemoBroker> BrokerOf(Session& session, const std::filesystem::path& home) {
  const Environment& environment = session.environment();
  ASSIGN_OR_RETURN(std::string program, FindShieldd(environment.program_folder,
                                                    environment.variable("PATH").value_or("")));
  return DemoBroker(home, std::move(program));
}

absl::Status Build(Session& session, const std::filesystem::path& home, const DemoBroker& broker,
                   const std::string& address) {
  ASSIGN_OR_RETURN(const std::string pin, broker.Init(address));
  const std::string authority = (home / "authority").string();
  RETURN_IF_ERROR(Step(session, {"network", "create", "--home", authority, "--origin",
                                 "demo.example", "--broker", address, "--broker-pin", pin}));
  RETURN_IF_ERROR(broker.Start(authority + "/network.shield", kBrokerPatience));
  return EnrolEverybody(session, home);
}

absl::Status Up(Session& session) {
  ASSIGN_OR_RETURN(const std::filesystem::path named, session.Home());
  const std::filesystem::path home = std::filesystem::absolute(named).lexically_normal();
  RETURN_IF_ERROR(PrepareFolder(home));
  ASSIGN_OR_RETURN(const DemoBroker broker, BrokerOf(session, home));
  ASSIGN_OR_RETURN(const int port, FreeLoopbackPort());
  const std::string address = absl::StrCat("127.0.0.1:", port);
  if (const absl::Status built = Build(session, home, broker, address); !built.ok()) {
    if (broker.Runs()) RETURN_IF_ERROR(broker.Stop(kBrokerPatience));
    return built;
  }
  nlohmann::json members = nlohmann::json::array();
  session.out().Line(absl::StrCat("A network is up on ", address, ". Homes in ",
                                  TerminalLine(home.string()), ":"));
  for (const DemoMember& member : kMembers) {
    session.out().Line(absl::StrCat("  ", member.id, " (", member.role, " of ", member.org, ")"));
    members.push_back({{"member", member.id},
                       {"org", member.org},
                       {"roles", member.role},
                       {"home", (home / member.id).string()}});
  }
  session.out().Line(
      absl::StrCat("`shield demo down --home ", TerminalLine(home.string()), "` stops it."));
  session.out().Object(
      {{"broker", address}, {"home", home.string()}, {"members", std::move(members)}});
  return absl::OkStatus();
}

absl::Status Down(Session& session) {
  ASSIGN_OR_RETURN(const std::filesystem::path named, session.Home());
  const std::filesystem::path home = std::filesystem::absolute(named).lexically_normal();
  RETURN_IF_ERROR(DemoBroker(home, "").Stop(kBrokerPatience));
  session.out().Line("stopped; the homes are still there");
  session.out().Object({{"stopped", true}});
  return absl::OkStatus();
}

}  // namespace

void AddDemoCommands(CLI::App& app, Session& session) {
  CLI::App* demo = app.add_subcommand("demo", "A throw-away network on loopback");
  demo->require_subcommand(1);
  session.Command(demo->add_subcommand("up", "Make and start one in --home"),
                  [&session] { return Up(session); });
  session.Command(demo->add_subcommand("down", "Stop it"), [&session] { return Down(session); });
}

}  // namespace shield::cli
