// From the publish call to the moment at which a subscriber has decrypted the bulletin, while
// little else goes on: two bulletins a second to 100 subscribers with the whole library, who
// acknowledge between turns.
//
// The ceiling is what nothing can do without: two syncs of this disk, and what a bare gRPC server
// takes until the last of as many readers has as many bytes, three times over. Beside it stands
// what can be reached with all readers on this one machine: two syncs, and what the same bare
// server takes until the last of as many has verified, opened and stored its entry with the
// primitives alone.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "tests/bench/harness/process_cost.h"
#include "tests/bench/harness/turns.h"
#include "tests/bench/network/bare_connection.h"
#include "tests/bench/network/bench_network.h"
#include "tests/bench/network/network_turns.h"
#include "tests/bench/network/network_workloads.h"
#include "tests/bench/network/quantile.h"
#include "tests/bench/network/reader_fleet.h"

namespace shield::testing {
namespace {

constexpr absl::Duration kPace = absl::Milliseconds(500);
constexpr absl::Duration kQuickPace = absl::Milliseconds(100);
constexpr double kShare = 0.99;
constexpr size_t kBytes = 4096;  // what the least payload of the library has

// Milliseconds from each beginning to each arrival: the p99.
double Spread(const std::vector<absl::Time>& begun,
              const std::vector<std::vector<absl::Time>>& arrivals) {
  std::vector<double> all;
  for (const std::vector<absl::Time>& reader : arrivals) {
    for (size_t i = 0; i < std::min(reader.size(), begun.size()); ++i) {
      all.push_back(absl::ToDoubleMilliseconds(reader[i] - begun[i]));
    }
  }
  return Quantile(std::move(all), kShare);
}

// Calls `deed` so many times, one each `pace` or as soon as the last has returned; when each began.
absl::StatusOr<std::vector<absl::Time>> AtLowLoad(uint64_t count, absl::Duration pace,
                                                  const std::function<absl::Status()>& deed) {
  std::vector<absl::Time> begun;
  absl::Time next = absl::Now();
  for (uint64_t i = 0; i < count; ++i) {
    absl::SleepFor(next - absl::Now());
    next = absl::Now() + pace;
    begun.push_back(absl::Now());
    RETURN_IF_ERROR(deed());
  }
  return begun;
}

// The p99 of a synced write of one page to the end of a file, in milliseconds, at the same pace.
absl::StatusOr<double> SyncLatency(const std::string& folder, uint64_t count, absl::Duration pace) {
  const std::string path = folder + "/synced";
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) return absl::InternalError("no file to sync");
  const std::string page(kBytes, 'x');
  std::vector<double> all;
  const auto begun = AtLowLoad(count, pace, [&]() -> absl::Status {
    const absl::Time before = absl::Now();
    if (::write(file, page.data(), page.size()) < 0 || ::fdatasync(file) != 0) {
      return absl::InternalError("the file cannot be synced");
    }
    all.push_back(absl::ToDoubleMilliseconds(absl::Now() - before));
    return absl::OkStatus();
  });
  ::close(file);
  ::unlink(path.c_str());
  RETURN_IF_ERROR(begun.status());
  return Quantile(std::move(all), kShare);
}

// Milliseconds, p99.
struct LatencyResult {
  double ours = 0;
  double bare = 0;        // two syncs and three times the bare fan-out
  double primitives = 0;  // two syncs and the readers' primitives
  double cpu_s = 0;       // of the broker, for a turn
  uint64_t peak_bytes = 0;
};

class Latency {
 public:
  Latency(size_t subscribers, const Run& run)
      : count_(run.effort == Effort::kQuick ? 3 : 16),
        pace_(run.effort == Effort::kQuick ? kQuickPace : kPace),
        turns_(1, 3),
        network_({.subscribers = subscribers}),
        bare_(network_.folder(), network_.network().analyst().ReadKeys(std::nullopt)->tls),
        bare_of_primitives_(network_.folder(),
                            network_.network().analyst().ReadKeys(std::nullopt)->tls) {
    turns_.resize(1 + NetworkTurns(run), count_);
  }

