// Holds the broker to its transparency log: it only grows, and it holds what it is said to hold.
//
//   LogKeeper keeper(parts);
//   RETURN_IF_ERROR(keeper.Check({receiver.signed_log_size(), receiver.signed_log_head()}));
//
// The newest checkpoint is kept in state.db, bound to the log key of the directory. Each time the
// broker is asked for the present one and for the proof that the kept one is its beginning; then
// for proofs that the log holds, each at its index, the entries that came and were confirmed by a
// signed head, and what this home published. Entries are proven in batches, one call for 128 of
// them, after they were stored: a bulletin never waits for its proof, and none is forgotten.
// Rules: docs/spec/log.md, "What a member checks".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/client_parts.h"
#include "policy/proof/checkpoint.h"
#include "policy/proof/verified_directory.h"

namespace shield {

// How long a broker may leave questions about its log unanswered before that is an alarm, and how
// often it must have been asked in vain, an hour between two, with no answer to all of them since.
inline constexpr absl::Duration kMaxLogSilence = absl::Hours(24);
inline constexpr uint64_t kMinLogFailures = 4;

// How old the newest cosignatures may be that a quorum is counted from. Those dated further ahead
// than clocks may differ do not count.
inline constexpr absl::Duration kMaxWitnessAge = absl::Hours(24);

// How long the log is that the broker signed for in an inbox head, and that head.
struct SignedLogSize {
  uint64_t size = 0;  // 0: none has come
  std::string head = {};
};

// What becomes of a broker's refusal to show or prove something of its log: DATA_LOSS LOG_WITHHELD,
// unless IsPassing or DATA_LOSS already.
absl::Status AsWithheld(const absl::Status& refusal);

// Thread-safe as its parts are.
class LogKeeper {
 public:
  explicit LogKeeper(const ClientParts& parts) : parts_(parts) {}

  // Asks and checks all that has not been checked. `least` is what the broker signed for meanwhile.
  // Errors:
  //   DATA_LOSS LOG_ROLLBACK  the log is shorter than one that was signed, in a checkpoint or a
  //                           head; both notes are kept
  //   DATA_LOSS LOG_FORK      the kept checkpoint is not the beginning of this one; both are kept
  //   DATA_LOSS LOG_MISMATCH  the log does not hold an entry, or a bulletin of this home, at its
  //                           index
  //   DATA_LOSS LOG_UNWITNESSED  the directory asks for a quorum of witnesses, this home has known
  //                           so for kMaxWitnessAge, and within it no checkpoint that so many
  //                           cosigned was shown to be of this log, or none as long as the log was
  //                           here kMaxWitnessAge ago
  //   DATA_LOSS LOG_WITHHELD  the broker refuses to prove, or has not answered for kMaxLogSilence
  //   DATA_LOSS BAD_SIGNATURE, CHECKPOINT_MALFORMED   a checkpoint that is none of this log's
  //   any error for which IsPassing (client/receive/fetch_bytes.h) holds: it could not be asked
  absl::Status Check(const SignedLogSize& least);

  // The present checkpoint, once it has been proven to continue the kept one: what is kept then.
  // Nothing else is checked. Errors as above.
  absl::StatusOr<KeptCheckpoint> Advance();

  // The note of the checkpoint that the next witness is to cosign, once it has been proven to
  // continue the kept one, which it then replaces, or to be its beginning. Errors as above.
  absl::StatusOr<std::string> ToCosign();

  // Asks for the proof of one bulletin that this home has published, and of nothing else. Errors as
  // above, but for LOG_UNWITNESSED; NOT_FOUND when it is not noted as published.
  absl::Status CheckPublication(const BulletinId& id);

  // Whether entries or publications wait for their proof.
  absl::StatusOr<bool> HasUnchecked();

 private:
  absl::Status Ask(const SignedLogSize& least);
  absl::Status AskFor(const BulletinId& id);
  absl::StatusOr<Checkpoint> Continue(const VerifiedDirectory& directory);
  // Nothing when another process has stored a newer one meanwhile.
  absl::StatusOr<std::optional<Checkpoint>> ContinueOnce(const VerifiedDirectory& directory);
  absl::StatusOr<std::optional<std::string>> ToCosignOnce(const VerifiedDirectory& directory);
  absl::StatusOr<std::optional<Checkpoint>> Follow(const VerifiedDirectory& directory,
                                                   const KeptCheckpoint& from,
                                                   const LogAnswer& answer);
  absl::Status AsAnswer(const absl::Status& failure) const;
  absl::StatusOr<absl::Time> Now();
  absl::Status Reach(const VerifiedDirectory& directory,
                     const std::vector<LoggedStatement>& statements, Checkpoint& checkpoint);
  absl::Status NoteWitnesses(const VerifiedDirectory& directory, const LogAnswer& answer,
                             const Checkpoint& newest);
  absl::Status CheckQuorum(const VerifiedDirectory& directory);
  absl::Status WentWrong(const std::string& log, const std::string& held, const std::string& shown,
                         absl::string_view rule, absl::string_view sentence);
  absl::Status CheckEntries(const VerifiedDirectory& directory, Checkpoint& checkpoint);
  absl::Status CheckOwn(const VerifiedDirectory& directory, Checkpoint& checkpoint);
  absl::Status Prove(const std::vector<LoggedStatement>& statements, const Checkpoint& checkpoint);
  absl::Status FindUnproven(const std::vector<LoggedStatement>& statements,
                            const Checkpoint& checkpoint);
  absl::Status Judge(const absl::Status& status);

  const ClientParts parts_;
};

}  // namespace shield
