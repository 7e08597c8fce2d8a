#include "client/export/export_bulletin.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/hex.h"
#include "base/status.h"
#include "client/export/export_texts.h"
#include "client/home/private_file.h"
#include "client/receive/fetch_attachment.h"
#include "client/receive/fetch_bytes.h"
#include "policy/proof/checkpoint.h"
#include "policy/proof/log_leaf.h"

namespace shield {
namespace {

// The folder under another name until everything is in it.
class StagedFolder {
 public:
  static absl::StatusOr<StagedFolder> Create(const std::string& target) {
    std::error_code error;
    const auto status = std::filesystem::symlink_status(target, error);
    const bool there = std::filesystem::exists(status);
    if (there &&
        !(std::filesystem::is_directory(status) && std::filesystem::is_empty(target, error))) {
      return WithHint(absl::AlreadyExistsError(absl::StrCat("`", target, "` is not empty")),
                      "give --out a folder that is not there yet");
    }
    std::string path = std::filesystem::absolute(target).lexically_normal().string();
    while (path.size() > 1 && path.back() == '/') path.pop_back();
    std::string staged = absl::StrCat(path, ".part-XXXXXX");
    if (mkdtemp(staged.data()) == nullptr) {
      return absl::PermissionDeniedError(
          absl::StrCat("cannot write beside `", target, "`: ", std::strerror(errno)));
    }
    return StagedFolder(std::move(staged), std::move(path));
  }
  StagedFolder(StagedFolder&& other) noexcept
      : staged_(std::exchange(other.staged_, "")), target_(std::move(other.target_)) {}
  StagedFolder& operator=(StagedFolder&&) = delete;
  ~StagedFolder() {
    std::error_code ignored;
    if (!staged_.empty()) std::filesystem::remove_all(staged_, ignored);
  }

  std::string PathOf(absl::string_view name) const { return absl::StrCat(staged_, "/", name); }

  // It is there, with all its names, when this returns.
  absl::Status Publish() {
    const std::string attachments = PathOf("attachments");
    if (std::filesystem::exists(attachments)) RETURN_IF_ERROR(SyncPath(attachments));
    RETURN_IF_ERROR(SyncPath(staged_));
    if (std::rename(staged_.c_str(), target_.c_str()) != 0) {
      return absl::PermissionDeniedError(
          absl::StrCat("cannot write `", target_, "`: ", std::strerror(errno)));
    }
    staged_.clear();
    return SyncPath(std::filesystem::path(target_).parent_path().string());
  }

