#include "client/export/export_bulletin.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/export/export_files.h"
#include "client/export/export_texts.h"
#include "client/export/slot_of_reader.h"
#include "client/home/private_file.h"
#include "client/receive/fetch_attachment.h"
#include "client/receive/fetch_bytes.h"
#include "client/receive/lost_with_log.h"
#include "client/receive/openings.h"
#include "policy/proof/checkpoint.h"
#include "policy/proof/hidden_audience.h"
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

// Asked of the broker and checked; nothing when the broker cannot be asked, and of what it has lost
// as the authority knows: then the log that held it is gone.
absl::StatusOr<std::optional<ExportProof::InLog>> LogProof(const ClientParts& parts,
                                                           const VerifiedStatement& statement,
                                                           const KeptEntry& kept) {
  const uint64_t index = kept.delivered.log_index;
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
  ASSIGN_OR_RETURN(const bool known_lost, WasLostWithLog(parts.state, kept));
  const Digest leaf = LogLeafHash(LogKind::kBulletin, statement.text_digest());
  const absl::Status included =
      VerifyInclusion(leaf, index, checkpoint.size, answer->proof, checkpoint.root);
  if (!included.ok() && known_lost) return std::nullopt;
  if (!included.ok()) {
    return WithRule(absl::DataLossError("the broker's log does not hold this bulletin"),
                    "LOG_MISMATCH");
  }
  return ExportProof::InLog{index, answer->proof, newest->checkpoint};
}

// The organisations of those who are named, and those of kind authority, which every member is
// shown; no other, whoever exports it.
absl::StatusOr<std::string> DirectoryTextFor(const ClientParts& parts,
                                             const std::vector<MemberId>& named) {
  ASSIGN_OR_RETURN(const KeptDirectory kept, parts.directory.NewestParts());
  ASSIGN_OR_RETURN(const auto directory, parts.directory.Newest());
  std::set<OrgId> shown;
  for (const MemberId& id : named) {
    const MemberRecord* member = directory->directory().FindMember(id);
    if (member == nullptr) {
      return absl::NotFoundError(
          absl::StrCat("`", id.text(), "` is not in the directory of this home any more"));
    }
    shown.insert(member->org);
  }
  DirectoryExtract extract{kept.answer.note, {}};
  for (const DirectoryPart& part : kept.answer.parts) {
    ASSIGN_OR_RETURN(const OrgRecord org, ParseOrgRecord(part.line));
    if (org.kind != OrgKind::kAuthority && !shown.contains(org.id)) continue;
    extract.parts.push_back({part.index, part.proof, {part.line, part.own_lines}});
  }
  return PrintDirectoryExtract(extract);
}

absl::StatusOr<std::vector<ExportedAttachment>> WriteAttachments(const ClientParts& parts,
                                                                 const OpenedBulletin& opened,
                                                                 ExportForm form,
                                                                 const StagedFolder& folder) {
  const std::vector<ContentAttachment>& attachments = opened.content.attachments;
  if (attachments.empty()) return std::vector<ExportedAttachment>{};
  if (mkdir(folder.PathOf("attachments").c_str(), 0700) != 0) {
    return absl::PermissionDeniedError("cannot make the folder for attachments");
  }
  const bool sealed = form == ExportForm::kSealed;
  std::vector<ExportedAttachment> files =
      sealed ? SealedAttachments(attachments.size()) : OpenedAttachments(attachments);
  for (size_t i = 0; i < files.size(); ++i) {
    const std::string path = folder.PathOf(files[i].sealed);
    if (sealed) {
      RETURN_IF_ERROR(FetchSealedAttachment(parts, opened, i + 1, path));
    } else {
      RETURN_IF_ERROR(FetchAttachment(parts, opened, i + 1, folder.PathOf(files[i].opened), path));
    }
  }
  return files;
}

absl::StatusOr<Bytes> PayloadOf(const ClientParts& parts, const KeptEntry& kept,
                                const Statement& statement) {
  if (!kept.delivered.payload.empty()) return kept.delivered.payload;
  return FetchPayload(parts.connection, parts.retrier, statement.id, statement.payload);
}

// What of the audience concerns this member. The home of an analyst of the source knows all of it
// (policy/proof/shown_openings.h), but a folder leaves the home.
absl::StatusOr<std::vector<AudienceOpening>> OwnOpenings(const ClientParts& parts,
                                                         const KeptEntry& kept) {
  ASSIGN_OR_RETURN(const std::vector<Opening> openings, ReadOpenings(kept.delivered.openings));
  if (!kept.own_org.has_value()) return std::vector<AudienceOpening>();
  return WriteOpenings(OpeningsFor(openings, parts.keys.member, *kept.own_org));
}

