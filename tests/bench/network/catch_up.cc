// Catching up: one member who was offline comes back to an inbox of 10,000 bulletins, which the
// broker has at hand, or has to read from the disk because it was started a moment ago.
#include <utility>

#include "base/status.h"
#include "tests/bench/harness/process_cost.h"
#include "tests/bench/harness/turns.h"
#include "tests/bench/network/bare_connection.h"
#include "tests/bench/network/bench_network.h"
#include "tests/bench/network/network_turns.h"
#include "tests/bench/network/network_workloads.h"
#include "tests/bench/network/reader_fleet.h"

namespace shield::testing {
namespace {

class CatchUp {
 public:
  CatchUp(size_t bytes, bool cold, const Run& run)
      : bytes_(bytes),
        cold_(cold),
        turns_(NetworkTurns(run)),
        entries_(run.effort == Effort::kQuick ? 100 : 10'000),
        network_({.subscribers = kAuthors + 1}),
        bare_(network_.folder(), network_.network().analyst().ReadKeys(std::nullopt)->tls) {}

  absl::StatusOr<Figure> Measure() {
    ASSIGN_OR_RETURN(const std::vector<SealedUpload> uploads, network_.Seal(entries_, bytes_));
    RETURN_IF_ERROR(network_.PublishAll(uploads, kUploadsInFlight));
    std::vector<double> ours;
    std::vector<double> bare;
    std::vector<double> cpu;
    for (int turn = 1; turn <= turns_; ++turn) {
      if (cold_) network_.network().RestartBroker();
      const double before = ProcessorSeconds(network_.broker());
      // Only the last one acknowledges, so that each finds as much.
      ASSIGN_OR_RETURN(const ReaderTurn had, Read(network_.network().address(),
                                                  network_.network().broker_pin(), turn == turns_));
      cpu.push_back(ProcessorSeconds(network_.broker()) - before);
      if (turn == 1) RETURN_IF_ERROR(bare_.Append(entries_, had.bytes / entries_));
      ASSIGN_OR_RETURN(const ReaderTurn bare_had, Read(bare_.address(), bare_.pin(), false));
      ours.push_back(RateOf(had));
      bare.push_back(RateOf(bare_had));
    }
    return Figure{"deliveries/s",          Better::kHigher,        Median(std::move(ours)),
                  Median(std::move(bare)), Median(std::move(cpu)), PeakBytes(network_.broker())};
  }

 private:
  // A reader that holds nothing yet and leaves when it has all.
  absl::StatusOr<ReaderTurn> Read(const std::string& address, const Digest& pin, bool acknowledge) {
    ReaderFleet fleet({.address = address,
                       .pin = pin,
                       .homes = {network_.network().homes().front()},
                       .turns = {entries_},
                       .acknowledge = acknowledge},
                      network_.folder());
    ASSIGN_OR_RETURN(ReaderTurn had, fleet.WaitForTurn(1));
    RETURN_IF_ERROR(fleet.WaitUntilDone());
    return had;
  }

  double RateOf(const ReaderTurn& had) const {
    return static_cast<double>(entries_) / absl::ToDoubleSeconds(had.last - had.greeted);
  }

  const size_t bytes_;
  const bool cold_;
  const int turns_;
  const uint64_t entries_;
  BenchNetwork network_;
  BareConnection bare_;
};

}  // namespace

void AddCatchUp(Suite& suite) {
  for (const auto& [name, cold] :
       {std::pair("catch_up", false), std::pair("catch_up_cold", true)}) {
    suite.Add(name, Effort::kQuick, {{"bytes", 1024}}, [cold = cold](const Run& run) {
      CatchUp catch_up(1024, cold, run);
      return catch_up.Measure();
    });
  }
}

}  // namespace shield::testing
