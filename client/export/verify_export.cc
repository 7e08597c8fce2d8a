#include "client/export/verify_export.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/content/content.h"
#include "client/export/export_texts.h"
#include "client/home/private_file.h"
#include "client/receive/fetch_attachment.h"
#include "client/receive/open_content.h"
#include "client/receive/openings.h"
#include "crypto/opening/open_age_file.h"
#include "crypto/opening/open_payload.h"
#include "crypto/padding.h"
#include "crypto/payload.h"
#include "crypto/sha256.h"
#include "crypto/slot.h"
#include "policy/proof/checkpoint.h"
#include "policy/proof/log_leaf.h"
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

class ExportCheck {
 public:
  ExportCheck(const std::string& folder, const NetworkFile& network, const ExportWitness& witness)
      : folder_(folder), network_(network), witness_(witness) {}

  absl::StatusOr<VerifiedExport> Run();
  absl::StatusOr<VerifiedExport> RunLogged(absl::string_view text);

 private:
  absl::StatusOr<std::string> Read(absl::string_view name) const {
    return ReadSmallFile(absl::StrCat(folder_, "/", name));
  }
  absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> CheckDirectory(
      const DirectoryExtract& extract);
  absl::StatusOr<VerifiedStatement> CheckStatement(const VerifiedDirectory& directory,
                                                   const std::string& note);
  absl::StatusOr<VerifiedExport> Report(const VerifiedDirectory& directory,
                                        const Statement& statement);
  absl::Status CheckSealed(const Statement& statement);
  absl::Status CheckProofs(const VerifiedDirectory& directory, const VerifiedStatement& verified);
  absl::Status CheckLog(const VerifiedDirectory& directory, const VerifiedStatement& verified,
                        const ExportProof::InLog& log);
  absl::Status CheckAuthor(const VerifiedDirectory& shown, const Statement& statement);
  absl::Status CheckContent(const VerifiedStatement& verified);
  absl::StatusOr<std::optional<Content>> OpenSealed(const VerifiedStatement& verified);
  absl::Status CheckAttachments(const Content& content);
  absl::Status CheckNothingElse(const Content& content) const;
  absl::Status CheckAttachment(const ContentAttachment& attachment, const std::string& path);
  void Held(absl::string_view sentence) { checked_.emplace_back(sentence); }

  ByteSpan slot() const { return ByteSpan(sealed_).first(kSlotSize); }
  ByteSpan payload() const { return ByteSpan(sealed_).subspan(kSlotSize); }

  const std::string folder_;
  const NetworkFile& network_;
  const ExportWitness witness_;
  Bytes sealed_;
  bool content_checked_ = false;
  bool logged_ = false;
  std::vector<std::string> checked_;
  std::vector<std::string> warnings_;
};

// Older than what is held is fine, an export is of its day; another text of a held version is not.
absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> ExportCheck::CheckDirectory(
    const DirectoryExtract& extract) {
  ASSIGN_OR_RETURN(auto directory,
                   VerifyPartialDirectory(extract.note, extract.parts, network_, std::nullopt));
  if (witness_.newest != nullptr && witness_.newest->version() == directory->version() &&
      witness_.newest->digest() != directory->digest()) {
    return Broken("DIRECTORY_FORK", "its directory is another text of the version that is held");
  }
  Held(absl::StrCat("directory version ", directory->version(), " is signed by the authority of ",
                    network_.network.text()));
  return directory;
}

absl::StatusOr<VerifiedStatement> ExportCheck::CheckStatement(const VerifiedDirectory& directory,
                                                              const std::string& note) {
  ASSIGN_OR_RETURN(const Statement claimed, ReadClaimedStatement(note));
  ASSIGN_OR_RETURN(VerifiedStatement verified,
                   VerifyStatement(note, directory.directory(), claimed.issued));
  const bool same_version = claimed.directory_version == directory.version();
  if (claimed.directory_version > directory.version() ||
      (same_version && claimed.directory_digest != directory.digest())) {
    return Broken("DIRECTORY_FORK", "the statement names another directory than the one beside it");
  }
  Held("the statement is signed by its author's key in that directory");
  return verified;
}

absl::Status ExportCheck::CheckSealed(const Statement& statement) {
  ASSIGN_OR_RETURN(const std::string sealed, Read("bulletin.age"));
  sealed_ = ToBytes(AsBytes(sealed));
  if (sealed_.size() < kSlotSize || payload().size() != statement.payload.bytes ||
      Sha256(payload()) != statement.payload.digest) {
    return Broken("DIGEST_MISMATCH", "bulletin.age does not hold the payload that was signed");
  }
  Held("bulletin.age holds the payload that was signed");
  return absl::OkStatus();
}

