// Subscribers to whom nothing is sent: what the server holds in memory for each, and how often its
// threads run all the same.
#include <map>
#include <memory>
#include <utility>

#include "absl/time/clock.h"
#include "base/status.h"
#include "tests/bench/harness/process_cost.h"
#include "tests/bench/network/bare_connection.h"
#include "tests/bench/network/bench_network.h"
#include "tests/bench/network/network_workloads.h"
#include "tests/bench/network/process_load.h"
#include "tests/bench/network/reader_fleet.h"

namespace shield::testing {
namespace {

// Handshakes leave memory behind that is given back a moment later.
constexpr absl::Duration kSettle = absl::Seconds(2);
constexpr absl::Duration kWatched = absl::Seconds(20);
constexpr absl::Duration kQuick = absl::Milliseconds(500);  // instead of both

// What a server pays for its idle subscribers.
struct IdleCost {
  double bytes = 0;  // of each
  double switches_per_second = 0;
  double cpu_s = 0;  // while it was watched
  uint64_t peak_bytes = 0;
};

struct IdleCosts {
  IdleCost ours;
  IdleCost bare;
};

absl::StatusOr<IdleCost> Watch(pid_t server, const FleetOrder& order, const std::string& folder,
                               const Run& run) {
  const bool quick = run.effort == Effort::kQuick;
  const absl::Duration watched = quick ? kQuick : kWatched;
  const uint64_t before = ResidentBytes(server);
  ReaderFleet fleet(order, folder);
  RETURN_IF_ERROR(fleet.WaitUntilReady());
  absl::SleepFor(quick ? kQuick : kSettle);
  const auto grown = static_cast<double>(ResidentBytes(server) - before);
  const uint64_t switches = ContextSwitches(server);
  const double cpu = ProcessorSeconds(server);
  absl::SleepFor(watched);
  const auto woken = static_cast<double>(ContextSwitches(server) - switches);
  return IdleCost{grown / static_cast<double>(order.homes.size()),
                  woken / absl::ToDoubleSeconds(watched), ProcessorSeconds(server) - cpu,
                  PeakBytes(server)};
}

absl::StatusOr<IdleCosts> Measure(size_t subscribers, const Run& run) {
  BenchNetwork network({.subscribers = subscribers});
  BareConnection bare(network.folder(), network.network().analyst().ReadKeys(std::nullopt)->tls);
  ASSIGN_OR_RETURN(const IdleCost ours, Watch(network.broker(),
                                              {.address = network.network().address(),
                                               .pin = network.network().broker_pin(),
                                               .homes = network.readers()},
                                              network.folder(), run));
  ASSIGN_OR_RETURN(
      const IdleCost ceiling,
      Watch(bare.pid(), {.address = bare.address(), .pin = bare.pin(), .homes = network.readers()},
            network.folder(), run));
  return IdleCosts{ours, ceiling};
}

// One measurement gives two figures: whoever asks second is told what the first one found.
class IdleResults {
 public:
  absl::StatusOr<IdleCosts> Get(size_t subscribers, const Run& run) {
    const auto known = results_.find(subscribers);
    if (known != results_.end()) return known->second;
    ASSIGN_OR_RETURN(const IdleCosts costs, Measure(subscribers, run));
    results_[subscribers] = costs;
    return costs;
  }

 private:
  std::map<size_t, IdleCosts> results_;
};

Figure FigureOf(const char* unit, double IdleCost::*value, const IdleCosts& costs) {
  return {unit,
          Better::kLower,
          costs.ours.*value,
          costs.bare.*value,
          costs.ours.cpu_s,
          costs.ours.peak_bytes};
}

}  // namespace

void AddIdle(Suite& suite) {
  const auto results = std::make_shared<IdleResults>();
  for (const auto& [subscribers, least] :
       {std::pair(size_t{100}, Effort::kQuick), std::pair(size_t{1'000}, Effort::kDefault),
        std::pair(size_t{5'000}, Effort::kFull)}) {
    const auto get = [results, subscribers = subscribers](const Run& run) {
      return results->Get(subscribers, run);
    };
    suite.Add("idle", least, {{"subscribers", subscribers}},
              [get](const Run& run) -> absl::StatusOr<Figure> {
                ASSIGN_OR_RETURN(const IdleCosts costs, get(run));
                return FigureOf("B", &IdleCost::bytes, costs);
              });
    suite.Add("idle_wakeups", least, {{"subscribers", subscribers}},
              [get](const Run& run) -> absl::StatusOr<Figure> {
                ASSIGN_OR_RETURN(const IdleCosts costs, get(run));
                return FigureOf("1/s", &IdleCost::switches_per_second, costs);
              });
  }
}

}  // namespace shield::testing