// This member's own place among the recipients, as its entry has it.
absl::StatusOr<ExportedSlot> OwnSlot(const ClientParts& parts, const KeptEntry& kept,
                                     const VerifiedEntry& verified) {
  const DeliveredEntry& delivered = kept.delivered;
  ASSIGN_OR_RETURN(std::vector<AudienceOpening> openings, OwnOpenings(parts, kept));
  return ExportedSlot{{parts.keys.member,
                       {parts.seal_keys[*verified.own_key], delivered.slot_hash},
                       delivered.leaf_index,
                       delivered.leaf_proof,
                       std::move(openings)},
                      delivered.slot};
}

// Everything but attachments, which are fetched into the folder.
absl::StatusOr<ExportFiles> Compose(const ClientParts& parts, const KeptEntry& kept,
                                    const VerifiedEntry& verified, const OpenedBulletin& opened,
                                    const ExportOrder& order) {
  const Statement& statement = verified.statement.statement();
  ExportFiles files{opened.statement, statement, {}, {}, {}, {}, {}};
  files.original = kept.delivered.shared_original;
  ASSIGN_OR_RETURN(KeptDirectory directory, parts.directory.NewestParts());
  files.authority = std::move(directory.answer.authority);
  files.proof.form =
      order.sealed || order.reader.has_value() ? ExportForm::kSealed : ExportForm::kOpened;
  ASSIGN_OR_RETURN(files.proof.log, LogProof(parts, verified.statement, kept));
  if (!verified.own_key.has_value()) {
    files.proof.form = ExportForm::kNotice;
    return files;
  }
  ASSIGN_OR_RETURN(ExportedSlot slot, OwnSlot(parts, kept, verified));
  if (order.reader.has_value()) {
    ASSIGN_OR_RETURN(slot, SlotOfReader(parts, verified, *order.reader));
  }
  files.proof.reader = std::move(slot.place);
  files.sealed = std::move(slot.slot);
  ASSIGN_OR_RETURN(const Bytes payload, PayloadOf(parts, kept, statement));
  Append(files.sealed, payload);
  files.content = opened.content.json;
  return files;
}

absl::Status Write(const StagedFolder& folder, const ExportFiles& files,
                   absl::string_view directory) {
  const auto write = [&](absl::string_view name, ByteSpan bytes) {
    return WritePrivateFile(folder.PathOf(name), bytes);
  };
  RETURN_IF_ERROR(write("statement.txt", AsBytes(files.statement)));
  if (!files.original.empty()) RETURN_IF_ERROR(write("original.txt", AsBytes(files.original)));
  RETURN_IF_ERROR(write("directory.txt", AsBytes(directory)));
  if (!files.authority.empty()) RETURN_IF_ERROR(write("authority.txt", AsBytes(files.authority)));
  const std::string proof = PrintExportProof(files.proof);
  RETURN_IF_ERROR(write("proof.txt", AsBytes(proof)));
  if (files.proof.form == ExportForm::kNotice) return absl::OkStatus();
  RETURN_IF_ERROR(write("bulletin.age", files.sealed));
  if (files.proof.form == ExportForm::kSealed) return absl::OkStatus();
  return write("content.json", AsBytes(files.content));
}

// The names of the report: the notes first, then what is sealed, then what is opened.
std::vector<std::string> ListOf(const ExportFiles& files,
                                const std::vector<ExportedAttachment>& attachments) {
  std::vector<std::string> names = {"statement.txt"};
  if (!files.original.empty()) names.emplace_back("original.txt");
  names.insert(names.end(), {"directory.txt", "proof.txt"});
  if (!files.authority.empty()) names.emplace_back("authority.txt");
  if (files.proof.form == ExportForm::kNotice) return names;
  names.emplace_back("bulletin.age");
  if (files.proof.form == ExportForm::kOpened) names.emplace_back("content.json");
  for (const ExportedAttachment& attachment : attachments) {
    if (!attachment.opened.empty()) names.push_back(attachment.opened);
    names.push_back(attachment.sealed);
  }
  return names;
}

}  // namespace

absl::StatusOr<ExportReport> ExportBulletin(const ClientParts& parts, InboxShelf& shelf,
                                            const KeptEntry& kept, const ExportOrder& order) {
  ASSIGN_OR_RETURN(const OpenedBulletin opened, shelf.OpenReadable(kept));
  ASSIGN_OR_RETURN(const VerifiedEntry verified, shelf.Verify(kept));
  ASSIGN_OR_RETURN(const ExportFiles files, Compose(parts, kept, verified, opened, order));
  ASSIGN_OR_RETURN(
      const std::string directory,
      DirectoryTextFor(parts, {files.claimed.author, verified.Source().statement().author,
                               order.reader.value_or(parts.keys.member)}));
  ASSIGN_OR_RETURN(StagedFolder staged, StagedFolder::Create(order.folder));
  RETURN_IF_ERROR(Write(staged, files, directory));
  std::vector<ExportedAttachment> attachments;
  if (files.proof.form != ExportForm::kNotice) {
    ASSIGN_OR_RETURN(attachments, WriteAttachments(parts, opened, files.proof.form, staged));
  }
  RETURN_IF_ERROR(staged.Publish());
  return ExportReport{order.folder, ListOf(files, attachments)};
}

}  // namespace shield
