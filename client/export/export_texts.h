// The two texts of an export that carry proofs (docs/spec/content.md, "Exports").
//
// directory.txt is the signed directory note and, after an empty line, for each organisation:
//
//   part <index> <hashes> <own lines>
//   <base64 hash>                        lowest first
//   <org line>
//   <own line>
//
// proof.txt:
//
//   shield/proof/v2
//   files opened|sealed|notice           what else lies in the folder (docs/spec/carriage.md)
//   recipient <member-id> <age1…> <leaf index> <hashes> <base64 SHA-256 of the slot>
//   <base64 hash>
//   opening <base64 salt> <token>        0 to 256: the words of the audience that name the reader
//   log <index> <hashes>                 absent when the log could not be asked
//   <base64 hash>
//
//   <the checkpoint note, to the end>
//
// `recipient` and `opening` are absent from a notice.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/strong_id.h"
#include "client/connection.h"
#include "policy/proof/recipient_set.h"
#include "policy/proof/verified_directory.h"

namespace shield {

struct DirectoryExtract {
  std::string note;
  std::vector<OrgPart> parts;
};

std::string PrintDirectoryExtract(const DirectoryExtract& extract);
// INVALID_ARGUMENT, rule EXPORT_MALFORMED.
// The signed note at the beginning of an extract; nothing behind it is read.
absl::StatusOr<absl::string_view> NoteOfExtract(absl::string_view text);
absl::StatusOr<DirectoryExtract> ParseDirectoryExtract(absl::string_view text);

enum class ExportForm {
  kOpened,  // for a person to read
  kSealed,  // to be carried: nothing in clear
  kNotice,  // of what only tells that another bulletin ended
};

struct ExportProof {
  struct InRecipients {
    MemberId member;
    Recipient recipient;
    uint64_t leaf_index = 0;
    std::vector<Digest> leaf_path;
    std::vector<AudienceOpening> openings = {};
  };
  struct InLog {
    uint64_t index = 0;
    std::vector<Digest> path;
    std::string checkpoint;
  };
  ExportForm form = ExportForm::kOpened;
  std::optional<InRecipients> reader = {};  // nothing on a notice, and only there
  std::optional<InLog> log = {};
};

std::string PrintExportProof(const ExportProof& proof);
// INVALID_ARGUMENT, rule EXPORT_MALFORMED.
absl::StatusOr<ExportProof> ParseExportProof(absl::string_view text);

}  // namespace shield
