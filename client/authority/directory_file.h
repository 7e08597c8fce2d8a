// One directory version in a file, exactly as it is uploaded:
//
//   shield/upload/v1
//   note <bytes>
//   fresh <bytes>
//   authority <bytes>
//   lines <n>
//   <the signed note><the signed freshness note><the chain of rotations><n record lines, each with
//   its LF>
//
// upload.txt holds a version whose upload has not been confirmed, directory.txt the last one that
// was.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/connection.h"
#include "policy/records.h"

namespace shield {

// INVALID_ARGUMENT, rule DIRECTORY_FILE_MALFORMED.
absl::StatusOr<DirectoryUpload> ParseDirectoryFile(absl::string_view text);
std::string PrintDirectoryFile(const DirectoryUpload& upload);

// The upload's lines, organisation by organisation. INVALID_ARGUMENT when one stands under none.
absl::StatusOr<std::vector<OrgLines>> GroupByOrg(const std::vector<std::string>& lines);
std::vector<std::string> Flatten(const std::vector<OrgLines>& orgs);

}  // namespace shield
