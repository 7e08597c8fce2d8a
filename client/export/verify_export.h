// Checks an exported bulletin without a network: `shield verify` (docs/spec/content.md, "Exports").
#pragma once

#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/strong_id.h"
#include "policy/labels.h"

namespace shield {

struct NetworkFile;
class X25519Identity;

struct VerifiedExport {
  BulletinId id;
  MemberId author;
  OrgId author_org;
  Tlp tlp = Tlp::kUnspecified;
  absl::Time issued;
  uint64_t directory_version = 0;
  std::vector<std::string> checked;   // what held, a sentence each
  std::vector<std::string> warnings;  // what could not be checked here
};

// Verifies the folder against the authority keys of `network`: the directory's signatures, the
// author's key, the statement's signature, the recipient proof, the log proof if there is one, size
// and digest of the sealed bulletin and its attachments. With an identity that opens the bulletin
// (or for TLP:CLEAR) content.json and the opened attachments are checked, too; without, a warning
// says that they were not. DATA_LOSS with the rule of the first check that fails; NOT_FOUND when a
// file is missing; INVALID_ARGUMENT, rule EXPORT_MALFORMED, for a file out of form.
absl::StatusOr<VerifiedExport> VerifyExport(const std::string& folder, const NetworkFile& network,
                                            std::span<const X25519Identity> identities = {});

}  // namespace shield
