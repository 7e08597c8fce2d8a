// The beginning of a network: the authority's keys, the file that pins them, an empty draft.
//
// The authority's home is a member's home too (client/home/home.h): its own seat `vetting` with
// role vetting uploads directories. It is enrolled when the first organisation of kind authority is
// added, or else with the first directory. Beside that home's files:
//
//   authority-1.key  signs directories; wrapped by the passphrase when one is given. Other keys of
//                    the authority are with other officers (client/authority/officer.h)
//   fresh.key        signs freshness notes; never wrapped, because a timer renews them
//   fresh.next.key   the one that the next directory will name, when the other is lost or stolen
//   draft.txt        client/authority/draft.h
//   directory.txt    the last version published; upload.txt one that is on its way; signing.txt one
//                    that waits for signatures; versions.txt the notes of all that were published
//                    or passed over
//   tls.key.before   the seat's TLS key of before a rotation (client/authority/former_seat.h), with
//                    tls.crt.before
//   rotation.txt     a rotation that is planned, next.shield the network file it leads to
//   authority.txt    all rotations so far (policy/proof/authority_note.h)
//   lock             held by whoever works in this home
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/digest.h"
#include "base/random.h"
#include "client/home/home.h"
#include "crypto/verifier_key.h"
#include "policy/origin.h"
#include "policy/proof/network_file.h"

namespace shield {

inline constexpr absl::string_view kFreshKeyFile = "fresh.key";
inline constexpr absl::string_view kNextFreshKeyFile = "fresh.next.key";
inline constexpr absl::string_view kDraftFile = "draft.txt";
inline constexpr absl::string_view kDirectoryFile = "directory.txt";
inline constexpr absl::string_view kUploadFile = "upload.txt";
inline constexpr absl::string_view kSigningFile = "signing.txt";
inline constexpr absl::string_view kVersionsFile = "versions.txt";
inline constexpr absl::string_view kRotationFile = "rotation.txt";
inline constexpr absl::string_view kNextNetworkFile = "next.shield";
inline constexpr absl::string_view kAuthorityChainFile = "authority.txt";
// network.shield of before any rotation, once there was one.
inline constexpr absl::string_view kFirstNetworkFile = "first.shield";

// The authority's own seat.
inline constexpr absl::string_view kSeatId = "vetting";

struct NetworkPlan {
  Origin network;
  std::string broker_address;  // HOST:PORT
  Digest broker_pin = {};
  uint64_t threshold = 1;
  // The keys of other officers, beside the one that is made here: <network>/authority-<n>, n
  // from 2.
  std::vector<VerifierKey> others = {};
};

// Fills `folder`, which is made if need be, and returns what network.shield says; that file is
// written last, so a home that has it is whole. INVALID_ARGUMENT: an address out of form, a
// key that is none, has another name or stands twice, more than kMaxAuthorityKeys;
// THRESHOLD_UNSUPPORTED: a threshold of 0 or above the number of keys. ALREADY_EXISTS: the folder
// holds a network.
absl::StatusOr<NetworkFile> CreateNetwork(const std::string& folder, const NetworkPlan& plan,
                                          const Passphrase& passphrase, absl::Time now,
                                          Random& random);

}  // namespace shield
