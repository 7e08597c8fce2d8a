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
#include "client/home/private_file.h"
#include "client/text/terminal_text.h"

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
  if (session.environment().interrupt.raised()) return Interrupted();
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

// Everything that `demo up` makes in its folder.
std::vector<std::string> DemoNames() {
  std::vector<std::string> names = {"authority", "broker", "shieldd.pid", "shieldd.pin",
                                    "shieldd.log"};
  for (const DemoMember& member : kMembers) names.emplace_back(member.id);
  return names;
}

// The folder is the caller's alone: made so, or found so. One that is not is left as it is.
absl::Status PrepareFolder(const std::filesystem::path& home) {
  RETURN_IF_ERROR(MakePrivateFolder(home.string()));
  std::error_code error;
  for (const std::string& name : DemoNames()) {
    if (!std::filesystem::exists(home / name, error)) continue;
    return WithHint(
        absl::AlreadyExistsError(absl::StrCat(
            "`", home.string(), "` holds a network already, or a part of one: `", name, "`")),
        "name another folder, or remove this one after `shield demo down`");
  }
  return absl::OkStatus();
}

// Takes away what an `up` that did not come to its end has made; nothing was there before.
absl::Status Clear(const std::filesystem::path& home, const DemoBroker& broker) {
  if (broker.Runs()) RETURN_IF_ERROR(broker.Stop(kBrokerPatience));
  std::error_code error;
  for (const std::string& name : DemoNames()) {
    std::filesystem::remove_all(home / name, error);
    if (!error) continue;
    return absl::InternalError(
        absl::StrCat("`", (home / name).string(), "` cannot be removed: ", error.message()));
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
  // The wish to stop is looked at between two steps; half a network is of no use to anybody.
  session.environment().interrupt.OnRaise([] {});
  absl::Status built = Build(session, home, broker, address);
  if (built.ok() && session.environment().interrupt.raised()) built = Interrupted();
  if (!built.ok()) {
    RETURN_IF_ERROR(Clear(home, broker));
    return built;
  }
  session.environment().interrupt.Forget();
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
