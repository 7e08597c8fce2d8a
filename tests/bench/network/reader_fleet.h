// The process that reads (bench_readers.cc), from the side of the benchmark.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/digest.h"
#include "client/home/home.h"
#include "tests/support/process.h"

namespace shield::testing {

enum class ReaderKind { kCounting, kFull, kPrimitive, kJetStream };

struct FleetOrder {
  ReaderKind kind = ReaderKind::kCounting;
  std::string address;
  Digest pin = {};                   // of no use to kJetStream
  std::vector<Home> homes = {};      // a reader each
  std::vector<uint64_t> turns = {};  // entries that each reader gets in each
  bool acknowledge = false;
  bool arrivals = false;
  size_t payload_bytes = 0;  // of an entry, for kPrimitive
};

// What all readers together had of one turn.
struct ReaderTurn {
  absl::Time greeted;     // when the first of them was; counting readers only
  absl::Time last;        // when the last of them had the last entry
  uint64_t bytes = 0;     // of messages, as they travel inside TLS; counting readers only
  uint64_t messages = 0;  // likewise
  double cpu_s = 0;       // of the readers
  std::vector<std::vector<absl::Time>> arrivals = {};  // by reader, if that was asked for
};

// Dies with the thread that started it.
class ReaderFleet {
 public:
  // Starts the process; its list of homes is written to `folder`.
  ReaderFleet(const FleetOrder& order, const std::string& folder);

  // All are connected. INTERNAL with the last words of the process.
  absl::Status WaitUntilReady();
  // The n-th turn, from 1.
  absl::StatusOr<ReaderTurn> WaitForTurn(size_t number);
  // All have acknowledged, if that was asked for.
  absl::Status WaitUntilDone();

 private:
  absl::StatusOr<std::string> Line(absl::string_view begin, absl::Duration patience);

  std::unique_ptr<Process> process_;
};

}  // namespace shield::testing
