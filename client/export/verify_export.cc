#include "client/export/verify_export.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/content/content.h"
#include "client/directory/seen_versions.h"
#include "client/export/export_texts.h"
#include "client/export/logged_proof.h"
#include "client/receive/open_content.h"
#include "client/receive/openings.h"
#include "client/receive/verify_ending.h"
#include "client/receive/verify_original.h"
#include "client/state/state.h"
#include "crypto/opening/open_age_file.h"
#include "crypto/opening/open_payload.h"
#include "crypto/padding.h"
#include "crypto/payload.h"
#include "crypto/sha256.h"
#include "crypto/slot.h"
#include "policy/proof/authority_note.h"
#include "policy/proof/checkpoint.h"
#include "policy/proof/log_leaf.h"
#include "policy/proof/member_part.h"
#include "policy/proof/network_file.h"
#include "policy/proof/verified_statement.h"

namespace shield {
namespace {

absl::Status Broken(absl::string_view rule, absl::string_view sentence) {
  return WithRule(absl::DataLossError(absl::StrCat("export refused: ", sentence)), rule);
}

// Whether the author could publish at `now` with the key of the statement.
bool IsActiveAuthor(const Directory& directory, const Statement& statement, absl::Time now) {
  const MemberRecord* author = directory.FindMember(statement.author);
  if (author == nullptr || author->state != AccountState::kActive ||
      !author->period.Contains(now)) {
    return false;
  }
  const OrgRecord& org = directory.OrgOf(*author);
  if (org.state != AccountState::kActive || !org.period.Contains(now)) return false;
  const auto keys = directory.KeysOf(statement.author);
  return std::any_of(keys.begin(), keys.end(), [&](const KeyRecord& key) {
    return key.use == KeyUse::kSign && key.value == statement.author_key &&
           key.period.Contains(now);
  });
}

// When the key of the statement ended or will; no end when its record is not there (any more).
absl::Time EndOfKey(const Directory& directory, const Statement& statement) {
  for (const KeyRecord& key : directory.KeysOf(statement.author)) {
    if (key.use == KeyUse::kSign && key.value == statement.author_key) return key.period.until;
  }
  return NoEnd();
}

// Whether a sealed attachment opens to what lies beside it, piece by piece.
class OpenedComparison {
 public:
  OpenedComparison(ExportedFile opened, X25519Identity identity, absl::Status other)
      : opened_(std::move(opened)), other_(std::move(other)) {
    identities_.push_back(std::move(identity));
    opener_ =
        std::make_unique<AgeFileOpener>(AgeCredentials{.identities = identities_},
                                        [this](ByteSpan plaintext) { return Compare(plaintext); });
  }

  bool Write(ByteSpan sealed) { return opener_->Write(sealed).ok(); }
  // Both have come to their end.
  bool Finish() { return opener_->Finish().ok() && AtEnd(); }

 private:
  absl::Status Compare(ByteSpan plaintext) {
    Bytes expected(plaintext.size());
    ASSIGN_OR_RETURN(const size_t got, opened_.Read(expected));
    const bool same =
        got == plaintext.size() && std::equal(plaintext.begin(), plaintext.end(), expected.begin());
    return same ? absl::OkStatus() : other_;
  }
  bool AtEnd() {
    std::array<uint8_t, 1> more{};
    const absl::StatusOr<size_t> left = opened_.Read(more);
    return left.ok() && *left == 0;
  }

  ExportedFile opened_;
  const absl::Status other_;
  std::vector<X25519Identity> identities_;
  std::unique_ptr<AgeFileOpener> opener_;
};

class ExportCheck {
 public:
  ExportCheck(const ExportFolder* folder, const ExportFiles& files, const NetworkFile& network,
              const ExportWitness& witness)
      : folder_(folder), files_(files), network_(network), witness_(witness) {}

  absl::StatusOr<VerifiedExport> Run();
  // Of a proof that comes without a folder, and of the directory shows its author alone.
  absl::StatusOr<VerifiedExport> RunLogged(const MemberPart& author);

