// Many subscribers that do for each entry what no reader can do without
// (ceiling/reader_primitives.h) and nothing else: beside those with the whole library, each over a
// connection of its own and in a thread of its own as well.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/digest.h"
#include "base/mutex.h"
#include "client/home/home.h"
#include "client/transport/raw_call.h"
#include "tests/bench/ceiling/entry_counter.h"
#include "tests/bench/ceiling/reader_primitives.h"
#include "tests/bench/network/turn_gate.h"

namespace shield::testing {

struct PrimitiveOptions {
  std::string address;  // of a bare server
  Digest pin;
  size_t payload_bytes = 0;
};

// Thread-compatible.
class PrimitiveReaders {
 public:
  // `gate` must outlive them.
  PrimitiveReaders(PrimitiveOptions options, TurnGate& gate)
      : options_(std::move(options)), gate_(gate) {}
  // Cancels the streams.
  ~PrimitiveReaders();
  PrimitiveReaders(const PrimitiveReaders&) = delete;
  PrimitiveReaders& operator=(const PrimitiveReaders&) = delete;

  // Subscribes with the key of each home, one after the other; what comes is stored in the home's
  // folder. Each has been greeted when it returns. The error of the first that is not. Call once.
  absl::Status Connect(const std::vector<Home>& homes);

  // When each entry had been stored, by reader. Between turns only.
  std::vector<std::vector<absl::Time>> arrivals() const;

 private:
  struct Reader {
    Reader(const std::string& path, size_t payload_bytes) : primitives(path, payload_bytes) {}
    ReaderPrimitives primitives;
    std::unique_ptr<RawCall> call;
    EntryCounter counter;
    std::vector<absl::Time> arrivals;
    std::thread thread;
  };

  absl::Status Open(const Home& home);
  void Read(Reader& reader);
  absl::Status Take(Reader& reader, const grpc::ByteBuffer& message);

  const PrimitiveOptions options_;
  TurnGate& gate_;
  std::vector<std::unique_ptr<Reader>> readers_;
  std::atomic<bool> ending_{false};
};

}  // namespace shield::testing
