// The beginning of a network: the authority's keys, the file that pins them, an empty draft.
//
// The authority's home is a member's home too (client/home/home.h): its own seat `vetting` with
// role vetting uploads directories. It is enrolled when the first organisation of kind authority is
// added, or else with the first directory. Beside that home's files:
//
//   authority-1.key  signs directories; wrapped by the passphrase when one is given
//   fresh.key        signs freshness notes; never wrapped, because a timer renews them
//   draft.txt        client/authority/draft.h
//   directory.txt    the last version published; upload.txt one that is on its way
//   lock             held by whoever works in this home
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/digest.h"
#include "base/random.h"
#include "client/home/home.h"
#include "policy/origin.h"
#include "policy/proof/network_file.h"

namespace shield {

inline constexpr absl::string_view kAuthorityKeyFile = "authority-1.key";
inline constexpr absl::string_view kFreshKeyFile = "fresh.key";
inline constexpr absl::string_view kDraftFile = "draft.txt";
inline constexpr absl::string_view kDirectoryFile = "directory.txt";
inline constexpr absl::string_view kUploadFile = "upload.txt";

// The authority's own seat.
inline constexpr absl::string_view kSeatId = "vetting";

struct NetworkPlan {
  Origin network;
  std::string broker_address;  // HOST:PORT
  Digest broker_pin = {};
  uint64_t threshold = 1;
};

// Fills `folder`, which is made if need be, and returns what network.shield says; that file is
// written last, so a home that has it is whole. INVALID_ARGUMENT: an address out of form, a
// threshold other than 1. ALREADY_EXISTS: the folder holds a network.
absl::StatusOr<NetworkFile> CreateNetwork(const std::string& folder, const NetworkPlan& plan,
                                          const Passphrase& passphrase, absl::Time now,
                                          Random& random);

}  // namespace shield
