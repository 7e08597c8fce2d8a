// Authority: which witnesses of the log the next directory names.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/authority/authority.h"
#include "crypto/verifier_key.h"
#include "policy/directory_note.h"

namespace shield {

absl::Status Authority::SetWitnesses(std::vector<std::string> keys, uint64_t quorum) {
  for (const std::string& key : keys) RETURN_IF_ERROR(VerifierKey::Parse(key).status());
  std::sort(keys.begin(), keys.end());
  if (std::adjacent_find(keys.begin(), keys.end()) != keys.end()) {
    return absl::InvalidArgumentError("a witness is named twice");
  }
  if (keys.size() > kMaxWitnesses) {
    return absl::InvalidArgumentError(
        absl::StrCat("a directory names at most ", kMaxWitnesses, " witnesses"));
  }
  if (quorum > keys.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("a quorum of ", quorum, " wants as many witnesses; there are ", keys.size()));
  }
  DirectoryDraft changed = draft_;
  changed.witnesses = std::move(keys);
  changed.quorum = quorum;
  return Save(changed);
}

}  // namespace shield
