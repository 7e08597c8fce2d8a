// A directory version on its way round the officers who sign it, as it travels on a USB stick:
//
//   shield/signing/v1
//   previous <bytes>          0: it is version 1
//   next <bytes>
//   <the version before><the version to be signed>
//
// Both are files of client/authority/directory_file.h, so an officer needs nothing else to see
// what changes. The next one carries the signatures so far and no freshness note: that is made when
// it is uploaded.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/authority/draft.h"
#include "client/connection.h"
#include "crypto/verifier_key.h"
#include "policy/proof/network_file.h"

namespace shield {

// Two versions of the largest draft.
inline constexpr size_t kMaxSigningFileBytes = 2 * kMaxDirectoryDraftBytes;

struct SigningFile {
  std::optional<DirectoryUpload> previous;
  DirectoryUpload next;
};

// INVALID_ARGUMENT, rule DIRECTORY_FILE_MALFORMED. Nothing is verified.
absl::StatusOr<SigningFile> ParseSigningFile(absl::string_view text);
std::string PrintSigningFile(const SigningFile& file);

// Who has signed a version, and whether that is enough.
struct SigningTally {
  NetworkFile network;    // whose threshold counts: after the rotation that comes along, if any
  bool rotates = false;   // a rotation comes along
  size_t signatures = 0;  // of the directory, of different keys
  std::vector<std::string> missing = {};  // names of keys that have not signed all they could
  bool enough = false;                    // of the directory, and of the rotation if there is one
};
// Of `next`, which comes after a version under `before`: at most one rotation may be new. The
// errors of FollowAuthority but for signatures that are missing.
absl::StatusOr<SigningTally> TallySigning(const DirectoryUpload& next, const NetworkFile& before);

// `note` with the signatures of `other` by `keys` that it lacks; both must be notes of one text.
// Of an upload: its directory, and the rotation that comes along.
// INVALID_ARGUMENT, rule OTHER_DRAFT: another text; DATA_LOSS BAD_SIGNATURE: a signature of one of
// `keys` does not hold.
absl::StatusOr<DirectoryUpload> WithSignaturesOf(DirectoryUpload own, const DirectoryUpload& other,
                                                 const NetworkFile& before);
absl::StatusOr<std::string> WithSignaturesOf(absl::string_view note, absl::string_view other,
                                             std::span<const VerifierKey> keys);

}  // namespace shield