 private:
  absl::StatusOr<NetworkFile> FollowRotations();
  absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> CheckDirectory();
  absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> VerifyShown(const NetworkFile& network);
  absl::StatusOr<VerifiedStatement> CheckStatement(const VerifiedDirectory& directory);
  absl::StatusOr<VerifiedStatement> CheckOriginal(const VerifiedDirectory& directory,
                                                  const Statement& share);
  absl::Status CheckForm(const Statement& statement);
  absl::StatusOr<VerifiedExport> Report(const VerifiedDirectory& directory,
                                        const Statement& statement,
                                        const std::optional<VerifiedStatement>& original);
  absl::Status CheckSealed(const Statement& statement);
  absl::Status CheckProofs(const VerifiedDirectory& directory, const VerifiedStatement& verified);
  absl::Status CheckReader(const VerifiedDirectory& directory, const Statement& statement);
  absl::Status CheckLog(const VerifiedDirectory& directory, const VerifiedStatement& verified,
                        const ExportProof::InLog& log);
  absl::Status CheckSeenLog(const VerifierKey& log_key, const Checkpoint& checkpoint,
                            const std::string& note);
  absl::Status CheckAuthor(const VerifiedDirectory& shown, const Statement& statement);
  absl::Status CheckContent(const VerifiedStatement& verified, const VerifiedStatement& original);
  absl::Status CheckOpened(const Statement& statement, const std::optional<Content>& opened);
  absl::Status CheckCarried(const Statement& statement, const std::optional<Content>& opened);
  absl::StatusOr<std::optional<Content>> OpenSealed(const VerifiedStatement& verified,
                                                    const VerifiedStatement& original);
  absl::Status CheckAttachments(const Statement& statement, const std::vector<Content>& content,
                                const std::vector<ExportedAttachment>& attachments);
  absl::Status CheckAttachment(const SizedDigest& object, const ContentAttachment* content,
                               const ExportedAttachment& attachment);
  void Held(absl::string_view sentence) { checked_.emplace_back(sentence); }

  ByteSpan slot() const { return ByteSpan(files_.sealed).first(kSlotSize); }
  ByteSpan payload() const { return ByteSpan(files_.sealed).subspan(kSlotSize); }

