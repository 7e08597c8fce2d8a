#include "client/log/log_keeper.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/receive/fetch_bytes.h"
#include "crypto/merkle.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "policy/directory_note.h"
#include "policy/proof/log_leaf.h"
#include "policy/proof/witnessed_checkpoint.h"

namespace shield {
namespace {

// By how much clocks may differ.
constexpr absl::Duration kClockDifference = absl::Minutes(2);
// How often a checkpoint is asked for anew because another process has stored one meanwhile.
constexpr int kMaxMoved = 8;

absl::Status Alarm(absl::string_view rule, absl::string_view sentence) {
  return WithHint(WithRule(absl::DataLossError(absl::StrCat("log refused: ", sentence)), rule),
                  "the broker lost data or is cheating: tell the authority");
}

// Marks what the broker did not answer, among errors that may as well be this home's own.
constexpr char kUnanswered[] = "shield/log-unanswered";

std::string NameOf(const LoggedStatement& statement) {
  if (statement.id.has_value()) return absl::StrCat("bulletin `", statement.id->ToHex(), "`");
  return absl::StrCat("entry ", statement.seq);
}

absl::Status NotInLog(const LoggedStatement& statement) {
  return Alarm("LOG_MISMATCH", absl::StrCat("it does not hold ", NameOf(statement), " at index ",
                                            statement.log_index, ", where the broker said"));
}

absl::StatusOr<IndexedLeaf> LeafOf(const LoggedStatement& statement) {
  const absl::StatusOr<SignedNote> note = ParseNote(statement.statement);
  if (!note.ok()) return absl::DataLossError("local state: a kept statement cannot be read");
  return IndexedLeaf{statement.log_index, LogLeafHash(LogKind::kBulletin, Sha256(note->text))};
}

bool Ascends(const std::vector<LoggedStatement>& statements) {
  for (size_t i = 1; i < statements.size(); ++i) {
    if (statements[i].log_index <= statements[i - 1].log_index) return false;
  }
  return true;
}

}  // namespace

absl::Status AsWithheld(const absl::Status& refusal) {
  if (IsPassing(refusal) || absl::IsDataLoss(refusal)) return refusal;
  return Alarm("LOG_WITHHELD",
               absl::StrCat("the broker does not prove what its log holds: ", refusal.message()));
}

// Only who has been answered everything forgets a silence: a broker that proves what was just
// published, and nothing of what it delivers, goes on being silent.
absl::Status LogKeeper::Check(const SignedLogSize& least) {
  const absl::Status status = Ask(least);
  return status.ok() ? parts_.state.ForgetLogUnanswered() : Judge(status);
}

absl::StatusOr<KeptCheckpoint> LogKeeper::Advance() {
  ASSIGN_OR_RETURN(const auto directory, parts_.directory.Newest());
  RETURN_IF_ERROR(Continue(*directory).status());
  ASSIGN_OR_RETURN(std::optional<KeptCheckpoint> newest,
                   parts_.state.NewestCheckpoint(directory->log_key().ToString()));
  if (newest.has_value()) return *std::move(newest);
  return absl::InternalError("local state: the checkpoint that was stored is not there");
}

absl::Status LogKeeper::CheckPublication(const BulletinId& id) { return Judge(AskFor(id)); }

absl::StatusOr<bool> LogKeeper::HasUnchecked() {
  ASSIGN_OR_RETURN(const std::vector<LoggedStatement> entries, parts_.state.Unlogged(1));
  if (!entries.empty()) return true;
  ASSIGN_OR_RETURN(const std::vector<LoggedStatement> own, parts_.state.UnloggedPublications(1));
  return !own.empty();
}

// A broker that answers nothing about its log is believed to have a reason, for a day. What this
// home could not do itself is no silence of the broker's.
absl::Status LogKeeper::Judge(const absl::Status& status) {
  if (!status.GetPayload(kUnanswered).has_value()) return status;
  const absl::Time now = parts_.clock.Now();
  ASSIGN_OR_RETURN(const LogSilence silence, parts_.state.NoteLogUnanswered(now));
  const bool lasts = now - silence.since >= kMaxLogSilence && silence.failures >= kMinLogFailures;
  if (!lasts) return status;
  return Alarm("LOG_WITHHELD", "the broker has proven nothing about its log for a day");
}

// What the broker would not answer: passing, or it keeps something back.
absl::Status LogKeeper::AsAnswer(const absl::Status& failure) const {
  absl::Status answer = AsWithheld(failure);
  if (IsPassing(answer) && !parts_.retrier.stopped()) answer.SetPayload(kUnanswered, absl::Cord());
  return answer;
}

absl::Status LogKeeper::Ask(const SignedLogSize& least) {
  ASSIGN_OR_RETURN(const auto directory, parts_.directory.Newest());
  ASSIGN_OR_RETURN(Checkpoint checkpoint, Continue(*directory));
  if (checkpoint.size < least.size) {
    ASSIGN_OR_RETURN(const std::optional<KeptCheckpoint> shown,
                     parts_.state.NewestCheckpoint(directory->log_key().ToString()));
    return WentWrong(checkpoint.log_name, least.head, shown.has_value() ? shown->note : "",
                     "LOG_ROLLBACK",
                     absl::StrCat("it has ", checkpoint.size,
                                  " entries, the broker signed an inbox over ", least.size));
  }
  RETURN_IF_ERROR(CheckEntries(*directory, checkpoint));
  RETURN_IF_ERROR(CheckOwn(*directory, checkpoint));
  return CheckQuorum(*directory);
}

absl::Status LogKeeper::AskFor(const BulletinId& id) {
  ASSIGN_OR_RETURN(const std::optional<Publication> own, parts_.state.FindPublication(id));
  if (!own.has_value()) return absl::NotFoundError("it has not been published here");
  ASSIGN_OR_RETURN(const auto directory, parts_.directory.Newest());
  ASSIGN_OR_RETURN(const Checkpoint checkpoint, Continue(*directory));
  RETURN_IF_ERROR(Prove({{0, id, own->statement, own->log_index}}, checkpoint));
  return parts_.state.SetPublicationLogged(id);
}

absl::StatusOr<Checkpoint> LogKeeper::Continue(const VerifiedDirectory& directory) {
  for (int moved = 0; moved < kMaxMoved; ++moved) {
    ASSIGN_OR_RETURN(const std::optional<Checkpoint> checkpoint, ContinueOnce(directory));
    if (checkpoint.has_value()) return *checkpoint;
  }
  return absl::AbortedError("local state: another process keeps storing checkpoints");
}

absl::StatusOr<std::optional<Checkpoint>> LogKeeper::ContinueOnce(
    const VerifiedDirectory& directory) {
  const std::string key = directory.log_key().ToString();
  ASSIGN_OR_RETURN(const std::optional<KeptCheckpoint> held, parts_.state.NewestCheckpoint(key));
  const KeptCheckpoint from = held.value_or(KeptCheckpoint{key, 0, EmptyRoot(), ""});
  const absl::StatusOr<LogAnswer> answer = parts_.retrier.Run(
      [&](absl::Duration left) { return parts_.connection.GetCheckpoint(from.size, left); });
  if (!answer.ok()) return AsAnswer(answer.status());
  return Follow(directory, from, *answer);
}

absl::StatusOr<std::optional<Checkpoint>> LogKeeper::Follow(const VerifiedDirectory& directory,
                                                            const KeptCheckpoint& from,
                                                            const LogAnswer& answer) {
  absl::StatusOr<Checkpoint> shown = VerifyCheckpoint(answer.checkpoint, directory.log_key());
  if (!shown.ok()) return Alarm(RuleOf(shown.status()), shown.status().message());
  if (shown->size < from.size) {
    return WentWrong(shown->log_name, from.note, answer.checkpoint, "LOG_ROLLBACK",
                     absl::StrCat("it has ", shown->size, " entries, it had ", from.size));
  }
  const absl::Status grown =
      VerifyConsistency(from.size, shown->size, from.root, shown->root, answer.proof);
  if (!grown.ok()) {
    return WentWrong(shown->log_name, from.note, answer.checkpoint, "LOG_FORK",
                     absl::StrCat("its first ", from.size, " entries are not those it had"));
  }
  RETURN_IF_ERROR(NoteWitnesses(directory, answer, *shown));
  RETURN_IF_ERROR(parts_.state.NoteHeldSize(from.log_key, shown->size, parts_.clock.Now()));
  if (!from.note.empty() && shown->size == from.size) return std::optional<Checkpoint>(*shown);
  ASSIGN_OR_RETURN(const bool stored,
                   parts_.state.StoreCheckpoint(
                       {from.log_key, shown->size, shown->root, answer.checkpoint}, from.size));
  if (!stored) return std::nullopt;
  return std::optional<Checkpoint>(*std::move(shown));
}

absl::StatusOr<std::string> LogKeeper::ToCosign() {
  ASSIGN_OR_RETURN(const auto directory, parts_.directory.Newest());
  for (int moved = 0; moved < kMaxMoved; ++moved) {
    ASSIGN_OR_RETURN(std::optional<std::string> note, ToCosignOnce(*directory));
    if (note.has_value()) return *std::move(note);
  }
  return absl::AbortedError("local state: another process keeps storing checkpoints");
}

// Another witness may have begun with a log that is shorter than what this home has seen since: it
// is vouched for as well when it is the beginning of that.
absl::StatusOr<std::optional<std::string>> LogKeeper::ToCosignOnce(
    const VerifiedDirectory& directory) {
  const std::string key = directory.log_key().ToString();
  ASSIGN_OR_RETURN(const std::optional<KeptCheckpoint> held, parts_.state.NewestCheckpoint(key));
  const KeptCheckpoint from = held.value_or(KeptCheckpoint{key, 0, EmptyRoot(), ""});
  const absl::StatusOr<LogAnswer> answer = parts_.retrier.Run([&](absl::Duration left) {
    return parts_.connection.GetCheckpointToCosign(from.size, left);
  });
  if (!answer.ok()) return AsAnswer(answer.status());
  const absl::StatusOr<Checkpoint> shown =
      VerifyCheckpoint(answer->checkpoint, directory.log_key());
  const bool begins =
      shown.ok() && shown->size > 0 && shown->size < from.size &&
      VerifyConsistency(shown->size, from.size, shown->root, from.root, answer->proof).ok();
  if (begins) return std::optional<std::string>(answer->checkpoint);
  ASSIGN_OR_RETURN(const std::optional<Checkpoint> followed, Follow(directory, from, *answer));
  if (!followed.has_value()) return std::nullopt;
  return std::optional<std::string>(answer->checkpoint);
}

// Time that has passed by this machine's clock, and at least what the authority has signed: a clock
// that is behind must not put off what witnesses say.
absl::StatusOr<absl::Time> LogKeeper::Now() {
  ASSIGN_OR_RETURN(const absl::Time passed, parts_.directory.CertainlyPassed());
  return std::max(passed, parts_.clock.Now());
}

// A checkpoint that a quorum has cosigned counts once it is proven to be of this log.
absl::Status LogKeeper::NoteWitnesses(const VerifiedDirectory& directory, const LogAnswer& answer,
                                      const Checkpoint& newest) {
  if (answer.witnessed.empty()) return absl::OkStatus();
  const absl::StatusOr<Witnessed> witnessed = VerifyWitnessed(answer.witnessed, directory);
  if (!witnessed.ok()) return Alarm(RuleOf(witnessed.status()), witnessed.status().message());
  const Checkpoint& seen = witnessed->checkpoint;
  const absl::Status begins =
      VerifyConsistency(seen.size, newest.size, seen.root, newest.root, answer.witnessed_proof);
  if (!begins.ok()) {
    return WentWrong(newest.log_name, answer.witnessed, answer.checkpoint, "LOG_FORK",
                     "what its witnesses have seen is not its beginning");
  }
  if (!witnessed->quorum_time.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const absl::Time now, Now());
  if (*witnessed->quorum_time > now + kClockDifference) return absl::OkStatus();
  return parts_.state.NoteWitnessed(directory.log_key().ToString(), seen.size,
                                    *witnessed->quorum_time);
}

// A witness cosigns a log that stands still as often as it is asked. So a fresh date is not enough:
// the log that was cosigned must be as long as the one shown here a day ago.
absl::Status LogKeeper::CheckQuorum(const VerifiedDirectory& directory) {
  const uint64_t quorum = directory.directory().note().quorum;
  if (quorum == 0) return absl::OkStatus();
  const std::string key = directory.log_key().ToString();
  ASSIGN_OR_RETURN(const absl::Time now, Now());
  ASSIGN_OR_RETURN(const QuorumSeen seen, parts_.state.KnowQuorum(key, now));
  ASSIGN_OR_RETURN(const uint64_t held, parts_.state.HeldSizeAt(key, now - kMaxWitnessAge));
  if (now - seen.known < kMaxWitnessAge) return absl::OkStatus();
  if (now - seen.witnessed < kMaxWitnessAge && seen.size >= held) return absl::OkStatus();
  const absl::Status alarm =
      Alarm("LOG_UNWITNESSED",
            absl::StrCat("for a day the broker has shown no checkpoint of it that ", quorum,
                         " of its witnesses have cosigned and that is as long as it was then"));
  if (now <= parts_.clock.Now() + kClockDifference) return alarm;
  return WithHint(alarm,
                  "the clock of this machine is behind what the authority has signed: set "
                  "it right and try again; if this stays, tell the authority");
}

// Two signed texts that cannot both be of one log: both are kept.
absl::Status LogKeeper::WentWrong(const std::string& log, const std::string& held,
                                  const std::string& shown, absl::string_view rule,
                                  absl::string_view sentence) {
  const absl::Status kept = parts_.state.RecordFork({"log", log, held, shown, parts_.clock.Now()});
  return AlarmAfter(kept, Alarm(rule, sentence));
}

// What another process has stored since the checkpoint was asked for may lie beyond it. A newer one
// holds it, or it is nowhere.
absl::Status LogKeeper::Reach(const VerifiedDirectory& directory,
                              const std::vector<LoggedStatement>& statements,
                              Checkpoint& checkpoint) {
  const bool within = std::all_of(
      statements.begin(), statements.end(),
      [&checkpoint](const LoggedStatement& each) { return each.log_index < checkpoint.size; });
  if (within) return absl::OkStatus();
  ASSIGN_OR_RETURN(checkpoint, Continue(directory));
  return absl::OkStatus();
}

absl::Status LogKeeper::CheckEntries(const VerifiedDirectory& directory, Checkpoint& checkpoint) {
  for (;;) {
    ASSIGN_OR_RETURN(const std::vector<LoggedStatement> batch,
                     parts_.state.Unlogged(kMaxBatchLeaves));
    if (batch.empty()) return absl::OkStatus();
    RETURN_IF_ERROR(Reach(directory, batch, checkpoint));
    RETURN_IF_ERROR(Prove(batch, checkpoint));
    RETURN_IF_ERROR(parts_.state.SetLogged(batch.back().seq));
  }
}

absl::Status LogKeeper::CheckOwn(const VerifiedDirectory& directory, Checkpoint& checkpoint) {
  for (;;) {
    ASSIGN_OR_RETURN(const std::vector<LoggedStatement> batch,
                     parts_.state.UnloggedPublications(kMaxBatchLeaves));
    if (batch.empty()) return absl::OkStatus();
    RETURN_IF_ERROR(Reach(directory, batch, checkpoint));
    RETURN_IF_ERROR(Prove(batch, checkpoint));
    for (const LoggedStatement& each : batch) {
      RETURN_IF_ERROR(parts_.state.SetPublicationLogged(*each.id));
    }
  }
}

// OK when the log holds all of them. One proof for all; where it does not hold, one for each names
// the first that is not there.
absl::Status LogKeeper::Prove(const std::vector<LoggedStatement>& statements,
                              const Checkpoint& checkpoint) {
  std::vector<IndexedLeaf> leaves;
  std::vector<uint64_t> indexes;
  leaves.reserve(statements.size());
  indexes.reserve(statements.size());
  for (const LoggedStatement& each : statements) {
    if (each.log_index >= checkpoint.size) return NotInLog(each);
    ASSIGN_OR_RETURN(const IndexedLeaf leaf, LeafOf(each));
    leaves.push_back(leaf);
    indexes.push_back(leaf.index);
  }
  if (!Ascends(statements)) return FindUnproven(statements, checkpoint);
  const absl::StatusOr<LogAnswer> answer = parts_.retrier.Run([&](absl::Duration left) {
    return parts_.connection.ProveBatch(indexes, checkpoint.size, left);
  });
  if (!answer.ok()) return AsAnswer(answer.status());
  if (VerifyBatch(leaves, checkpoint.size, answer->proof, checkpoint.root).ok()) {
    return absl::OkStatus();
  }
  return FindUnproven(statements, checkpoint);
}

absl::Status LogKeeper::FindUnproven(const std::vector<LoggedStatement>& statements,
                                     const Checkpoint& checkpoint) {
  for (const LoggedStatement& each : statements) {
    ASSIGN_OR_RETURN(const IndexedLeaf leaf, LeafOf(each));
    const absl::StatusOr<LogAnswer> answer = parts_.retrier.Run([&](absl::Duration left) {
      return parts_.connection.ProveInclusion(leaf.index, checkpoint.size, left);
    });
    if (!answer.ok()) return AsAnswer(answer.status());
    const absl::Status included =
        VerifyInclusion(leaf.hash, leaf.index, checkpoint.size, answer->proof, checkpoint.root);
    if (!included.ok()) return NotInLog(each);
  }
  return absl::OkStatus();
}

}  // namespace shield
