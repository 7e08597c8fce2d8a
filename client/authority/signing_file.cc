#include "client/authority/signing_file.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/status.h"
#include "client/authority/directory_file.h"
#include "crypto/note.h"
#include "policy/directory_note.h"
#include "policy/fields.h"
#include "policy/proof/authority_note.h"

namespace shield {
namespace {

constexpr absl::string_view kFirstLine = "shield/signing/v1\n";
// A rotation may carry the keys before and the new ones.
constexpr NoteLimits kSigningLimits = {kMaxDirectoryNoteBytes, 2 * kMaxAuthorityKeys};

absl::Status Refusal(absl::string_view why) {
  return WithRule(absl::InvalidArgumentError(absl::StrCat("draft refused: ", why)),
                  "DIRECTORY_FILE_MALFORMED");
}

absl::StatusOr<uint64_t> TakeSize(absl::string_view& rest, absl::string_view keyword) {
  const size_t end = rest.find('\n');
  absl::string_view line = rest.substr(0, end);
  std::optional<uint64_t> size;
  if (end != absl::string_view::npos && absl::ConsumePrefix(&line, keyword)) {
    size = ParseNumber(line);
  }
  if (!size.has_value()) return Refusal(absl::StrCat("it has no line `", keyword, "<bytes>`"));
  rest.remove_prefix(end + 1);
  return *size;
}

// Where the rotations stand after `before`: all that it has seen, and at most one more.
struct Rotations {
  std::vector<std::string> notes;
  NetworkFile network;          // after the new one
  std::optional<size_t> fresh;  // index of the new one
};

absl::StatusOr<Rotations> ReadRotations(absl::string_view chain, const NetworkFile& before) {
  Rotations rotations{.notes = {}, .network = before, .fresh = {}};
  ASSIGN_OR_RETURN(rotations.notes, SplitAuthorityChain(chain));
  const size_t seen = before.rotation;
  if (rotations.notes.size() <= seen) {
    ASSIGN_OR_RETURN(rotations.network, FollowAuthority(before, chain));
    return rotations;
  }
  if (rotations.notes.size() > seen + 1) return Refusal("more than one rotation is new");
  std::string known;
  for (size_t i = 0; i < seen; ++i) known = JoinAuthorityChain(known, rotations.notes[i]);
  RETURN_IF_ERROR(FollowAuthority(before, known).status());
  ASSIGN_OR_RETURN(const SignedNote note, ParseNote(rotations.notes[seen], kSigningLimits));
  ASSIGN_OR_RETURN(rotations.network, NextNetwork(before, note.text));
  ASSIGN_OR_RETURN(std::vector<VerifierKey> had, KeysOfChain(before.network, known));
  had.insert(had.end(), before.authority.begin(), before.authority.end());
  RETURN_IF_ERROR(CheckAddedKeys(before, rotations.network, had));
  rotations.fresh = seen;
  return rotations;
}

// The keys of both, each once.
std::vector<VerifierKey> KeysOfEither(const NetworkFile& one, const NetworkFile& other) {
  std::vector<VerifierKey> keys = one.authority;
  for (const VerifierKey& key : other.authority) {
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
  }
  return keys;
}

bool HasSigned(const SignedNote& note, const VerifierKey& key) {
  return VerifyNote(note, key).ok();
}

bool Has(const SignedNote& note, const NoteSignature& signature) {
  return std::any_of(note.signatures.begin(), note.signatures.end(),
                     [&signature](const NoteSignature& own) {
                       return own.name == signature.name && own.key_id == signature.key_id;
                     });
}

bool IsOf(const NoteSignature& signature, std::span<const VerifierKey> keys) {
  return std::any_of(keys.begin(), keys.end(), [&signature](const VerifierKey& key) {
    return key.name() == signature.name && key.key_id() == signature.key_id;
  });
}

}  // namespace

absl::StatusOr<SigningFile> ParseSigningFile(absl::string_view text) {
  if (!absl::ConsumePrefix(&text, kFirstLine)) {
    return Refusal("it does not begin with `shield/signing/v1`");
  }
  ASSIGN_OR_RETURN(const uint64_t previous, TakeSize(text, "previous "));
  ASSIGN_OR_RETURN(const uint64_t next, TakeSize(text, "next "));
  if (previous > text.size() || next != text.size() - previous) {
    return Refusal("it holds another number of bytes than it says");
  }
  SigningFile file;
  if (previous > 0) {
    ASSIGN_OR_RETURN(file.previous, ParseDirectoryFile(text.substr(0, previous)));
  }
  ASSIGN_OR_RETURN(file.next, ParseDirectoryFile(text.substr(previous)));
  return file;
}

std::string PrintSigningFile(const SigningFile& file) {
  std::string previous;
  if (file.previous.has_value()) previous = PrintDirectoryFile(*file.previous);
  const std::string next = PrintDirectoryFile(file.next);
  return absl::StrCat(kFirstLine, "previous ", previous.size(), "\nnext ", next.size(), "\n",
                      previous, next);
}

absl::StatusOr<SigningTally> TallySigning(const DirectoryUpload& next, const NetworkFile& before) {
  ASSIGN_OR_RETURN(const Rotations rotations, ReadRotations(next.authority, before));
  const NetworkFile& after = rotations.network;
  SigningTally tally{.network = after, .rotates = rotations.fresh.has_value()};
  ASSIGN_OR_RETURN(const SignedNote directory, ParseNote(next.note));
  ASSIGN_OR_RETURN(tally.signatures, CountSigners(directory, after.authority));
  tally.enough = tally.signatures >= after.threshold;
  std::optional<SignedNote> rotation;
  if (tally.rotates) {
    const std::string& note = rotations.notes[*rotations.fresh];
    ASSIGN_OR_RETURN(const AuthorityTally own, TallyAuthority(before, after, note));
    tally.enough = tally.enough && own.Enough();
    ASSIGN_OR_RETURN(rotation, ParseNote(note, kSigningLimits));
  }
  for (const VerifierKey& key : KeysOfEither(before, after)) {
    const bool stays =
        std::find(after.authority.begin(), after.authority.end(), key) != after.authority.end();
    const bool lacks = (stays && !HasSigned(directory, key)) ||
                       (rotation.has_value() && !HasSigned(*rotation, key));
    if (lacks) tally.missing.push_back(key.name());
  }
  return tally;
}

absl::StatusOr<DirectoryUpload> WithSignaturesOf(DirectoryUpload own, const DirectoryUpload& other,
                                                 const NetworkFile& before) {
  ASSIGN_OR_RETURN(Rotations rotations, ReadRotations(own.authority, before));
  ASSIGN_OR_RETURN(const std::vector<std::string> brought, SplitAuthorityChain(other.authority));
  const std::vector<VerifierKey> keys = KeysOfEither(before, rotations.network);
  ASSIGN_OR_RETURN(own.note, WithSignaturesOf(own.note, other.note, keys));
  if (!rotations.fresh.has_value()) return own;
  if (brought.size() != rotations.notes.size()) return Refusal("it brings other rotations");
  std::string& note = rotations.notes[*rotations.fresh];
  ASSIGN_OR_RETURN(note, WithSignaturesOf(note, brought[*rotations.fresh], keys));
  own.authority.clear();
  for (const std::string& each : rotations.notes) {
    own.authority = JoinAuthorityChain(own.authority, each);
  }
  return own;
}

absl::StatusOr<std::string> WithSignaturesOf(absl::string_view note, absl::string_view other,
                                             std::span<const VerifierKey> keys) {
  ASSIGN_OR_RETURN(const SignedNote own, ParseNote(note, kSigningLimits));
  ASSIGN_OR_RETURN(const SignedNote brought, ParseNote(other, kSigningLimits));
  if (own.text != brought.text) {
    return WithHint(WithRule(absl::InvalidArgumentError(
                                 "signatures not taken: they are of another text than the one that "
                                 "is waiting for them"),
                             "OTHER_DRAFT"),
                    "have the officers sign the file that `shield directory publish` wrote last");
  }
  RETURN_IF_ERROR(Annotate(CountSigners(brought, keys).status(), "signatures not taken"));
  // After the text and the empty line, a line each, in the order they were parsed in.
  const std::vector<absl::string_view> lines =
      absl::StrSplit(absl::StripSuffix(other.substr(brought.text.size() + 1), "\n"), '\n');
  std::string merged(note);
  for (size_t i = 0; i < brought.signatures.size(); ++i) {
    const NoteSignature& signature = brought.signatures[i];
    if (Has(own, signature) || !IsOf(signature, keys)) continue;
    absl::StrAppend(&merged, lines[i], "\n");
  }
  return merged;
}

}  // namespace shield
