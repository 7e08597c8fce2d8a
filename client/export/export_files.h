// What an export holds, read once into memory; attachments stay where they are.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "client/content/content.h"
#include "client/export/export_folder.h"
#include "client/export/export_texts.h"
#include "policy/proof/network_file.h"
#include "policy/statement.h"

namespace shield {

struct ExportFiles {
  std::string statement;  // the signed note, and what it says it is
  Statement claimed;
  std::string original;  // of a share: the note of what it passes on
  DirectoryExtract directory;
  ExportProof proof;
  Bytes sealed;         // slot and payload; empty on a notice
  std::string content;  // of the opened form
  // All rotations of the authority's keys, once there were any.
  std::string authority = {};
};

// Of all of it only the signatures of the directory's note are verified, by the keys of `network`
// and of the rotations that come along, before what the note stands for is read: a directory that
// nobody signed costs no more than its note. DATA_LOSS BAD_SIGNATURE; NOT_FOUND for a missing file;
// DATA_LOSS and INVALID_ARGUMENT, EXPORT_MALFORMED, for one that is out of form or too large
// (client/export/export_folder.h).
absl::StatusOr<ExportFiles> ReadExport(const ExportFolder& folder, const NetworkFile& network);

// What to do about a directory signed by other keys than those of `network`, beside the failure.
absl::Status WithRotationHint(const absl::Status& failure, const NetworkFile& network);

// The attachments' files, two each: sealed, and opened where the form has it opened; else "".
struct ExportedAttachment {
  std::string sealed;
  std::string opened;
};
// Of the opened form, by the names of its content.
std::vector<ExportedAttachment> OpenedAttachments(
    const std::vector<ContentAttachment>& attachments);
// Of the sealed form, which says nothing of names.
std::vector<ExportedAttachment> SealedAttachments(size_t count);

// Every name the folder of this form has.
std::set<std::string> NamesOf(const ExportFiles& files,
                              const std::vector<ExportedAttachment>& attachments);

}  // namespace shield
