// The readers of a network benchmark, in a process of their own, so that what they cost is not
// counted with the author's or the server's.
//
//   bench_readers counting|full|primitive ADDRESS PIN HOMES TURNS [acknowledge] [arrivals]
//   [PAYLOAD]
//
// HOMES is a file with the home of one reader a line, TURNS how many entries each reader is to get
// in each turn: "20,200,200"; "-" for none. Prints `ready` when all are connected, then a JSON
// object when all of them have a turn's entries:
//
//   turn 1 {"last_us": 1764240000000000, "bytes": 4300000, "messages": 650, "cpu_s": 0.31}
//
// times in microseconds of the epoch, bytes and messages of this turn (counting readers only, as is
// "greeted_us": when the first of them was greeted). With `arrivals` each has "arrivals_us": one
// array a reader. In the end `done`; then it waits to be killed. With `acknowledge` counting
// readers acknowledge before that, full ones as soon as they have a turn's entries; without it full
// ones do so between two turns.
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/base64.h"
#include "base/check.h"
#include "base/status.h"
#include "base/system_clock.h"
#include "client/home/home.h"
#include "client/home/member_keys.h"
#include "crypto/system_random.h"
#include "proto/wire/prepare_process.h"
#include "tests/bench/harness/process_cost.h"
#include "tests/bench/network/counting_readers.h"
#include "tests/bench/network/full_readers.h"
#include "tests/bench/network/primitive_readers.h"
#include "tests/bench/peer/jetstream_readers.h"

