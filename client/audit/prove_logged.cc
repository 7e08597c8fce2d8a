#include "client/audit/prove_logged.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/export/logged_proof.h"
#include "client/log/log_keeper.h"
#include "client/receive/lost_with_log.h"
#include "client/receive/openings.h"
#include "crypto/merkle.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "policy/proof/log_leaf.h"
#include "policy/proof/member_part.h"

namespace shield {
namespace {

struct LoggedNote {
  std::string statement;
  uint64_t log_index = 0;
  bool known_lost = false;  // with a log whose key the authority has replaced since
};

absl::StatusOr<LoggedNote> FindStatement(const ClientParts& parts, const BulletinId& id) {
  ASSIGN_OR_RETURN(const std::optional<KeptEntry> kept, parts.state.FindBulletin(id));
  if (kept.has_value() && kept->finding != Finding::kRefused) {
    ASSIGN_OR_RETURN(const bool lost, WasLostWithLog(parts.state, *kept));
    return LoggedNote{kept->delivered.statement, kept->delivered.log_index, lost};
  }
  ASSIGN_OR_RETURN(const std::optional<Publication> own, parts.state.FindPublication(id));
  if (own.has_value()) {
    ASSIGN_OR_RETURN(const bool lost, WasLostWithLog(parts.state, *own));
    return LoggedNote{own->statement, own->log_index, lost};
  }
  return WithHint(
      absl::NotFoundError(absl::StrCat("there is no bulletin `", id.ToHex(), "` in this home")),
      "`shield inbox ls` and `shield bulletin ls` list what is there; an auditor has the proof "
      "made "
      "by a member who received or published it");
}

// What shows whose signature it is.
absl::StatusOr<MemberPart> ShowAuthor(const KeptDirectory& kept, const Statement& statement) {
  for (const DirectoryPart& part : kept.answer.parts) {
    std::optional<MemberPart> author =
        MemberPartOf({part.index, part.proof, {part.line, part.own_lines}}, statement.author,
                     statement.author_key);
    if (author.has_value()) return *std::move(author);
  }
  return absl::NotFoundError(
      "its author, or the key that signed it, is not in the directory that this member is shown "
      "any "
      "more");
}

absl::StatusOr<ExportProof::InLog> ProveIn(const ClientParts& parts, const BulletinId& id,
                                           const LoggedNote& logged) {
  ASSIGN_OR_RETURN(const KeptCheckpoint newest, LogKeeper(parts).Advance());
  const absl::Status missing =
      logged.known_lost
          ? LostByBroker(id)
          : WithRule(absl::DataLossError("the broker's log does not hold this bulletin"),
                     "LOG_MISMATCH");
  if (logged.log_index >= newest.size) return missing;
  const absl::StatusOr<LogAnswer> answer = parts.retrier.Run([&](absl::Duration left) {
    return parts.connection.ProveInclusion(logged.log_index, newest.size, left);
  });
  if (!answer.ok()) return AsWithheld(answer.status());
  ASSIGN_OR_RETURN(const SignedNote note, ParseNote(logged.statement));
  const Digest leaf = LogLeafHash(LogKind::kBulletin, Sha256(note.text));
  const absl::Status included =
      VerifyInclusion(leaf, logged.log_index, newest.size, answer->proof, newest.root);
  if (!included.ok()) return missing;
  return ExportProof::InLog{logged.log_index, answer->proof, newest.note};
}

}  // namespace

absl::StatusOr<std::string> ProveLogged(const ClientParts& parts, const BulletinId& id) {
  ASSIGN_OR_RETURN(const LoggedNote logged, FindStatement(parts, id));
  ASSIGN_OR_RETURN(const Statement statement, ReadClaimedStatement(logged.statement));
  LoggedProof proof;
  proof.statement = logged.statement;
  ASSIGN_OR_RETURN(KeptDirectory kept, parts.directory.NewestParts());
  ASSIGN_OR_RETURN(proof.author, ShowAuthor(kept, statement));
  proof.directory = std::move(kept.answer.note);
  proof.authority = std::move(kept.answer.authority);
  ASSIGN_OR_RETURN(proof.log, ProveIn(parts, id, logged));
  return PrintLoggedProof(proof);
}

}  // namespace shield
