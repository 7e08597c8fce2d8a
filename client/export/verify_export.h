// Checks an exported bulletin without a network: `shield verify` (docs/spec/content.md, "Exports").
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/strong_id.h"
#include "client/export/export_files.h"
#include "policy/labels.h"

namespace shield {

struct NetworkFile;
class VerifiedDirectory;
class ClientState;
class X25519Identity;

// What whoever checks an export knows besides it.
struct ExportWitness {
  absl::Time now;
  // The newest directory at hand, verified; null when there is none: the report then warns that a
  // key which has ended since would not show.
  std::shared_ptr<const VerifiedDirectory> newest = nullptr;
  std::span<const X25519Identity> identities = {};
  // What the home that checks has seen, of directories and of the log; null without one. Two texts
  // that cannot both be are kept there as an alarm. Not owned.
  ClientState* state = nullptr;
};

struct VerifiedExport {
  BulletinId id;
  MemberId author;
  OrgId author_org;
  Tlp tlp = Tlp::kUnspecified;
  absl::Time issued = absl::UnixEpoch();
  uint64_t directory_version = 0;
  // Who passed it on: `author` and `issued` are the original's then.
  std::optional<MemberId> shared_by = {};
  bool content_checked = false;  // content.json is what bulletin.age opens to, or there is none
  std::vector<std::string> checked = {};   // what held, a sentence each
  std::vector<std::string> warnings = {};  // what could not be checked here
};

// Verifies the folder, in any of its forms (docs/spec/carriage.md), against the authority keys of
// `network`: the directory's signatures, the author's key, the statement's signature, the recipient
// proof, the log proof if there is one, size and digest of the sealed bulletin and its attachments.
// With an identity that opens the bulletin (or for TLP:CLEAR) content.json and the opened
// attachments are checked, too; without, a warning says that they were not and `content_checked` is
// false.
//
// `issued` and the choice of directory.txt are the writer's, so they prove nothing about a key that
// has ended: its thief signs what he likes, dates it back and adds a directory of that time. The
// author is judged by the newer of `witness.newest` and directory.txt. Whoever is not an active
// member with this key there, at `witness.now`, is believed only when the log holds the bulletin
// and it is dated before the key's end: an honest broker commits nothing whose author's key is not
// active at that moment. That it was committed before that end is not shown, and a warning says so.
//
// DATA_LOSS with the rule of the first check that fails (DIRECTORY_FORK: directory.txt, or what the
// statement names, is another text of a version than `witness` has; LOG_FORK: the checkpoint is of
// the size of one that `witness.state` has, and of another log; EXPORT_MALFORMED: something lies in
// the folder that does not belong there); PERMISSION_DENIED PUBLISHER_KEY_REVOKED; NOT_FOUND when
// a file is missing; INVALID_ARGUMENT, rule EXPORT_MALFORMED, for a file out of form.
absl::StatusOr<VerifiedExport> VerifyExport(const std::string& folder, const NetworkFile& network,
                                            const ExportWitness& witness);
// The same of files that have been read already; of `folder` only the attachments are.
absl::StatusOr<VerifiedExport> VerifyExportFiles(const ExportFolder& folder,
                                                 const ExportFiles& files,
                                                 const NetworkFile& network,
                                                 const ExportWitness& witness);

// Verifies the file of a LoggedProof (client/export/logged_proof.h): the directory's signatures,
// the statement's by its author's key in it, and that the log of that directory holds it. Nothing
// in it shows content. `content_checked` is true: there is none to compare. Errors as above.
absl::StatusOr<VerifiedExport> VerifyLoggedProof(absl::string_view file, const NetworkFile& network,
                                                 const ExportWitness& witness);

}  // namespace shield
