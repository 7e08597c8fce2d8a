// Live fan-out: bulletins published by 16 uploads at once, delivered to everybody subscribed, over
// the whole real path; beside a bare gRPC server that moves as many bytes for each delivery and has
// nothing to publish. Beside it stands, for what a server can do whose news are uploaded and
// durable first, the same bare server taking uploads of as many bytes by as many callers and
// syncing the same rows of RocksDB. Each of the three has one pass in a turn, after a quiet moment
// and one turn that does not count: how wide gRPC's flow control has opened the connections is
// worth a factor of two. The bare server's connections carry the relay's passes too, and are ahead
// of ours in that.
#include <functional>
#include <map>
#include <memory>
#include <utility>

#include "absl/time/clock.h"
#include "base/status.h"
#include "tests/bench/harness/process_cost.h"
#include "tests/bench/network/bare_connection.h"
#include "tests/bench/network/live_fanout.h"
#include "tests/bench/network/network_workloads.h"

namespace shield::testing {
namespace {

struct Result {
  FanoutSide ours;
  FanoutSide bare;
  FanoutSide relay;
  uint64_t peak_bytes = 0;  // of the broker
};

class Fanout {
 public:
  Fanout(const FanoutShape& shape, const Run& run)
      : shape_(shape),
        live_(shape, run),
        bare_(live_.network().folder(),
              live_.network().network().analyst().ReadKeys(std::nullopt)->tls, kAuthors) {}

  absl::StatusOr<Result> Measure() {
    RETURN_IF_ERROR(live_.Connect());
    ReaderFleet bare(OrderForBare(), live_.network().folder());
    RETURN_IF_ERROR(bare.WaitUntilReady());
    std::vector<FanoutSide> ours;
    std::vector<FanoutSide> sent;
    std::vector<FanoutSide> relayed;
    for (size_t turn = 1; turn <= live_.turns().size(); ++turn) {
      ASSIGN_OR_RETURN(const FanoutSide our_side, live_.Turn(turn));
      FanoutSide relay_side;
      if (has_relay()) {
        ASSIGN_OR_RETURN(relay_side, RelayTurn(turn, bare));
      }
      ASSIGN_OR_RETURN(const FanoutSide bare_side, BareTurn(turn, bare));
      if (turn == 1) continue;
      ours.push_back(our_side);
      sent.push_back(bare_side);
      relayed.push_back(relay_side);
    }
    RETURN_IF_ERROR(live_.Finish());
    return Result{MedianOf(ours), MedianOf(sent), MedianOf(relayed),
                  PeakBytes(live_.network().broker())};
  }

 private:
  // What the whole library takes is nothing that a relay is to be held against.
  bool has_relay() const { return shape_.kind == ReaderKind::kCounting; }

  FleetOrder OrderForBare() {
    std::vector<uint64_t> turns;
    for (const uint64_t entries : live_.turns()) {
      turns.insert(turns.end(), has_relay() ? 2 : 1, entries);
    }
    return {.kind = ReaderKind::kCounting,
            .address = bare_.address(),
            .pin = bare_.pin(),
            .homes = live_.network().readers(),
            .turns = std::move(turns)};
  }

  // The bare server's side of `pass`, which sends as many entries as a turn of ours.
  absl::StatusOr<FanoutSide> BarePass(size_t turn, ReaderFleet& fleet,
                                      const std::function<absl::Status(uint64_t)>& pass) {
    const uint64_t entries = live_.turns()[turn - 1];
    absl::SleepFor(kQuietMoment);
    const double cpu = ProcessorSeconds(bare_.pid());
    const absl::Time begun = absl::Now();
    RETURN_IF_ERROR(pass(entries));
    ASSIGN_OR_RETURN(const ReaderTurn had, fleet.WaitForTurn(++passes_));
    return SideOf(entries * shape_.subscribers, had.last - begun,
                  ProcessorSeconds(bare_.pid()) - cpu);
  }

