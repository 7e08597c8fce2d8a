// How one version of the directory leads to another, by the notes alone.
//
// A broker that was restored from a backup holds a version older than the one before the next.
// Whoever uploads the next one shows the notes between them: each is signed by the authority, is
// the version after the one before it and names its digest, so the new version continues what the
// broker holds. Their records and the broker's keys they name are of no account any more.
//
//   held 3;   between: 4, 5;   uploaded: 6
//
// Specification: docs/spec/directory.md, "Verification".
#pragma once

#include <optional>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "policy/directory_note.h"
#include "policy/proof/network_file.h"
#include "policy/proof/verified_directory.h"

namespace shield {

// The text of a signed note, if the threshold of the network's keys signed it. INVALID_ARGUMENT
// DIRECTORY_MALFORMED; DATA_LOSS BAD_SIGNATURE: too few did, or a signature does not hold.
absl::StatusOr<std::string> SignedDirectoryText(absl::string_view note, const NetworkFile& network);

// Whether `note` is version 1 and nothing is held, or exactly the version after `held` and names
// its digest. ABORTED, rule DIRECTORY_MOVED, otherwise.
absl::Status CheckContinues(const DirectoryNote& note, const std::optional<HeldDirectory>& held);

// Where `between`, signed notes in their order, lead from `held`. Each must be signed by the
// threshold of a network on the way from `from`, under which `held` was signed, along `chain`, the
// rotations (policy/proof/authority_note.h), and by none of before its predecessor's. The errors of
// the two above, NETWORK_MISMATCH, and those of FollowAuthority.
absl::StatusOr<std::optional<HeldDirectory>> WalkVersions(std::optional<HeldDirectory> held,
                                                          std::span<const std::string> between,
                                                          const NetworkFile& from,
                                                          absl::string_view chain);

}  // namespace shield
