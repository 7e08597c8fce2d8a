#include "tests/bench/peer/peer_workloads.h"

#include <atomic>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "base/mutex.h"
#include "base/status.h"
#include "client/home/member_keys.h"
#include "tests/bench/harness/process_cost.h"
#include "tests/bench/network/live_fanout.h"
#include "tests/bench/peer/jetstream_client.h"
#include "tests/bench/peer/jetstream_server.h"

namespace shield::testing {
namespace {

struct PeerShape {
  size_t subscribers = 0;
  size_t bytes = 0;
  bool synced = false;
};

class JetStreamRace {
 public:
  JetStreamRace(const PeerShape& shape, const Run& run)
      : shape_(shape), live_({.subscribers = shape.subscribers, .bytes = shape.bytes}, run) {}

  absl::StatusOr<Figure> Measure() {
    RETURN_IF_ERROR(Start());
    ReaderFleet peers({.kind = ReaderKind::kJetStream,
                       .address = server_->address(),
                       .homes = live_.network().readers(),
                       .turns = live_.turns()},
                      live_.network().folder());
    RETURN_IF_ERROR(peers.WaitUntilReady());
    RETURN_IF_ERROR(live_.Connect());
    std::vector<FanoutSide> ours;
    std::vector<FanoutSide> theirs;
    for (size_t turn = 1; turn <= live_.turns().size(); ++turn) {
      ASSIGN_OR_RETURN(const FanoutSide our_side, live_.Turn(turn));
      absl::SleepFor(kQuietMoment);
      ASSIGN_OR_RETURN(const FanoutSide their_side, PeerTurn(turn, peers));
      if (turn == 1) continue;
      ours.push_back(our_side);
      theirs.push_back(their_side);
    }
    RETURN_IF_ERROR(live_.Finish());
    const FanoutSide side = MedianOf(ours);
    return Figure{"deliveries/s",  Better::kHigher,
                  side.per_second, MedianOf(theirs).per_second,
                  side.cpu_s,      PeakBytes(live_.network().broker())};
  }

 private:
  // The server, its stream and those who publish to it.
  absl::Status Start() {
    std::vector<std::string> certificates;
    std::vector<TlsKeyPair> keys;
    for (const Home& home : live_.network().readers()) {
      ASSIGN_OR_RETURN(MemberKeys read, home.ReadKeys(std::nullopt));
      certificates.push_back(read.tls.certificate_pem);
      keys.push_back(std::move(read.tls));
    }
    ASSIGN_OR_RETURN(server_, JetStreamServer::Start({live_.network().folder(),
                                                      std::move(certificates), shape_.synced}));
    for (size_t i = 0; i < kAuthors; ++i) {
      ASSIGN_OR_RETURN(publishers_.emplace_back(),
                       JetStreamClient::Connect(server_->address(), keys[i]));
    }
    return publishers_.front()->MakeStream();
  }

  absl::StatusOr<FanoutSide> PeerTurn(size_t turn, ReaderFleet& fleet) {
    const uint64_t entries = live_.turns()[turn - 1];
    const double cpu = ProcessorSeconds(server_->pid());
    const absl::Time begun = absl::Now();
    RETURN_IF_ERROR(PublishAll(entries));
    ASSIGN_OR_RETURN(const ReaderTurn had, fleet.WaitForTurn(turn));
    return SideOf(entries * shape_.subscribers, had.last - begun,
                  ProcessorSeconds(server_->pid()) - cpu);
  }

  absl::Status PublishAll(size_t count) {
    const Bytes message(shape_.bytes, 'x');
    std::atomic<size_t> next{0};
    Mutex mutex;
    absl::Status error;
    std::vector<std::thread> threads;
    for (size_t i = 0; i < kUploadsInFlight; ++i) {
      threads.emplace_back([&, &publisher = *publishers_[i % kAuthors]] {
        while (next.fetch_add(1) < count) {
          const absl::Status status = publisher.Publish(message);
          if (status.ok()) continue;
          MutexLock lock(mutex);
          error.Update(status);
          return;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    return error;
  }

  const PeerShape shape_;
  LiveFanout live_;
  std::unique_ptr<JetStreamServer> server_;
  std::vector<std::unique_ptr<JetStreamClient>> publishers_;
};

}  // namespace

void AddPeers(Suite& suite) {
  constexpr size_t kBytes = 1024;
  for (const bool synced : {true, false}) {
    for (const size_t subscribers : {size_t{10}, size_t{100}, size_t{1000}}) {
      // Not every file system can be told to sync.
      const bool quick = subscribers == 10 && !synced;
      suite.Add("fanout_jetstream", quick ? Effort::kQuick : Effort::kDefault,
                {{"subscribers", subscribers},
                 {"bytes", kBytes},
                 {"store", synced ? "synced" : "cached"}},
                [=](const Run& run) {
                  JetStreamRace race({subscribers, kBytes, synced}, run);
                  return race.Measure();
                });
    }
  }
}

}  // namespace shield::testing
