#include "policy/proof/directory_links.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "policy/proof/authority_note.h"

namespace shield {
namespace {

absl::Status Refused(const absl::Status& status, absl::string_view rule) {
  return WithRule(Annotate(status, "directory refused"), rule);
}

// `from` and what each rotation after it makes of it, in their order.
absl::StatusOr<std::vector<NetworkFile>> NetworksAlong(const NetworkFile& from,
                                                       absl::string_view chain) {
  ASSIGN_OR_RETURN(const std::vector<std::string> notes, SplitAuthorityChain(chain));
  std::vector<NetworkFile> networks = {from};
  std::string shown;
  for (size_t i = 0; i < notes.size(); ++i) {
    shown = JoinAuthorityChain(shown, notes[i]);
    if (i < from.rotation) continue;
    ASSIGN_OR_RETURN(NetworkFile next, FollowAuthority(networks.back(), shown));
    networks.push_back(std::move(next));
  }
  return networks;
}

// The text of `note`, signed under `networks[at]` or a later one, which `at` is moved to.
absl::StatusOr<std::string> SignedUnderOneOf(absl::string_view note,
                                             std::span<const NetworkFile> networks, size_t& at) {
  for (;; ++at) {
    absl::StatusOr<std::string> text = SignedDirectoryText(note, networks[at]);
    if (text.ok() || at + 1 == networks.size()) return text;
  }
}

}  // namespace

absl::StatusOr<std::string> SignedDirectoryText(absl::string_view note,
                                                const NetworkFile& network) {
  absl::StatusOr<SignedNote> parsed = ParseNote(note, {kMaxDirectoryNoteBytes, kMaxAuthorityKeys});
  if (!parsed.ok()) return Refused(parsed.status(), "DIRECTORY_MALFORMED");
  const absl::StatusOr<size_t> signers = CountSigners(*parsed, network.authority);
  if (!signers.ok()) return Refused(signers.status(), "BAD_SIGNATURE");
  if (*signers < network.threshold) {
    return Refused(absl::DataLossError(
                       absl::StrCat(*signers, " of the authority's pinned keys signed it, and ",
                                    network.threshold, " must")),
                   "BAD_SIGNATURE");
  }
  return std::move(parsed->text);
}

absl::Status CheckContinues(const DirectoryNote& note, const std::optional<HeldDirectory>& held) {
  const HeldDirectory before = held.value_or(HeldDirectory{});
  if (note.version == before.version + 1 && note.previous == before.digest) {
    return absl::OkStatus();
  }
  return WithHint(
      WithRule(
          absl::AbortedError(absl::StrCat(
              "directory refused: it is version ", note.version, ", and the version before is ",
              held.has_value() ? absl::StrCat("version ", before.version) : "none")),
          "DIRECTORY_MOVED"),
      "run `shield directory publish` again: it shows the broker the versions between");
}

absl::StatusOr<std::optional<HeldDirectory>> WalkVersions(std::optional<HeldDirectory> held,
                                                          std::span<const std::string> between,
                                                          const NetworkFile& from,
                                                          absl::string_view chain) {
  if (between.empty()) return held;
  ASSIGN_OR_RETURN(const std::vector<NetworkFile> networks, NetworksAlong(from, chain));
  size_t at = 0;
  for (const std::string& signed_note : between) {
    ASSIGN_OR_RETURN(const std::string text, SignedUnderOneOf(signed_note, networks, at));
    ASSIGN_OR_RETURN(const DirectoryNote note, ParseDirectoryNote(text));
    if (note.network != from.network) {
      return Refused(absl::InvalidArgumentError("a version before it is of another network"),
                     "NETWORK_MISMATCH");
    }
    RETURN_IF_ERROR(CheckContinues(note, held));
    held = HeldDirectory{note.version, Sha256(text)};
  }
  return held;
}

}  // namespace shield
