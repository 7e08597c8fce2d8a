// The broker's settings, from config.toml in its home. deploy/shieldd.toml is the commented sample.
//
//   listen = "0.0.0.0:7443"
//   [limits]
//   publishes_per_minute = 600
//   [retention_days.content]
//   "TLP:RED" = 7
//
// Every key has a range; a key nobody knows, a value out of range or of another type is refused
// with its name, so that a slip of the pen never silently means the default.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "policy/labels.h"
#include "policy/vocabulary.h"

namespace shield::broker {

// HOST:PORT; an IPv6 host stands in brackets.
struct ListenAddress {
  std::string host;
  uint16_t port = 0;  // 0: any free port

  std::string ToString() const;
};

absl::StatusOr<ListenAddress> ParseListenAddress(absl::string_view text);

struct DaemonConfig {
  ListenAddress listen;
  // Per member.
  uint32_t publishes_per_minute = 600;
  uint32_t upload_mebibytes_per_hour = 2048;
  uint32_t calls_per_second = 50;
  // Below this much free space on the volume of the store, publishing is refused; acknowledging,
  // withdrawing and revoking go on, down to half of the least that can be set.
  uint32_t free_space_mebibytes = 1024;
  // Days a bulletin may live at most, by class and label; what is not there has no limit.
  std::map<std::pair<BulletinClass, Tlp>, uint32_t> retention_days = {};
};

// INVALID_ARGUMENT, naming the key or the line, for anything that is not a valid configuration.
absl::StatusOr<DaemonConfig> ParseConfig(absl::string_view toml);

// The text `shieldd init` writes.
std::string PrintConfig(const DaemonConfig& config);

}  // namespace shield::broker
