#include "tests/bench/network/reader_fleet.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/base64.h"
#include "base/status.h"
#include "tests/bench/network/programs.h"

namespace shield::testing {
namespace {

constexpr absl::Duration kPatience = absl::Minutes(6);

std::string KindText(ReaderKind kind) {
  switch (kind) {
    case ReaderKind::kCounting:
      return "counting";
    case ReaderKind::kFull:
      return "full";
    case ReaderKind::kPrimitive:
      return "primitive";
    case ReaderKind::kJetStream:
      return "jetstream";
  }
  return "";
}

std::string WriteHomes(const std::vector<Home>& homes, const std::string& folder) {
  static int lists = 0;
  const std::string path = absl::StrCat(folder, "/readers-", ++lists);
  std::ofstream file(path);
  for (const Home& home : homes) file << home.folder() << "\n";
  return path;
}

}  // namespace

ReaderFleet::ReaderFleet(const FleetOrder& order, const std::string& folder) {
  std::vector<std::string> command = {
      BenchReadersProgram(),
      KindText(order.kind),
      order.address,
      Base64Encode(order.pin.span(), Base64Form::kPadded),
      WriteHomes(order.homes, folder),
      order.turns.empty() ? "-" : absl::StrJoin(order.turns, ","),
  };
  if (order.acknowledge) command.emplace_back("acknowledge");
  if (order.arrivals) command.emplace_back("arrivals");
  if (order.payload_bytes > 0) command.push_back(absl::StrCat(order.payload_bytes));
  process_ = std::make_unique<Process>(command);
}

absl::Status ReaderFleet::WaitUntilReady() { return Line("ready", kPatience).status(); }

absl::Status ReaderFleet::WaitUntilDone() { return Line("done", kPatience).status(); }

absl::StatusOr<ReaderTurn> ReaderFleet::WaitForTurn(size_t number) {
  const std::string begin = absl::StrCat("turn ", number, " ");
  ASSIGN_OR_RETURN(const std::string line, Line(begin, kPatience));
  const auto json = nlohmann::json::parse(line.substr(begin.size()), nullptr, false);
  if (json.is_discarded()) return absl::InternalError("the readers' line is no JSON");
  ReaderTurn turn;
  turn.greeted = absl::FromUnixMicros(json.value("greeted_us", int64_t{0}));
  turn.last = absl::FromUnixMicros(json.value("last_us", int64_t{0}));
  turn.bytes = json.value("bytes", uint64_t{0});
  turn.messages = json.value("messages", uint64_t{0});
  turn.cpu_s = json.value("cpu_s", 0.0);
  if (!json.contains("arrivals_us")) return turn;
  for (const auto& each : json["arrivals_us"]) {
    std::vector<absl::Time>& times = turn.arrivals.emplace_back();
    for (const auto& time : each) times.push_back(absl::FromUnixMicros(time.get<int64_t>()));
  }
  return turn;
}

absl::StatusOr<std::string> ReaderFleet::Line(absl::string_view begin, absl::Duration patience) {
  const std::optional<std::string> line = process_->WaitForLine(begin, patience);
  if (line.has_value()) return *line;
  const std::vector<std::string> lines = process_->lines();
  return absl::InternalError(absl::StrCat("the readers did not say `", begin,
                                          "`; last: ", lines.empty() ? "nothing" : lines.back()));
}

}  // namespace shield::testing
