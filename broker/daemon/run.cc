#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "broker/core/broker.h"
#include "broker/daemon/commands.h"
#include "broker/daemon/exit_code.h"
#include "broker/daemon/home.h"
#include "broker/daemon/private_file.h"
#include "broker/daemon/termination.h"
#include "broker/store/rocks_options.h"
#include "broker/store/rocks_store.h"
#include "broker/store/space_probe.h"
#include "broker/store/store_errors.h"
#include "broker/transport/descriptor_budget.h"
#include "broker/transport/server.h"

namespace shield::broker {
namespace {

// How long calls may take to finish after SIGTERM; a unit's stop timeout is longer.
constexpr absl::Duration kDrainGrace = absl::Seconds(10);
// How soon a store that failed while reading is noticed.
constexpr absl::Duration kHealthInterval = absl::Milliseconds(500);
// How long what has ended may wait to be erased.
constexpr absl::Duration kSweepInterval = absl::Seconds(10);
constexpr rlim_t kMaxDescriptors = 65'536;

absl::Status AsFailStop(const absl::Status& status) {
  const std::string hint = HintOf(status);
  return WithHint(
      WithRule(Annotate(status, "the store is not to be trusted"), kRuleFailStop),
      hint.empty() ? "run `shieldd verify`; if it finds damage, `shieldd restore` a backup" : hint);
}

// What another start may put right without anybody looking at the store.
bool LeavesTheStoreTrusted(const absl::Status& status) {
  const std::string rule = RuleOf(status);
  return rule == store::kRuleStoreInUse || rule == store::kRuleStoreFormat;
}

// Ends the process at once: whatever it did next would be built on a guess. Called from the
// committing thread too, so it cannot wait for other threads.
[[noreturn]] void FailStopNow(const absl::Status& cause, Surroundings world) {
  Log(world.log, world.clock, "fail_stop", {{"code", cause.code()}});
  std::fprintf(stderr, "shieldd: %s\n", AsFailStop(cause).ToString().c_str());
  std::_Exit(static_cast<int>(ExitCode::kFailStop));
}

absl::StatusOr<NetworkFile> ReadNetwork(const std::string& path, const Digest& own_pin) {
  ASSIGN_OR_RETURN(const std::string text, ReadPublicFile(path, kMaxNetworkFileBytes));
  ASSIGN_OR_RETURN(NetworkFile network, ParseNetworkFile(text));
  if (network.broker_pin != own_pin) {
    return WithHint(
        absl::FailedPreconditionError(absl::StrCat("`", path, "` names another broker's pin")),
        "create the network with the pin that `shieldd init` printed here");
  }
  return network;
}

absl::StatusOr<std::unique_ptr<store::RocksStore>> OpenStore(const HomePaths& paths,
                                                             const DaemonConfig& config,
                                                             store::SpaceProbe& space) {
  store::RocksStoreOptions options;
  options.folder = paths.store;
  options.space = &space;
  options.publish_watermark_bytes = uint64_t{config.free_space_mebibytes} << 20;
  absl::StatusOr<std::unique_ptr<store::RocksStore>> store = store::RocksStore::Open(options);
  if (store.ok() || LeavesTheStoreTrusted(store.status())) return store;
  return AsFailStop(store.status());
}

// The broker on what the store holds. A stored directory that the network file's keys did not sign
// is none, but the store is as it was: what is wrong is the file, and somebody has to look.
absl::StatusOr<std::unique_ptr<Broker>> MakeBroker(BrokerSetup setup) {
  absl::StatusOr<std::unique_ptr<Broker>> broker = Broker::Create(std::move(setup));
  if (broker.ok()) return broker;
  if (absl::IsFailedPrecondition(broker.status())) return WithRule(broker.status(), kRuleFailStop);
  return AsFailStop(broker.status());
}

// Shells give a process 1,024 descriptors. How many there are now.
rlim_t RaiseDescriptorLimit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, kMaxDescriptors);
  return ::setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : before;
}

RateLimits RatesOf(const DaemonConfig& config) {
  return {config.publishes_per_minute, uint64_t{config.upload_mebibytes_per_hour} << 20,
          config.calls_per_second};
}

RetentionTable RetentionOf(const DaemonConfig& config) {
  RetentionTable table;
  for (const auto& [key, days] : config.retention_days) {
    table.Set(key.first, key.second, absl::Hours(24) * days);
  }
  return table;
}

}  // namespace

absl::Status RunBroker(const RunOptions& options, Surroundings world) {
  TerminationSignals signals;
  TransportOptions transport;
  ASSIGN_OR_RETURN(transport.limits.connections,
                   WithinDescriptors(transport.limits.connections, RaiseDescriptorLimit(),
                                     store::kMaxOpenFiles));
  const HomePaths paths(options.home);
  ASSIGN_OR_RETURN(BrokerHome home, OpenBrokerHome(paths));
  ASSIGN_OR_RETURN(const HomeLock lock, HomeLock::Acquire(paths));
  if (!options.listen.empty()) {
    ASSIGN_OR_RETURN(home.config.listen, ParseListenAddress(options.listen));
  }
  ASSIGN_OR_RETURN(NetworkFile network, ReadNetwork(options.network, home.pin));
  store::FileSystemSpace space(paths.store);
  ASSIGN_OR_RETURN(const std::unique_ptr<store::RocksStore> store,
                   OpenStore(paths, home.config, space));
  ASSIGN_OR_RETURN(
      const std::unique_ptr<Broker> broker,
      MakeBroker({std::move(network), std::move(home.broker_key), std::move(home.log_key), *store,
                  world.clock, world.log, RatesOf(home.config), RetentionOf(home.config),
                  [world](const absl::Status& cause) { FailStopNow(cause, world); },
                  &world.pacing}));
  transport.listen = home.config.listen.ToString();
  transport.identity = std::move(home.tls);
  transport.pacing = &world.pacing;
  ASSIGN_OR_RETURN(
      const std::unique_ptr<TransportServer> server,
      TransportServer::Start(transport, *broker, broker->pins(), world.clock, world.log));
  broker->SetFeedListener(server.get());
  broker->Start();
  std::fprintf(stderr, "listening on %s\n", server->address().c_str());
  Log(world.log, world.clock, "started",
      {{"commits", store->last_commit()}, {"directory", store->directory_version()}});
  absl::Duration since_sweep = kSweepInterval;
  while (!signals.WaitFor(kHealthInterval)) {
    if (const absl::Status health = store->health(); !health.ok()) FailStopNow(health, world);
    since_sweep += kHealthInterval;
    if (since_sweep < kSweepInterval) continue;
    since_sweep = absl::ZeroDuration();
    broker->Sweep();
  }
  Log(world.log, world.clock, "draining", {});
  server->Drain(kDrainGrace);
  broker->Stop();
  Log(world.log, world.clock, "stopped", {{"commits", store->last_commit()}});
  return absl::OkStatus();
}

}  // namespace shield::broker