absl::Status ExportCheck::CheckProofs(const VerifiedDirectory& directory,
                                      const VerifiedStatement& verified) {
  ASSIGN_OR_RETURN(const std::string text, Read("proof.txt"));
  ASSIGN_OR_RETURN(const ExportProof proof, ParseExportProof(text));
  const std::string key = PrintAgeRecipient(proof.recipient.key);
  const auto keys = directory.directory().KeysOf(proof.member);
  const bool enrolled = std::any_of(keys.begin(), keys.end(), [&key](const KeyRecord& record) {
    return record.use == KeyUse::kSeal && record.value == key;
  });
  if (!enrolled) {
    return Broken("RECIPIENT_SET_MISMATCH",
                  absl::StrCat("the key in proof.txt is not one of `", proof.member.text(), "`"));
  }
  if (Sha256(slot()) != proof.recipient.slot_digest) {
    return Broken("RECIPIENT_SET_MISMATCH", "proof.txt is about another slot");
  }
  RETURN_IF_ERROR(
      VerifyRecipient(proof.recipient, proof.leaf_index, proof.leaf_path, verified.statement()));
  Held(absl::StrCat("its author sealed it to `", proof.member.text(), "`"));
  if (proof.log.has_value()) return CheckLog(directory, verified, *proof.log);
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
  logged_ = true;
  Held(absl::StrCat("the log holds it at index ", log.index));
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
  if (logged_) {
    Held(
        "its author's key has ended since; the log shows that the broker took the bulletin before");
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
absl::StatusOr<std::optional<Content>> ExportCheck::OpenSealed(const VerifiedStatement& verified) {
  for (const X25519Identity& identity : witness_.identities) {
    absl::StatusOr<Content> content = OpenContent(verified, slot(), payload(), identity);
    if (content.ok()) return std::optional<Content>(*std::move(content));
    if (RuleOf(content.status()) != "AGE_NO_MATCH") return content.status();
  }
  if (!verified.statement().clear_key.has_value()) return std::nullopt;
  const FileKey key = FileKeyFromPublic(*verified.statement().clear_key);
  ASSIGN_OR_RETURN(const Bytes plaintext, OpenPayload(key, payload()));
  ASSIGN_OR_RETURN(Content content, ParseContent(AsText(plaintext)));
  return std::optional<Content>(std::move(content));
}

absl::Status ExportCheck::CheckContent(const VerifiedStatement& verified) {
  ASSIGN_OR_RETURN(const std::string json, Read("content.json"));
  ASSIGN_OR_RETURN(const Content written, ParseContent(json));
  ASSIGN_OR_RETURN(const std::optional<Content> opened, OpenSealed(verified));
  if (opened.has_value()) {
    if (opened->json != written.json) {
      return Broken("DIGEST_MISMATCH", "content.json is not what bulletin.age opens to");
    }
    content_checked_ = true;
    Held("content.json is what bulletin.age opens to");
  } else {
    warnings_.emplace_back(
        "content.json was not compared: opening bulletin.age takes its reader's identity");
  }
  if (written.tlp != verified.statement().tlp) {
    return Broken("LABEL_MISMATCH", "content.json has another label than the statement");
  }
  if (written.attachments.size() != verified.statement().objects.size()) {
    return Broken("CONTENT_MALFORMED", "content.json has other attachments than the statement");
  }
  for (size_t i = 0; i < written.attachments.size(); ++i) {
    const SizedDigest& object = verified.statement().objects[i];
    if (written.attachments[i].bytes != object.bytes ||
        written.attachments[i].sha256 != object.digest) {
      return Broken("CONTENT_MALFORMED", "content.json has other attachments than the statement");
    }
  }
  RETURN_IF_ERROR(CheckNothingElse(written));
  return CheckAttachments(written);
}

// What lies among vouched files is taken for vouched.
absl::Status ExportCheck::CheckNothingElse(const Content& content) const {
  std::set<std::string> known = {"statement.txt", "directory.txt", "proof.txt", "bulletin.age",
                                 "content.json"};
  if (!content.attachments.empty()) known.insert("attachments");
  for (const std::string& name : ExportedAttachmentNames(content.attachments)) {
    known.insert(absl::StrCat("attachments/", name));
    known.insert(absl::StrCat("attachments/", name, ".age"));
  }
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator at(folder_, error), end; !error && at != end;
       at.increment(error)) {
    const std::string name = std::filesystem::relative(at->path(), folder_, error).string();
    if (known.count(name) == 0 || at->is_symlink(error)) {
      return Broken("EXPORT_MALFORMED", absl::StrCat("`", name, "` does not belong in the folder"));
    }
  }
  if (!error) return absl::OkStatus();
  return absl::NotFoundError(absl::StrCat("`", folder_, "` cannot be read: ", error.message()));
}

absl::Status ExportCheck::CheckAttachments(const Content& content) {
  std::vector<std::string> names = ExportedAttachmentNames(content.attachments);
  for (size_t i = 0; i < names.size(); ++i) {
    RETURN_IF_ERROR(
        CheckAttachment(content.attachments[i], absl::StrCat(folder_, "/attachments/", names[i])));
  }
  if (!names.empty()) Held("each attachment is the one that was signed, and opens to its file");
  return absl::OkStatus();
}

// The sealed file is the statement's object, and the opened one is what it opens to.
absl::Status ExportCheck::CheckAttachment(const ContentAttachment& attachment,
                                          const std::string& path) {
  std::ifstream sealed(path + ".age", std::ios::binary);
  std::ifstream opened(path, std::ios::binary);
  if (!sealed || !opened) {
    return absl::NotFoundError(absl::StrCat("the attachment `", path, "` is missing"));
  }
  std::vector<X25519Identity> identities;
  ASSIGN_OR_RETURN(X25519Identity identity, X25519Identity::Parse(attachment.identity));
  identities.push_back(std::move(identity));
  const absl::Status other =
      Broken("DIGEST_MISMATCH", absl::StrCat("the attachment `", path, "` was changed"));
  AgeFileOpener opener(AgeCredentials{.identities = identities}, [&](ByteSpan plaintext) {
    Bytes expected(plaintext.size());
    opened.read(reinterpret_cast<char*>(expected.data()),
                static_cast<std::streamsize>(expected.size()));
    return std::equal(plaintext.begin(), plaintext.end(), expected.begin()) && opened
               ? absl::OkStatus()
               : other;
  });
  Sha256Hasher hasher;
  Bytes piece(kChunkSize);
  while (sealed) {
    sealed.read(reinterpret_cast<char*>(piece.data()), static_cast<std::streamsize>(piece.size()));
    const ByteSpan got = ByteSpan(piece).first(static_cast<size_t>(sealed.gcount()));
    hasher.Update(got);
    if (!got.empty() && !opener.Write(got).ok()) return other;
  }
  if (!opener.Finish().ok() || hasher.Finish() != attachment.sha256) return other;
  return opened.peek() == std::ifstream::traits_type::eof() ? absl::OkStatus() : other;
}

absl::StatusOr<VerifiedExport> ExportCheck::Run() {
  ASSIGN_OR_RETURN(const std::string text, Read("directory.txt"));
  ASSIGN_OR_RETURN(const DirectoryExtract extract, ParseDirectoryExtract(text));
  ASSIGN_OR_RETURN(const auto directory, CheckDirectory(extract));
  ASSIGN_OR_RETURN(const std::string note, Read("statement.txt"));
  ASSIGN_OR_RETURN(const VerifiedStatement verified, CheckStatement(*directory, note));
  RETURN_IF_ERROR(CheckSealed(verified.statement()));
  RETURN_IF_ERROR(CheckProofs(*directory, verified));
  RETURN_IF_ERROR(CheckAuthor(*directory, verified.statement()));
  RETURN_IF_ERROR(CheckContent(verified));
  return Report(*directory, verified.statement());
}

absl::StatusOr<VerifiedExport> ExportCheck::RunLogged(absl::string_view text) {
  ASSIGN_OR_RETURN(const LoggedProof proof, ParseLoggedProof(text));
  ASSIGN_OR_RETURN(const auto directory, CheckDirectory(proof.directory));
  ASSIGN_OR_RETURN(const VerifiedStatement verified, CheckStatement(*directory, proof.statement));
  RETURN_IF_ERROR(CheckLog(*directory, verified, proof.log));
  RETURN_IF_ERROR(CheckAuthor(*directory, verified.statement()));
  content_checked_ = true;  // there is none
  return Report(*directory, verified.statement());
}

absl::StatusOr<VerifiedExport> ExportCheck::Report(const VerifiedDirectory& directory,
                                                   const Statement& statement) {
  const MemberRecord* author = directory.directory().FindMember(statement.author);
  if (author == nullptr) return Broken("BAD_SIGNATURE", "its author is not in the directory");
  return VerifiedExport{statement.id,     statement.author,    author->org,
                        statement.tlp,    statement.issued,    directory.version(),
                        content_checked_, std::move(checked_), std::move(warnings_)};
}

}  // namespace

absl::StatusOr<VerifiedExport> VerifyExport(const std::string& folder, const NetworkFile& network,
                                            const ExportWitness& witness) {
  return ExportCheck(folder, network, witness).Run();
}

absl::StatusOr<VerifiedExport> VerifyLoggedProof(absl::string_view text, const NetworkFile& network,
                                                 const ExportWitness& witness) {
  return ExportCheck("", network, witness).RunLogged(text);
}

}  // namespace shield
