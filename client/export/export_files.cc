#include "client/export/export_files.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/receive/fetch_attachment.h"
#include "client/receive/openings.h"
#include "crypto/padding.h"
#include "crypto/payload.h"
#include "crypto/slot.h"
#include "policy/proof/authority_note.h"
#include "policy/proof/verified_directory.h"

namespace shield {
namespace {

constexpr size_t kMaxNoteBytes = 64 * 1024;
constexpr size_t kMaxDirectoryBytes = 64 * 1024 * 1024;
constexpr size_t kMaxAuthorityBytes = 4 * 1024 * 1024;
constexpr size_t kMaxProofBytes = 256 * 1024;
constexpr size_t kMaxContentFileBytes = 1024 * 1024;

absl::Status CheckSigned(absl::string_view directory, const std::string& authority,
                         const NetworkFile& network) {
  ASSIGN_OR_RETURN(const absl::string_view note, NoteOfExtract(directory));
  ASSIGN_OR_RETURN(const NetworkFile then, FollowKeptAuthority(network, authority));
  return WithRotationHint(VerifyDirectorySignatures(note, then), then);
}

}  // namespace

absl::Status WithRotationHint(const absl::Status& failure, const NetworkFile& network) {
  if (RuleOf(failure) != "BAD_SIGNATURE" || network.rotation == 0) return failure;
  return WithHint(failure,
                  "if it was exported before the authority changed its keys, check it with "
                  "--network and the network.shield of that time");
}

absl::StatusOr<ExportFiles> ReadExport(const ExportFolder& folder, const NetworkFile& network) {
  ASSIGN_OR_RETURN(std::string statement, folder.Read("statement.txt", kMaxNoteBytes));
  ASSIGN_OR_RETURN(Statement claimed, ReadClaimedStatement(statement));
  ExportFiles files{std::move(statement), std::move(claimed), {}, {}, {}, {}, {}};
  if (files.claimed.Find(Relation::kShares) != nullptr) {
    ASSIGN_OR_RETURN(files.original, folder.Read("original.txt", kMaxNoteBytes));
  }
  ASSIGN_OR_RETURN(const std::string directory, folder.Read("directory.txt", kMaxDirectoryBytes));
  absl::StatusOr<std::string> authority = folder.Read("authority.txt", kMaxAuthorityBytes);
  if (!authority.ok() && !absl::IsNotFound(authority.status())) return authority.status();
  if (authority.ok()) files.authority = *std::move(authority);
  RETURN_IF_ERROR(CheckSigned(directory, files.authority, network));
  ASSIGN_OR_RETURN(files.directory, ParseDirectoryExtract(directory));
  ASSIGN_OR_RETURN(const std::string proof, folder.Read("proof.txt", kMaxProofBytes));
  ASSIGN_OR_RETURN(files.proof, ParseExportProof(proof));
  if (files.proof.form == ExportForm::kNotice) return files;
  const size_t most = kSlotSize + SealedPayloadSize(PadmeSize(kMaxContentBytes));
  ASSIGN_OR_RETURN(const std::string sealed, folder.Read("bulletin.age", most));
  files.sealed = ToBytes(AsBytes(sealed));
  if (files.proof.form == ExportForm::kOpened) {
    ASSIGN_OR_RETURN(files.content, folder.Read("content.json", kMaxContentFileBytes));
  }
  return files;
}

std::vector<ExportedAttachment> OpenedAttachments(
    const std::vector<ContentAttachment>& attachments) {
  std::vector<ExportedAttachment> files;
  files.reserve(attachments.size());
  for (const std::string& name : ExportedAttachmentNames(attachments)) {
    files.push_back(
        {absl::StrCat("attachments/", name, ".age"), absl::StrCat("attachments/", name)});
  }
  return files;
}

std::vector<ExportedAttachment> SealedAttachments(size_t count) {
  std::vector<ExportedAttachment> files;
  files.reserve(count);
  for (size_t i = 1; i <= count; ++i) {
    files.push_back({absl::StrCat("attachments/", i, ".age"), ""});
  }
  return files;
}

std::set<std::string> NamesOf(const ExportFiles& files,
                              const std::vector<ExportedAttachment>& attachments) {
  std::set<std::string> names = {"statement.txt", "directory.txt", "proof.txt"};
  if (!files.original.empty()) names.insert("original.txt");
  if (!files.authority.empty()) names.insert("authority.txt");
  if (files.proof.form == ExportForm::kNotice) return names;
  names.insert("bulletin.age");
  if (files.proof.form == ExportForm::kOpened) names.insert("content.json");
  for (const ExportedAttachment& attachment : attachments) {
    names.insert(attachment.sealed);
    if (!attachment.opened.empty()) names.insert(attachment.opened);
  }
  return names;
}

}  // namespace shield