namespace shield::testing {
namespace {

constexpr absl::Duration kConnectPatience = absl::Minutes(3);
constexpr absl::Duration kTurnPatience = absl::Minutes(5);

struct Order {
  std::string kind;
  std::string address;
  Digest pin;
  std::vector<Home> homes;
  std::vector<uint64_t> turns;
  bool acknowledge = false;
  bool arrivals = false;
  size_t payload_bytes = 0;
};

absl::StatusOr<Order> ReadOrder(const std::vector<std::string>& words) {
  if (words.size() < 5) return absl::InvalidArgumentError("too few arguments");
  Order order;
  order.kind = words[0];
  order.address = words[1];
  const auto pin = Base64Decode(words[2], Base64Form::kPadded);
  const auto digest = pin.has_value() ? Digest::FromBytes(*pin) : std::nullopt;
  if (!digest.has_value()) return absl::InvalidArgumentError("the pin is none");
  order.pin = *digest;
  std::ifstream homes(words[3]);
  for (std::string line; std::getline(homes, line);) {
    ASSIGN_OR_RETURN(Home home, Home::Open(line));
    order.homes.push_back(std::move(home));
  }
  if (words[4] != "-") {
    for (const absl::string_view word : absl::StrSplit(words[4], ',')) {
      if (!absl::SimpleAtoi(word, &order.turns.emplace_back())) {
        return absl::InvalidArgumentError("turns are numbers");
      }
    }
  }
  for (size_t i = 5; i < words.size(); ++i) {
    if (words[i] == "acknowledge") {
      order.acknowledge = true;
    } else if (words[i] == "arrivals") {
      order.arrivals = true;
    } else if (!absl::SimpleAtoi(words[i], &order.payload_bytes)) {
      return absl::InvalidArgumentError(absl::StrCat("what is `", words[i], "`"));
    }
  }
  return order;
}

// Thousands of connections.
void RaiseDescriptorLimit() {
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

void Say(const std::string& line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

// Those of `all` that came after the first `before` of each.
nlohmann::ordered_json ArrivalsSince(uint64_t before,
                                     const std::vector<std::vector<absl::Time>>& all) {
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const std::vector<absl::Time>& each : all) {
    nlohmann::ordered_json times = nlohmann::ordered_json::array();
    for (size_t i = before; i < each.size(); ++i) times.push_back(absl::ToUnixMicros(each[i]));
    json.push_back(std::move(times));
  }
  return json;
}

// Runs the turns over either kind of readers. `tell` adds to the line of a turn what the kind
// knows, `settle` does what belongs to no turn.
template <typename Readers, typename Tell, typename Settle>
absl::Status RunTurns(const Order& order, TurnGate& gate, const Readers& readers, Tell tell,
                      Settle settle) {
  uint64_t before = 0;
  Say("ready");
  for (size_t turn = 1; turn <= order.turns.size(); ++turn) {
    const double cpu = ProcessorSeconds();
    ASSIGN_OR_RETURN(const absl::Time last, gate.Wait(kTurnPatience));
    nlohmann::ordered_json line = {{"last_us", absl::ToUnixMicros(last)},
                                   {"cpu_s", ProcessorSeconds() - cpu}};
    tell(line);
    if constexpr (requires { readers.arrivals(); }) {
      if (order.arrivals) line["arrivals_us"] = ArrivalsSince(before, readers.arrivals());
    }
    RETURN_IF_ERROR(settle());
    before += order.turns[turn - 1];
    // The next turn begins before the line that lets its first entry be published.
    gate.Begin(before + (turn < order.turns.size() ? order.turns[turn] : 1));
    Say(absl::StrCat("turn ", turn, " ", line.dump()));
  }
  return absl::OkStatus();
}

absl::Status RunCounting(const Order& order) {
  std::vector<TlsKeyPair> keys;
  uint64_t entries = 0;
  for (const Home& home : order.homes) {
    ASSIGN_OR_RETURN(MemberKeys read, home.ReadKeys(std::nullopt));
    keys.push_back(std::move(read.tls));
  }
  for (const uint64_t turn : order.turns) entries += turn;
  TurnGate gate(keys.size());
  CountingReaders readers({order.address, order.pin, order.arrivals}, std::move(keys), gate);
  gate.Begin(order.turns.empty() ? 1 : order.turns.front());
  RETURN_IF_ERROR(readers.Connect(kConnectPatience));
  uint64_t bytes = 0;
  uint64_t messages = 0;
  const auto tell = [&](nlohmann::ordered_json& line) {
    line["greeted_us"] = absl::ToUnixMicros(readers.first_greeting());
    line["bytes"] = readers.bytes() - bytes;
    line["messages"] = readers.messages() - messages;
    bytes = readers.bytes();
    messages = readers.messages();
  };
  RETURN_IF_ERROR(RunTurns(order, gate, readers, tell, [] { return absl::OkStatus(); }));
  if (order.acknowledge) RETURN_IF_ERROR(readers.Acknowledge(entries, kTurnPatience));
  Say("done");
  while (true) ::pause();
}

absl::Status RunFull(const Order& order) {
  SystemClock clock;
  SystemRandom random;
  TurnGate gate(order.homes.size());
  FullReaders readers({order.address, order.arrivals, order.acknowledge}, clock, random, gate);
  gate.Begin(order.turns.empty() ? 1 : order.turns.front());
  RETURN_IF_ERROR(readers.Connect(order.homes, kConnectPatience));
  RETURN_IF_ERROR(RunTurns(
      order, gate, readers, [](nlohmann::ordered_json&) {},
      [&] { return order.acknowledge ? absl::OkStatus() : readers.AcknowledgeAll(); }));
  Say("done");
  while (true) ::pause();
}

absl::Status RunPrimitive(const Order& order) {
  TurnGate gate(order.homes.size());
  PrimitiveReaders readers({order.address, order.pin, order.payload_bytes}, gate);
  gate.Begin(order.turns.empty() ? 1 : order.turns.front());
  RETURN_IF_ERROR(readers.Connect(order.homes));
  RETURN_IF_ERROR(RunTurns(
      order, gate, readers, [](nlohmann::ordered_json&) {}, [] { return absl::OkStatus(); }));
  Say("done");
  while (true) ::pause();
}

absl::Status RunJetStream(const Order& order) {
  std::vector<TlsKeyPair> keys;
  for (const Home& home : order.homes) {
    ASSIGN_OR_RETURN(MemberKeys read, home.ReadKeys(std::nullopt));
    keys.push_back(std::move(read.tls));
  }
  TurnGate gate(keys.size());
  JetStreamReaders readers(gate);
  gate.Begin(order.turns.empty() ? 1 : order.turns.front());
  RETURN_IF_ERROR(readers.Connect(order.address, keys));
  RETURN_IF_ERROR(RunTurns(
      order, gate, readers, [](nlohmann::ordered_json&) {}, [] { return absl::OkStatus(); }));
  Say("done");
  while (true) ::pause();
}

absl::Status Run(const std::vector<std::string>& words) {
  RETURN_IF_ERROR(wire::PrepareProcess());
  RaiseDescriptorLimit();
  ASSIGN_OR_RETURN(const Order order, ReadOrder(words));
  if (order.kind == "full") return RunFull(order);
  if (order.kind == "primitive") return RunPrimitive(order);
  if (order.kind == "jetstream") return RunJetStream(order);
  return RunCounting(order);
}

}  // namespace
}  // namespace shield::testing

int main(int argc, char** argv) {
  const absl::Status status = shield::testing::Run({argv + 1, argv + argc});
  std::fprintf(stderr, "bench_readers: %s\n", status.ToString().c_str());
  return 1;
}
