// evil_shieldd: the parts of shieldd, with a hand between what the broker knows and what it says.
//
//   evil_shieldd --home BROKER --network FILE --attack drop-renumbered:2 --victim astrid-desk
//
// It serves the home of a shieldd on a free port of 127.0.0.1, prints `listening on HOST:PORT` to
// stderr and ends on SIGTERM. attack.h lists the attacks. For tests only: no part of it is in what
// is shipped, and nothing that is shipped knows of it.
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/status.h"
#include "base/steady_clock.h"
#include "base/system_clock.h"
#include "broker/core/broker.h"
#include "broker/daemon/exit_code.h"
#include "broker/daemon/home.h"
#include "broker/daemon/private_file.h"
#include "broker/daemon/stderr_log.h"
#include "broker/daemon/termination.h"
#include "broker/store/rocks_store.h"
#include "broker/store/space_probe.h"
#include "broker/transport/server.h"
#include "crypto/system_random.h"
#include "policy/proof/network_file.h"
#include "proto/wire/prepare_process.h"
#include "tests/e2e/evil/attack.h"
#include "tests/e2e/evil/evil_service.h"

namespace shield::testing {
namespace {

struct EvilOptions {
  std::string home;
  std::string network;
  std::string attack = "none";
  std::string victim;
  std::string donor;
};

// The sweep over every byte asks far more often than a member would.
constexpr broker::RateLimits kNoLimits{1'000'000, uint64_t{1} << 40, 1'000'000};
constexpr absl::Duration kAskedToEnd = absl::Milliseconds(100);
constexpr absl::Duration kDrainGrace = absl::Seconds(2);

absl::StatusOr<MemberId> ReadMember(const std::string& text) {
  const std::optional<MemberId> member = MemberId::Parse(text);
  if (member.has_value()) return *member;
  return absl::InvalidArgumentError("that is no member id");
}

absl::StatusOr<Parties> ReadParties(const EvilOptions& options) {
  ASSIGN_OR_RETURN(MemberId victim, ReadMember(options.victim));
  Parties parties{std::move(victim), std::nullopt};
  if (options.donor.empty()) return parties;
  ASSIGN_OR_RETURN(parties.donor, ReadMember(options.donor));
  return parties;
}

absl::StatusOr<NetworkFile> ReadNetwork(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, broker::ReadPublicFile(path, kMaxNetworkFileBytes));
  return ParseNetworkFile(text);
}

absl::Status Run(const EvilOptions& options) {
  broker::TerminationSignals signals;
  SystemClock clock;
  SystemRandom random;
  SteadyClock pacing;
  broker::StderrLog log;
  ASSIGN_OR_RETURN(const Attack attack, ParseAttack(options.attack));
  ASSIGN_OR_RETURN(const Parties parties, ReadParties(options));
  const broker::HomePaths paths(options.home);
  ASSIGN_OR_RETURN(const broker::HomeLock lock, broker::HomeLock::Acquire(paths));
  ASSIGN_OR_RETURN(broker::BrokerHome home, broker::OpenBrokerHome(paths));
  ASSIGN_OR_RETURN(broker::BrokerHome keys, broker::OpenBrokerHome(paths));
  ASSIGN_OR_RETURN(NetworkFile network, ReadNetwork(options.network));
  store::FileSystemSpace space(paths.store);
  store::RocksStoreOptions where;
  where.folder = paths.store;
  where.space = &space;
  ASSIGN_OR_RETURN(const std::unique_ptr<store::RocksStore> store, store::RocksStore::Open(where));
  const StolenOffice office{network.network,
                            std::move(keys.broker_key),
                            std::move(keys.log_key),
                            SigningKey::Generate(random),
                            *store,
                            clock};
  broker::BrokerSetup setup{
      std::move(network), std::move(home.broker_key), std::move(home.log_key), *store, clock, log,
      kNoLimits};
  ASSIGN_OR_RETURN(const std::unique_ptr<broker::Broker> core,
                   broker::Broker::Create(std::move(setup)));
  EvilService evil(*core, office, attack, parties);
  broker::TransportOptions transport;
  transport.identity = std::move(home.tls);
  transport.pacing = &pacing;
  ASSIGN_OR_RETURN(const std::unique_ptr<broker::TransportServer> server,
                   broker::TransportServer::Start(transport, evil, core->pins(), clock, log));
  core->SetFeedListener(server.get());
  core->Start();
  std::fprintf(stderr, "listening on %s\n", server->address().c_str());
  while (!signals.WaitFor(kAskedToEnd)) continue;
  server->Drain(kDrainGrace);
  core->Stop();
  return absl::OkStatus();
}

int Main(int argc, char** argv) {
  ::umask(077);
  EvilOptions options;
  CLI::App app("A broker that cheats one member, for tests.", "evil_shieldd");
  app.add_option("--home", options.home)->required();
  app.add_option("--network", options.network)->required();
  app.add_option("--attack", options.attack, "NAME or NAME:K");
  app.add_option("--victim", options.victim)->required();
  app.add_option("--donor", options.donor, "whose slots and entries are used");
  CLI11_PARSE(app, argc, argv);
  absl::Status status = wire::PrepareProcess();
  if (status.ok()) status = Run(options);
  if (!status.ok()) std::fprintf(stderr, "evil_shieldd: %s\n", status.ToString().c_str());
  return static_cast<int>(broker::ExitCodeFor(status));
}

}  // namespace
}  // namespace shield::testing

int main(int argc, char** argv) { return shield::testing::Main(argc, argv); }