  const ExportFolder* const folder_;  // null for a proof without one
  const ExportFiles& files_;
  const NetworkFile& network_;
  const ExportWitness witness_;
  const MemberPart* author_ = nullptr;  // of a proof without a folder
  bool content_checked_ = false;
  bool logged_ = false;
  std::vector<std::string> checked_;
  std::vector<std::string> warnings_;
};

// Whoever pinned the authority's keys before a rotation follows it by what the export brings along.
absl::StatusOr<NetworkFile> ExportCheck::FollowRotations() {
  ASSIGN_OR_RETURN(NetworkFile network, FollowKeptAuthority(network_, files_.authority));
  if (network.rotation > network_.rotation) {
    Held(absl::StrCat("the authority's keys were changed ", network.rotation - network_.rotation,
                      " times since, each time signed by those before"));
  }
  return network;
}

absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> ExportCheck::VerifyShown(
    const NetworkFile& network) {
  const DirectoryExtract& shown = files_.directory;
  if (author_ != nullptr) return VerifyMemberDirectory(shown.note, *author_, network);
  return VerifyPartialDirectory(shown.note, shown.parts, network, std::nullopt);
}

// Older than what is held is fine, an export is of its day; another text of a held version is not.
absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> ExportCheck::CheckDirectory() {
  ASSIGN_OR_RETURN(const NetworkFile network, FollowRotations());
  absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> verified = VerifyShown(network);
  if (!verified.ok()) return WithRotationHint(verified.status(), network);
  const std::shared_ptr<const VerifiedDirectory> directory = *std::move(verified);
  if (witness_.state != nullptr) {
    RETURN_IF_ERROR(CheckSeenVersions(*witness_.state, *directory, witness_.now));
  }
  if (witness_.newest != nullptr && witness_.newest->version() == directory->version() &&
      witness_.newest->digest() != directory->digest()) {
    return Broken("DIRECTORY_FORK", "its directory is another text of the version that is held");
  }
  Held(absl::StrCat("directory version ", directory->version(), " is signed by the authority of ",
                    network_.network.text()));
  return directory;
}

absl::StatusOr<VerifiedStatement> ExportCheck::CheckStatement(const VerifiedDirectory& directory) {
  const Statement& claimed = files_.claimed;
  ASSIGN_OR_RETURN(VerifiedStatement verified,
                   VerifyStatement(files_.statement, directory.directory(), claimed.issued));
  const bool same_version = claimed.directory_version == directory.version();
  if (claimed.directory_version > directory.version() ||
      (same_version && claimed.directory_digest != directory.digest())) {
    absl::Status kept;
    if (witness_.state != nullptr && same_version) {
      kept = witness_.state->RecordFork({"directory", absl::StrCat(directory.version()),
                                         directory.note(), verified.note(), witness_.now});
    }
    return AlarmAfter(kept, Broken("DIRECTORY_FORK",
                                   "the statement names another directory than the one beside it"));
  }
  if (witness_.state != nullptr) {
    RETURN_IF_ERROR(CheckNamedVersion(*witness_.state, verified, witness_.now));
  }
  Held("the statement is signed by its author's key in that directory");
  return verified;
}

absl::StatusOr<VerifiedStatement> ExportCheck::CheckOriginal(const VerifiedDirectory& directory,
                                                             const Statement& share) {
  ASSIGN_OR_RETURN(const Statement claimed, ReadClaimedStatement(files_.original));
  ASSIGN_OR_RETURN(VerifiedStatement original,
                   VerifyStatement(files_.original, directory.directory(), claimed.issued));
  RETURN_IF_ERROR(CheckIsOriginalOf(original, share));
  Held("the original it passes on is signed by its author's key in that directory");
  return original;
}

absl::Status ExportCheck::CheckForm(const Statement& statement) {
  const bool notice = files_.proof.form == ExportForm::kNotice;
  if (notice && EndedBy(statement).empty()) {
    return Broken("EXPORT_MALFORMED", "it ends no bulletin and has nothing sealed");
  }
  if (!notice && statement.IsWithdrawal()) {
    return Broken("EXPORT_MALFORMED", "a withdrawal has nothing sealed");
  }
  return absl::OkStatus();
}

absl::Status ExportCheck::CheckSealed(const Statement& statement) {
  if (files_.sealed.size() < kSlotSize || payload().size() != statement.payload.bytes ||
      Sha256(payload()) != statement.payload.digest) {
    return Broken("DIGEST_MISMATCH", "bulletin.age does not hold the payload that was signed");
  }
  Held("bulletin.age holds the payload that was signed");
  return absl::OkStatus();
}

absl::Status ExportCheck::CheckReader(const VerifiedDirectory& directory,
                                      const Statement& statement) {
  const ExportProof::InRecipients& reader = *files_.proof.reader;
  const std::string key = PrintAgeRecipient(reader.recipient.key);
  const auto keys = directory.directory().KeysOf(reader.member);
  const bool enrolled = std::any_of(keys.begin(), keys.end(), [&key](const KeyRecord& record) {
    return record.use == KeyUse::kSeal && record.value == key;
  });
  if (!enrolled) {
    return Broken("RECIPIENT_SET_MISMATCH",
                  absl::StrCat("the key in proof.txt is not one of `", reader.member.text(), "`"));
  }
  if (Sha256(slot()) != reader.recipient.slot_digest) {
    return Broken("RECIPIENT_SET_MISMATCH", "proof.txt is about another slot");
  }
  RETURN_IF_ERROR(
      VerifyRecipient(reader.recipient, reader.leaf_index, reader.leaf_path, statement));
  Held(absl::StrCat("its author sealed it to `", reader.member.text(), "`"));
  return absl::OkStatus();
}

absl::Status ExportCheck::CheckProofs(const VerifiedDirectory& directory,
                                      const VerifiedStatement& verified) {
  if (files_.proof.reader.has_value()) {
    RETURN_IF_ERROR(CheckSealed(verified.statement()));
    RETURN_IF_ERROR(CheckReader(directory, verified.statement()));
  }
  const std::optional<ExportProof::InLog>& log = files_.proof.log;
  if (log.has_value()) return CheckLog(directory, verified, *log);
  warnings_.emplace_back("there is no proof that the log holds it");
  return absl::OkStatus();
}

absl::Status ExportCheck::CheckLog(const VerifiedDirectory& directory,
                                   const VerifiedStatement& verified,
                                   const ExportProof::InLog& log) {
  ASSIGN_OR_RETURN(const Checkpoint checkpoint,
                   VerifyCheckpoint(log.checkpoint, directory.log_key()));
  const Digest leaf = LogLeafHash(LogKind::kBulletin, verified.text_digest());
  if (!VerifyInclusion(leaf, log.index, checkpoint.size, log.path, checkpoint.root).ok()) {
    return Broken("LOG_MISMATCH", "the log proof does not lead to the checkpoint");
  }
  RETURN_IF_ERROR(CheckSeenLog(directory.log_key(), checkpoint, log.checkpoint));
  logged_ = true;
  Held(absl::StrCat("the log holds it at index ", log.index));
  return absl::OkStatus();
}

// Of one size a log has one root, whoever is shown it.
absl::Status ExportCheck::CheckSeenLog(const VerifierKey& log_key, const Checkpoint& checkpoint,
                                       const std::string& note) {
  if (witness_.state == nullptr) return absl::OkStatus();
  const std::string key = log_key.ToString();
  ASSIGN_OR_RETURN(const std::vector<KeptCheckpoint> seen, witness_.state->Checkpoints());
  for (const KeptCheckpoint& kept : seen) {
    const bool fits =
        kept.log_key != key || kept.size != checkpoint.size || kept.root == checkpoint.root;
    if (fits) continue;
    const absl::Status recorded =
        witness_.state->RecordFork({"log", checkpoint.log_name, kept.note, note, witness_.now});
    return AlarmAfter(recorded,
                      WithHint(Broken("LOG_FORK", absl::StrCat("this home has seen another log of ",
                                                               checkpoint.size, " entries")),
                               "tell the authority; `shield inbox ls` names what is kept"));
  }
  return absl::OkStatus();
}

absl::Status ExportCheck::CheckAuthor(const VerifiedDirectory& shown, const Statement& statement) {
  const bool newer = witness_.newest != nullptr && witness_.newest->version() > shown.version();
  const VerifiedDirectory& newest = newer ? *witness_.newest : shown;
  if (witness_.newest == nullptr) {
    warnings_.emplace_back(
        "newer directories were not consulted: a key that has ended since would not show");
  }
  if (IsActiveAuthor(newest.directory(), statement, witness_.now)) {
    Held(absl::StrCat("its author is an active member with that key in directory version ",
                      newest.version()));
    return absl::OkStatus();
  }
  const absl::Time end = EndOfKey(newest.directory(), statement);
  if (statement.issued >= end) {
    return WithRule(absl::PermissionDeniedError(absl::StrCat(
                        "export refused: it is dated after the key of `", statement.author.text(),
                        "` ended, by directory version ", newest.version())),
                    "PUBLISHER_KEY_REVOKED");
  }
  if (logged_) {
    warnings_.emplace_back(
        "its author's key or account has ended since: that the broker took it before rests on the "
        "broker's word and on the date in it");
    return absl::OkStatus();
  }
  return WithHint(WithRule(absl::PermissionDeniedError(absl::StrCat(
                               "export refused: the key of `", statement.author.text(),
                               "` is not active in directory version ", newest.version(),
                               ", and no log proof shows that the bulletin came before it ended")),
                           "PUBLISHER_KEY_REVOKED"),
                  "ask a reader to export it again while the broker can be reached");
}

// The content, when it can be opened here.
absl::StatusOr<std::optional<Content>> ExportCheck::OpenSealed(const VerifiedStatement& verified,
                                                               const VerifiedStatement& original) {
  for (const X25519Identity& identity : witness_.identities) {
    absl::StatusOr<Content> content = OpenContent(verified, original, slot(), payload(), identity);
    if (content.ok()) return std::optional<Content>(*std::move(content));
    if (RuleOf(content.status()) != "AGE_NO_MATCH") return content.status();
  }
  if (!verified.statement().clear_key.has_value()) return std::nullopt;
  const FileKey key = FileKeyFromPublic(*verified.statement().clear_key);
  ASSIGN_OR_RETURN(const Bytes plaintext, OpenPayload(key, payload()));
  ASSIGN_OR_RETURN(Content content, ParseContent(AsText(plaintext)));
  return std::optional<Content>(std::move(content));
}

absl::Status ExportCheck::CheckContent(const VerifiedStatement& verified,
                                       const VerifiedStatement& original) {
  if (files_.proof.form == ExportForm::kNotice) {
    content_checked_ = true;  // there is none
    return folder_->CheckHoldsOnly(NamesOf(files_, {}));
  }
  ASSIGN_OR_RETURN(const std::optional<Content> opened, OpenSealed(verified, original));
  content_checked_ = opened.has_value();
  if (files_.proof.form == ExportForm::kSealed) return CheckCarried(verified.statement(), opened);
  return CheckOpened(verified.statement(), opened);
}

absl::Status ExportCheck::CheckCarried(const Statement& statement,
                                       const std::optional<Content>& opened) {
  if (opened.has_value()) {
    Held("bulletin.age opens to a document of its label");
  } else {
    warnings_.emplace_back(
        "what is sealed was not read: opening bulletin.age takes its reader's identity");
  }
  return CheckAttachments(statement, {}, SealedAttachments(statement.objects.size()));
}

absl::Status ExportCheck::CheckOpened(const Statement& statement,
                                      const std::optional<Content>& opened) {
  ASSIGN_OR_RETURN(const Content written, ParseContent(files_.content));
  if (opened.has_value()) {
    if (opened->json != written.json) {
      return Broken("DIGEST_MISMATCH", "content.json is not what bulletin.age opens to");
    }
    Held("content.json is what bulletin.age opens to");
  } else {
    warnings_.emplace_back(
        "content.json was not compared: opening bulletin.age takes its reader's identity");
  }
  if (written.tlp != statement.tlp) {
    return Broken("LABEL_MISMATCH", "content.json has another label than the statement");
  }
  const bool same_objects =
      std::equal(written.attachments.begin(), written.attachments.end(), statement.objects.begin(),
                 statement.objects.end(), [](const ContentAttachment& a, const SizedDigest& b) {
                   return a.bytes == b.bytes && a.sha256 == b.digest;
                 });
  if (!same_objects) {
    return Broken("CONTENT_MALFORMED", "content.json has other attachments than the statement");
  }
  return CheckAttachments(statement, {written}, OpenedAttachments(written.attachments));
}

// What lies among vouched files is taken for vouched.
absl::Status ExportCheck::CheckAttachments(const Statement& statement,
                                           const std::vector<Content>& content,
                                           const std::vector<ExportedAttachment>& attachments) {
  RETURN_IF_ERROR(folder_->CheckHoldsOnly(NamesOf(files_, attachments)));
  for (size_t i = 0; i < attachments.size(); ++i) {
    const ContentAttachment* written = content.empty() ? nullptr : &content.front().attachments[i];
    RETURN_IF_ERROR(CheckAttachment(statement.objects[i], written, attachments[i]));
  }
  if (attachments.empty()) return absl::OkStatus();
  Held(content.empty() ? "each sealed attachment is the one that was signed"
                       : "each attachment is the one that was signed, and opens to its file");
  return absl::OkStatus();
}

// The sealed file is the statement's object, and the opened one, if there is one, what it opens to.
absl::Status ExportCheck::CheckAttachment(const SizedDigest& object,
                                          const ContentAttachment* content,
                                          const ExportedAttachment& attachment) {
  ASSIGN_OR_RETURN(ExportedFile sealed, folder_->OpenFile(attachment.sealed));
  const absl::Status other = Broken(
      "DIGEST_MISMATCH", absl::StrCat("the attachment `", attachment.sealed, "` was changed"));
  std::optional<OpenedComparison> comparison;
  if (content != nullptr) {
    ASSIGN_OR_RETURN(ExportedFile opened, folder_->OpenFile(attachment.opened));
    ASSIGN_OR_RETURN(X25519Identity identity, X25519Identity::Parse(content->identity));
    comparison.emplace(std::move(opened), std::move(identity), other);
  }
  Sha256Hasher hasher;
  Bytes piece(kChunkSize);
  uint64_t bytes = 0;
  for (size_t got = piece.size(); got == piece.size();) {
    ASSIGN_OR_RETURN(got, sealed.Read(piece));
    bytes += got;
    if (bytes > object.bytes) return other;
    const ByteSpan chunk = ByteSpan(piece).first(got);
    hasher.Update(chunk);
    if (comparison.has_value() && !chunk.empty() && !comparison->Write(chunk)) return other;
  }
  if (bytes != object.bytes || hasher.Finish() != object.digest) return other;
  return !comparison.has_value() || comparison->Finish() ? absl::OkStatus() : other;
}

absl::StatusOr<VerifiedExport> ExportCheck::Run() {
  ASSIGN_OR_RETURN(const auto directory, CheckDirectory());
  ASSIGN_OR_RETURN(const VerifiedStatement verified, CheckStatement(*directory));
  const Statement& statement = verified.statement();
  RETURN_IF_ERROR(CheckForm(statement));
  std::optional<VerifiedStatement> original;
  if (!files_.original.empty()) {
    ASSIGN_OR_RETURN(original, CheckOriginal(*directory, statement));
  }
  const Statement& source = original.has_value() ? original->statement() : statement;
  RETURN_IF_ERROR(CheckProofs(*directory, verified));
  RETURN_IF_ERROR(CheckAuthor(*directory, statement));
  if (original.has_value()) RETURN_IF_ERROR(CheckAuthor(*directory, source));
  RETURN_IF_ERROR(CheckContent(verified, original.has_value() ? *original : verified));
  return Report(*directory, statement, original);
}

absl::StatusOr<VerifiedExport> ExportCheck::RunLogged(const MemberPart& author) {
  author_ = &author;
  ASSIGN_OR_RETURN(const auto directory, CheckDirectory());
  ASSIGN_OR_RETURN(const VerifiedStatement verified, CheckStatement(*directory));
  RETURN_IF_ERROR(CheckLog(*directory, verified, *files_.proof.log));
  RETURN_IF_ERROR(CheckAuthor(*directory, verified.statement()));
  content_checked_ = true;  // there is none
  return Report(*directory, verified.statement(), std::nullopt);
}

absl::StatusOr<VerifiedExport> ExportCheck::Report(
    const VerifiedDirectory& directory, const Statement& statement,
    const std::optional<VerifiedStatement>& original) {
  const Statement& source = original.has_value() ? original->statement() : statement;
  const MemberRecord* author = directory.directory().FindMember(source.author);
  if (author == nullptr) return Broken("BAD_SIGNATURE", "its author is not in the directory");
  VerifiedExport report{statement.id, source.author, author->org};
  if (original.has_value()) report.shared_by = statement.author;
  report.tlp = statement.tlp;
  report.issued = source.issued;
  report.directory_version = directory.version();
  report.content_checked = content_checked_;
  report.checked = std::move(checked_);
  report.warnings = std::move(warnings_);
  return report;
}

}  // namespace

absl::StatusOr<VerifiedExport> VerifyExport(const std::string& folder, const NetworkFile& network,
                                            const ExportWitness& witness) {
  ASSIGN_OR_RETURN(const ExportFolder opened, ExportFolder::Open(folder));
  ASSIGN_OR_RETURN(const ExportFiles files, ReadExport(opened, network));
  return VerifyExportFiles(opened, files, network, witness);
}

absl::StatusOr<VerifiedExport> VerifyExportFiles(const ExportFolder& folder,
                                                 const ExportFiles& files,
                                                 const NetworkFile& network,
                                                 const ExportWitness& witness) {
  return ExportCheck(&folder, files, network, witness).Run();
}

absl::StatusOr<VerifiedExport> VerifyLoggedProof(absl::string_view file, const NetworkFile& network,
                                                 const ExportWitness& witness) {
  ASSIGN_OR_RETURN(LoggedProof proof, ParseLoggedProof(file));
  ASSIGN_OR_RETURN(Statement claimed, ReadClaimedStatement(proof.statement));
  ExportFiles files{std::move(proof.statement),
                    std::move(claimed),
                    {},
                    {std::move(proof.directory), {}},
                    {},
                    {},
                    {}};
  files.proof.log = std::move(proof.log);
  files.authority = std::move(proof.authority);
  return ExportCheck(nullptr, files, network, witness).RunLogged(proof.author);
}

}  // namespace shield
