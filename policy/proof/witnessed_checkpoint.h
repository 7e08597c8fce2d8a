// A checkpoint that the witnesses of the directory have seen.
//
//   ASSIGN_OR_RETURN(Witnessed seen, VerifyWitnessed(note, directory));
//   if (!seen.quorum_time.has_value()) …   // fewer cosigned it than the directory asks for
//
// A witness cosigns a checkpoint only when the one it cosigned before is its beginning, so a broker
// that shows two logs gets the cosignatures for one of them at most (docs/spec/log.md,
// "Witnesses").
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "crypto/verifier_key.h"
#include "policy/proof/checkpoint.h"
#include "policy/proof/verified_directory.h"

namespace shield {

struct Witnessed {
  Checkpoint checkpoint;
  size_t cosigners = 0;  // different witnesses of the directory
  // The latest moment by which as many as the quorum had cosigned it within their newest
  // cosignatures: the quorum-th newest time. Nothing when fewer did, or the quorum is 0.
  std::optional<absl::Time> quorum_time = {};
};

// The keys on the directory's witness lines.
absl::StatusOr<std::vector<VerifierKey>> WitnessesOf(const VerifiedDirectory& directory);

// DATA_LOSS, rule BAD_SIGNATURE, when the log's key did not sign it, or a line claims to be of a
// witness and does not hold; INVALID_ARGUMENT, rule CHECKPOINT_MALFORMED.
absl::StatusOr<Witnessed> VerifyWitnessed(absl::string_view note,
                                          const VerifiedDirectory& directory);

}  // namespace shield