  // Sent from memory.
  absl::StatusOr<FanoutSide> BareTurn(size_t turn, ReaderFleet& fleet) {
    return BarePass(turn, fleet, [this](uint64_t entries) {
      return bare_.Append(entries, live_.sizes().entry_bytes);
    });
  }

  // Published.
  absl::StatusOr<FanoutSide> RelayTurn(size_t turn, ReaderFleet& fleet) {
    const FanoutSizes& sizes = live_.sizes();
    const BareConnection::Relayed relayed = {
        .publish = {shape_.subscribers, sizes.payload_bytes, sizes.entry_bytes},
        .statement_bytes = sizes.statement_bytes,
        .slot_bytes = sizes.slot_bytes};
    return BarePass(turn, fleet, [&](uint64_t entries) {
      return bare_.PublishAll(entries, kUploadsInFlight, relayed);
    });
  }

  const FanoutShape shape_;
  LiveFanout live_;
  BareConnection bare_;
  size_t passes_ = 0;  // of the bare server so far
};

// One measurement gives all figures of a shape: whoever asks next is told what the first one found.
class FanoutResults {
 public:
  absl::StatusOr<Result> Get(const FanoutShape& shape, const Run& run) {
    const auto known = results_.find(shape);
    if (known != results_.end()) return known->second;
    Fanout fanout(shape, run);
    ASSIGN_OR_RETURN(const Result result, fanout.Measure());
    results_[shape] = result;
    return result;
  }

 private:
  std::map<FanoutShape, Result> results_;
};

Figure RateOf(const Result& result, const FanoutSide& ceiling) {
  return {"deliveries/s",     Better::kHigher,   result.ours.per_second,
          ceiling.per_second, result.ours.cpu_s, result.peak_bytes};
}

Figure CpuOf(const Result& result, const FanoutSide& ceiling) {
  return {"us",           Better::kLower,    result.ours.cpu_us,
          ceiling.cpu_us, result.ours.cpu_s, result.peak_bytes};
}

void AddShape(Suite& suite, const std::shared_ptr<FanoutResults>& results, const FanoutShape& shape,
              Effort least) {
  const bool full = shape.kind == ReaderKind::kFull;
  const nlohmann::ordered_json size = {{"subscribers", shape.subscribers}, {"bytes", shape.bytes}};
  nlohmann::ordered_json size_and_client = size;
  size_and_client["client"] = full ? "full" : "counting";
  const auto add = [&](const char* name, const nlohmann::ordered_json& params,
                       Figure (*figure)(const Result&, const FanoutSide&),
                       FanoutSide Result::*ceiling) {
    suite.Add(name, least, params, [=](const Run& run) -> absl::StatusOr<Figure> {
      ASSIGN_OR_RETURN(const Result result, results->Get(shape, run));
      return figure(result, result.*ceiling);
    });
  };
  add("fanout_live", size_and_client, RateOf, &Result::bare);
  if (full) return;
  add("fanout_live_cpu", size, CpuOf, &Result::bare);
  add("fanout_relay", size, RateOf, &Result::relay);
  add("fanout_relay_cpu", size, CpuOf, &Result::relay);
}

}  // namespace

void AddFanout(Suite& suite) {
  const auto results = std::make_shared<FanoutResults>();
  for (const ReaderKind kind : {ReaderKind::kCounting, ReaderKind::kFull}) {
    for (const size_t bytes : {size_t{1024}, size_t{4096}, size_t{65536}}) {
      for (const size_t subscribers : {size_t{10}, size_t{100}, size_t{1000}}) {
        const bool small = subscribers == 10 && bytes == 4096;
        const bool long_one = kind == ReaderKind::kFull && subscribers == 1000 && bytes != 4096;
        AddShape(suite, results, {subscribers, bytes, kind},
                 small      ? Effort::kQuick
                 : long_one ? Effort::kFull
                            : Effort::kDefault);
      }
    }
  }
}

}  // namespace shield::testing
