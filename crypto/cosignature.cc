#include "crypto/cosignature.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/sha256.h"

namespace shield {
namespace {

// C2SP signed-note, "Signature types".
constexpr uint8_t kCosignature = 0x04;
constexpr size_t kTimeBytes = 8;

std::string SignedMessage(absl::string_view text, uint64_t unix_s) {
  return absl::StrCat("cosignature/v1\ntime ", unix_s, "\n", text);
}

const NoteSignature* FindLine(const SignedNote& note, const VerifierKey& witness) {
  const NoteKeyId id = CosignatureKeyId(witness);
  for (const NoteSignature& signature : note.signatures) {
    if (signature.name == witness.name() && signature.key_id == id) return &signature;
  }
  return nullptr;
}

absl::Status DoesNotHold(const VerifierKey& witness) {
  return WithRule(
      absl::DataLossError(absl::StrCat("cosignature of `", witness.name(), "` does not hold")),
      "BAD_SIGNATURE");
}

}  // namespace

NoteKeyId CosignatureKeyId(const VerifierKey& witness) {
  Bytes hashed = ToBytes(AsBytes(witness.name()));
  hashed.push_back('\n');
  hashed.push_back(kCosignature);
  Append(hashed, witness.public_key());
  const Digest digest = Sha256(ByteSpan(hashed));
  NoteKeyId id;
  std::copy_n(digest.bytes.begin(), id.size(), id.begin());
  return id;
}

absl::StatusOr<std::string> AddCosignature(absl::string_view note, absl::string_view name,
                                           const SigningKey& key, absl::Time time) {
  ASSIGN_OR_RETURN(const SignedNote parsed, ParseNote(note));
  ASSIGN_OR_RETURN(const VerifierKey witness, key.Verifier(name));
  if (FindLine(parsed, witness) != nullptr) {
    return absl::AlreadyExistsError(absl::StrCat("`", name, "` has cosigned this note already"));
  }
  const int64_t unix_s = absl::ToUnixSeconds(time);
  if (unix_s < 0) return absl::InvalidArgumentError("a cosignature is not dated before 1970");
  const auto seconds = static_cast<uint64_t>(unix_s);
  NoteSignature line{std::string(name), CosignatureKeyId(witness), {}};
  AppendU64(line.signature, seconds);
  Append(line.signature, key.Sign(AsBytes(SignedMessage(parsed.text, seconds))));
  return absl::StrCat(note, PrintSignatureLine(line));
}

absl::StatusOr<std::optional<absl::Time>> FindCosignature(const SignedNote& note,
                                                          const VerifierKey& witness) {
  const NoteSignature* line = FindLine(note, witness);
  if (line == nullptr) return std::nullopt;
  if (line->signature.size() != kTimeBytes + kEd25519SignatureBytes) return DoesNotHold(witness);
  const uint64_t unix_s = ReadU64(ByteSpan(line->signature).first(kTimeBytes));
  if (unix_s > INT64_MAX) return DoesNotHold(witness);
  Ed25519Signature signature;
  std::copy(line->signature.begin() + kTimeBytes, line->signature.end(), signature.begin());
  if (!witness.Verify(AsBytes(SignedMessage(note.text, unix_s)), signature)) {
    return DoesNotHold(witness);
  }
  return std::optional<absl::Time>(absl::FromUnixSeconds(static_cast<int64_t>(unix_s)));
}

}  // namespace shield
