#include "policy/proof/authority_note.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "policy/fields.h"
#include "policy/line_reader.h"
#include "policy/proof/network_lines.h"

namespace shield {
namespace {

constexpr absl::string_view kFirstLine = "shield/authority/v1";
constexpr absl::string_view kRule = "AUTHORITY_MALFORMED";
constexpr TextKind kKind = {"rotation", kRule, kMaxNetworkFileBytes};
constexpr NoteLimits kLimits = {kMaxNetworkFileBytes, 2 * kMaxAuthorityKeys};

absl::Status Malformed(absl::string_view why) {
  return WithRule(absl::InvalidArgumentError(absl::StrCat("rotation refused: ", why)), kRule);
}

absl::Status Fork(uint64_t version) {
  return WithHint(
      WithRule(absl::DataLossError(absl::StrCat("rotation refused: version ", version,
                                                " does not continue what this home has pinned")),
               "AUTHORITY_FORK"),
      "ask the authority over another channel which keys are its own");
}

// A name keeps its key and a key its name, so that a file authority-<n>.key is one key for good.
absl::Status CheckNames(const NetworkFile& from, const NetworkFile& to) {
  for (const VerifierKey& before : from.authority) {
    for (const VerifierKey& after : to.authority) {
      const bool same_name = before.name() == after.name();
      if (same_name != (before.public_key() == after.public_key())) {
        return Malformed(absl::StrCat("`", after.name(), "` is another key than before"));
      }
    }
  }
  return absl::OkStatus();
}

absl::Status CheckPoints(const NetworkFile& network) {
  for (const VerifierKey& key : network.authority) {
    if (const absl::Status point = key.CheckPoint(); !point.ok()) return Malformed(point.message());
  }
  return absl::OkStatus();
}

absl::StatusOr<SignedNote> ParseRotation(absl::string_view note) {
  absl::StatusOr<SignedNote> parsed = ParseNote(note, kLimits);
  if (!parsed.ok()) return WithRule(parsed.status(), kRule);
  return parsed;
}

absl::Status CheckSignatures(const NetworkFile& from, const NetworkFile& to,
                             absl::string_view note) {
  ASSIGN_OR_RETURN(const AuthorityTally tally, TallyAuthority(from, to, note));
  if (tally.Enough()) return absl::OkStatus();
  return WithRule(absl::DataLossError(absl::StrCat(
                      "rotation refused: version ", to.rotation, " has ", tally.old_signatures,
                      " of ", tally.old_threshold, " signatures of the keys before and ",
                      tally.new_signatures, " of ", tally.new_threshold, " of its own")),
                  "BAD_SIGNATURE");
}

// The rotations of the chain that come after what `from` has seen.
absl::StatusOr<NetworkFile> Walk(NetworkFile network, const std::vector<std::string>& notes) {
  if (network.rotation > 0) {
    ASSIGN_OR_RETURN(const SignedNote seen, ParseRotation(notes[network.rotation - 1]));
    if (Sha256(seen.text) != network.rotation_digest) return Fork(network.rotation);
  }
  for (size_t i = network.rotation; i < notes.size(); ++i) {
    ASSIGN_OR_RETURN(const SignedNote note, ParseRotation(notes[i]));
    ASSIGN_OR_RETURN(NetworkFile next, NextNetwork(network, note.text));
    RETURN_IF_ERROR(CheckSignatures(network, next, notes[i]));
    network = std::move(next);
  }
  return network;
}

}  // namespace

std::string PrintAuthorityNote(const NetworkFile& from, const NetworkFile& to) {
  return absl::StrCat(kFirstLine, "\nnetwork ", from.network.text(), "\nversion ",
                      from.rotation + 1, "\nprev ", PrintDigest(from.rotation_digest), "\n",
                      PrintNetworkLines(to));
}

absl::StatusOr<NetworkFile> NextNetwork(const NetworkFile& from, absl::string_view text) {
  ASSIGN_OR_RETURN(LineReader lines, LineReader::Create(text, kKind));
  RETURN_IF_ERROR(lines.TakeWhole(kFirstLine));
  ASSIGN_OR_RETURN(const absl::string_view name, lines.Take("network"));
  if (name != from.network.text()) return lines.Refuse("it is of another network");
  ASSIGN_OR_RETURN(const absl::string_view version, lines.Take("version"));
  if (!ParseNumber(version).has_value()) return lines.Refuse("not a number in its only form");
  if (*ParseNumber(version) != from.rotation + 1) return Fork(*ParseNumber(version));
  ASSIGN_OR_RETURN(const absl::string_view previous, lines.Take("prev"));
  const std::optional<Digest> digest = ParseDigest(previous);
  if (!digest.has_value()) return lines.Refuse("not the base64 of 32 bytes");
  if (*digest != from.rotation_digest) return Fork(from.rotation + 1);
  NetworkFile next{.network = from.network, .broker_address = ""};
  RETURN_IF_ERROR(TakeNetworkLines(lines, next));
  RETURN_IF_ERROR(lines.Finish());
  RETURN_IF_ERROR(CheckNames(from, next));
  RETURN_IF_ERROR(CheckPoints(next));
  next.rotation = from.rotation + 1;
  next.rotation_digest = Sha256(text);
  return next;
}

absl::StatusOr<AuthorityTally> TallyAuthority(const NetworkFile& from, const NetworkFile& to,
                                              absl::string_view note) {
  ASSIGN_OR_RETURN(const SignedNote parsed, ParseRotation(note));
  AuthorityTally tally{.old_threshold = from.threshold, .new_threshold = to.threshold};
  ASSIGN_OR_RETURN(tally.old_signatures, CountSigners(parsed, from.authority));
  ASSIGN_OR_RETURN(tally.new_signatures, CountSigners(parsed, to.authority));
  return tally;
}

absl::StatusOr<std::vector<std::string>> SplitAuthorityChain(absl::string_view chain) {
  std::vector<std::string> notes;
  if (chain.empty()) return notes;
  if (chain.size() > kMaxAuthorityChainBytes) {
    return WithRule(
        Malformed(absl::StrCat("the chain of rotations has ", chain.size(), " bytes, and ",
                               kMaxAuthorityChainBytes, " is the limit")),
        "LIMIT_EXCEEDED");
  }
  // Each note is a text and its signatures, and no blank line stands within either.
  const std::vector<absl::string_view> parts = absl::StrSplit(chain, "\n\n");
  if (parts.size() % 2 != 0 || !absl::EndsWith(chain, "\n")) {
    return Malformed("the chain of rotations is cut off");
  }
  notes.reserve(parts.size() / 2);
  for (size_t i = 0; i < parts.size(); i += 2) {
    const bool last = i + 2 == parts.size();
    notes.push_back(absl::StrCat(parts[i], "\n\n", parts[i + 1], last ? "" : "\n"));
  }
  return notes;
}

std::string JoinAuthorityChain(absl::string_view chain, absl::string_view note) {
  return absl::StrCat(chain, chain.empty() ? "" : "\n", note);
}

absl::StatusOr<NetworkFile> FollowAuthority(const NetworkFile& from, absl::string_view chain) {
  ASSIGN_OR_RETURN(const std::vector<std::string> notes, SplitAuthorityChain(chain));
  if (notes.size() < from.rotation) {
    return WithRule(absl::DataLossError(absl::StrCat("rotation refused: ", notes.size(),
                                                     " are shown, and version ", from.rotation,
                                                     " is pinned here")),
                    "ROLLBACK");
  }
  return Walk(from, notes);
}

absl::StatusOr<NetworkFile> FollowKeptAuthority(const NetworkFile& from, absl::string_view chain) {
  ASSIGN_OR_RETURN(const std::vector<std::string> notes, SplitAuthorityChain(chain));
  if (notes.size() < from.rotation) return from;
  return Walk(from, notes);
}

}  // namespace shield
