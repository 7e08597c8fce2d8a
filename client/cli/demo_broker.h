// The broker of a throw-away network: made, started in the background, stopped by its own pid.
#pragma once

#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace shield::cli {

// Files in `home`: broker/ (the broker's own home), shieldd.pid, shieldd.log.
class DemoBroker {
 public:
  // `program` is the path of shieldd.
  DemoBroker(std::filesystem::path home, std::string program)
      : home_(std::move(home)), program_(std::move(program)) {}

  // Makes the broker's home for `address`. Its pin, as shieldd prints it.
  absl::StatusOr<std::string> Init(const std::string& address) const;
  // Starts it, detached from this terminal, and waits until it listens. UNAVAILABLE with the end of
  // its log when it does not within `timeout`.
  absl::Status Start(const std::string& network_file, absl::Duration timeout) const;
  // Ends it, in order, and waits. NOT_FOUND when none of this home runs.
  absl::Status Stop(absl::Duration timeout) const;
  bool Runs() const;

 private:
  std::filesystem::path home_;
  std::string program_;
};

// shieldd beside this program, else the one on PATH. NOT_FOUND when there is neither.
absl::StatusOr<std::string> FindShieldd(const std::string& program_folder, const std::string& path);

// A port of 127.0.0.1 that nothing listens on at this moment.
absl::StatusOr<int> FreeLoopbackPort();

}  // namespace shield::cli
