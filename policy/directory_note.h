// The text of the directory note: what the authority signs (docs/spec/directory.md).
//
//   shield/directory/v1
//   network <origin>
//   version <n>
//   prev <base64 SHA-256 of the previous version's text; 32 zero bytes for version 1>
//   issued <s>
//   expires <s>
//   broker <host:port> <base64 SHA-256 of the broker's TLS public key>
//   broker-key <vkey>
//   log <vkey>
//   fresh <vkey>
//   witness <vkey>                 0 to 8, sorted
//   quorum <n>                     at most as many as there are witnesses
//   orgs <N> <base64 root>
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/digest.h"
#include "policy/origin.h"

namespace shield {

inline constexpr size_t kMaxDirectoryNoteBytes = 16 * 1024;
inline constexpr size_t kMaxWitnesses = 8;
inline constexpr uint64_t kMaxOrgs = 100'000;
inline constexpr absl::Duration kMaxDirectoryLife = absl::Hours(30 * 24);

struct DirectoryNote {
  Origin network;
  uint64_t version = 0;  // from 1
  Digest previous = {};
  absl::Time issued = absl::UnixEpoch();
  absl::Time expires = absl::UnixEpoch();  // after issued, by kMaxDirectoryLife at most
  std::string broker_address = {};
  Digest broker_pin = {};
  std::string broker_key = {};  // named <network>/broker; signs inbox heads
  std::string log_key = {};     // named <network>/log; signs checkpoints
  std::string fresh_key = {};   // named <network>/fresh; signs freshness notes
  std::vector<std::string> witnesses = {};
  uint64_t quorum = 0;
  uint64_t orgs = 0;
  Digest orgs_root = {};

  friend bool operator==(const DirectoryNote&, const DirectoryNote&) = default;
};

// Refusals: INVALID_ARGUMENT, rule DIRECTORY_MALFORMED, a sentence naming the line.
absl::StatusOr<DirectoryNote> ParseDirectoryNote(absl::string_view text);

// Witnesses are sorted on the way.
std::string PrintDirectoryNote(const DirectoryNote& note);

}  // namespace shield
