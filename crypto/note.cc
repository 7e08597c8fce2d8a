#include "crypto/note.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/base64.h"
#include "base/check.h"
#include "base/status.h"

namespace shield {
namespace {

constexpr absl::string_view kDash = "\xe2\x80\x94 ";  // U+2014 and a space
constexpr size_t kKeyIdBytes = std::tuple_size_v<NoteKeyId>;
// Dash, longest name, space, base64 of the longest key id and signature.
constexpr size_t kMaxSignatureLineBytes =
    kDash.size() + kMaxKeyNameBytes + 1 + (kKeyIdBytes + kMaxNoteSignatureBytes + 2) / 3 * 4;

absl::Status Malformed(absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("signed note refused: ", why));
}

absl::Status BadSignature(absl::string_view name, absl::string_view why) {
  return WithRule(absl::DataLossError(absl::StrCat("signature of `", name, "` ", why)),
                  "BAD_SIGNATURE");
}

bool IsLineFeedOrPrintable(char c) { return c == '\n' || (c >= ' ' && c < 0x7f); }

std::string SignatureLine(absl::string_view text, const VerifierKey& verifier,
                          const SigningKey& key) {
  return PrintSignatureLine({verifier.name(), verifier.key_id(), ToBytes(key.Sign(AsBytes(text)))});
}

absl::StatusOr<NoteSignature> ParseSignatureLine(absl::string_view line) {
  if (line.size() > kMaxSignatureLineBytes) return Malformed("a signature line is too long");
  if (!absl::ConsumePrefix(&line, kDash)) {
    return Malformed("a line after the empty line does not begin with an em dash and a space");
  }
  const std::vector<absl::string_view> parts = absl::StrSplit(line, absl::MaxSplits(' ', 1));
  if (parts.size() != 2 || !IsKeyName(parts[0])) {
    return Malformed("a signature line has no proper key name");
  }
  const std::optional<Bytes> body = Base64Decode(parts[1], Base64Form::kPadded);
  if (!body.has_value() || body->size() <= kKeyIdBytes ||
      body->size() > kKeyIdBytes + kMaxNoteSignatureBytes) {
    return Malformed(absl::StrCat("the signature of `", parts[0],
                                  "` is not the base64 of a key id and 1 to ",
                                  kMaxNoteSignatureBytes, " bytes"));
  }
  NoteSignature signature;
  signature.name = std::string(parts[0]);
  std::copy_n(body->begin(), kKeyIdBytes, signature.key_id.begin());
  signature.signature = ToBytes(ByteSpan(*body).subspan(kKeyIdBytes));
  return signature;
}

bool Claims(const NoteSignature& signature, const VerifierKey& key) {
  return signature.name == key.name() && signature.key_id == key.key_id();
}

// Whether `signature`, which claims `key`, is that key's over `text`.
bool Holds(const NoteSignature& signature, const VerifierKey& key, absl::string_view text) {
  Ed25519Signature raw;
  if (signature.signature.size() != raw.size()) return false;
  std::copy(signature.signature.begin(), signature.signature.end(), raw.begin());
  return key.Verify(AsBytes(text), raw);
}

}  // namespace

bool IsNoteText(absl::string_view text) {
  return absl::EndsWith(text, "\n") && std::all_of(text.begin(), text.end(), IsLineFeedOrPrintable);
}

std::string PrintSignatureLine(const NoteSignature& signature) {
  Bytes body = ToBytes(signature.key_id);
  Append(body, signature.signature);
  return absl::StrCat(kDash, signature.name, " ", Base64Encode(body, Base64Form::kPadded), "\n");
}

std::string SignNote(absl::string_view text, absl::string_view name, const SigningKey& key) {
  SHIELD_CHECK(IsNoteText(text));
  const absl::StatusOr<VerifierKey> verifier = key.Verifier(name);
  SHIELD_CHECK(verifier.ok());
  return absl::StrCat(text, "\n", SignatureLine(text, *verifier, key));
}

absl::StatusOr<std::string> AddSignature(absl::string_view note, absl::string_view name,
                                         const SigningKey& key) {
  ASSIGN_OR_RETURN(const SignedNote parsed, ParseNote(note));
  ASSIGN_OR_RETURN(const VerifierKey verifier, key.Verifier(name));
  for (const NoteSignature& signature : parsed.signatures) {
    if (Claims(signature, verifier)) {
      return absl::AlreadyExistsError(absl::StrCat("`", name, "` has signed this note already"));
    }
  }
  return absl::StrCat(note, SignatureLine(parsed.text, verifier, key));
}

absl::StatusOr<SignedNote> ParseNote(absl::string_view note, const NoteLimits& limits) {
  // Checked before anything is searched or copied.
  if (note.size() >
      limits.max_text_bytes + 1 + limits.max_signatures * (kMaxSignatureLineBytes + 1)) {
    return Malformed("it is too long");
  }
  // The last empty line ends the text: a text may hold empty lines, signatures cannot.
  const size_t end = note.rfind("\n\n");
  if (end == absl::string_view::npos) return Malformed("no empty line ends its text");
  const absl::string_view text = note.substr(0, end + 1);
  if (text.size() > limits.max_text_bytes) {
    return Malformed(absl::StrCat("its text is longer than ", limits.max_text_bytes, " bytes"));
  }
  if (!IsNoteText(text)) return Malformed("its text holds a byte that is not printable ASCII");
  absl::string_view rest = note.substr(end + 2);
  if (!absl::ConsumeSuffix(&rest, "\n")) return Malformed("it does not end with a line feed");

  SignedNote parsed{std::string(text), {}};
  for (absl::string_view line : absl::StrSplit(rest, '\n')) {
    if (parsed.signatures.size() == limits.max_signatures) {
      return Malformed(absl::StrCat("it has more than ", limits.max_signatures, " signatures"));
    }
    ASSIGN_OR_RETURN(NoteSignature signature, ParseSignatureLine(line));
    for (const NoteSignature& other : parsed.signatures) {
      if (other.name == signature.name && other.key_id == signature.key_id) {
        return Malformed(absl::StrCat("`", signature.name, "` signed it twice"));
      }
    }
    parsed.signatures.push_back(std::move(signature));
  }
  return parsed;
}

absl::Status VerifyNote(const SignedNote& note, const VerifierKey& key) {
  for (const NoteSignature& signature : note.signatures) {
    if (!Claims(signature, key)) continue;
    if (Holds(signature, key, note.text)) return absl::OkStatus();
    return BadSignature(key.name(), "does not hold: the text was changed or the key is another");
  }
  return BadSignature(key.name(), "is missing");
}

absl::StatusOr<size_t> CountSigners(const SignedNote& note, std::span<const VerifierKey> keys) {
  std::set<Ed25519PublicKey> signers;
  for (const VerifierKey& key : keys) {
    for (const NoteSignature& signature : note.signatures) {
      if (!Claims(signature, key)) continue;
      if (!Holds(signature, key, note.text)) {
        return BadSignature(key.name(), "does not hold: the text was changed");
      }
      signers.insert(key.public_key());
    }
  }
  return signers.size();
}

}  // namespace shield
