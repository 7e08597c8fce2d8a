#include "client/board/read_board.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/board/judge_board.h"
#include "client/receive/fetch_bytes.h"
#include "client/receive/openings.h"
#include "client/receive/verify_entry.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "policy/proof/receipt.h"

namespace shield {
namespace {

absl::Status OtherStatement(const BulletinId& id) {
  return WithRule(absl::DataLossError(absl::StrCat("the broker gives the statement of another "
                                                   "bulletin for `",
                                                   id.ToHex(), "`")),
                  "REFERENCE_MISMATCH");
}

// What the broker gives, checked.
absl::StatusOr<VerifiedStatement> GivenStatement(const ClientParts& parts, const BulletinId& id) {
  ASSIGN_OR_RETURN(const std::string note, parts.retrier.Run([&](absl::Duration left) {
    return parts.connection.GetStatement(id, left);
  }));
  ASSIGN_OR_RETURN(const auto directory, parts.directory.Newest());
  const absl::StatusOr<Statement> claimed = ReadClaimedStatement(note);
  if (!claimed.ok()) return OtherStatement(id);
  // The key may have ended since: what it signed stands, or is what has to be taken back.
  ASSIGN_OR_RETURN(VerifiedStatement verified,
                   VerifyStatement(note, directory->directory(), claimed->issued));
  if (verified.statement().id != id) return OtherStatement(id);
  return verified;
}

// Where the author belonged when the bulletin came to this home; else where it does.
std::optional<OrgId> SourceOf(const std::optional<KeptEntry>& kept, const Statement& statement,
                              const Directory& directory) {
  if (kept.has_value() && kept->author_org.has_value()) return kept->author_org;
  const MemberRecord* author = directory.FindMember(statement.author);
  if (author == nullptr) return std::nullopt;
  return author->org;
}

// What this home knows of the time to acknowledge: noted when it was published, or read in it.
absl::StatusOr<std::optional<absl::Time>> DeadlineOf(const ClientParts& parts, InboxShelf& shelf,
                                                     const BulletinId& id,
                                                     const std::optional<KeptEntry>& kept) {
  ASSIGN_OR_RETURN(const std::optional<Publication> own, parts.state.FindPublication(id));
  if (own.has_value() && own->acknowledge_by.has_value()) return own->acknowledge_by;
  if (!kept.has_value()) return std::nullopt;
  const absl::StatusOr<OpenedBulletin> opened = shelf.OpenReadable(*kept);
  if (!opened.ok()) return std::nullopt;
  return opened->content.acknowledge_by;
}

// One share, or why its statement does not bear one out. NOT_FOUND when the broker gives none; an
// error as well when the broker is away or busy, which says nothing of the share.
absl::StatusOr<KnownShare> LookAtShare(const ClientParts& parts, const BoardSubject& subject,
                                       const BulletinId& id, const MemberId& sharer) {
  const absl::StatusOr<VerifiedStatement> share = GivenStatement(parts, id);
  if (!share.ok()) {
    const std::string rule = RuleOf(share.status());
    if (rule.empty() || IsPassing(share.status())) return share.status();
    return KnownShare{sharer, Digest{}, absl::UnixEpoch(), rule};
  }
  const Statement& statement = share->statement();
  const Reference* original = statement.Find(Relation::kShares);
  const bool of_it = original != nullptr && original->id == subject.statement.id &&
                     original->text_digest == subject.text_digest;
  return KnownShare{statement.author, share->text_digest(), statement.issued,
                    of_it ? "" : "RECEIPT_MISMATCH"};
}

// Looks at the shares by which readers hold it, as far as their receipts name them: only what a
// member has signed is asked for, each once, found or not, and at most so many.
absl::Status LookAtShares(const ClientParts& parts, const BoardSubject& subject,
                          const std::vector<ReaderStatus>& readers, const Directory& directory,
                          size_t most, ShareMemory& memory) {
  size_t asked = 0;
  for (const ReaderStatus& reader : readers) {
    if (!reader.shared_by.has_value()) continue;
    for (const std::string& note : reader.receipts) {
      if (asked >= most || memory.full()) return absl::OkStatus();
      const absl::StatusOr<Receipt> claimed = ReadClaimedReceipt(note, directory.note().network);
      if (!claimed.ok() || memory.Knows(claimed->bulletin)) continue;
      if (!VerifyReceipt(note, directory).ok()) continue;
      ++asked;
      absl::StatusOr<KnownShare> share =
          LookAtShare(parts, subject, claimed->bulletin, *reader.shared_by);
      if (absl::IsNotFound(share.status())) {
        memory.Note(claimed->bulletin, std::nullopt);
        continue;
      }
      RETURN_IF_ERROR(share.status());
      memory.Note(claimed->bulletin, *std::move(share));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> SourceStatement(const ClientParts& parts, const BulletinId& id) {
  ASSIGN_OR_RETURN(const std::optional<KeptEntry> kept, parts.state.FindBulletin(id));
  if (kept.has_value() && kept->finding != Finding::kRefused) return kept->delivered.statement;
  ASSIGN_OR_RETURN(const std::optional<Publication> own, parts.state.FindPublication(id));
  if (own.has_value()) return own->statement;
  ASSIGN_OR_RETURN(const VerifiedStatement given, GivenStatement(parts, id));
  return given.note();
}

absl::StatusOr<StatusBoard> ReadBoard(const ClientParts& parts, InboxShelf& shelf,
                                      const BulletinId& id, size_t most_shares,
                                      ShareMemory& memory) {
  ASSIGN_OR_RETURN(const auto directory, parts.directory.Sync());
  ASSIGN_OR_RETURN(
      const std::vector<ReaderStatus> readers,
      parts.retrier.Run([&](absl::Duration left) { return parts.connection.GetStatus(id, left); }));
  ASSIGN_OR_RETURN(const std::string note, SourceStatement(parts, id));
  ASSIGN_OR_RETURN(const SignedNote parsed, ParseNote(note));
  ASSIGN_OR_RETURN(const Statement statement, ReadClaimedStatement(note));
  ASSIGN_OR_RETURN(const std::optional<KeptEntry> kept, parts.state.FindBulletin(id));
  const std::optional<OrgId> source = SourceOf(kept, statement, directory->directory());
  if (!source.has_value()) {
    return absl::NotFoundError("the author of this bulletin is in the directory no more");
  }
  BoardSubject subject{statement, Sha256(parsed.text), *source};
  ASSIGN_OR_RETURN(subject.acknowledge_by, DeadlineOf(parts, shelf, id, kept));
  ASSIGN_OR_RETURN(subject.sealed_to, parts.state.SealedTo(id));
  memory.Begin(id, directory->directory().version());
  RETURN_IF_ERROR(
      LookAtShares(parts, subject, readers, directory->directory(), most_shares, memory));
  subject.shares = memory.Found();
  return JudgeBoard(subject, readers, directory->directory(), parts.clock.Now());
}

}  // namespace shield
