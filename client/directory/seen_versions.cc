#include "client/directory/seen_versions.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "policy/directory_note.h"

namespace shield {
namespace {

// A version as it was seen.
struct Seen {
  std::string note;
  Digest digest;
  Digest previous;
};

absl::StatusOr<std::optional<Seen>> Find(ClientState& state, uint64_t version) {
  ASSIGN_OR_RETURN(std::optional<std::string> note, state.DirectoryNote(version));
  if (!note.has_value()) return std::optional<Seen>();
  ASSIGN_OR_RETURN(const SignedNote parsed, ParseNote(*note));
  ASSIGN_OR_RETURN(const DirectoryNote read, ParseDirectoryNote(parsed.text));
  return std::optional<Seen>({*std::move(note), Sha256(parsed.text), read.previous});
}

absl::Status Fork(ClientState& state, uint64_t version, const std::string& first,
                  const std::string& second, absl::Time now) {
  const absl::Status kept =
      state.RecordFork({"directory", absl::StrCat(version), first, second, now});
  return AlarmAfter(
      kept, WithHint(WithRule(absl::DataLossError(absl::StrCat("another text of directory version ",
                                                               version, " has been seen")),
                              "DIRECTORY_FORK"),
                     "tell the authority; `shield inbox ls` names the texts that are kept"));
}

}  // namespace

absl::Status CheckSeenVersions(ClientState& state, const VerifiedDirectory& offered,
                               absl::Time now) {
  const uint64_t version = offered.version();
  ASSIGN_OR_RETURN(const std::optional<Seen> same, Find(state, version));
  if (same.has_value() && same->digest != offered.digest()) {
    return Fork(state, version, same->note, offered.note(), now);
  }
  ASSIGN_OR_RETURN(const std::optional<Seen> before, Find(state, version - 1));
  if (before.has_value() && before->digest != offered.directory().note().previous) {
    return Fork(state, version - 1, before->note, offered.note(), now);
  }
  ASSIGN_OR_RETURN(const std::optional<Seen> after, Find(state, version + 1));
  if (after.has_value() && after->previous != offered.digest()) {
    return Fork(state, version, after->note, offered.note(), now);
  }
  return absl::OkStatus();
}

absl::Status CheckNamedVersion(ClientState& state, const VerifiedStatement& statement,
                               absl::Time now) {
  const uint64_t version = statement.statement().directory_version;
  const Digest& named = statement.statement().directory_digest;
  ASSIGN_OR_RETURN(const std::optional<Seen> same, Find(state, version));
  if (same.has_value() && same->digest != named) {
    return Fork(state, version, same->note, statement.note(), now);
  }
  ASSIGN_OR_RETURN(const std::optional<Seen> after, Find(state, version + 1));
  if (after.has_value() && after->previous != named) {
    return Fork(state, version, after->note, statement.note(), now);
  }
  return absl::OkStatus();
}

}  // namespace shield
