// What `shieldd` can be told to do. Each takes its arguments parsed, prints what a program may read
// to stdout and returns how it went; main.cc turns that into an exit code and a sentence.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "broker/daemon/config.h"

namespace shield::broker {

// What a command takes from the world; main.cc alone makes it.
struct Surroundings {
  Clock& clock;
  Random& random;
  LogSink& log;
  Clock& pacing;  // only goes forward
};

// Makes a home, its empty store included, and prints the broker's pin, alone on a line.
absl::Status InitHome(const std::string& home, const ListenAddress& listen, Surroundings world);

// Serves until SIGTERM or SIGINT, then drains. Prints `listening on HOST:PORT` to stderr. A store
// that is absent, cannot be read or does not verify is refused with FAIL_STOP, and so is one whose
// directory was not signed by the keys of the network file. Does not return when the store fails
// later: see FailStopNow in run.cc and ExitCode::kFailStop.
struct RunOptions {
  std::string home;
  std::string network;  // path of network.shield
  std::string listen;   // overrides config.toml when not empty
};
absl::Status RunBroker(const RunOptions& options, Surroundings world);

// Whether a broker could start here: settings, keys, and the store against its head sentinel,
// opened read-only. Changes nothing.
absl::Status CheckHome(const std::string& home, Surroundings world);

// Reads the whole store: checksums, chains, the log. DATA_LOSS with the first fault. Changes
// nothing.
absl::Status VerifyStore(const std::string& home, Surroundings world);

// Copies the store to `target`, a new folder or one with earlier backups of the same store, that
// others cannot enter; prints number, time and commit of the backup.
absl::Status BackupStore(const std::string& home, const std::string& target, Surroundings world);

// Puts a backup in the place of a store that is not there: the home's store must be absent.
// `backup` is its number, by default the newest; then all must be whole.
absl::Status RestoreStore(const std::string& home, const std::string& source,
                          std::optional<uint32_t> backup, Surroundings world);

}  // namespace shield::broker
