// Answers what members ask about the transparency log: checkpoints, proofs, tiles; and keeps the
// cosignatures that witnesses hand in.
//
// A cosignature is worth what its key is: the desk takes one from any caller, of a key on the
// directory's witness lines, over a checkpoint of this very log, dated now. Those of a few sizes
// for each witness are kept (broker/core/cosigned_sizes.h), in the store as well, so that a broker
// that was restarted shows them on. What the store gives back is taken as what a caller hands in:
// another directory may name others. Rules: docs/spec/log.md, "Witnesses".
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "broker/core/cosigned_sizes.h"
#include "broker/core/directory_board.h"
#include "broker/core/service.h"
#include "broker/core/signer.h"
#include "broker/store/store.h"
#include "policy/proof/verified_directory.h"

namespace shield::broker {

// By how much the date of a cosignature may be behind the broker's clock, and ahead of it.
inline constexpr absl::Duration kMaxCosignatureAge = absl::Hours(12);
inline constexpr absl::Duration kMaxCosignatureLead = absl::Minutes(2);

// Thread-safe. Borrows what it is given.
class LogDesk {
 public:
  LogDesk(store::Store& store, const Signer& signer, const DirectoryBoard& board, Clock& clock)
      : store_(store), signer_(signer), board_(board), clock_(clock) {}

  // INVALID_ARGUMENT, LIMIT_EXCEEDED: beyond the log. INVALID_ARGUMENT, MESSAGE_MALFORMED: indexes
  // of a batch do not ascend. INVALID_ARGUMENT, CHECKPOINT_MALFORMED, or DATA_LOSS, BAD_SIGNATURE,
  // for a cosigned note that is none. PERMISSION_DENIED, NOT_A_WITNESS: no witness of the directory
  // has cosigned it. INVALID_ARGUMENT, CLOCK_SKEW: one has, at no time near the broker's.
  absl::StatusOr<LogProof> Answer(const LogQuery& query);

 private:
  absl::StatusOr<LogProof> Newest(const CheckpointQuery& query);
  absl::StatusOr<LogProof> Prove(const InclusionQuery& query);
  absl::StatusOr<LogProof> Prove(const ConsistencyQuery& query);
  absl::StatusOr<LogProof> Prove(const BatchQuery& query);
  absl::StatusOr<LogProof> Show(const TileQuery& query);
  absl::StatusOr<LogProof> Take(const CosignQuery& query);
  absl::StatusOr<LogProof> ToCosign(const CheckpointQuery& query);
  absl::StatusOr<std::string> SignedCheckpoint(uint64_t size);
  // Takes the cosignatures of a note; whether one of them is news.
  absl::StatusOr<bool> Note(const VerifiedDirectory& directory, const std::string& note);
  // Once, when there is a directory to judge by: what was kept before this start.
  absl::Status Remember(const VerifiedDirectory& directory);
  absl::Status Keep();
  absl::Status CheckDate(absl::Time time) const;
  absl::Status AddWitnessed(LogProof& answer, uint64_t size);

  store::Store& store_;
  const Signer& signer_;
  const DirectoryBoard& board_;
  Clock& clock_;
  Mutex mutex_;
  bool remembered_ ABSL_GUARDED_BY(mutex_) = false;
  CosignedSizes cosigned_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace shield::broker