 private:
  StagedFolder(std::string staged, std::string target)
      : staged_(std::move(staged)), target_(std::move(target)) {}
  std::string staged_;
  std::string target_;
};

absl::StatusOr<std::string> DirectoryText(const ClientParts& parts, const OrgId& author_org,
                                          const OrgId& own_org) {
  ASSIGN_OR_RETURN(const KeptDirectory kept, parts.directory.NewestParts());
  DirectoryExtract extract{kept.answer.note, {}};
  for (const DirectoryPart& part : kept.answer.parts) {
    ASSIGN_OR_RETURN(const OrgRecord org, ParseOrgRecord(part.line));
    if (org.id != author_org && org.id != own_org) continue;
    extract.parts.push_back({part.index, part.proof, {part.line, part.own_lines}});
  }
  return PrintDirectoryExtract(extract);
}

// Asked of the broker and checked; nothing when the broker cannot be asked.
absl::StatusOr<std::optional<ExportProof::InLog>> LogProof(const ClientParts& parts,
                                                           const VerifiedStatement& statement,
                                                           uint64_t index) {
  ASSIGN_OR_RETURN(const auto directory, parts.directory.Newest());
  const absl::StatusOr<LogAnswer> newest = parts.retrier.Run(
      [&](absl::Duration left) { return parts.connection.GetCheckpoint(0, left); });
  if (!newest.ok()) return std::nullopt;
  ASSIGN_OR_RETURN(const Checkpoint checkpoint,
                   VerifyCheckpoint(newest->checkpoint, directory->log_key()));
  const absl::StatusOr<LogAnswer> answer = parts.retrier.Run([&](absl::Duration left) {
    return parts.connection.ProveInclusion(index, checkpoint.size, left);
  });
  if (!answer.ok()) return std::nullopt;
  const Digest leaf = LogLeafHash(LogKind::kBulletin, statement.text_digest());
  const absl::Status included =
      VerifyInclusion(leaf, index, checkpoint.size, answer->proof, checkpoint.root);
  if (!included.ok()) {
    return WithRule(absl::DataLossError("the broker's log does not hold this bulletin"),
                    "LOG_MISMATCH");
  }
  return ExportProof::InLog{index, answer->proof, newest->checkpoint};
}

absl::StatusOr<std::vector<std::string>> WriteAttachments(const ClientParts& parts,
                                                          const OpenedBulletin& opened,
                                                          const StagedFolder& folder) {
  std::vector<std::string> names;
  if (opened.content.attachments.empty()) return names;
  if (mkdir(folder.PathOf("attachments").c_str(), 0700) != 0) {
    return absl::PermissionDeniedError("cannot make the folder for attachments");
  }
  const std::vector<std::string> safe = ExportedAttachmentNames(opened.content.attachments);
  for (size_t i = 0; i < safe.size(); ++i) {
    names.push_back(absl::StrCat("attachments/", safe[i]));
    names.push_back(absl::StrCat("attachments/", safe[i], ".age"));
    const std::string path = folder.PathOf(names[2 * i]);
    RETURN_IF_ERROR(FetchAttachment(parts, opened, i + 1, path, path + ".age"));
  }
  return names;
}

absl::StatusOr<Bytes> SealedBytes(const ClientParts& parts, const KeptEntry& kept,
                                  const Statement& statement) {
  Bytes sealed = kept.delivered.slot;
  if (!kept.delivered.payload.empty()) {
    Append(sealed, kept.delivered.payload);
    return sealed;
  }
  ASSIGN_OR_RETURN(const Bytes payload,
                   FetchPayload(parts.connection, parts.retrier, statement.id, statement.payload));
  Append(sealed, payload);
  return sealed;
}

absl::StatusOr<std::string> ProofText(const ClientParts& parts, const KeptEntry& kept,
                                      const VerifiedEntry& verified) {
  const DeliveredEntry& delivered = kept.delivered;
  ExportProof proof{parts.keys.member,
                    {parts.seal_keys[*verified.own_key], delivered.slot_hash},
                    delivered.leaf_index,
                    delivered.leaf_proof,
                    std::nullopt};
  ASSIGN_OR_RETURN(proof.log, LogProof(parts, verified.statement, delivered.log_index));
  return PrintExportProof(proof);
}

absl::StatusOr<std::string> DirectoryTextFor(const ClientParts& parts, const MemberId& author) {
  ASSIGN_OR_RETURN(const auto directory, parts.directory.Newest());
  const MemberRecord* writer = directory->directory().FindMember(author);
  const MemberRecord* reader = directory->directory().FindMember(parts.keys.member);
  if (writer == nullptr || reader == nullptr) {
    return absl::NotFoundError("the author or this member is not in the directory any more");
  }
  return DirectoryText(parts, writer->org, reader->org);
}

}  // namespace

absl::StatusOr<ExportReport> ExportBulletin(const ClientParts& parts, InboxShelf& shelf,
                                            const KeptEntry& kept, const std::string& folder) {
  ASSIGN_OR_RETURN(const OpenedBulletin opened, shelf.OpenReadable(kept));
  ASSIGN_OR_RETURN(const VerifiedEntry verified, shelf.Verify(kept));
  if (!verified.own_key.has_value()) {
    return absl::NotFoundError("a withdrawal has no content to export");
  }
  if (verified.original.has_value()) {
    return WithHint(WithRule(absl::FailedPreconditionError(
                                 "a bulletin that was passed on is not exported: an export proves "
                                 "one author, and this one has a sharer too"),
                             "SHARE_NOT_EXPORTED"),
                    "ask its source to send it to you");
  }
  const Statement& statement = verified.statement.statement();
  ASSIGN_OR_RETURN(const std::string directory, DirectoryTextFor(parts, statement.author));
  ASSIGN_OR_RETURN(const std::string proof, ProofText(parts, kept, verified));
  ASSIGN_OR_RETURN(const Bytes sealed, SealedBytes(parts, kept, statement));

  ASSIGN_OR_RETURN(StagedFolder staged, StagedFolder::Create(folder));
  RETURN_IF_ERROR(WritePrivateFile(staged.PathOf("statement.txt"), AsBytes(opened.statement)));
  RETURN_IF_ERROR(WritePrivateFile(staged.PathOf("directory.txt"), AsBytes(directory)));
  RETURN_IF_ERROR(WritePrivateFile(staged.PathOf("proof.txt"), AsBytes(proof)));
  RETURN_IF_ERROR(WritePrivateFile(staged.PathOf("bulletin.age"), sealed));
  RETURN_IF_ERROR(WritePrivateFile(staged.PathOf("content.json"), AsBytes(opened.content.json)));
  ExportReport report{
      folder, {"statement.txt", "directory.txt", "proof.txt", "bulletin.age", "content.json"}};
  ASSIGN_OR_RETURN(const std::vector<std::string> attachments,
                   WriteAttachments(parts, opened, staged));
  report.files.insert(report.files.end(), attachments.begin(), attachments.end());
  RETURN_IF_ERROR(staged.Publish());
  return report;
}

}  // namespace shield