  absl::StatusOr<LatencyResult> Measure() {
    const Home& home = network_.network().analyst();
    Client analyst = network_.network().Open(network_.network().Connect(home), home);
    ReaderFleet ours({.kind = ReaderKind::kFull,
                      .address = network_.network().address(),
                      .pin = network_.network().broker_pin(),
                      .homes = network_.readers(),
                      .turns = turns_,
                      .arrivals = true},
                     network_.folder());
    RETURN_IF_ERROR(ours.WaitUntilReady());
    ReaderFleet bare({.address = bare_.address(),
                      .pin = bare_.pin(),
                      .homes = network_.readers(),
                      .turns = turns_,
                      .arrivals = true},
                     network_.folder());
    RETURN_IF_ERROR(bare.WaitUntilReady());
    ReaderFleet primitive({.kind = ReaderKind::kPrimitive,
                           .address = bare_of_primitives_.address(),
                           .pin = bare_of_primitives_.pin(),
                           .homes = network_.readers(),
                           .turns = turns_,
                           .arrivals = true,
                           .payload_bytes = kBytes},
                          network_.folder());
    RETURN_IF_ERROR(primitive.WaitUntilReady());
    std::vector<double> our_p99;
    std::vector<double> ceilings;
    std::vector<double> primitives;
    std::vector<double> cpu;
    for (size_t turn = 1; turn <= turns_.size(); ++turn) {
      const double before = ProcessorSeconds(network_.broker());
      ASSIGN_OR_RETURN(const double ours_ms, OurTurn(turn, ours, analyst));
      const double spent = ProcessorSeconds(network_.broker()) - before;
      ASSIGN_OR_RETURN(const double bare_ms, BareTurn(turn, bare_, bare));
      ASSIGN_OR_RETURN(const double primitive_ms, BareTurn(turn, bare_of_primitives_, primitive));
      ASSIGN_OR_RETURN(const double sync_ms,
                       SyncLatency(network_.folder(), turns_[turn - 1], pace_));
      if (turn == 1) continue;
      our_p99.push_back(ours_ms);
      ceilings.push_back(2 * sync_ms + 3 * bare_ms);
      primitives.push_back(2 * sync_ms + primitive_ms);
      cpu.push_back(spent);
    }
    return LatencyResult{Median(std::move(our_p99)), Median(std::move(ceilings)),
                         Median(std::move(primitives)), Median(std::move(cpu)),
                         PeakBytes(network_.broker())};
  }

 private:
  absl::StatusOr<double> OurTurn(size_t turn, ReaderFleet& fleet, Client& analyst) {
    ASSIGN_OR_RETURN(const std::vector<absl::Time> begun, AtLowLoad(turns_[turn - 1], pace_, [&] {
                       const std::string title = absl::StrCat("Bulletin ", ++published_);
                       return analyst.Publish(network_.ToReaders(title)).status();
                     }));
    ASSIGN_OR_RETURN(const ReaderTurn had, fleet.WaitForTurn(turn));
    return Spread(begun, had.arrivals);
  }

  absl::StatusOr<double> BareTurn(size_t turn, BareConnection& server, ReaderFleet& fleet) {
    constexpr uint64_t kEntryBytes = kBytes + 1024;  // with statement, slot and proof
    ASSIGN_OR_RETURN(const std::vector<absl::Time> begun, AtLowLoad(turns_[turn - 1], pace_, [&] {
                       return server.Append(1, kEntryBytes);
                     }));
    ASSIGN_OR_RETURN(const ReaderTurn had, fleet.WaitForTurn(turn));
    return Spread(begun, had.arrivals);
  }

  const uint64_t count_;
  const absl::Duration pace_;
  std::vector<uint64_t> turns_;
  BenchNetwork network_;
  BareConnection bare_;
  BareConnection bare_of_primitives_;
  uint64_t published_ = 0;
};

// One measurement gives both figures: whoever asks second is told what the first one found.
class LatencyResults {
 public:
  absl::StatusOr<LatencyResult> Get(size_t subscribers, const Run& run) {
    const auto known = results_.find(subscribers);
    if (known != results_.end()) return known->second;
    Latency latency(subscribers, run);
    ASSIGN_OR_RETURN(const LatencyResult result, latency.Measure());
    results_[subscribers] = result;
    return result;
  }

 private:
  std::map<size_t, LatencyResult> results_;
};

}  // namespace

void AddLatency(Suite& suite) {
  const auto results = std::make_shared<LatencyResults>();
  const auto add = [&](const char* name, size_t subscribers, Effort least,
                       double LatencyResult::*ceiling) {
    suite.Add(name, least, {{"subscribers", subscribers}},
              [=](const Run& run) -> absl::StatusOr<Figure> {
                ASSIGN_OR_RETURN(const LatencyResult result, results->Get(subscribers, run));
                return Figure{"ms",         Better::kLower,   result.ours, result.*ceiling,
                              result.cpu_s, result.peak_bytes};
              });
  };
  for (const auto& [subscribers, least] :
       {std::pair(size_t{10}, Effort::kQuick), std::pair(size_t{100}, Effort::kDefault)}) {
    add("latency", subscribers, least, &LatencyResult::bare);
    add("latency_primitives", subscribers, least, &LatencyResult::primitives);
  }
}

}  // namespace shield::testing
