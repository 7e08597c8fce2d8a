#include "policy/proof/authority_note.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

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

// A rotation as it stands in a chain, held against nothing.
struct Rotation {
  uint64_t version = 0;
  Digest previous;
  NetworkFile network;  // as it makes it
};

absl::StatusOr<Rotation> ReadRotation(const Origin& network, absl::string_view text) {
  ASSIGN_OR_RETURN(LineReader lines, LineReader::Create(text, kKind));
  RETURN_IF_ERROR(lines.TakeWhole(kFirstLine));
  ASSIGN_OR_RETURN(const absl::string_view name, lines.Take("network"));
  if (name != network.text()) return lines.Refuse("it is of another network");
  ASSIGN_OR_RETURN(const absl::string_view version, lines.Take("version"));
  const std::optional<uint64_t> number = ParseNumber(version);
  if (!number.has_value()) return lines.Refuse("not a number in its only form");
  ASSIGN_OR_RETURN(const absl::string_view previous, lines.Take("prev"));
  const std::optional<Digest> digest = ParseDigest(previous);
  if (!digest.has_value()) return lines.Refuse("not the base64 of 32 bytes");
  Rotation rotation{*number, *digest, {.network = network, .broker_address = ""}};
  RETURN_IF_ERROR(TakeNetworkLines(lines, rotation.network));
  RETURN_IF_ERROR(lines.Finish());
  rotation.network.rotation = *number;
  rotation.network.rotation_digest = Sha256(text);
  return rotation;
}

// The networks that the first `count` rotations of the chain led to, one after the other.
absl::StatusOr<std::vector<NetworkFile>> ReadSeen(const Origin& network,
                                                  const std::vector<std::string>& notes,
                                                  size_t count) {
  std::vector<NetworkFile> seen;
  seen.reserve(count);
  Digest previous;
  for (size_t i = 0; i < count; ++i) {
    ASSIGN_OR_RETURN(const SignedNote note, ParseRotation(notes[i]));
    ASSIGN_OR_RETURN(Rotation rotation, ReadRotation(network, note.text));
    if (rotation.version != i + 1 || rotation.previous != previous) return Fork(i + 1);
    previous = rotation.network.rotation_digest;
    seen.push_back(std::move(rotation.network));
  }
  return seen;
}

void AddKeys(const NetworkFile& network, std::vector<VerifierKey>& keys) {
  keys.insert(keys.end(), network.authority.begin(), network.authority.end());
}

// The rotations of the chain that come after what `from` has seen.
absl::StatusOr<NetworkFile> Walk(NetworkFile network, const std::vector<std::string>& notes) {
  ASSIGN_OR_RETURN(const std::vector<NetworkFile> seen,
                   ReadSeen(network.network, notes, network.rotation));
  if (!seen.empty() && seen.back().rotation_digest != network.rotation_digest) {
    return Fork(network.rotation);
  }
  std::vector<VerifierKey> known = network.authority;
  for (const NetworkFile& before : seen) AddKeys(before, known);
  for (size_t i = network.rotation; i < notes.size(); ++i) {
    ASSIGN_OR_RETURN(const SignedNote note, ParseRotation(notes[i]));
    ASSIGN_OR_RETURN(NetworkFile next, NextNetwork(network, note.text));
    RETURN_IF_ERROR(CheckSignatures(network, next, notes[i]));
    RETURN_IF_ERROR(CheckAddedKeys(network, next, known));
    AddKeys(next, known);
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
  ASSIGN_OR_RETURN(Rotation rotation, ReadRotation(from.network, text));
  if (rotation.version != from.rotation + 1) return Fork(rotation.version);
  if (rotation.previous != from.rotation_digest) return Fork(from.rotation + 1);
  RETURN_IF_ERROR(CheckNames(from, rotation.network));
  RETURN_IF_ERROR(CheckPoints(rotation.network));
  return std::move(rotation.network);
}

absl::Status CheckAddedKeys(const NetworkFile& from, const NetworkFile& to,
                            std::span<const VerifierKey> before) {
  for (const VerifierKey& key : to.authority) {
    const auto& present = from.authority;
    if (std::find(present.begin(), present.end(), key) != present.end()) continue;
    const bool taken = std::any_of(before.begin(), before.end(), [&key](const VerifierKey& other) {
      return other.name() == key.name() || other.public_key() == key.public_key();
    });
    if (taken) {
      return WithHint(Malformed(absl::StrCat("`", key.name(),
                                             "`, or its key, was one of the authority's before")),
                      "make a new key under a number that none has had");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<VerifierKey>> KeysOfChain(const Origin& network,
                                                     absl::string_view chain) {
  ASSIGN_OR_RETURN(const std::vector<std::string> notes, SplitAuthorityChain(chain));
  ASSIGN_OR_RETURN(const std::vector<NetworkFile> seen, ReadSeen(network, notes, notes.size()));
  std::vector<VerifierKey> keys;
  for (const NetworkFile& each : seen) AddKeys(each, keys);
  return keys;
}

absl::StatusOr<NetworkFile> NetworkAfter(const Origin& network, absl::string_view chain,
                                         uint64_t rotations) {
  ASSIGN_OR_RETURN(const std::vector<std::string> notes, SplitAuthorityChain(chain));
  if (rotations == 0 || rotations > notes.size()) {
    return absl::NotFoundError(absl::StrCat("no rotation ", rotations, " is in the chain"));
  }
  ASSIGN_OR_RETURN(std::vector<NetworkFile> seen, ReadSeen(network, notes, rotations));
  return std::move(seen.back());
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
